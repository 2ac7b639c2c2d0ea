"""What the shops tell collection. Each runs inside the transaction of the change it hears of."""

from django.dispatch import receiver

from pickup import collections
from pickup.banks.bridge.nudges import nudge
from pickup.models import Collection
from pickup.signals import collection_moved
from shops import signals
from shops.models import ShopOrder

WILL_NOT_COME = [ShopOrder.Status.REFUSED, ShopOrder.Status.CANCELLED]


@receiver(signals.order_paid, dispatch_uid="pickup.order_paid")
def confirm_collection(order, **kwargs):
    """Paid: the shops prepare."""
    if collection := Collection.objects.filter(order=order).first():
        collections.confirm(collection)


@receiver(signals.order_cancelled, dispatch_uid="pickup.order_cancelled")
def release_collection(order, reason="", **kwargs):
    """Cancelled: the doors are free again."""
    if collection := Collection.objects.filter(order=order).first():
        collections.release(collection, reason=reason or "cancelled")


@receiver(signals.shop_order_moved, dispatch_uid="pickup.shop_order_moved")
def withdraw_parcels(shop_order, previous, by=None, **kwargs):
    """Refused or cancelled: nothing will come from this shop."""
    if shop_order.status in WILL_NOT_COME:
        collections.withdraw(shop_order, reason=shop_order.status, by=by)


@receiver(signals.goods_missing, dispatch_uid="pickup.goods_missing")
def withdraw_taken_back(shop_order, reason, **kwargs):
    """The shop says beforehand that it cannot give what it had accepted: nobody waits at the point for it."""
    if reason:
        collections.withdraw(shop_order, reason="shop closed")


@receiver(collection_moved, dispatch_uid="pickup.list_changed")
def name_the_new_list(collection, previous, **kwargs):
    """Moved: its bank has another list. Banks on HTTPS learn it by themselves, those on MQTT from the bridge."""
    nudge(str(collection.point_id))
