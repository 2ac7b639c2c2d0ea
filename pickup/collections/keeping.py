"""How long goods wait: food in a locker, everything behind a counter, and when an evening of collection ends."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from pickup.models import Collection, Leg, Point
from pickup.packing import Goods
from pickup.windows import AMBIENT_END, COLD_END, town_time
from shops import hours
from shops.models import ShopOrderLine, Temperature

LOOK_AHEAD_DAYS = 14
# Behind a counter: food that does not keep until the day after next, everything else `COUNTER_KEEPS_DAYS`.
FOOD_AT_COUNTER = timedelta(days=2)


def food_end(temperature: str, goods: Iterable[Goods], starts_at: datetime) -> datetime | None:
    """Until when goods that wait in a locker from `starts_at` on keep; None for those that keep anyway.

    Chilled and frozen goods until 10:00 next morning, others as many hours as their product says, whichever is sooner.
    """
    limits = [starts_at + timedelta(hours=each.max_dwell_hours) for each in goods if each.max_dwell_hours]
    if temperature != Temperature.AMBIENT:
        limits.append(town_time(starts_at, COLD_END, days=1))
    return min(limits, default=None)


def evening_end(point: Point, moment: datetime) -> datetime | None:
    """The first end of collection at or after `moment`: 19:00, or the closing before it, of a day on which the place opens.

    None when it does not open within two weeks.
    """
    first_day = moment.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    for day in (first_day + timedelta(days=n) for n in range(LOOK_AHEAD_DAYS)):
        ends = [
            min(interval.closes_at, town_time(interval.opens_at, AMBIENT_END))
            for interval in hours.opening_intervals(point.opening_hours, day, 1)
            if interval.opens_at < town_time(interval.opens_at, AMBIENT_END)
        ]
        if ends and max(ends) >= moment:
            return max(ends)
    return None


def counter_keeps(collection: Collection) -> timedelta:
    """How long a counter keeps what is there of the order: less when something in it does not keep."""
    lines = ShopOrderLine.objects.filter(shop_order__order=collection.order_id, outcome=ShopOrderLine.Outcome.PROMISED)
    if lines.filter(keeps=False).exists():
        return FOOD_AT_COUNTER
    return timedelta(days=settings.COUNTER_KEEPS_DAYS)


def keeps_beyond(collection: Collection, end: datetime) -> bool:
    """Whether all goods that wait, or are going to wait, behind doors keep until `end`."""
    return not collection.legs.filter(status__in=Leg.PLANNED, keeps_until__lt=end).exists()
