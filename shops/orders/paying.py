"""What an order hears of its payment: the hold stands, or the money will not come."""

from django.db import transaction
from django.dispatch import receiver
from django.utils import timezone

from shops import signals
from shops.models import ShopOrder
from shops.orders.cancelling import abandon
from shops.orders.moving import Order, locked, mirror
from shops.orders.splitting import answer_deadline

Status = ShopOrder.Status


@transaction.atomic
def confirm_payment(order) -> bool:
    """The hold on the resident's card stands: the shops see their orders from now on. False when they did already."""
    order = locked(order.pk)
    if order.status != "unpaid":
        return False
    now = timezone.now()
    for shop_order in order.shop_orders.filter(status=Status.AWAITING, paid_at=None).select_related("shop"):
        ShopOrder.objects.filter(pk=shop_order.pk).update(
            paid_at=now, answer_by=answer_deadline(shop_order.shop, now, shop_order.deposit_by)
        )
    mirror(order, "paid")
    signals.order_paid.send(sender=Order, order=order)
    return True


@receiver(signals.payment_authorised, dispatch_uid="orders.payment_authorised")
def _on_payment_authorised(payment, **kwargs):
    confirm_payment(payment.order)


@receiver(signals.payment_lost, dispatch_uid="orders.payment_lost")
def _on_payment_lost(payment, reason, **kwargs):
    """Not paid in time (`payments.sweep`), the hold expired, or the debit failed: everything goes back."""
    with transaction.atomic():
        abandon(locked(payment.order_id), by=None, reason=reason)
