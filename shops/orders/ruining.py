"""Goods that were spoiled or lost where they waited: the resident has every cent of them back, the operator of the place bears it."""

from collections.abc import Collection

from django.db import transaction

from shops import signals
from shops.models import Refund, ShopOrder, ShopOrderLine
from shops.orders import lines
from shops.orders.handing import arrived
from shops.orders.moving import move
from shops.payments import refunds, transfers

Status, Outcome = ShopOrder.Status, ShopOrderLine.Outcome


@transaction.atomic
def mark_ruined(
    shop_order: ShopOrder, *, temperatures: Collection[str], place: str, lost: bool = False, by=None
) -> bool:
    """The goods kept at these `temperatures` got too warm at `place`, or are `lost`, through no fault of the shop: it is paid.

    False when none of them was there any more. They leave the stock; with the last of them the shop order ends.
    """
    fresh = arrived(shop_order, by=by)
    ruined = lines.end(fresh.lines.filter(temperature__in=temperatures), Outcome.RUINED)
    if not ruined:
        return False
    refund = refunds.refund_rest(fresh, lines=ruined, reason=Refund.Reason.LOCKER, by=by)
    if not fresh.lines.filter(outcome=Outcome.PROMISED).exists():
        move(fresh, Status.NO_SHOW, by=by, reason="lost in the locker" if lost else "spoiled in the locker")
        transfers.owe(fresh)
    told = signals.goods_lost if lost else signals.goods_ruined
    told.send(sender=ShopOrder, shop_order=fresh, lines=ruined, refund=refund, place=place)
    return True
