"""What operators do to one compartment. There is nothing here, and nowhere else, that opens more than one door.

An opening locks the bank first, as the bank's own reports do: what was judged empty is still empty when the order is written.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pickup import codes
from pickup.banks import keys, outbox
from pickup.banks.bridge.nudges import nudge
from pickup.capacity import recount
from pickup.collections.handing import counter_for
from pickup.errors import PickupError
from pickup.models import Bank, BankCommand, BankEvent, Collection, Compartment, Leg, Point, ServiceCode
from pickup.operating import faults
from pickup.protocol import envelope, tokens
from pickup.protocol.vocabulary import CommandType, EventType

BLOCKED, IN_SERVICE = Compartment.Service.OUT_OF_SERVICE, Compartment.Service.IN_SERVICE


class Occupied(PickupError):
    """Goods are, or may be, inside: one person alone does not open this door from afar."""

    sentence = _("Goods are, or may be, behind this door: opening it from afar takes a second person.")


@dataclass(frozen=True, kw_only=True)
class Destination:
    """The counter that will take uncollected goods, and when it is open."""

    point: Point
    starts_at: datetime
    ends_at: datetime


@transaction.atomic
def block(compartment: Compartment, *, why: str, by, service: str = BLOCKED) -> None:
    """Nothing new goes into this compartment; what is inside can still be collected."""
    outbox.set_service(compartment, service, why=why, by=by)  # first: it locks the bank, as its own sync does
    _write(compartment, service, why)


@transaction.atomic
def unblock(compartment: Compartment, *, by) -> bool:
    """Plan with this compartment again. False when that is for the bank to say: after a fault of the lock it first wants to
    see the door open and close, and reports then."""
    outbox.set_service(compartment, IN_SERVICE, why="", by=by)
    compartment.refresh_from_db(fields=["service_reason"])
    if compartment.service_reason in faults.NEEDS_INSPECTION:
        return False
    _write(compartment, IN_SERVICE, "")
    return True


def locate(compartment: Compartment, *, by) -> BankCommand:
    """Let the bank show this door, by a light or a tap of its lock; nothing opens."""
    data = {"compartment": compartment.label}
    return outbox.send(compartment.bank, CommandType.DOOR_LOCATE, data, reason="service", by=by)


@transaction.atomic
def open_empty(compartment: Compartment, *, why: str, by) -> BankCommand:
    """Open the door of an empty compartment, for an inspection. Raises `Occupied`."""
    Bank.objects.select_for_update().get(pk=compartment.bank_id)
    compartment.refresh_from_db()
    if is_occupied(compartment):
        raise Occupied
    return send_opening(compartment, None, why=why, by=by)


@transaction.atomic
def give_code(bank: Bank, *, why: str, by, leg: Leg | None = None) -> tuple[ServiceCode, str]:
    """A code for whoever stands in front of the bank, as QR text: for every door, one at a time; with `leg` for the door of these
    goods alone, to take them out. Who was given it, and why, is kept; the code is not.
    """
    now = timezone.now()
    text = codes.service_token(bank, holder=by.pk, now=now, leg=leg)
    jti = tokens.decode(text, envelope.read_public_keys(keys.public_keys()), bank.code).jti
    row = ServiceCode.objects.create(
        bank=bank, leg=leg, jti=jti, why=why, by=by, given_at=now, expires_at=now + codes.SERVICE_LIFE
    )
    return row, text


@transaction.atomic
def revoke_code(code: ServiceCode, *, by) -> bool:
    """Let the code open nothing any more, from the bank's next list on. False when it had ended, or was withdrawn."""
    now = timezone.now()
    running = ServiceCode.objects.filter(pk=code.pk, revoked_at=None, expires_at__gt=now)
    if not running.update(revoked_at=now, revoked_by=by):
        return False
    nudge(str(code.bank.point_id))
    return True


def used_codes(codes_given: list[ServiceCode]) -> set[str]:
    """The names (`jti`) of those that somebody has shown at the bank. One query."""
    names = [code.jti for code in codes_given]
    shown = BankEvent.objects.filter(
        bank__in={code.bank_id for code in codes_given}, type=EventType.SERVICE_ENTERED, data__jti__in=names
    )
    return set(shown.values_list("data__jti", flat=True))


def destination(leg: Leg, now: datetime) -> Destination:
    """Where these uncollected goods go. Raises `NoCounter`."""
    point, window = counter_for(leg.collection, now)
    return Destination(point=point, starts_at=window.starts_at, ends_at=window.ends_at)


def overdue_leg(compartment: Compartment) -> Leg | None:
    """The goods inside whose time is over."""
    return Leg.objects.behind(pk=compartment.pk).filter(collection__status="overdue").first()


def is_occupied(compartment: Compartment) -> bool:
    """Whether somebody's goods are, or may be, inside."""
    inside = Leg.objects.behind(pk=compartment.pk).exists()
    return inside or compartment.contents != Compartment.Contents.EMPTY


def send_opening(compartment: Compartment, leg: Leg | None, *, why: str, by) -> BankCommand:
    """Order the bank to open this one door. Goods whose time is over are thereby cleared: they go to the counter."""
    if leg is not None and leg.collection.status == Collection.Status.OVERDUE:
        return outbox.open_to_clear(compartment, leg, by=by, note=why)
    data = {"compartment": compartment.label, "leg": leg.pk if leg else None}
    return outbox.send(compartment.bank, CommandType.DOOR_OPEN, data, reason="service", by=by, note=why)


def _write(compartment: Compartment, service: str, why: str) -> None:
    compartment.service, compartment.service_reason = service, why
    compartment.save(update_fields=["service", "service_reason"])
    recount(compartment.bank)
