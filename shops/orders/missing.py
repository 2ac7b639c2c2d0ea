"""Goods that never came to the collection point: the resident has every cent of them back, the shop bears it."""

from collections.abc import Collection

from django.db import transaction

from shops import signals
from shops.models import Refund, ShopOrder, ShopOrderLine
from shops.orders import lines, settling
from shops.orders.cancelling import close
from shops.orders.moving import locked, locked_shop_order, move
from shops.payments import refunds, standings

Status, Outcome = ShopOrder.Status, ShopOrderLine.Outcome
EXPECTED = {Status.CONFIRMED, Status.PARTLY, Status.READY}
NOTHING_COMES = {Status.REFUSED, Status.CANCELLED, Status.MISSING}


@transaction.atomic
def mark_missing(shop_order: ShopOrder, *, temperatures: Collection[str], by=None, reason: str = "") -> bool:
    """Wait no longer for the goods kept at these `temperatures`: each lies in a bag, and a place, of its own.

    They never left the shop, so they can be sold again. `reason`: why the shop takes its promise back, in words for the
    resident; "" when the goods just did not come. False when nothing of it is awaited: the shop never accepted, or
    the order has ended. From here on the goods are refused at counters; see `note_late` for those that come all the same.
    """
    order = locked(shop_order.order_id)
    fresh = locked_shop_order(shop_order.pk)
    if fresh.status not in EXPECTED:
        return False
    missing = lines.end(fresh.lines.filter(temperature__in=temperatures), Outcome.MISSING)
    if not missing:
        return False
    refund = refunds.refund_rest(fresh, lines=missing, reason=Refund.Reason.STOCK, by=by)
    if not fresh.lines.filter(outcome=Outcome.PROMISED).exists():
        move(fresh, Status.MISSING, by=by, reason=reason)
    settling.settle(order, by=by)  # they may have waited for the scale: nothing else is undecided now
    signals.goods_missing.send(sender=ShopOrder, shop_order=fresh, lines=missing, refund=refund, reason=reason)
    if not order.shop_orders.exclude(status__in=NOTHING_COMES).exists():
        close(order, reason="missing")
    return True


@transaction.atomic
def note_late(shop_order: ShopOrder, *, temperature: str, place: str, by=None) -> bool:
    """A bank that had not heard of the refund took the goods in, at `place`. False when they were not given up.

    The refund stands and the shop is not paid; the goods are off its shelf, and a person decides whose they are now.
    """
    locked(shop_order.order_id)
    fresh = locked_shop_order(shop_order.pk)
    if not lines.came_late(fresh.lines.filter(temperature=temperature)):
        return False
    payment = fresh.order.payments.latest("pk")
    standings.alert(payment, f"{fresh.number}: goods came to {place} after their refund")
    signals.goods_late.send(sender=ShopOrder, shop_order=fresh, place=place)
    return True
