"""The locks of an order and the one door through which a shop order changes its state."""

from oscar.core.loading import get_model

from shops import signals
from shops.models import ShopOrder

Order = get_model("order", "Order")


def locked(order_pk: int):
    """The fresh Oscar order, locked: one change of an order at a time. Inside a transaction."""
    return Order.objects.select_for_update().get(pk=order_pk)


def locked_shop_order(pk: int) -> ShopOrder:
    """The fresh shop order, locked; after its order."""
    return ShopOrder.objects.select_for_update(of=("self",)).select_related("shop", "order").get(pk=pk)


def move(shop_order: ShopOrder, to: str, *, by=None, reason: str = "", **fields) -> bool:
    """Move and tell; see `Lifecycle.move`."""
    previous = shop_order.status
    moved = shop_order.move(to, by=by, reason=reason, **fields)
    if moved:
        signals.shop_order_moved.send(sender=ShopOrder, shop_order=shop_order, previous=previous, by=by, reason=reason)
    return moved


def mirror(order, status: str) -> None:
    """Show our state in Oscar's own field."""
    Order.objects.filter(pk=order.pk).update(status=status)
    order.status = status
