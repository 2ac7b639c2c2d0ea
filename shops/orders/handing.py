"""The goods are packed, and go to the resident or come back."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shops import stock
from shops.models import ShopOrder
from shops.orders.errors import NotYet, OrderError
from shops.orders.moving import locked, locked_shop_order, move
from shops.orders.pieces import pieces
from shops.payments import transfers

Status = ShopOrder.Status
MAX_BAGS = 40


@transaction.atomic
def mark_ready(shop_order: ShopOrder, *, bags: int, by=None) -> ShopOrder:
    """The goods stand packed in `bags` bags. A second call only corrects the number. Raises `NotYet` before the answer."""
    locked(shop_order.order_id)
    shop_order = locked_shop_order(shop_order.pk)
    if not 1 <= bags <= MAX_BAGS:
        raise OrderError(_("The number of bags lies between 1 and %(most)s.") % {"most": MAX_BAGS})
    if shop_order.status == Status.READY:
        ShopOrder.objects.filter(pk=shop_order.pk).update(bags=bags)
        shop_order.bags = bags
    elif shop_order.can_move(Status.READY):
        move(shop_order, Status.READY, by=by, bags=bags, ready_at=timezone.now())
    else:
        raise NotYet(_("This order is not being prepared."))
    return shop_order


@transaction.atomic
def mark_collected(shop_order: ShopOrder, *, by=None) -> bool:
    """The resident has the goods: they leave the stock and the shop is owed its money. False when that was done before."""
    if not _hand_over(shop_order, Status.COLLECTED, by=by, collected_at=timezone.now()):
        return False
    transfers.owe(shop_order)
    return True


@transaction.atomic
def mark_no_show(shop_order: ShopOrder, *, by=None) -> bool:
    """Nobody came. The goods leave the books of the stock; who bears the loss is decided with the refund or the transfer."""
    return _hand_over(shop_order, Status.NO_SHOW, by=by)


def _hand_over(shop_order: ShopOrder, to: str, *, by, **fields) -> bool:
    locked(shop_order.order_id)
    fresh = locked_shop_order(shop_order.pk)
    if fresh.status in (Status.CONFIRMED, Status.PARTLY):  # deposited goods were packed, whatever the desk was told
        move(fresh, Status.READY, by=by, bags=max(fresh.bags, 1), ready_at=timezone.now())
    moved = move(fresh, to, by=by, **fields)
    if moved:
        stock.consume(pieces(fresh.lines.select_related("line"), lambda line: line.accepted_quantity or 0))
    shop_order.refresh_from_db()
    return moved
