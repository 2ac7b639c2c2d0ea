"""What an order hears of its payment: the hold stands, or the money will not come."""

from django.db import transaction
from django.dispatch import receiver
from django.utils import timezone

from shops import signals
from shops.models import Refund, ShopOrder, ShopOrderLine
from shops.orders.cancelling import abandon
from shops.orders.moving import Order, locked, mirror
from shops.orders.splitting import answer_deadline
from shops.payments import refunds, transfers

Status, Outcome = ShopOrder.Status, ShopOrderLine.Outcome
HANDED_OVER = {Status.COLLECTED, Status.NO_SHOW, Status.CLOSED}
REFUNDED_FOR = {
    Refund.Reason.STOCK: {Outcome.MISSING, Outcome.LATE},
    Refund.Reason.NO_SHOW_COURTESY: {Outcome.RETURNED},
    Refund.Reason.LOCKER: {Outcome.RUINED},
}


@transaction.atomic
def confirm_payment(order) -> bool:
    """The hold on the resident's card stands: the shops see their orders from now on. False when they did already."""
    order = locked(order.pk)
    if order.status != "unpaid":
        return False
    now = timezone.now()
    awaiting = order.shop_orders.filter(status=Status.AWAITING, paid_at=None).select_related("shop")
    for shop_order in awaiting.prefetch_related("shop__closures"):
        ShopOrder.objects.filter(pk=shop_order.pk).update(
            paid_at=now, answer_by=answer_deadline(shop_order.shop, now, shop_order.deposit_by)
        )
    mirror(order, "paid")
    signals.order_paid.send(sender=Order, order=order)
    return True


@receiver(signals.payment_authorised, dispatch_uid="orders.payment_authorised")
def _on_payment_authorised(payment, **kwargs):
    confirm_payment(payment.order)


@receiver(signals.payment_captured, dispatch_uid="orders.payment_captured")
def _on_payment_captured(payment, **kwargs):
    """Goods whose end came while the debit was under way: only now can they be refunded or paid."""
    _pay_for_the_ended(payment.order)


@receiver(signals.payment_disputed, dispatch_uid="orders.payment_disputed")
def _on_payment_disputed(payment, state, **kwargs):
    """While it was disputed nothing could be refunded; now that it is won, what failed meanwhile is."""
    if state == "won":
        _pay_for_the_ended(payment.order)


def _pay_for_the_ended(order) -> None:
    ended = order.shop_orders.filter(lines__outcome__in=[*ShopOrderLine.REFUNDED, *ShopOrderLine.EARNED])
    for shop_order in ended.distinct().order_by("pk"):
        lines = list(shop_order.lines.all())
        for reason, outcomes in REFUNDED_FOR.items():
            lost = [line for line in lines if line.outcome in outcomes]
            refunds.refund_rest(shop_order, lines=lost, reason=reason)
        if shop_order.status in HANDED_OVER and any(line.outcome in ShopOrderLine.EARNED for line in lines):
            transfers.owe(shop_order)


@receiver(signals.payment_lost, dispatch_uid="orders.payment_lost")
def _on_payment_lost(payment, reason, **kwargs):
    """Not paid in time (`payments.sweep`), the hold expired, or the debit failed: everything goes back."""
    with transaction.atomic():
        abandon(locked(payment.order_id), by=None, reason=reason)
