"""The goods are packed, and go to the resident or come back."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shops import signals
from shops.models import Refund, ShopOrder, ShopOrderLine
from shops.orders import lines, weighing
from shops.orders.errors import NotChosen, NotWeighed, NotYet, OrderError
from shops.orders.moving import locked, locked_shop_order, move
from shops.payments import refunds, transfers

Status, Outcome = ShopOrder.Status, ShopOrderLine.Outcome
MAX_BAGS = 40


@transaction.atomic
def mark_ready(
    shop_order: ShopOrder, *, bags: int, size: str = "", grams: dict[int, int] | None = None, by=None
) -> ShopOrder:
    """The goods stand packed in `bags` bags, the largest of them of `size` (a `BagSize`, "" when nobody said).

    Those sold by weight weigh so many `grams` by line. A second call only corrects. Raises `NotYet` before the answer,
    `NotWeighed` while a weight is missing, `NotChosen` while the resident chooses, what `weighing.weigh` raises.
    """
    locked(shop_order.order_id)
    if grams:
        weighing.weigh(shop_order, grams=grams, by=by)
    shop_order = locked_shop_order(shop_order.pk)
    if not 1 <= bags <= MAX_BAGS:
        raise OrderError(_("The number of bags lies between 1 and %(most)s.") % {"most": MAX_BAGS})
    if shop_order.lines.unweighed().exists():
        raise NotWeighed
    if shop_order.lines.offered().exists():
        raise NotChosen
    if shop_order.status == Status.READY:
        ShopOrder.objects.filter(pk=shop_order.pk).update(bags=bags, bag_size=size)
        shop_order.bags, shop_order.bag_size = bags, size
    elif shop_order.can_move(Status.READY):
        move(shop_order, Status.READY, by=by, bags=bags, bag_size=size, ready_at=timezone.now())
    else:
        raise NotYet(_("This order is not being prepared."))
    return shop_order


@transaction.atomic
def mark_collected(shop_order: ShopOrder, *, by=None) -> bool:
    """The resident has the goods: they leave the stock and the shop is owed its money. False when that was done before,
    or when the goods came after their refund: then nobody owes anything for them."""
    fresh = arrived(shop_order, by=by)
    moved = fresh.status != Status.MISSING and move(fresh, Status.COLLECTED, by=by, collected_at=timezone.now())
    if moved:
        lines.end(fresh.lines.all(), Outcome.GIVEN)
        transfers.owe(fresh)
    shop_order.refresh_from_db()
    return moved


@transaction.atomic
def mark_no_show(shop_order: ShopOrder, *, by=None) -> bool:
    """Nobody came. False when that was known, or when the goods came after their refund.

    What keeps goes back to the shelf and is refunded in full; what does not is lost, and the shop, which did its part, is
    paid for it. The grounds are in docs/payments.md, "Goods that fail".
    """
    fresh = arrived(shop_order, by=by)
    moved = fresh.status != Status.MISSING and move(fresh, Status.NO_SHOW, by=by)
    if moved:
        returned = lines.end(fresh.lines.filter(keeps=True), Outcome.RETURNED)
        spoiled = lines.end(fresh.lines.filter(keeps=False), Outcome.SPOILED)
        refund = refunds.refund_rest(fresh, lines=returned, reason=Refund.Reason.NO_SHOW_COURTESY, by=by)
        if spoiled:
            transfers.owe(fresh)
        signals.goods_not_collected.send(
            sender=ShopOrder, shop_order=fresh, returned=returned, spoiled=spoiled, refund=refund
        )
    shop_order.refresh_from_db()
    return moved


def arrived(shop_order: ShopOrder, *, by) -> ShopOrder:
    """The fresh shop order, locked. Deposited goods were packed, whatever the desk was told."""
    locked(shop_order.order_id)
    fresh = locked_shop_order(shop_order.pk)
    if fresh.status in (Status.CONFIRMED, Status.PARTLY):
        move(fresh, Status.READY, by=by, bags=max(fresh.bags, 1), ready_at=timezone.now())
    return fresh
