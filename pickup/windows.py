"""When and where a basket can be collected: `offers` for the choice, `check` again when the order is placed.

Lockers: from the evening on which every shop can have deposited until 19:00 the next day, 10:00 for chilled and frozen goods,
sooner when a product may not stay that long. A bank that fills keeps its last doors for those who come by the next morning: an
evening is then offered until 10:00 only, which is better than not at all. Counters: their opening hours.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import islice

from django.utils.translation import gettext as _

from pickup import capacity, errors, refusals
from pickup.models import Bank, Point, Refusal
from pickup.packing import ALL_DAYS, Goods, counter_only_reason
from pickup.times import (
    AMBIENT_END,
    COLD_END,
    DEPOSIT_MARGIN,
    EVENING,
    SHORTEST,
    Evening,
    Window,
    counter_windows,
    deposit_from,
    evenings,
    town_time,
)
from pickup.wishes import STEP, Request, request_for
from shops import selling
from shops.models import Temperature

__all__ = [
    "AMBIENT_END",
    "COLD_END",
    "PointOffer",
    "Request",
    "Window",
    "check",
    "counter_windows",
    "deposit_from",
    "offers",
    "other_places",
    "request_for",
    "town_time",
]

EVENINGS_OFFERED = 3
EVENINGS_SEARCHED = 6


@dataclass(frozen=True)
class PointOffer:
    """A point with its windows; `reason` is a sentence when it has none, `refusal` (not saved) what a bank had no room for."""

    point: Point
    windows: list[Window]
    reason: str = ""
    refusal: Refusal | None = None


def offers(goods: list[Goods], *, now: datetime, low_door: bool = False) -> list[PointOffer]:
    """Every active point with the windows in which it has room, the earliest first; those without any say why.

    Reads a fixed number of queries, whatever the number of points and past orders. Promises nothing: `reserve` does, by the
    same rules under a lock.
    """
    request = request_for(goods, now=now, low_door=low_door)
    points = list(
        Point.objects.active().select_related("bank__dwell", "host_shop").prefetch_related("host_shop__closures")
    )
    room = _Room(points, request)
    found = [_offer(point, request, room) for point in points]
    far = datetime.max.replace(tzinfo=UTC)
    return sorted(found, key=lambda offer: (offer.windows[0].starts_at if offer.windows else far, offer.point.name))


def check(point: Point, window: Window, request: Request) -> None:
    """Raise `ShopPaused`, `CounterOnly`, `ShopFull` or `WindowClosed` unless the window is one that we would offer now, room aside.

    Its start may lie before today's earliest by as much as the margin that the shops have to deposit.
    """
    if request.pause:
        raise errors.ShopPaused(request.pause)
    if not point.is_counter and (reason := counter_only_reason(request.goods, request.plans)):
        raise errors.CounterOnly(reason)
    if request.ready_at is None:
        raise errors.WindowClosed
    if shop := request.full.get(window.deposit_by):
        raise errors.ShopFull(
            _("%(shop)s has no place left for this time. Please choose another one.") % {"shop": shop}
        )
    for possible in _possible(point, request):
        earliest = possible.starts_at - DEPOSIT_MARGIN
        in_time = possible.ends_at == window.ends_at and earliest <= window.starts_at <= possible.starts_at
        if in_time and request.suits(window):
            return
    raise errors.WindowClosed


def claim(point: Point, window: Window, request: Request) -> datetime:
    """Make sure that there is room in a window that `check` let pass; returns from when a door is reserved.

    Raises `NoRoom`. What is scarce is locked until the transaction ends.
    """
    start = deposit_from(point, window, request.now)
    if point.is_counter:
        capacity.claim_counter(point, start=window.starts_at, end=window.ends_at, now=request.now)
        return start
    try:
        capacity.claim(
            point.bank,
            _wanted(point, window, request),
            starts_at=window.starts_at,
            now=request.now,
            through_the_day=_lasts_through_the_day(window),
        )
    except errors.NoRoom as error:
        error.refusal = refusals.unsaved(point, window, request, code=error.code)
        raise
    return start


class _Room:
    """What is taken at each point, read once for all windows."""

    def __init__(self, points: list[Point], request: Request):
        banks = [point.bank for point in points if not point.is_counter and hasattr(point, "bank")]
        nights = list(_evenings(banks[0].point, request)) if banks and request.ready_at else []
        until = max((night.whole.ends_at for night in nights), default=request.now)
        temperatures = [plan.temperature for plan in request.plans]
        self.banks = capacity.Room(banks, request.now, until=until, temperatures=temperatures)
        limited = [point.pk for point in points if point.is_counter and point.window_capacity is not None]
        self.counters = capacity.counter_windows(limited, request.now)

    def why_not(self, bank: Bank, window: Window, request: Request) -> str:
        return self.banks.why_not(
            bank,
            _wanted(bank.point, window, request),
            starts_at=window.starts_at,
            through_the_day=_lasts_through_the_day(window),
        )

    def at_counter(self, point: Point, window: Window) -> bool:
        return capacity.counter_has_room(point, self.counters.get(point.pk, []), window.starts_at, window.ends_at)


def _wanted(point: Point, window: Window, request: Request) -> dict[str, capacity.Stay]:
    return capacity.wanted_stays(
        request.plans,
        start=deposit_from(point, window, request.now),
        starts_at=window.starts_at,
        ends_at=window.ends_at,
        low=request.low_door,
    )


def _lasts_through_the_day(window: Window) -> bool:
    """Whether the goods may still be there when those of the next evening are brought."""
    return window.ends_at > town_time(window.starts_at, COLD_END, days=1)


def _offer(point: Point, request: Request, room: _Room) -> PointOffer:
    if request.pause:
        return PointOffer(point, [], request.pause)
    if request.ready_at is None:
        return PointOffer(point, [], _("%(shop)s is closed for a long time.") % {"shop": request.slowest})
    if not request.days:
        return PointOffer(point, [], selling.no_common_day([(each.title, each.days) for each in request.goods]))
    return _counter_offer(point, request, room) if point.is_counter else _bank_offer(point, request, room)


def _counter_offer(point: Point, request: Request, room: _Room) -> PointOffer:
    possible = list(_possible(point, request))
    windows = [window for window in possible if room.at_counter(point, window)]
    if windows:
        return PointOffer(point, windows)
    if possible:
        return PointOffer(point, [], _("All times of this counter are taken on the next days."))
    return PointOffer(point, [], _full_sentence(request) or _closed_sentence(request))


def _closed_sentence(request: Request) -> str:
    if request.days != ALL_DAYS:
        return _("This counter is closed on the days on which these goods can be collected.")
    return _("This counter is closed on the next days.")


def _full_sentence(request: Request) -> str:
    """That a shop has no place left, when one is full at some time."""
    shop = next(iter(request.full.values()), None)
    return _("%(shop)s has no place left for more orders on the next days.") % {"shop": shop} if shop else ""


def _from_a_free_time(windows: Iterable[Window], request: Request) -> Iterable[Window]:
    """Counter windows that begin when every shop still has a place: half an hour later as often as it takes."""
    for window in windows:
        while window.deposit_by in request.full:
            window = replace(window, starts_at=window.starts_at + STEP)
        if window.ends_at - window.starts_at >= SHORTEST:
            yield window


def _bank_offer(point: Point, request: Request, room: _Room) -> PointOffer:
    bank = getattr(point, "bank", None)
    if reason := counter_only_reason(request.goods, request.plans):
        return PointOffer(point, [], reason)
    nights = list(_evenings(point, request))
    if bank is None or bank.is_forgotten(request.now):
        silent = _("This locker bank does not answer at the moment. Please choose another place.")
        return PointOffer(point, [], silent, refusals.first(point, nights, request, code=Refusal.Code.BANK_OUT))
    if not bank.is_reachable(request.now):  # trusted for tomorrow, not for tonight
        tomorrow = town_time(request.now, EVENING, days=1)
        nights = [night for night in nights if night.whole.starts_at >= tomorrow]
    if nights and all(night.whole.deposit_by in request.full for night in nights):
        return PointOffer(point, [], _full_sentence(request))
    nights = [night for night in nights if night.whole.deposit_by not in request.full]
    windows, code = _free(bank, nights, request, room)
    if windows:
        return PointOffer(point, windows)
    return PointOffer(point, [], _sentence(code, request), refusals.first(point, nights, request, code=code))


def _free(bank: Bank, nights: list[Evening], request: Request, room: _Room) -> tuple[list[Window], str]:
    """The first evenings with room, each with its longest window that has some; and why the first has none, if so."""
    found, why = [], ""
    for night in nights:
        for window in night.windows:
            code = room.why_not(bank, window, request)
            if not code:
                found.append(window)
                break
            why = why or code
        if len(found) == EVENINGS_OFFERED or why in (Refusal.Code.TOO_LARGE, Refusal.Code.ZONE_OUT):
            break
    return found, why


def _sentence(code: str, request: Request) -> str:
    colds = [plan.temperature for plan in request.plans if plan.temperature != Temperature.AMBIENT]
    name = {"temperature": Temperature(colds[0] if colds else Temperature.AMBIENT).label}
    if code == Refusal.Code.TOO_LARGE:
        return _("This locker bank has no %(temperature)s compartment that is large enough.") % name
    if code == Refusal.Code.ZONE_OUT:
        return _("The %(temperature)s compartments of this locker bank are out of service at the moment.") % name
    if request.low_door:
        return _("No low compartment is free on the next evenings. Please choose another place or the counter.")
    if colds:
        return (
            _("No %(temperature)s compartment large enough is free on the next evenings. Please choose another place.")
            % name
        )
    return _("No compartment large enough is free on the next evenings. Please choose another place.")


def _possible(point: Point, request: Request) -> Iterable[Window]:
    """The windows of a point by hours alone, the earliest first."""
    if point.is_counter:
        return _from_a_free_time(counter_windows(point, request.earliest, days=request.days), request)
    return (window for night in _evenings(point, request) for window in night.windows)


def _evenings(point: Point, request: Request) -> Iterable[Evening]:
    cold = any(plan.temperature != Temperature.AMBIENT for plan in request.plans)
    dwell_hours = min((each.max_dwell_hours for each in request.goods if each.max_dwell_hours), default=None)
    found = evenings(point, now=request.now, earliest=request.earliest, cold=cold, dwell_hours=dwell_hours)
    return islice((night for night in found if request.suits(night.whole)), EVENINGS_SEARCHED)


def other_places(request: Request, *, but: Point) -> list[Point]:
    """The other points that could take these goods, for a refusal that helps."""
    found = offers(request.goods, now=request.now, low_door=request.low_door)
    return [offer.point for offer in found if offer.windows and offer.point != but]
