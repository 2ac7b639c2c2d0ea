"""Makers of placed orders, as checkout leaves them: stock allocated, shop orders split, one payment open."""

from datetime import timedelta
from decimal import Decimal
from itertools import count

from django.utils import timezone
from oscar.apps.order.utils import OrderCreator
from oscar.apps.shipping.methods import NoShippingRequired
from oscar.core.loading import get_class
from oscar.core.prices import Price

from shops import orders
from shops.models import Payment, ProductSheet, ShopOrder
from tests.factories import make_basket

OrderTotalCalculator = get_class("checkout.calculators", "OrderTotalCalculator")

_numbers = count(1)


def place(*wanted: tuple[ProductSheet, int], deposit_in: timedelta = timedelta(hours=9), email="resident@example.org"):
    """An unpaid order of `wanted` (sheet, quantity)."""
    basket = make_basket(*wanted)
    free = Price("EUR", excl_tax=Decimal("0.00"), tax=Decimal("0.00"))
    order = OrderCreator().place_order(
        basket=basket,
        total=OrderTotalCalculator().calculate(basket, free),
        shipping_method=NoShippingRequired(),
        shipping_charge=free,
        order_number=f"T{next(_numbers):06d}",
        guest_email=email,
    )
    orders.split(order, deposit_by=timezone.now() + deposit_in)
    Payment.objects.create(
        order=order,
        amount=int(order.total_incl_tax * 100),
        expires_at=timezone.now() + timedelta(minutes=40),
        status=Payment.Status.SESSION_OPEN,
    )
    return order


def pay(order) -> None:
    """The resident's card is held, as `charges.sync` would write it."""
    order.payments.get().move(Payment.Status.AUTHORISED)
    orders.confirm_payment(order)
    order.refresh_from_db()


def paid_shop_order(sheet: ProductSheet, quantity: int = 2, **fields) -> ShopOrder:
    """A new shop order on the desk of the sheet's shop."""
    order = place((sheet, quantity), **fields)
    pay(order)
    return order.shop_orders.get()
