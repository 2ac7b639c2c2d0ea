"""Opening an occupied compartment from afar: one person asks, another one approves within ten minutes, both with a reason."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pickup.errors import PickupError
from pickup.models import Bank, BankCommand, Compartment, Leg, OpeningRequest
from pickup.operating import acting
from pickup.operating.rights import is_operator

Status = OpeningRequest.Status


class SamePerson(PickupError):
    """Nobody approves what they asked for themselves."""

    sentence = _("The second person must be somebody else than the one who asked.")


class TooLateToApprove(PickupError):
    """The request was answered, or its ten minutes are over."""

    sentence = _("This request has been answered, or its ten minutes are over. Please ask anew.")


class OtherGoods(PickupError):
    """What is behind the door has changed since somebody asked."""

    sentence = _("What is behind this door has changed since the request. Please ask anew.")


class AskedAlready(PickupError):
    """One request at a time."""

    sentence = _("Somebody has asked for this door already: a second person can approve it.")


@transaction.atomic
def ask(compartment: Compartment, *, why: str, by) -> OpeningRequest:
    """Ask a second person to let this door be opened. Raises `AskedAlready`."""
    Bank.objects.select_for_update().get(pk=compartment.bank_id)
    now = timezone.now()
    if compartment.opening_requests.waiting(now).exists():
        raise AskedAlready
    return OpeningRequest.objects.create(
        compartment=compartment,
        leg=_inside(compartment),
        why=why,
        asked_by=by,
        asked_at=now,
        expires_at=now + OpeningRequest.LIFE,
    )


@transaction.atomic
def approve(request: OpeningRequest, *, why: str, by) -> BankCommand:
    """Open the door: exactly one approval does.

    Raises `SamePerson`, `TooLateToApprove` or `OtherGoods`, with nothing sent.
    """
    compartment = request.compartment
    Bank.objects.select_for_update().get(pk=compartment.bank_id)
    request.refresh_from_db()
    _check(request, by)
    if request.leg != _inside(compartment):
        raise OtherGoods
    now = timezone.now()
    if not request.move(Status.APPROVED, by=by, reason=why, answered_by=by, answer=why, answered_at=now):
        raise TooLateToApprove
    request.command = acting.send_opening(compartment, request.leg, why=request.why, by=by)
    request.save(update_fields=["command"])
    return request.command


@transaction.atomic
def decline(request: OpeningRequest, *, why: str, by) -> None:
    """Say no; whoever asked may take the request back the same way. Raises `TooLateToApprove`."""
    Bank.objects.select_for_update().get(pk=request.compartment.bank_id)
    request.refresh_from_db()
    if not request.runs():
        raise TooLateToApprove
    answered_by = None if by.pk == request.asked_by_id else by
    request.move(Status.DECLINED, by=by, reason=why, answered_by=answered_by, answer=why, answered_at=timezone.now())


def _check(request: OpeningRequest, by) -> None:
    if request.asked_by_id is None or request.asked_by_id == by.pk or not is_operator(by):
        raise SamePerson
    if not request.runs():
        raise TooLateToApprove


def _inside(compartment: Compartment) -> Leg | None:
    return Leg.objects.behind(pk=compartment.pk).first()
