"""When and where a basket can be collected: `offers` for the choice, `check` again when the order is placed.

Lockers: from the evening on which every shop can have deposited until 19:00 the next day, 10:00 for chilled and frozen goods,
sooner when a product may not stay that long. Counters: their opening hours. Times are the town's.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from pickup import capacity, errors
from pickup.models import Bank, ClassCapacity, Point
from pickup.packing import Goods, LegPlan, counter_only_reason, pack
from shops import hours, opening
from shops.models import Shop, Temperature

EVENING = time(19)
LATEST_EVENING = time(21)
AMBIENT_END = time(19)
COLD_END = time(10)
DEPOSIT_MARGIN = timedelta(minutes=30)
STEP = timedelta(minutes=30)
SHORTEST = timedelta(minutes=30)
EVENINGS_OFFERED = 3
COUNTER_DAYS_OFFERED = 3
LOOK_AHEAD_DAYS = 14


@dataclass(frozen=True)
class Window:
    """A time to collect at a point, `[starts_at, ends_at)`."""

    point_id: int
    starts_at: datetime
    ends_at: datetime

    @property
    def key(self) -> str:
        """What a form sends back; read by `parse`."""
        return f"{self.point_id}-{int(self.starts_at.timestamp())}-{int(self.ends_at.timestamp())}"

    @classmethod
    def parse(cls, key: str) -> "Window":
        """Read a key; raises `WindowClosed` when it is none."""
        try:
            point, starts, ends = (int(part) for part in key.split("-"))
            return cls(point, datetime.fromtimestamp(starts, UTC), datetime.fromtimestamp(ends, UTC))
        except (ValueError, OverflowError, OSError) as error:
            raise errors.WindowClosed from error

    @property
    def deposit_by(self) -> datetime:
        """When every shop must have deposited."""
        return self.starts_at - DEPOSIT_MARGIN


@dataclass(frozen=True)
class PointOffer:
    """A point with its windows; `reason` is a sentence when it has none."""

    point: Point
    windows: list[Window]
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Request:
    """A basket as the points see it. `ready_at`: when the slowest shop can be ready; None within 60 days.

    `pause`: the sentence of a shop that takes no orders at the moment; nothing can be ordered then, for any time.
    """

    goods: list[Goods]
    plans: list[LegPlan]
    ready_at: datetime | None
    slowest: Shop | None
    now: datetime
    pause: str = ""
    low_door: bool = False

    @property
    def earliest(self) -> datetime:
        """The first half hour at which everything can lie at the point."""
        moment = self.ready_at + DEPOSIT_MARGIN
        past = timedelta(minutes=moment.minute % 30, seconds=moment.second, microseconds=moment.microsecond)
        return moment - past + STEP if past else moment


def request_for(goods: list[Goods], *, now: datetime, low_door: bool = False) -> Request:
    """Pack the goods and ask each shop when it can be ready. One query (closures)."""
    lead_minutes: dict[int, int] = {}
    shops: dict[int, Shop] = {}
    for each in goods:
        shops.setdefault(each.shop.pk, each.shop)
        lead_minutes[each.shop.pk] = max(lead_minutes.get(each.shop.pk, 0), each.lead_minutes)
    prefetch_related_objects(list(shops.values()), "closures")
    moments = {pk: hours.ready_at(shop, after=now, lead_minutes=lead_minutes[pk]) for pk, shop in shops.items()}
    slowest = max(shops, key=lambda pk: (moments[pk] is None, moments[pk] or now), default=None)
    return Request(
        goods=goods,
        plans=pack(goods),
        ready_at=moments[slowest] if shops else now,
        slowest=shops.get(slowest),
        now=now,
        pause=next(filter(None, (opening.pause_at(shop, now) for shop in shops.values())), ""),
        low_door=low_door,
    )


def offers(goods: list[Goods], *, now: datetime, low_door: bool = False) -> list[PointOffer]:
    """Every active point with the windows in which it has room, the earliest first; those without any say why.

    Reads a fixed number of queries, whatever the number of points and past orders. Promises nothing: `reserve` does.
    """
    request = request_for(goods, now=now, low_door=low_door)
    points = list(Point.objects.active().select_related("bank", "host_shop").prefetch_related("host_shop__closures"))
    room = _Room(points, now)
    found = [_offer(point, request, room) for point in points]
    far = datetime.max.replace(tzinfo=UTC)
    return sorted(found, key=lambda offer: (offer.windows[0].starts_at if offer.windows else far, offer.point.name))


def check(point: Point, window: Window, request: Request) -> None:
    """Raise `ShopPaused`, `CounterOnly` or `WindowClosed` unless the window is one that we would offer now, room aside.

    Its start may lie before today's earliest by as much as the margin that the shops have to deposit.
    """
    if request.pause:
        raise errors.ShopPaused(request.pause)
    if not point.is_counter and (reason := counter_only_reason(request.goods, request.plans)):
        raise errors.CounterOnly(reason)
    if request.ready_at is None:
        raise errors.WindowClosed
    for possible in _possible(point, request):
        earliest = possible.starts_at - DEPOSIT_MARGIN
        if possible.ends_at == window.ends_at and earliest <= window.starts_at <= possible.starts_at:
            return
    raise errors.WindowClosed


def deposit_from(point: Point, window: Window, now: datetime) -> datetime:
    """From when the shops may deposit, and a door is therefore reserved."""
    if point.is_counter:
        return min(now, window.starts_at)
    lead = timedelta(hours=point.bank.deposit_lead_hours)
    return min(max(now, window.starts_at - lead), window.starts_at)


class _Room:
    """What is taken at each point, read once for all windows."""

    def __init__(self, points: list[Point], now: datetime):
        banks = [point.bank.pk for point in points if not point.is_counter and hasattr(point, "bank")]
        self.now = now
        self.doors = capacity.by_bank(ClassCapacity.objects.filter(bank__in=banks))
        self.stays = capacity.stays_by_bank(banks, now)
        limited = [point.pk for point in points if point.is_counter and point.window_capacity is not None]
        self.counters = capacity.counter_windows(limited, now)

    def at_bank(self, bank: Bank, window: Window, request: Request) -> bool:
        wanted = capacity.wanted_stays(
            request.plans,
            start=deposit_from(bank.point, window, self.now),
            end=window.ends_at,
            low=request.low_door,
        )
        return capacity.room_for(self.doors.get(bank.pk, {}), self.stays.get(bank.pk, {}), wanted)

    def at_counter(self, point: Point, window: Window) -> bool:
        return capacity.counter_has_room(point, self.counters.get(point.pk, []), window.starts_at, window.ends_at)


def _offer(point: Point, request: Request, room: _Room) -> PointOffer:
    if request.pause:
        return PointOffer(point, [], request.pause)
    if request.ready_at is None:
        return PointOffer(point, [], _("%(shop)s is closed for a long time.") % {"shop": request.slowest})
    return _counter_offer(point, request, room) if point.is_counter else _bank_offer(point, request, room)


def _counter_offer(point: Point, request: Request, room: _Room) -> PointOffer:
    possible = list(_possible(point, request))
    windows = [window for window in possible if room.at_counter(point, window)]
    if windows:
        return PointOffer(point, windows)
    if possible:
        return PointOffer(point, [], _("All times of this counter are taken on the next days."))
    return PointOffer(point, [], _("This counter is closed on the next days."))


def _bank_offer(point: Point, request: Request, room: _Room) -> PointOffer:
    bank = getattr(point, "bank", None)
    if reason := counter_only_reason(request.goods, request.plans):
        return PointOffer(point, [], reason)
    if bank is None or bank.is_forgotten(request.now):
        return PointOffer(point, [], _("This locker bank does not answer at the moment. Please choose another place."))
    if missing := _missing_class(request.plans, room.doors.get(bank.pk, {})):
        return PointOffer(
            point,
            [],
            _("This locker bank has no %(temperature)s compartment that is large enough.") % {"temperature": missing},
        )
    # A bank that has been silent for some minutes is trusted for tomorrow, not for tonight.
    first = request.now if bank.is_reachable(request.now) else town_time(request.now, EVENING, days=1)
    possible = [window for window in _possible(point, request) if window.starts_at >= first]
    windows = [window for window in possible if room.at_bank(bank, window, request)]
    if windows:
        return PointOffer(point, windows)
    return PointOffer(point, [], _full(request))


def _full(request: Request) -> str:
    colds = [plan.temperature for plan in request.plans if plan.temperature != Temperature.AMBIENT]
    if request.low_door:
        return _("No low compartment is free on the next evenings. Please choose another place or the counter.")
    if colds:
        return _(
            "No %(temperature)s compartment large enough is free on the next evenings. Please choose another place."
        ) % {"temperature": Temperature(colds[0]).label}
    return _("No compartment large enough is free on the next evenings. Please choose another place.")


def _missing_class(plans: list[LegPlan], doors: dict[str, capacity.Doors]) -> str:
    """The temperature that no door of this bank could ever serve for one of the legs; "" when all could."""
    for plan in plans:
        there = doors.get(plan.temperature)
        large_enough = [
            count
            for size, count in (there.all if there else {}).items()
            if capacity.ORDER[size] >= capacity.ORDER[plan.size]
        ]
        if not any(large_enough):
            return str(Temperature(plan.temperature).label)
    return ""


def _possible(point: Point, request: Request) -> Iterable[Window]:
    """The windows of a point by hours alone, the earliest first."""
    if point.is_counter:
        return counter_windows(point, request.earliest)
    return islice(_evenings(point, request), EVENINGS_OFFERED)


def _evenings(point: Point, request: Request) -> Iterable[Window]:
    cold = any(plan.temperature != Temperature.AMBIENT for plan in request.plans)
    dwell = min((each.max_dwell_hours for each in request.goods if each.max_dwell_hours), default=None)
    for days in range(LOOK_AHEAD_DAYS):
        start = max(town_time(request.now, EVENING, days=days), request.earliest)
        if start > town_time(request.now, LATEST_EVENING, days=days):
            continue
        end = town_time(start, COLD_END if cold else AMBIENT_END, days=1)
        if dwell is not None:
            end = min(end, start + timedelta(hours=dwell))
        yield Window(point.pk, start, end)


def counter_windows(point: Point, earliest: datetime) -> Iterable[Window]:
    """What is left of the opening hours of a counter on its next three days, from `earliest` on."""
    closures = point.host_shop.closures.all() if point.host_shop else ()
    first_day = _local(earliest).date()
    days = []
    for interval in hours.opening_intervals(point.opening_hours, first_day, LOOK_AHEAD_DAYS, closures):
        start = max(interval.opens_at.astimezone(UTC), earliest.astimezone(UTC))
        if interval.closes_at - start < SHORTEST:
            continue
        if interval.opens_at.date() not in days:
            days.append(interval.opens_at.date())
        if len(days) > COUNTER_DAYS_OFFERED:
            return
        yield Window(point.pk, start, interval.closes_at.astimezone(UTC))


def _local(moment: datetime) -> datetime:
    return moment.astimezone(ZoneInfo(settings.TIME_ZONE))


def town_time(moment: datetime, clock: time, *, days: int = 0) -> datetime:
    """`clock` in the town, `days` after the day of `moment`, in UTC."""
    day = _local(moment).date() + timedelta(days=days)
    return datetime.combine(day, clock, ZoneInfo(settings.TIME_ZONE)).astimezone(UTC)


def other_places(request: Request, *, but: Point) -> list[Point]:
    """The other points that could take these goods, for a refusal that helps."""
    found = offers(request.goods, now=request.now, low_door=request.low_door)
    return [offer.point for offer in found if offer.windows and offer.point != but]
