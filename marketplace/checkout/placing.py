"""From a basket to an order: one transaction, in which everything is checked again under its lock. Money comes after.

The order is the hold: stock, room and payment share one expiry, and an order that is not paid by then gives all back.
"""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from oscar.core import prices
from oscar.core.loading import get_class, get_model

from marketplace.checkout import unpaid
from marketplace.checkout.models import OrderDetails
from pickup import collections
from pickup.packing import Goods
from pickup.windows import Window
from shops import daily, opening, orders, stock
from shops.directory import attach_sheets
from shops.models import ProductSheet
from shops.payments import charges
from shops.pricing import Selector

Basket = get_model("basket", "Basket")
Order = get_model("order", "Order")
OrderCreator = get_class("order.utils", "OrderCreator")
OrderTotalCalculator = get_class("checkout.calculators", "OrderTotalCalculator")
NoShippingRequired = get_class("shipping.methods", "NoShippingRequired")

HOLD = timedelta(minutes=40)
LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # none that look alike


class PlacingError(Exception):
    """The basket cannot become an order as it stands; nothing was changed."""


class EmptyBasket(PlacingError):
    """There is nothing to order."""

    def __init__(self):
        super().__init__(_("Your basket is empty."))


class SoldOut(PlacingError):
    """Somebody was faster."""

    def __init__(self, title: str, left: int):
        self.left = left
        if left:
            text = _("Only %(left)s of “%(product)s” are left. Please change the quantity.")
        else:
            text = _("“%(product)s” has just been sold out. Please take it out of your basket.")
        super().__init__(text % {"product": title, "left": left})


class NotOnSale(PlacingError):
    """The product was withdrawn, or its shop does not sell at the moment."""

    def __init__(self, title: str):
        super().__init__(
            _("“%(product)s” is not on sale any more. Please take it out of your basket.") % {"product": title}
        )


class Paused(PlacingError):
    """A shop takes no orders at the moment."""

    def __init__(self, pause: str):
        super().__init__(
            _("%(pause)s Nothing was charged: please try again then, or take its goods out of your basket.")
            % {"pause": pause}
        )


class PriceChanged(PlacingError):
    """The total is not the one that the resident agreed to."""

    def __init__(self):
        super().__init__(_("A price has changed since you opened this page. Please look at the new total."))


class TooManyUnpaid(PlacingError):
    """Whoever orders from here has held goods often enough today without paying for them."""

    def __init__(self):
        text = _(
            "Several orders from your connection were not paid today. Please pay an open one, or try again tomorrow."
        )
        super().__init__(text)


class AgeUnknown(PlacingError):
    """The basket holds goods with an age limit, and nobody has said to be old enough."""

    def __init__(self):
        super().__init__(_("Please confirm your age, or take these goods out of your basket."))


@dataclass(frozen=True, kw_only=True)
class Contact:
    """Whom the order is for."""

    name: str
    email: str
    phone: str = ""


def goods_of(basket) -> list[Goods]:
    """The basket as collection sees it. One query on top of Oscar's own, none when the sheets are attached already."""
    return [pieces(line.stockrecord.sheet, line.quantity) for line in attach_sheets(basket.all_lines())]


def pieces(sheet: ProductSheet, quantity: int = 1) -> Goods:
    """So many pieces of a product as collection sees them."""
    return Goods(
        shop=sheet.shop,
        temperature=sheet.temperature,
        volume_l=sheet.volume_l,
        quantity=quantity,
        min_age=sheet.min_age,
        needs_signature=sheet.needs_signature,
        longest_cm=sheet.longest_cm,
        max_dwell_hours=sheet.locker_hours,
        title=sheet.title,
        days=sheet.days,
        lead_minutes=sheet.shop.lead_minutes if sheet.lead_minutes is None else sheet.lead_minutes,
    )


@transaction.atomic
def place(
    basket,
    *,
    contact: Contact,
    window: Window,
    language: str,
    shown_total: Decimal,
    low_door: bool = False,
    old_enough_for: int = 0,
    user=None,
    visitor: str = "",
):
    """Write the order, its shop orders, the collection and the payment; returns the Oscar order.

    A basket that became an order already gives that order again. Raises `PlacingError`, `pickup.errors.PickupError`; then
    nothing is written. `shown_total`: euros that the resident agreed to; `old_enough_for`: the age that he confirmed;
    `visitor`: the mark of his connection (`checkout.unpaid`), empty when nobody counts.
    """
    basket = Basket.objects.select_for_update().get(pk=basket.pk)
    if earlier := OrderDetails.objects.filter(basket=basket).select_related("order").first():
        return earlier.order
    if visitor and unpaid.too_many(visitor):
        raise TooManyUnpaid
    basket.strategy = Selector().strategy(user=user)
    lines = list(basket.all_lines())
    if not lines:
        raise EmptyBasket
    records = [line.stockrecord_id for line in lines if line.stockrecord_id]
    stock.lock(records)
    stock.lock_shops(records)  # a shop that closes, or whose window fills, does so before or after us
    goods = goods_of(basket)
    if any(each.min_age > old_enough_for for each in goods):
        raise AgeUnknown
    _check(lines)
    if basket.total_incl_tax != shown_total:
        raise PriceChanged
    order = _write_order(basket, contact, user)
    OrderDetails.objects.create(order=order, basket=basket, language=language, visitor=visitor, **vars(contact))
    held_until = timezone.now() + HOLD
    daily.take([(line.stockrecord.sheet, line.quantity) for line in attach_sheets(lines)], at=order.date_placed)
    orders.split(order, deposit_by=window.deposit_by)
    collections.reserve(order, window=window, goods=goods, held_until=held_until, low_door=low_door)
    charges.open(order, amount=order.total_incl_tax, expires_at=held_until, language=language)
    basket.submit()
    return order


def _check(lines: list) -> None:
    """Look at shelf and shops, which were read after the lock: until the commit nobody else sells these pieces."""
    now = timezone.now()
    known = {line.pk: line.stockrecord.sheet for line in attach_sheets(lines)}
    for line in lines:
        sheet = known.get(line.pk)
        if sheet is None or not (sheet.product.is_public and sheet.shop.is_selling):
            raise NotOnSale(line.product.title)
        if pause := opening.pause_at(sheet.shop, now):
            raise Paused(pause)
        if sheet.left < line.quantity:
            raise SoldOut(sheet.title, sheet.left)


def _write_order(basket, contact: Contact, user):
    """Oscar's part; it also allocates the locked stock."""
    shipping = NoShippingRequired()
    charge = prices.Price(currency=basket.currency, excl_tax=Decimal("0.00"), tax=Decimal("0.00"))
    signed_in = user if user is not None and user.is_authenticated else None
    return OrderCreator().place_order(
        basket=basket,
        total=OrderTotalCalculator().calculate(basket, charge),
        shipping_method=shipping,
        shipping_charge=charge,
        user=signed_in,
        order_number=new_number(),
        guest_email=contact.email,
    )


def new_number() -> str:
    """A number that cannot be guessed from another one and is easy to read aloud."""
    prefix = "DEMO-" if settings.DEMO else ""
    while True:
        number = prefix + "".join(secrets.choice(LETTERS) for _position in range(8))
        if not Order.objects.filter(number=number).exists():
            return number
