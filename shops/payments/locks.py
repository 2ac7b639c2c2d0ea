"""The order of locks around money: the order, its payment, then (in transfers) the shop and the transfer."""

from oscar.core.loading import get_model

from shops.models import Payment


def lock_payment(payment: Payment) -> Payment:
    """A fresh copy of the payment, locked after its order; inside a transaction."""
    get_model("order", "Order").objects.select_for_update().get(pk=payment.order_id)
    return Payment.objects.select_for_update(of=("self",)).select_related("order").get(pk=payment.pk)
