"""What operators see and do at a bank: its doors in the order in which they hang, in words and as a drawing."""

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.db import transaction
from django.utils.translation import gettext as _

from pickup.banks import outbox
from pickup.capacity import recount
from pickup.errors import NothingHere
from pickup.models import Bank, BankEvent, Compartment, Leg

RECENT = 12
BLOCKED, IN_SERVICE = Compartment.Service.OUT_OF_SERVICE, Compartment.Service.IN_SERVICE


@dataclass(frozen=True, kw_only=True)
class DoorView:
    """One door: `look` names its drawing, `words` say the same."""

    compartment: Compartment
    look: str
    words: str
    leg: Leg | None

    @property
    def can_be_cleared(self) -> bool:
        """Whether goods lie inside whose time is over."""
        return self.leg is not None and self.leg.collection.status == "overdue"


@dataclass(frozen=True, kw_only=True)
class BankView:
    """One bank with its doors, row by row."""

    bank: Bank
    is_reachable: bool
    pin_channel: str
    sides: list[list[list[DoorView | None]]]
    doors: list[DoorView]
    list_is_applied: bool
    problems: list[BankEvent]


def views(now: datetime) -> list[BankView]:
    """All banks of active points. Four queries for the doors, one for the problems of each bank."""
    banks = list(Bank.objects.with_doors().filter(point__is_active=True).order_by("point__name"))
    legs = Leg.objects.filter(status__in=Leg.INSIDE, compartment__bank__in=banks).select_related("collection__order")
    by_compartment = {leg.compartment_id: leg for leg in legs}
    return [_view(bank, by_compartment, now) for bank in banks]


@transaction.atomic
def block(compartment: Compartment, *, why: str, by) -> None:
    """Nothing new goes into this compartment; what is inside can still be collected."""
    _set_service(compartment, BLOCKED, why=why, by=by)


@transaction.atomic
def unblock(compartment: Compartment, *, by) -> None:
    """Plan with this compartment again. After a fault of the lock the bank asks to see it open and close first."""
    _set_service(compartment, IN_SERVICE, why="", by=by)


def clear(compartment: Compartment, *, by) -> None:
    """Open the door of uncollected goods; they wait at the counter as soon as the bank says that it is open.

    Raises `NothingHere` when nothing that is overdue lies inside.
    """
    leg = compartment.legs.filter(status__in=Leg.INSIDE, collection__status="overdue").first()
    if leg is None:
        raise NothingHere
    outbox.open_to_clear(leg, by=by, note=_("uncollected"))


def _set_service(compartment: Compartment, service: str, *, why: str, by) -> None:
    outbox.set_service(compartment, service, why=why, by=by)  # first: it locks the bank, as its own sync does
    compartment.service, compartment.service_reason = service, why
    compartment.save(update_fields=["service", "service_reason"])
    recount(compartment.bank)


def _view(bank: Bank, legs: dict[int, Leg], now: datetime) -> BankView:
    doors = [_door(compartment, legs.get(compartment.pk)) for compartment in bank.compartments.all()]
    return BankView(
        bank=bank,
        is_reachable=bank.is_reachable(now),
        pin_channel=bank.snapshot.get("pin_channel", ""),
        sides=[_rows(list(side)) for _number, side in groupby(doors, key=lambda door: door.compartment.side)],
        doors=doors,
        list_is_applied=bank.list_etag == bank.applied_etag,
        problems=list(bank.events.exclude(problem="").order_by("-at")[:RECENT]),
    )


def _door(compartment: Compartment, leg: Leg | None) -> DoorView:
    if not compartment.is_in_service:
        look, words = "blocked", str(compartment.get_service_display())
    elif compartment.door == Compartment.Door.OPEN:
        look, words = "open", _("door open")
    elif compartment.contents in (Compartment.Contents.SUSPECT, Compartment.Contents.UNKNOWN):
        look, words = "check", _("to be checked")
    elif leg is None:
        look, words = "free", _("free")
    elif leg.collection.status == "overdue":
        look, words = "overdue", _("not collected in time")
    elif leg.status == Leg.Status.READY:
        look, words = "ready", _("waits for its resident")
    else:
        look, words = "filling", _("being filled")
    return DoorView(compartment=compartment, look=look, words=words, leg=leg)


def _rows(doors: list[DoorView]) -> list[list[DoorView | None]]:
    """The side as rows from the top, with gaps where no door hangs."""
    by_place = {(door.compartment.row, door.compartment.column): door for door in doors}
    rows = sorted({row for row, _column in by_place})
    columns = sorted({column for _row, column in by_place})
    return [[by_place.get((row, column)) for column in columns] for row in rows]
