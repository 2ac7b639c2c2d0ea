"""The banks' records for the help desk: events in plain words, "where is order X?", the month as a file, and forgetting."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from marketplace.foundation.lifecycle import StateChange
from pickup.models import Bank, BankCommand, BankEvent, CodeReading, Collection, Compartment, EmptyDoor, Leg
from pickup.operating import sentences
from pickup.protocol.vocabulary import EventType
from shops.models import Shop

# A code that is accepted without the server explains an opening that follows within this time.
VISIT = timedelta(minutes=10)
MOST_REFUSED = 40
HANDED = {
    Leg.Status.COLLECTED: gettext_lazy("A person handed the goods to the resident"),
    Leg.Status.AT_COUNTER: gettext_lazy("A person took the goods to the counter"),
    Leg.Status.RELEASED: gettext_lazy("A person gave the goods up as lost: they are refunded"),
}

KINDS: dict[str, tuple[str, ...]] = {
    "codes": ("credential.", "lockout."),
    "doors": ("door.", "compartment."),
    "goods": ("deposit.", "claim", "remark"),
    "cold": ("zone.",),
    "device": ("alert", "power.", "clock.", "bus.", "list.", "command.", "service.", "audit.", "journal."),
}
# Readings come every quarter of an hour: shown only to those who ask for them.
QUIET = (EventType.ZONE_TEMPERATURE, EventType.LIST_APPLIED, EventType.AUDIT_SEALED)
BAD = {
    EventType.CREDENTIAL_REJECTED,
    EventType.DOOR_LEFT_OPEN,
    EventType.DOOR_UNCOMMANDED_OPEN,
    EventType.DOOR_UNKNOWN,
    EventType.REMARK,
    EventType.LOCKOUT_STARTED,
    EventType.ZONE_EXCURSION_STARTED,
    EventType.BUS_UNREACHABLE,
    EventType.CLOCK_UNSYNCED,
    EventType.ALERT,
}


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of the records. `note`: what the reader must know to judge it; `bad`: something went wrong."""

    at: datetime
    text: str
    note: str = ""
    bad: bool = False


def events(bank: Bank, *, kind: str = "", door: str = "", day=None) -> QuerySet[BankEvent]:
    """The bank's events that answer the filter, newest first."""
    rows = bank.events.order_by("-at", "-pk")
    if kind in KINDS:
        wanted = Q()
        for prefix in KINDS[kind]:
            wanted |= Q(type__startswith=prefix)
        rows = rows.filter(wanted)
    else:
        rows = rows.exclude(type__in=QUIET)
    if door:
        rows = rows.filter(data__compartment=door)
    if day:
        start = timezone.make_aware(datetime.combine(day, datetime.min.time()))
        rows = rows.filter(at__gte=start, at__lt=start + timedelta(days=1))
    return rows


def lines(rows: Iterable[BankEvent]) -> list[Line]:
    """Events as lines. One query for the names of the shops."""
    rows = list(rows)
    shops = _shops(row.data.get("shop") for row in rows)
    return [_line(row, shops) for row in rows]


def of_door(compartment: Compartment, *, limit: int) -> list[Line]:
    """The last events at one door, and who found it empty, newest first."""
    told = lines(events(compartment.bank, door=compartment.label)[:limit])
    looked = compartment.found_empty.select_related("by", "compartment").order_by("-at", "-pk")[:limit]
    return sorted([*told, *map(_found_empty, looked)], key=lambda line: line.at, reverse=True)[:limit]


def find(text: str) -> list[Collection]:
    """The collections meant by what somebody typed: number of the order or of a shop's part, the reservation number that a
    code carries, the mail address, or a compartment. A PIN finds nothing: it is not stored.
    """
    text = text.strip().lstrip("#")
    if len(text) < 2:
        return []
    wanted = Q(order__number__iexact=text) | Q(order__number__iexact=f"DEMO-{text}")
    wanted |= Q(order__shop_orders__number__iexact=text)
    if "@" in text:
        wanted |= Q(order__guest_email__iexact=text) | Q(order__user__email__iexact=text)
    if text.isdecimal() and len(text) <= 19 and int(text) < 2**63:
        wanted |= Q(number=int(text))
    wanted |= Q(legs__compartment__label__iexact=text, legs__status__in=Leg.INSIDE)
    found = Collection.objects.filter(wanted).select_related("order", "point", "code_bank__point").distinct()
    return list(found.order_by("-pk")[:20])


def timeline(collection: Collection) -> list[Line]:
    """Everything that happened to one order at its places, oldest first, refused attempts included."""
    legs = list(collection.legs.values_list("pk", flat=True))
    told = [_moved(change, collection) for change in collection.history()]
    readings = collection.code_readings.select_related("by")
    told += _by_hand(legs)
    seen_empty = EmptyDoor.objects.filter(leg__in=legs).select_related("by", "compartment")
    told += [_found_empty(row) for row in seen_empty]
    told += [Line(at=row.at, text=_("The code was read out"), note=_by(row, row.why)) for row in readings]
    if collection.code_bank_id is None:
        return sorted(told, key=lambda line: line.at)
    bank = collection.code_bank
    own = list(bank.events.filter(Q(data__reservation=collection.number) | Q(data__leg__in=legs)).order_by("at", "pk"))
    ordered = [
        Line(at=row.issued_at, text=sentences.command(row), note=_by(row, row.note))
        for row in BankCommand.objects.filter(bank=bank, data__leg__in=legs).select_related("by")
    ]
    shops = _shops(row.data.get("shop") for row in own)
    seen = [_line(row, shops, offline=_was_offline(row, own)) for row in own]
    return sorted([*told, *ordered, *seen, *_strangers(collection, bank, own)], key=lambda line: line.at)


def rows_of_month(bank: Bank, first: datetime, after: datetime) -> Iterator[list[str]]:
    """The month as rows of a table: moment, event, door, words, problem. Read in pieces: a month may be long."""
    shops = dict(Shop.objects.values_list("pk", "name"))
    yield [_("Moment"), _("Event"), _("Compartment"), _("In words"), _("Could not be applied because")]
    rows = bank.events.filter(at__gte=first, at__lt=after).order_by("at", "pk")
    for row in rows.iterator(chunk_size=500):
        moment = timezone.localtime(row.at).isoformat(timespec="seconds")
        door = row.data.get("compartment")
        yield [moment, row.type, door if isinstance(door, str) else "", sentences.event(row, shops=shops), row.problem]


def _line(row: BankEvent, shops: dict[int, str], *, offline: bool = False) -> Line:
    if offline:
        row.data = row.data | {"offline": True}
    text = sentences.event(row, shops=shops)
    late = row.received_at - row.at > timedelta(minutes=5)
    notes = []
    if late:
        notes.append(_("reported later, the bank was offline"))
    if row.problem:
        notes.append(_("does not fit our records"))
    failed = row.type == EventType.DOOR_OPENED and row.data.get("outcome") not in ("opened", "opened_unverified")
    bad = row.type in BAD or bool(row.problem) or failed
    return Line(at=row.at, text=text[:1].upper() + text[1:], note=", ".join(notes), bad=bad)


def _was_offline(row: BankEvent, own: list[BankEvent]) -> bool:
    """Whether the code that opened this door was accepted without the server."""
    if row.type != EventType.DOOR_OPENED:
        return False
    codes = [
        each
        for each in own
        if each.type == EventType.CREDENTIAL_ACCEPTED
        and (each.boot_id, each.seq) < (row.boot_id, row.seq)
        and row.at - each.at <= VISIT
    ]
    return bool(codes) and codes[-1].data.get("offline") is True


def _strangers(collection: Collection, bank: Bank, own: list[BankEvent]) -> list[Line]:
    """Codes refused at this bank while the order could have been meant: whose they were is not known."""
    deposits = collection.legs.filter(parcels__deposited_at__isnull=False).values_list(
        "parcels__deposited_at", flat=True
    )
    since = min([collection.deposit_from, *deposits])
    until = collection.collected_at or min(timezone.now(), collection.ends_at + timedelta(days=1))
    refused = bank.events.filter(
        type=EventType.CREDENTIAL_REJECTED, at__gte=since - timedelta(hours=1), at__lte=until
    ).exclude(pk__in=[row.pk for row in own])
    nameless = [row for row in refused.order_by("-at")[:MOST_REFUSED] if row.data.get("reservation") is None]
    return [
        Line(
            at=row.at,
            text=(text := sentences.event(row))[:1].upper() + text[1:],
            note=_("by whom is not known: it may be somebody else's"),
            bad=True,
        )
        for row in nameless
    ]


def _moved(change, collection: Collection) -> Line:
    label = dict(Collection.Status.choices).get(change.current, change.current)
    return Line(at=change.at, text=_("The order is: %(status)s") % {"status": label})


def _found_empty(row: EmptyDoor) -> Line:
    text = _("A person looked behind %(door)s and found nothing") % {"door": row.compartment.label}
    return Line(at=row.at, text=text, note=_by(row, row.why), bad=row.leg_id is not None)


def _by_hand(legs: list[int]) -> list[Line]:
    """What people took out of the locker, gave out or gave up themselves; the rest the bank has told."""
    moves = StateChange.objects.filter(
        model=Leg._meta.label_lower, row__in=legs, by__isnull=False, previous__in=Leg.INSIDE, current__in=HANDED
    )
    return [
        Line(at=row.at, text=str(HANDED[row.current]), note=_by(row, row.reason)) for row in moves.select_related("by")
    ]


def _by(row: BankCommand | CodeReading | EmptyDoor | StateChange, why: str) -> str:
    who = row.by.get_full_name() or row.by.email if row.by else ""
    return ", ".join(part for part in (who, why) if part)


def _shops(numbers: Iterable) -> dict[int, str]:
    wanted = {number for number in numbers if isinstance(number, int)}
    return dict(Shop.objects.filter(pk__in=wanted).values_list("pk", "name")) if wanted else {}
