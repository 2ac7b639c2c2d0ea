"""A basket as the points see it: packed, with the time at which its slowest shop can be ready and what stands against it."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property

from django.db.models import prefetch_related_objects

from pickup.packing import Goods, LegPlan, common_days, pack
from pickup.times import DEPOSIT_MARGIN, Window
from shops import hours, limits, opening
from shops.models import Shop

STEP = timedelta(minutes=30)


@dataclass(frozen=True, kw_only=True)
class Request:
    """A basket as the points see it. `ready_at`: when the slowest shop can be ready; None within 60 days.

    `pause`: the sentence of a shop that takes no orders at the moment; nothing can be ordered then, for any time.
    `full`: the times by which a shop has all the orders that it can bring, with that shop.
    """

    goods: list[Goods]
    plans: list[LegPlan]
    ready_at: datetime | None
    slowest: Shop | None
    now: datetime
    pause: str = ""
    full: dict[datetime, Shop] = field(default_factory=dict)
    low_door: bool = False

    @cached_property
    def days(self) -> frozenset[int]:
        """The weekdays on which all goods can be handed over or put into a locker, 0 for Monday."""
        return common_days(self.goods)

    def suits(self, window: Window) -> bool:
        """Whether the window begins on one of these days."""
        return window.weekday in self.days

    @property
    def earliest(self) -> datetime:
        """The first half hour at which everything can lie at the point."""
        moment = self.ready_at + DEPOSIT_MARGIN
        past = timedelta(minutes=moment.minute % 30, seconds=moment.second, microseconds=moment.microsecond)
        return moment - past + STEP if past else moment


def request_for(goods: list[Goods], *, now: datetime, low_door: bool = False, order=None) -> Request:
    """Pack the goods and ask each shop when it can be ready. One query (closures), two when a shop limits its orders.

    `order`: the one that is being placed and does not count.
    """
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
        full=limits.full_times(shops.values(), after=now, but_order=order),
        low_door=low_door,
    )
