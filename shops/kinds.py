"""Kinds of goods: what each usually is, and which facts the law wants beside it before it is shown.

The trade of a shop proposes the kind of its products; each product may be of another one: a bookshop sells chocolate too.
Every preset is a proposal that the shopkeeper sees and may change; what the law requires is told by `shops.legal`.
"""

from dataclasses import dataclass
from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What a product is, as far as VAT, keeping and the law are concerned."""

    BREAD = "bread", _("bread, pastries, dishes to take away")
    MEAT = "meat", _("meat, delicatessen")
    CHEESE = "cheese", _("cheese, dairy, eggs")
    PRODUCE = "produce", _("fruit and vegetables")
    FISH = "fish", _("fish and seafood")
    FOOD = "food", _("packed food and drink")
    SWEETS = "sweets", _("chocolate and sweets")
    ALCOHOL = "alcohol", _("wine, beer, spirits")
    FLOWERS = "flowers", _("flowers and plants")
    BOOK = "book", _("books")
    CLOTHES = "clothes", _("clothes and shoes")
    BEAUTY = "beauty", _("beauty and care")
    GOODS = "goods", _("tools, toys, household goods")
    OTHER = "other", _("something else")


@dataclass(frozen=True, kw_only=True)
class Preset:
    """What goods of a kind usually are. `vat_rate` in percent; `requires`: fields that must be filled before it is shown.

    `made_here`: the shop usually makes them itself.
    """

    vat_rate: Decimal = Decimal("20.00")
    temperature: str = "ambient"
    sold_by: str = "piece"
    net_unit: str = "piece"
    withdrawal: str = "full"
    min_age: int = 0
    requires: tuple[str, ...] = ()
    made_here: bool = False

    def fields(self) -> dict[str, str]:
        """What a new product of this kind begins with, by the names of the sheet, as a form writes them."""
        names = ("vat_rate", "temperature", "sold_by", "net_unit", "withdrawal", "min_age")
        return {name: str(getattr(self, name)) for name in names}


_FOOD_VAT, _FLOWER_VAT, _BOOK_VAT = Decimal("5.50"), Decimal("10.00"), Decimal("5.50")
_LOOSE = {"vat_rate": _FOOD_VAT, "withdrawal": "perishable"}

# Rates: code général des impôts, art. 278 to 279 (CIBS since 1 September 2026). What is required: see `shops.legal`.
PRESETS = {
    Kind.BREAD: Preset(**_LOOSE, requires=("allergens",), made_here=True),
    Kind.MEAT: Preset(
        **_LOOSE,
        temperature="chilled",
        sold_by="weight",
        net_unit="g",
        requires=("allergens", "origin", "net_quantity"),
        made_here=True,
    ),
    Kind.CHEESE: Preset(
        **_LOOSE, temperature="chilled", sold_by="weight", net_unit="g", requires=("allergens", "net_quantity")
    ),
    Kind.PRODUCE: Preset(**_LOOSE, sold_by="weight", net_unit="g", requires=("origin", "net_quantity")),
    Kind.FISH: Preset(
        **_LOOSE,
        temperature="chilled",
        sold_by="weight",
        net_unit="g",
        requires=("allergens", "origin", "net_quantity"),
    ),
    Kind.FOOD: Preset(
        vat_rate=_FOOD_VAT, net_unit="g", requires=("ingredients", "allergens", "net_quantity", "maker")
    ),
    Kind.SWEETS: Preset(
        net_unit="g", requires=("ingredients", "allergens", "net_quantity", "maker"), made_here=True
    ),
    Kind.ALCOHOL: Preset(
        net_unit="ml", min_age=18, requires=("min_age", "allergens", "origin", "net_quantity", "maker")
    ),
    Kind.FLOWERS: Preset(vat_rate=_FLOWER_VAT, withdrawal="perishable"),
    Kind.BOOK: Preset(vat_rate=_BOOK_VAT),
    Kind.CLOTHES: Preset(requires=("ingredients", "maker")),
    Kind.BEAUTY: Preset(
        withdrawal="sealed", net_unit="ml", requires=("ingredients", "net_quantity", "maker")
    ),
    Kind.GOODS: Preset(requires=("maker",)),
    Kind.OTHER: Preset(),
}  # fmt: skip

# What each trade mostly sells (`Shop.Trade`).
OF_TRADE = {
    "bakery": Kind.BREAD,
    "butcher": Kind.MEAT,
    "cheese": Kind.CHEESE,
    "greengrocer": Kind.PRODUCE,
    "fish": Kind.FISH,
    "wine": Kind.ALCOHOL,
    "grocery": Kind.FOOD,
    "sweets": Kind.SWEETS,
    "florist": Kind.FLOWERS,
    "books": Kind.BOOK,
    "clothes": Kind.CLOTHES,
    "hardware": Kind.GOODS,
    "games": Kind.GOODS,
    "music": Kind.GOODS,
    "beauty": Kind.BEAUTY,
    "home": Kind.GOODS,
}


def of_trade(trade: str) -> Kind:
    """What a shop of this trade mostly sells; "something else" for a trade that we do not know."""
    return OF_TRADE.get(trade, Kind.OTHER)


def preset(kind: str) -> Preset:
    """The preset of a kind."""
    return PRESETS[Kind(kind)]
