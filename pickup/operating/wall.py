"""What operators see of a bank: its doors in the order in which they hang, as a drawing and in words.

Everything is text and numbers by then: two pictures of the same state are equal, and so are their `etag`s.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from pickup.models import Alarm, Bank, BankCommand, BankEvent, Collection, Compartment, Leg, OpeningRequest, Parcel
from pickup.operating import computer, faults
from pickup.operating.computer import ago
from shops.models import Temperature

# The drawing, from the most pressing to the calm: a look is a colour and a sign, both also said in words.
SIGNS = {
    "overdue": "!",
    "check": "?",
    "blocked": "✕",
    "open": "▯",
    "ready": "●",
    "filling": "◐",
    "free": "",
}
COLD = {Temperature.CHILLED: "4°", Temperature.FROZEN: "−18°"}


@dataclass(frozen=True, kw_only=True)
class DoorView:
    """One door: `look` names its drawing, `words` say the same; `notes` are what else is true of it."""

    pk: int
    label: str
    size: str
    kind: str
    cold: str
    is_low: bool
    look: str
    sign: str
    words: str
    door: str
    door_words: str
    notes: list[str]
    age: str
    short_age: str
    order: str
    asked: bool

    @property
    def said(self) -> str:
        """What may change, in one sentence: announced when it does."""
        return ", ".join([self.words, *self.notes, _("door %(state)s") % {"state": self.door_words}])


@dataclass(frozen=True, kw_only=True)
class BankView:
    """One bank: its doors column by column, and what its computer says of itself."""

    pk: int
    name: str
    is_reachable: bool
    facts: list[tuple[str, str]]
    zones: list[tuple[int, str]]
    warnings: list[str]
    sides: list[list[list[DoorView]]]
    doors: list[DoorView]
    counts: list[tuple[str, str, int]]
    alarms: int

    @property
    def etag(self) -> str:
        """Equal as long as the page would say the same, in the same language."""
        return hashlib.sha256(f"{get_language()}{self!r}".encode()).hexdigest()[:32]


def overview(now: datetime) -> list[BankView]:
    """All banks of active points. The number of queries does not depend on how many there are."""
    banks = _banks(now).filter(point__is_active=True).order_by("point__name")
    return views(list(banks), now)


def one(pk: int, now: datetime) -> BankView | None:
    """One bank, None when there is no such bank."""
    return next(iter(views(list(_banks(now).filter(pk=pk)), now)), None)


def views(banks: list[Bank], now: datetime) -> list[BankView]:
    """The banks, which come from `Bank.objects.with_doors()`, as they are at this moment."""
    legs = Leg.objects.select_related("collection__order").prefetch_related("parcels")
    by_compartment = legs.by_compartment(banks)
    asked = set(OpeningRequest.objects.waiting(now).values_list("compartment_id", flat=True))
    return [_view(bank, by_compartment, asked, now) for bank in banks]


def _banks(now: datetime):
    """With doors and zones, and what waits or stands, counted."""
    return (
        Bank.objects.with_doors()
        .prefetch_related("zones")
        .annotate(
            standing=_count(Alarm.objects.standing()),
            owed=_count(BankCommand.objects.unanswered(now)),
            stuck=_count(BankEvent.objects.waiting()),
        )
    )


def _count(rows):
    """How many of `rows` belong to the bank of the outer query."""
    counted = rows.filter(bank=OuterRef("pk")).order_by().values("bank").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted), 0)


def _view(bank: Bank, legs: dict[int, Leg], asked: set[int], now: datetime) -> BankView:
    doors, columns = [], {}
    for compartment in bank.compartments.all():
        door = _door(compartment, legs.get(compartment.pk), now, asked=compartment.pk in asked)
        doors.append(door)
        columns.setdefault((compartment.side, compartment.column), []).append(door)
    reachable = bank.is_reachable(now)
    cold = [zone for zone in bank.zones.all() if zone.temperature in COLD]
    return BankView(
        pk=bank.pk,
        name=bank.point.name,
        is_reachable=reachable,
        facts=computer.facts(bank, now),
        zones=[(zone.pk, _("Log of zone %(zone)s") % {"zone": zone.get_temperature_display()}) for zone in cold],
        warnings=computer.warnings(bank),
        sides=[
            [column for _place, column in group]
            for _side, group in groupby(columns.items(), key=lambda item: item[0][0])
        ],
        doors=doors,
        counts=_counts(doors),
        alarms=bank.standing,
    )


def _door(compartment: Compartment, leg: Leg | None, now: datetime, *, asked: bool) -> DoorView:
    look, words = _look(compartment, leg)
    since = _since(leg)
    return DoorView(
        pk=compartment.pk,
        label=compartment.label,
        size=compartment.size,
        kind=_kind(compartment),
        cold=COLD.get(compartment.zone.temperature, ""),
        is_low=compartment.is_low,
        look=look,
        sign=SIGNS[look],
        words=words,
        door=compartment.door,
        door_words=str(compartment.get_door_display()),
        notes=_notes(compartment, leg, look),
        age=ago(since, now) if since else "",
        short_age=_hours(since, now) if since else "",
        order=leg.collection.order.number if leg else "",
        asked=asked,
    )


def _look(compartment: Compartment, leg: Leg | None) -> tuple[str, str]:
    overdue = leg is not None and leg.collection.status == "overdue"
    if not compartment.is_in_service:
        return "blocked", str(compartment.get_service_display())
    if overdue:
        return "overdue", _("not collected in time")
    if leg is not None and leg.collection.status == Collection.Status.DISPUTED:
        return "check", str(leg.collection.get_status_display())
    if compartment.contents in (Compartment.Contents.SUSPECT, Compartment.Contents.UNKNOWN):
        return "check", _("to be checked")
    if compartment.door == Compartment.Door.OPEN:
        return "open", _("open") if leg is None else _("open, with goods")
    if leg is None:
        return "free", _("free")
    if leg.status == Leg.Status.READY:
        return "ready", _("waits for its resident")
    return "filling", _("being filled")


def _notes(compartment: Compartment, leg: Leg | None, look: str) -> list[str]:
    """What the look hides: why it is blocked, that goods are inside all the same, an open or unseen door, a warm zone."""
    notes = []
    if look == "blocked":
        notes.append(faults.in_words(compartment.service_reason))
        if leg is not None:
            overdue = leg.collection.status == "overdue"
            notes.append(_("goods inside, not collected in time") if overdue else _("goods inside"))
        elif compartment.contents != Compartment.Contents.EMPTY:
            notes.append(str(compartment.get_contents_display()))
    if compartment.door == Compartment.Door.UNKNOWN:
        notes.append(_("the door cannot be seen"))
    if not compartment.zone.in_service:
        notes.append(_("zone out of service"))
    return [note for note in notes if note]


def _kind(compartment: Compartment) -> str:
    words = [compartment.zone.get_temperature_display(), compartment.get_size_display()]
    if compartment.is_low:
        words.append(_("low"))
    return ", ".join(str(word) for word in words)


def _since(leg: Leg | None) -> datetime | None:
    """Since when the oldest goods have been lying there."""
    moments = [
        parcel.deposited_at
        for parcel in (leg.parcels.all() if leg else [])
        if parcel.status == Parcel.Status.DEPOSITED and parcel.deposited_at
    ]
    return min(moments, default=None)


def _hours(since: datetime, now: datetime) -> str:
    """The age in the drawing: whole hours."""
    return _("%(hours)s h") % {"hours": int((now - since).total_seconds() // 3600)}


COUNTED = {
    "free": lambda: _("free"),
    "filling": lambda: _("being filled"),
    "ready": lambda: _("waits for its resident"),
    "overdue": lambda: _("not collected in time"),
    "open": lambda: _("open"),
    "check": lambda: _("to be checked"),
    "blocked": lambda: _("blocked"),
}


def _counts(doors: list[DoorView]) -> list[tuple[str, str, int]]:
    """The legend: look, words, how many."""
    looks = [door.look for door in doors]
    return [(look, words(), looks.count(look)) for look, words in COUNTED.items()]
