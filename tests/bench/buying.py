"""A complete order without pages: the same functions in the same order as a resident's clicks."""

from django.db import transaction
from django.utils import timezone
from oscar.core.loading import get_model

from marketplace.checkout import placing
from pickup import windows
from pickup.models import Point
from pickup.windows import Window
from shops import basket as shelf
from shops.models import Payment, ProductSheet
from shops.payments import charges
from shops.payments.fake import checkout
from shops.payments.fake.models import Session
from shops.pricing import Selector

Basket = get_model("basket", "Basket")
CONTACT = placing.Contact(name="Camille Essai", email="camille@example.org")
LANGUAGE = "fr"


class NotPaid(Exception):
    """The order ended otherwise than paid: the run proves nothing."""


def fill(sheets: list[ProductSheet]):
    """A new basket with one piece of each."""
    basket = Basket.objects.create()
    basket.strategy = Selector().strategy()
    for sheet in sheets:
        shelf.add(basket, sheet, 1)
    return basket


def buy(sheets: list[ProductSheet], window: Window):
    """Fill a basket, place it, have the card held, hear of it: the paid Oscar order. Raises `placing.PlacingError`."""
    basket = fill(sheets)
    order = placing.place(basket, contact=CONTACT, window=window, language=LANGUAGE, shown_total=basket.total_incl_tax)
    payment = order.payments.get()
    charges.start(payment)
    pay(payment)
    charges.sync(payment)
    order.refresh_from_db()
    if order.status != "paid":
        raise NotPaid(f"Order {order.number} is {order.status}.")
    return order


def pay(payment: Payment) -> None:
    """The resident's bank agrees, on Stripe's own page."""
    payment.refresh_from_db()
    with transaction.atomic():
        checkout.pay(Session.objects.select_related("intent").get(pk=payment.session_id))


def counter_windows(sheets: list[ProductSheet]) -> list[Window]:
    """The first window of every counter for these goods. Lockers are left out: a day of orders would fill them."""
    offers = windows.offers(placing.goods_of(fill(sheets)), now=timezone.now())
    return [offer.windows[0] for offer in offers if offer.point.kind == Point.Kind.COUNTER]
