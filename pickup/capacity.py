"""Room at a place: what is promised there, read in few queries, and one more promise made under a lock.

A class (temperature and size) is reserved; the door is chosen by the bank at the first deposit. `pickup.planning` says yes
or no; here it gets what it needs from the database. Offers, holds and late payments ask the same `Room`.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Count, DateTimeField, F, Q, QuerySet, Value

from pickup import errors
from pickup.foresight import of_bank
from pickup.models import Bank, ClassCapacity, Collection, Compartment, Leg, LegDoor, Point
from pickup.packing import LegPlan
from pickup.planning import Crowd, Doors, Manners, Stay, may_last, why_not
from pickup.planning.stays import SIZES

# Uncollected goods are cleared on the following day: until then their door is taken.
CLEARING = timedelta(hours=24)
# Low doors are kept for those who need them until so long before the window.
LOW_KEPT_UNTIL = timedelta(hours=2)
OUT_OF_PLAN = [service for service in Compartment.Service if service != Compartment.Service.IN_SERVICE]
Stays = dict[int, dict[str, Crowd]]


class Room:
    """The doors of some banks and what is promised of them at one moment: two queries for any number of banks and stays."""

    def __init__(
        self,
        banks: Iterable[Bank],
        now: datetime,
        *,
        until: datetime | None = None,
        temperatures: Iterable[str] | None = None,
        rows: Iterable[ClassCapacity] | None = None,
        but: Collection | None = None,
    ):
        self.banks = {bank.pk: bank for bank in banks}
        self.now = now
        self.doors = by_bank(_classes(self.banks) if rows is None else rows)
        self.stays = stays_by_bank(self.banks.values(), now, until=until, temperatures=temperatures, but=but)

    def why_not(self, bank: Bank, wanted: dict[str, Stay], *, starts_at: datetime, through_the_day: bool) -> str:
        """ "" when the wanted stays (by temperature) fit, else the code of the refusal."""
        return why_not(
            self.doors.get(bank.pk, {}),
            self.stays.get(bank.pk, {}),
            wanted,
            now=self.now,
            foresight=of_bank(self.banks[bank.pk]),
            manners=Manners(keep_low=starts_at - self.now > LOW_KEPT_UNTIL, keep_morning=through_the_day),
        )


def _classes(banks: Iterable[int]) -> Iterable[ClassCapacity]:
    """As plain rows: a thousand doors are hundreds of them."""
    names = ("bank_id", "temperature", "size", "doors", "low_doors")
    return ClassCapacity.objects.filter(bank__in=list(banks)).values_list(*names, named=True)


def lock(bank: Bank, temperatures: Iterable[str]) -> list[ClassCapacity]:
    """The bank's capacity rows of these temperatures, locked in key order. Call it last, right before the check."""
    rows = ClassCapacity.objects.select_for_update().filter(bank=bank, temperature__in=list(temperatures))
    return list(rows.order_by("pk"))


def claim(bank: Bank, wanted: dict[str, Stay], *, starts_at: datetime, now: datetime, through_the_day: bool) -> None:
    """Make sure that the wanted stays (by temperature) fit, with the rows locked until the transaction ends.

    Raises `NoRoom` with the code. The caller writes the legs before it commits.
    """
    until = max(stay.end for stay in wanted.values())
    room = Room([bank], now, until=until, temperatures=wanted, rows=lock(bank, wanted))
    if code := room.why_not(bank, wanted, starts_at=starts_at, through_the_day=through_the_day):
        raise errors.NoRoom(code=code)


def may_stay(collection: Collection, *, until: datetime, now: datetime) -> bool:
    """Whether its goods may keep their doors `until` then without displacing anybody. Promises nothing without `lock`."""
    bank = collection.point.bank
    room = Room([bank], now, but=collection)
    own = stays_by_bank([bank], now, only=collection).get(bank.pk, {})
    return all(
        may_last(
            room.doors[bank.pk][temperature],
            [*room.stays[bank.pk][temperature], *others],
            stay,
            until=until,
            temperature=temperature,
            now=now,
            foresight=of_bank(bank),
        )
        for temperature, stays in own.items()
        for stay, *others in [stays]
        if temperature in room.doors[bank.pk]
    )


def wanted_stays(
    plans: Iterable[LegPlan], *, start: datetime, starts_at: datetime, ends_at: datetime, low: bool
) -> dict[str, Stay]:
    """The plans as stays, by temperature: doors from `start`, collected from `starts_at` on."""
    return {
        plan.temperature: Stay(start=start, end=ends_at, size=plan.size, low=low, since=starts_at) for plan in plans
    }


def by_bank(rows: Iterable[ClassCapacity]) -> dict[int, dict[str, Doors]]:
    """Capacity rows as bank -> temperature -> doors."""
    result: dict[int, dict[str, Doors]] = defaultdict(dict)
    for row in rows:
        doors = result[row.bank_id].setdefault(row.temperature, Doors(all={}, low={}))
        doors.all[row.size] = row.doors
        doors.low[row.size] = row.low_doors
    return result


def stays_by_bank(
    banks: Iterable[Bank],
    now: datetime,
    *,
    until: datetime | None = None,
    temperatures: Iterable[str] | None = None,
    but: Collection | None = None,
    only: Collection | None = None,
) -> Stays:
    """The stays of all legs that need a door of these banks (before `until`), as bank -> temperature -> stays.

    One query: what is to come is counted in the database, few groups an evening whatever the number of orders, and no more
    legs lie inside than there are doors.
    """
    bank_at = {bank.point_id: bank.pk for bank in banks}
    legs = Leg.objects.planned(now).filter(collection__point__in=list(bank_at))
    if until is not None:
        legs = legs.filter(collection__deposit_from__lt=until)
    if temperatures is not None:
        legs = legs.filter(temperature__in=list(temperatures))
    if but is not None:
        legs = legs.exclude(collection=but)
    inside = legs.filter(status__in=Leg.INSIDE)
    if only is not None:
        inside = inside.filter(collection=only)
    rows = _own_doors(inside).union(_further_doors(inside), all=True)
    if only is None:
        rows = rows.union(_to_come(legs), all=True)
    result: Stays = defaultdict(lambda: defaultdict(Crowd))
    for point, temperature, fixed, start, starts_at, ends_at, low, ready_at, *legs_of_size in rows:
        result[bank_at[point]][temperature] += [
            Stay(
                start=max(start, now),
                end=now + CLEARING if ends_at <= now else ends_at,
                size=size,
                low=low,
                fixed=fixed or "",
                since=ready_at or starts_at,
                ready=ready_at is not None,
                legs=legs,
            )
            for size, legs in zip(SIZES, legs_of_size, strict=True)
            if legs
        ]
    return result


def _to_come(legs: QuerySet) -> QuerySet:
    """The stays of legs that have no door yet."""
    live = legs.filter(status=Leg.Status.RESERVED, collection__status__in=[Collection.Status.HELD, *Collection.LIVE])
    return _counted(live, size="size", fixed=Value(""), ready_at=Value(None, output_field=DateTimeField()))


def _own_doors(inside: QuerySet) -> QuerySet:
    """The stays of legs behind their own doors."""
    return _counted(_in_plan(inside), size="size", fixed=F("compartment__size"), ready_at=F("collection__ready_at"))


def _further_doors(inside: QuerySet) -> QuerySet:
    """The same legs behind the doors that they have besides."""
    size = "compartment__size"
    doors = _in_plan(LegDoor.objects.filter(leg__in=inside))
    return _counted(doors, leg="leg__", size=size, fixed=F(size), ready_at=F("leg__collection__ready_at"))


def _in_plan(rows: QuerySet) -> QuerySet:
    """Without those behind a door that is not counted either."""
    return rows.exclude(compartment__isnull=False, compartment__service__in=OUT_OF_PLAN)


def _counted(rows: QuerySet, *, size: str, fixed, ready_at, leg: str = "") -> QuerySet:
    """Equal stays in one row, with the number of each size. `leg`: the way from a row to its leg."""
    return (
        rows.order_by()
        .values_list(
            f"{leg}collection__point",
            f"{leg}temperature",
            fixed,
            f"{leg}collection__deposit_from",
            f"{leg}collection__starts_at",
            f"{leg}collection__ends_at",
            f"{leg}collection__low_door",
            ready_at,
        )
        .annotate(**{f"legs_{each}": Count("pk", filter=Q(**{size: each})) for each in SIZES})
    )


def recount(bank: Bank) -> None:
    """Write how many doors of each class can be planned with. Call it whenever a compartment or zone changes."""
    counts = (
        Compartment.objects.planned_with()
        .filter(bank=bank)
        .values("zone__temperature", "size")
        .annotate(doors=Count("pk"), low_doors=Count("pk", filter=Q(is_low=True)))
        .order_by("zone__temperature", "size")
    )
    counted = {(row["zone__temperature"], row["size"]): (row["doors"], row["low_doors"]) for row in counts}
    known = set(bank.classes.values_list("temperature", "size"))
    for temperature, size in sorted(known | set(counted)):
        doors, low_doors = counted.get((temperature, size), (0, 0))
        ClassCapacity.objects.update_or_create(
            bank=bank, temperature=temperature, size=size, defaults={"doors": doors, "low_doors": low_doors}
        )


def counter_windows(points: Iterable[int], now: datetime) -> dict[int, list[tuple[datetime, datetime]]]:
    """The windows promised at these counters and not over, by point. One query."""
    result: dict[int, list[tuple[datetime, datetime]]] = defaultdict(list)
    collections = (
        Collection.objects.filter(point__in=list(points), ends_at__gt=now)
        .exclude(status__in=[Collection.Status.RELEASED, Collection.Status.COLLECTED])
        .exclude(status=Collection.Status.HELD, held_until__lte=now)
    )
    for point, starts_at, ends_at in collections.values_list("point_id", "starts_at", "ends_at"):
        result[point].append((starts_at, ends_at))
    return result


def counter_has_room(
    point: Point, promised: Iterable[tuple[datetime, datetime]], starts_at: datetime, ends_at: datetime
) -> bool:
    """Whether the counter takes one more order in a window; those whose windows overlap with it count."""
    if point.window_capacity is None:
        return True
    overlapping = sum(1 for start, end in promised if start < ends_at and end > starts_at)
    return overlapping < point.window_capacity


def claim_counter(point: Point, *, start: datetime, end: datetime, now: datetime) -> None:
    """Make sure that the counter takes one more order, with its row locked. Raises `NoRoom`; without a limit nobody waits."""
    if point.window_capacity is None:
        return
    point = Point.objects.select_for_update().get(pk=point.pk)
    if not counter_has_room(point, counter_windows([point.pk], now)[point.pk], start, end):
        raise errors.NoRoom
