"""What residents do with their basket, and how it stands now: the shelf may have changed since they filled it."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shops import selling
from shops.directory import ShopGroup, attach_sheets, group_attached
from shops.models import ProductSheet

MOST_OF_ONE = 99


class BasketError(Exception):
    """The basket cannot be changed like this; it stays as it was."""


class NotANumber(BasketError):
    """A quantity that is none."""

    def __init__(self):
        super().__init__(_("Please give the quantity as a number from 1 to %(most)s.") % {"most": MOST_OF_ONE})


class NotOnSale(BasketError):
    """The product was withdrawn, or its shop does not sell at the moment."""

    def __init__(self, title: str):
        super().__init__(_("“%(product)s” is not on sale at the moment.") % {"product": title})


class NotEnough(BasketError):
    """More than the shelf holds."""

    def __init__(self, sheet: ProductSheet, in_basket: int = 0):
        words = {"product": sheet.title, "left": sheet.left, "in_basket": in_basket}
        if not sheet.left:
            super().__init__(selling.sold_out(sheet))
        elif in_basket:
            text = _("There are %(left)s of “%(product)s”, and %(in_basket)s are in your basket already.")
            super().__init__(text % words)
        else:
            text = ngettext("Only one “%(product)s” is left.", "Only %(left)s of “%(product)s” are left.", sheet.left)
            super().__init__(text % words)


@dataclass(frozen=True)
class Obstacle:
    """A line that cannot be had as it is: why, and how many pieces can (0: none)."""

    line: object
    sheet: ProductSheet | None
    text: str
    possible: int


@dataclass(frozen=True)
class Review:
    """How a basket stands: what can be had, by shop, and what cannot."""

    groups: list[ShopGroup]
    obstacles: list[Obstacle]

    @property
    def total(self) -> Decimal:
        """Euros, VAT included, of what can be had as it is."""
        return sum((group.subtotal for group in self.groups), Decimal("0.00"))

    @property
    def by_weight(self) -> bool:
        """Whether the total is only the most that can be debited."""
        return any(group.by_weight for group in self.groups)

    @property
    def no_common_day(self) -> str:
        """Why all of it cannot be collected together, as a sentence; "" when it can."""
        sheets = [line.stockrecord.sheet for group in self.groups for line in group.lines]
        return "" if selling.common_days(sheets) else selling.no_common_day((each.title, each.days) for each in sheets)

    @property
    def articles(self) -> int:
        return sum(line.quantity for group in self.groups for line in group.lines)


def read_quantity(text: str) -> int:
    """The number in a form field. Raises `NotANumber`."""
    digits = text.strip()
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 3 and 1 <= int(digits) <= MOST_OF_ONE):
        raise NotANumber
    return int(digits)


def add(basket, sheet: ProductSheet, quantity: int) -> None:
    """Put `quantity` pieces more into the basket. Raises `BasketError`."""
    line = basket.lines.filter(stockrecord=sheet.stock_id).first() if basket.pk else None
    in_basket = line.quantity if line else 0
    if in_basket + quantity > MOST_OF_ONE:
        raise NotANumber
    _check(sheet, in_basket + quantity, in_basket)
    basket.add_product(sheet.product, quantity)


def change(basket, line_pk: int, quantity: int) -> None:
    """Set the quantity of a line. Raises `BasketError`; a line that is gone already is none."""
    line = basket.lines.select_related("product").filter(pk=line_pk).first() if basket.pk else None
    if line is None:
        return
    sheet = ProductSheet.objects.with_all().filter(stock_id=line.stockrecord_id).first()
    if sheet is None:
        raise NotOnSale(line.product.title)
    _check(sheet, quantity)
    line.quantity = quantity
    line.save()
    basket.reset_offer_applications()


def remove(basket, line_pk: int) -> str:
    """Take a line out; the product's title, empty when the line was gone already."""
    line = basket.lines.select_related("product").filter(pk=line_pk).first() if basket.pk else None
    if line is None:
        return ""
    line.delete()
    basket.reset_offer_applications()
    return line.product.title


def review(basket) -> Review:
    """The basket against the shelf of this moment; changes nothing. One query on top of Oscar's own."""
    lines = list(basket.all_lines())
    known = {line.pk for line in attach_sheets(lines)}
    obstacles = [found for line in lines if (found := _obstacle(line, line.pk in known))]
    in_the_way = {obstacle.line.pk for obstacle in obstacles}
    return Review(group_attached(line for line in lines if line.pk not in in_the_way), obstacles)


def settle(basket) -> None:
    """Take out what cannot be had, and reduce quantities to what is left."""
    for obstacle in review(basket).obstacles:
        if obstacle.possible:
            obstacle.line.quantity = obstacle.possible
            obstacle.line.save()
        else:
            obstacle.line.delete()
    basket.reset_offer_applications()


def _check(sheet: ProductSheet, quantity: int, in_basket: int = 0) -> None:
    if not (sheet.product.is_public and sheet.shop.is_selling):
        raise NotOnSale(sheet.title)
    if sheet.left < quantity:
        raise NotEnough(sheet, in_basket)


def _obstacle(line, is_known: bool) -> Obstacle | None:
    sheet = line.stockrecord.sheet if is_known else None
    if sheet is None or not (sheet.product.is_public and sheet.shop.is_selling):
        return Obstacle(line, sheet, str(NotOnSale(line.product.title)), 0)
    if sheet.left < line.quantity:
        return Obstacle(line, sheet, str(NotEnough(sheet)), sheet.left)
    return None
