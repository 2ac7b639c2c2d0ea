"""How many orders a shop can bring at the same time: whole bakeries have been ordered for 19:00."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Count

from shops.models import Shop, ShopOrder

NOT_TO_BRING = [ShopOrder.Status.REFUSED, ShopOrder.Status.CANCELLED]


def full_times(shops: Iterable[Shop], *, after: datetime, but_order=None) -> dict[datetime, Shop]:
    """The moments from `after` on by which one of the `shops` already has all the orders that it wants to bring, with that shop.

    Orders that wait for their payment count: their place is held. `but_order`: an Oscar order that is being placed and does
    not count. No query for shops without a limit, else one.
    """
    limited = {shop.pk: shop for shop in shops if shop.window_limit is not None}
    if not limited:
        return {}
    promised = ShopOrder.objects.filter(shop__in=limited, deposit_by__gte=after).exclude(status__in=NOT_TO_BRING)
    if but_order is not None:
        promised = promised.exclude(order=but_order)
    counted = promised.order_by().values_list("shop", "deposit_by").annotate(Count("pk"))
    return {moment: limited[pk] for pk, moment, number in counted if number >= limited[pk].window_limit}
