"""Room in a bank, by class: how many legs can be inside at the same time, and who may be promised one more.

A class (temperature and size) is reserved; the door is chosen by the bank at the first deposit. A set of legs is accepted
when a greedy plan seats all of them: in order of their start, each on the smallest class that has a free door for its whole
stay, larger classes standing in for smaller ones. One door per temperature stays out of planning, for faults and for goods
that turn out larger.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from django.db.models import Count, Q

from pickup import errors
from pickup.models import Bank, ClassCapacity, Collection, Compartment, Leg, Point
from pickup.models.device import Size
from pickup.packing import LegPlan

# Uncollected goods are cleared on the following day: until then their door is taken.
CLEARING = timedelta(hours=24)
RESERVE_ABOVE = 3
OUT_OF_PLAN = [service for service in Compartment.Service if service != Compartment.Service.IN_SERVICE]
ORDER = {size: index for index, size in enumerate(Size)}


@dataclass(frozen=True, kw_only=True)
class Stay:
    """One leg's time behind a door, `[start, end)`. `fixed`: the class of the door it already has."""

    start: datetime
    end: datetime
    size: str
    low: bool = False
    fixed: str = ""


@dataclass(frozen=True, kw_only=True)
class Doors:
    """The doors of one temperature that may be planned with, by size: all, and those that can be reached seated."""

    all: dict[str, int]
    low: dict[str, int]


def displaced(doors: dict[str, int], stays: Iterable[Stay]) -> int:
    """How many stays the greedy plan cannot seat. Pure. Those with a door already keep it."""
    taken: dict[str, list[datetime]] = {size: [] for size in Size}
    missed = 0
    for stay in sorted(stays, key=lambda stay: (not stay.fixed, stay.start, stay.end)):
        if stay.fixed:
            taken[stay.fixed].append(stay.end)
            continue
        classes = [size for size in Size if ORDER[size] >= ORDER[stay.size]]
        missed += not any(_seat(taken[size], doors.get(size, 0), stay) for size in classes)
    return missed


def fits(doors: dict[str, int], present: list[Stay], stay: Stay) -> bool:
    """Whether one more stay displaces nobody, itself included. (A broken door may have displaced others before.)"""
    return displaced(doors, [*present, stay]) == displaced(doors, present)


def room_for(doors: dict[str, Doors], stays: dict[str, list[Stay]], wanted: dict[str, Stay]) -> bool:
    """Whether every wanted stay (by temperature) fits beside the present ones; low ones also among the low doors."""
    for temperature, stay in wanted.items():
        there = doors.get(temperature)
        present = stays.get(temperature, [])
        if there is None or not fits(with_reserve(there.all), present, stay):
            return False
        if stay.low and not fits(there.low, [each for each in present if each.low], stay):
            return False
    return True


def with_reserve(doors: dict[str, int]) -> dict[str, int]:
    """The doors without the one kept back when there are more than three: one of the largest size that has two."""
    if sum(doors.values()) <= RESERVE_ABOVE:
        return doors
    size = next(size for size in reversed(Size) if doors.get(size, 0) > 1)
    return doors | {size: doors[size] - 1}


def lock(bank: Bank, temperatures: Iterable[str]) -> list[ClassCapacity]:
    """The bank's capacity rows of these temperatures, locked in key order. Call it last, right before the check."""
    rows = ClassCapacity.objects.select_for_update().filter(bank=bank, temperature__in=list(temperatures))
    return list(rows.order_by("pk"))


def claim(bank: Bank, plans: Iterable[LegPlan], *, start: datetime, end: datetime, low: bool, now: datetime) -> None:
    """Make sure that the legs fit from `start` to `end`, with the rows locked until the transaction ends.

    Raises `NoRoom`. The caller writes the legs before it commits.
    """
    wanted = wanted_stays(plans, start=start, end=end, low=low)
    rows = lock(bank, wanted)
    if not room_for(by_bank(rows).get(bank.pk, {}), stays_by_bank([bank.pk], now).get(bank.pk, {}), wanted):
        raise errors.NoRoom


def may_stay(collection: Collection, *, until: datetime, now: datetime) -> bool:
    """Whether its goods may keep their doors `until` then without displacing anybody. Promises nothing without `lock`."""
    bank = collection.point.bank
    doors = by_bank(ClassCapacity.objects.filter(bank=bank)).get(bank.pk, {})
    before = stays_by_bank([bank.pk], now).get(bank.pk, {})
    after = stays_by_bank([bank.pk], now, ends={collection.pk: until}).get(bank.pk, {})
    return all(
        displaced(doors[temperature].all, after[temperature]) <= displaced(doors[temperature].all, before[temperature])
        for temperature in after
        if temperature in doors
    )


def wanted_stays(plans: Iterable[LegPlan], *, start: datetime, end: datetime, low: bool) -> dict[str, Stay]:
    """The plans as stays, by temperature."""
    return {plan.temperature: Stay(start=start, end=end, size=plan.size, low=low) for plan in plans}


def by_bank(rows: Iterable[ClassCapacity]) -> dict[int, dict[str, Doors]]:
    """Capacity rows as bank -> temperature -> doors."""
    result: dict[int, dict[str, Doors]] = defaultdict(dict)
    for row in rows:
        doors = result[row.bank_id].setdefault(row.temperature, Doors(all={}, low={}))
        doors.all[row.size] = row.doors
        doors.low[row.size] = row.low_doors
    return result


def stays_by_bank(
    banks: Iterable[int], now: datetime, *, ends: Mapping[int, datetime] = MappingProxyType({})
) -> dict[int, dict[str, list[Stay]]]:
    """The stays of all legs that need a door of these banks, as bank -> temperature -> stays. One query.

    `ends`: collections that are to be planned with another end than the promised one.
    """
    result: dict[int, dict[str, list[Stay]]] = defaultdict(lambda: defaultdict(list))
    legs = (
        Leg.objects.planned(now)
        .filter(collection__point__bank__in=list(banks))
        .exclude(compartment__isnull=False, compartment__service__in=OUT_OF_PLAN)  # its door is not counted either
        .select_related("collection__point__bank", "compartment")
    )
    for leg in legs:
        collection = leg.collection
        ends_at = ends.get(collection.pk, collection.ends_at)
        result[collection.point.bank.pk][leg.temperature].append(
            Stay(
                start=collection.deposit_from,
                end=now + CLEARING if ends_at <= now else ends_at,
                size=leg.size,
                low=collection.low_door,
                fixed=leg.compartment.size if leg.compartment and leg.status in Leg.INSIDE else "",
            )
        )
    return result


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


def _seat(ends: list[datetime], doors: int, stay: Stay) -> bool:
    """Take the door that was left last before the stay begins, else a door not used so far."""
    free = [end for end in ends if end <= stay.start]
    if free:
        ends.remove(max(free))
    elif len(ends) >= doors:
        return False
    ends.append(stay.end)
    return True


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
