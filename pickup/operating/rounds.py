"""The weekly round: one walks along the wall, looks behind each door, and says whether the records are right.

Nothing here opens a door: each is opened on site, one at a time, with the code for this round. What differs becomes an alarm
and keeps the compartment out of the plan until somebody has settled it.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pickup.errors import PickupError
from pickup.models import Alarm, Bank, Compartment, Leg, Round, RoundCheck
from pickup.models.operating import ROUND_EVERY
from pickup.operating import acting, alarms, looking

Found = RoundCheck.Found


class NoSuchRound(PickupError):
    """The round has been ended: what was written stays as it is."""

    sentence = gettext_lazy("This round is over.")


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of the worksheet: what should be behind the door, and what was found there."""

    compartment: Compartment
    expected: str
    is_filled: bool
    check: RoundCheck | None

    @property
    def choices(self) -> list[tuple[str, str]]:
        """What one can find there: an empty compartment cannot lack goods."""
        wrong = Found.MISSING if self.is_filled else Found.NOT_EMPTY
        return [(str(value), str(value.label)) for value in (Found.AGREES, wrong, Found.DIRTY)]


def due(now: datetime) -> list[tuple[Bank, datetime | None]]:
    """The banks whose last round is more than a week ago, with its end; None: there was none."""
    banks = Bank.objects.filter(point__is_active=True).select_related("point").annotate(last=Max("rounds__ended_at"))
    return [
        (bank, bank.last) for bank in banks.order_by("point__name") if not bank.last or now - bank.last > ROUND_EVERY
    ]


@transaction.atomic
def begin(bank: Bank, *, by) -> Round:
    """The round that is under way, or a new one."""
    Bank.objects.select_for_update().get(pk=bank.pk)
    return bank.rounds.filter(ended_at=None).first() or Round.objects.create(bank=bank, begun_by=by)


def worksheet(walk: Round) -> list[Row]:
    """Every door in the order in which they hang. Four queries."""
    legs = Leg.objects.select_related("collection__order").by_compartment([walk.bank_id])
    checks = {check.compartment_id: check for check in walk.checks.select_related("by")}
    compartments = Compartment.objects.filter(bank=walk.bank_id).select_related("zone")
    return [_row(each, legs.get(each.pk), checks.get(each.pk)) for each in compartments]


@transaction.atomic
def check(walk: Round, compartment: Compartment, *, found: str, by) -> RoundCheck:
    """Write down what is behind the door; saying it again corrects it while the round lasts.

    Raises `NoSuchRound` when it was ended.
    """
    Bank.objects.select_for_update().get(pk=walk.bank_id)
    walk.refresh_from_db(fields=["ended_at"])
    if walk.ended_at:
        raise NoSuchRound
    leg = Leg.objects.behind(pk=compartment.pk).select_related("collection__order").first()
    row, _created = RoundCheck.objects.update_or_create(
        round=walk,
        compartment=compartment,
        defaults={"found": found, "expected": _expected(leg), "by": by, "at": timezone.now()},
    )
    _conclude(compartment, found, leg, by=by)
    return row


@transaction.atomic
def finish(walk: Round) -> bool:
    """The round is over, complete or not. False when it was."""
    return bool(Round.objects.filter(pk=walk.pk, ended_at=None).update(ended_at=timezone.now()))


def _row(compartment: Compartment, leg: Leg | None, check: RoundCheck | None) -> Row:
    return Row(
        compartment=compartment,
        expected=check.expected if check else _expected(leg),
        is_filled=leg is not None,
        check=check,
    )


def _expected(leg: Leg | None) -> str:
    return _("goods of order %(number)s") % {"number": leg.collection.order.number} if leg else _("empty")


def _conclude(compartment: Compartment, found: str, leg: Leg | None, *, by) -> None:
    """Believe the person who looked."""
    bank, label = compartment.bank, compartment.label
    if found == Found.AGREES:
        contents = Compartment.Contents.OCCUPIED if leg else Compartment.Contents.EMPTY
        looking.believe(compartment, contents, by=by, ends=("check", "dirty"))
        return
    if found == Found.NOT_EMPTY:
        Compartment.objects.filter(pk=compartment.pk).update(contents=Compartment.Contents.SUSPECT)
    if not leg and compartment.is_in_service:
        reason = "dirty" if found == Found.DIRTY else "check"
        acting.block(compartment, why=reason, by=by, service=Compartment.Service.QUARANTINED)
    alarms.ring(bank, Alarm.Kind.DIFFERENCE, subject=label, found=found)
