"""Room at a place: what is promised there, read in few queries, and one more promise made under a lock.

A class (temperature and size) is reserved; the door is chosen by the bank at the first deposit. `pickup.planning` says yes
or no; here it gets what it needs from the database. Offers, holds and late payments ask the same `Room`.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Case, Count, F, Q, QuerySet, Value, When

from pickup import errors
from pickup.foresight import of_bank
from pickup.models import Bank, ClassCapacity, Collection, Compartment, Leg, LegDoor, Point
from pickup.packing import LegPlan
from pickup.planning import Doors, Manners, Stay, may_last, why_not

# Uncollected goods are cleared on the following day: until then their door is taken.
CLEARING = timedelta(hours=24)
# Low doors are kept for those who need them until so long before the window.
LOW_KEPT_UNTIL = timedelta(hours=2)
OUT_OF_PLAN = [service for service in Compartment.Service if service != Compartment.Service.IN_SERVICE]
Stays = dict[int, dict[str, list[Stay]]]


class Room:
    """The doors of some banks and what is promised of them at one moment: two queries for any number of banks and stays."""

    def __init__(
        self,
        banks: Iterable[Bank],
        now: datetime,
        *,
        until: datetime | None = None,
        rows: Iterable[ClassCapacity] | None = None,
        but: Collection | None = None,
    ):
        self.banks = {bank.pk: bank for bank in banks}
        self.now = now
        self.doors = by_bank(ClassCapacity.objects.filter(bank__in=self.banks) if rows is None else rows)
        self.stays = stays_by_bank(self.banks, now, until=until, but=but)

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


def lock(bank: Bank, temperatures: Iterable[str]) -> list[ClassCapacity]:
    """The bank's capacity rows of these temperatures, locked in key order. Call it last, right before the check."""
    rows = ClassCapacity.objects.select_for_update().filter(bank=bank, temperature__in=list(temperatures))
    return list(rows.order_by("pk"))


def claim(bank: Bank, wanted: dict[str, Stay], *, starts_at: datetime, now: datetime, through_the_day: bool) -> None:
    """Make sure that the wanted stays (by temperature) fit, with the rows locked until the transaction ends.

    Raises `NoRoom` with the code. The caller writes the legs before it commits.
    """
    until = max(stay.end for stay in wanted.values())
    room = Room([bank], now, until=until, rows=lock(bank, wanted))
    if code := room.why_not(bank, wanted, starts_at=starts_at, through_the_day=through_the_day):
        raise errors.NoRoom(code=code)


def may_stay(collection: Collection, *, until: datetime, now: datetime) -> bool:
    """Whether its goods may keep their doors `until` then without displacing anybody. Promises nothing without `lock`."""
    bank = collection.point.bank
    room = Room([bank], now, but=collection)
    own = stays_by_bank([bank.pk], now, only=collection).get(bank.pk, {})
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
    banks: Iterable[int],
    now: datetime,
    *,
    until: datetime | None = None,
    but: Collection | None = None,
    only: Collection | None = None,
) -> Stays:
    """The stays of all legs that need a door of these banks (before `until`), as bank -> temperature -> stays.

    One query, grouped in the database: evenings to come are few groups whatever the number of orders, and no more legs lie
    inside than there are doors.
    """
    inside = Q(status__in=Leg.INSIDE)
    legs = Leg.objects.planned(now)
    if until is not None:
        legs = legs.filter(collection__deposit_from__lt=until)
    if only is not None:
        legs = legs.filter(inside, collection=only)
    if but is not None:
        legs = legs.exclude(collection=but)
    legs = legs.filter(collection__point__bank__in=list(banks))
    further = LegDoor.objects.filter(leg__in=legs.filter(inside))
    groups = _groups(legs, inside, now).union(_groups(further, Q(), now, leg="leg__"), all=True)
    result: Stays = defaultdict(lambda: defaultdict(list))
    for bank, temperature, size, fixed, start, starts_at, ends_at, low, ready_at, legs in groups:
        stay = Stay(
            start=start or now,
            end=now + CLEARING if ends_at <= now else ends_at,
            size=size,
            low=low,
            fixed=fixed or "",
            since=ready_at or starts_at,
            ready=ready_at is not None,
        )
        result[bank][temperature] += [stay] * legs
    return result


def _groups(rows: QuerySet, inside: Q, now: datetime, *, leg: str = "") -> QuerySet:
    """Equal stays counted; `rows` are legs, or further doors of the leg at `leg`, which are all `inside`."""
    collection = f"{leg}collection__"
    size, since = F("compartment__size"), F(f"{collection}ready_at")
    return (
        rows.exclude(compartment__isnull=False, compartment__service__in=OUT_OF_PLAN)  # its door is not counted either
        .order_by()
        .values_list(
            f"{collection}point__bank",
            f"{leg}temperature",
            size if leg else "size",
            Case(When(inside, then=size), default=Value("")) if inside else size,
            Case(When(**{f"{collection}deposit_from__lte": now}, then=None), default=F(f"{collection}deposit_from")),
            f"{collection}starts_at",
            f"{collection}ends_at",
            f"{collection}low_door",
            Case(When(inside, then=since), default=None) if inside else since,
        )
        .annotate(legs=Count("pk"))
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
