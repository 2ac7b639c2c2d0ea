"""An order ends before it began: cancelled by the resident, refused by every shop, or never paid."""

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest

from shops import signals
from shops.models import ShopOrder, ShopOrderLine
from shops.orders import lines
from shops.orders.errors import TooLateToCancel
from shops.orders.moving import Order, locked, mirror, move
from shops.payments import charges
from shops.payments.errors import AlreadyCaptured

Status, Outcome = ShopOrder.Status, ShopOrderLine.Outcome


@transaction.atomic
def cancel(order, *, by=None, reason: str) -> None:
    """Cancel the whole order, as a resident may until a shop has accepted. Raises `TooLateToCancel`."""
    order = locked(order.pk)
    open_states = [Status.AWAITING, Status.REFUSED, Status.CANCELLED]
    if order.shop_orders.exclude(status__in=open_states).exists():
        raise TooLateToCancel
    payment = order.payments.live().first()
    if payment is not None:
        try:
            charges.cancel(payment, reason=reason)
        except AlreadyCaptured as error:
            raise TooLateToCancel from error
    abandon(order, by=by, reason=reason)


def abandon(order, *, by, reason: str) -> None:
    """Take back what the order holds: its pieces, its vouchers, the shops' work. Safe to repeat."""
    for shop_order in order.shop_orders.select_for_update(of=("self",)).select_related("shop").order_by("pk"):
        if shop_order.can_move(Status.CANCELLED) and move(shop_order, Status.CANCELLED, by=by, reason=reason):
            lines.end(shop_order.lines.all(), Outcome.CANCELLED)
    close(order, reason=reason)


def close(order, *, reason: str) -> None:
    """The order is over before it began: vouchers go back, everybody hears of it once."""
    if order.status == "cancelled":
        return
    mirror(order, "cancelled")
    for application in order.voucherapplication_set.select_related("voucher"):
        vouchers = type(application.voucher).objects.filter(pk=application.voucher_id)
        vouchers.update(num_orders=Greatest(F("num_orders") - 1, 0))
        application.delete()
    signals.order_cancelled.send(sender=Order, order=order, reason=reason)
