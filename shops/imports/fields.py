"""What each column holds: how a cell is read, what a product has there, and how that is written into a file.

A value's *neutral* text is stored and compared ("9.90", "chilled", "1"); `shown` is the same as people read it ("9,90").
"""

from collections.abc import Callable
from decimal import Decimal
from typing import NamedTuple

from django.utils.formats import number_format
from django.utils.translation import get_language

from shops.imports import cells
from shops.models import ProductSheet

# Of these an empty cell leaves the product as it is; of all others it empties the field.
LEFT_WHEN_EMPTY = {
    "reference", "family", "option_1", "option_2", "option_3", "category", "vat_rate", "public", "net_unit", "sold_by",
    "temperature", "min_age", "needs_signature", "volume_l", "withdrawal", "picture",
}  # fmt: skip
OPTIONS = ("option_1", "option_2", "option_3")
FAMILY = ("family", *OPTIONS)
_WORDS = {
    "ambient": "ambiant", "chilled": "frais", "frozen": "surgelé", "piece": "pièce", "weight": "poids",
    "perishable": "périssable", "custom": "sur mesure", "sealed": "scellé", "full": "14 jours", **cells.FRENCH_KINDS,
}  # fmt: skip


class Field(NamedTuple):
    """One column. `read` raises `CellError`; `get` is what a product has there (its sheet loaded `with_all`)."""

    read: Callable[[str], object]
    get: Callable[[ProductSheet], object]
    kind: str = "text"  # "text", "number", "money", "yes" or "word"

    def text(self, value) -> str:
        """Neutral text."""
        if value is None:
            return ""
        if self.kind == "yes":
            return "1" if value else "0"
        if self.kind == "money":
            return f"{value:.2f}"
        if self.kind == "number":
            return f"{Decimal(value).normalize():f}"
        return cells.printable(str(value))

    def shown(self, text: str) -> str:
        """A neutral text in the words of the present language."""
        french = (get_language() or "").startswith("fr")
        if self.kind == "yes" and text:
            return {"1": "oui", "0": "non"}[text] if french else {"1": "yes", "0": "no"}[text]
        if self.kind == "word":
            return _WORDS.get(text, text) if french else text
        if self.kind in ("money", "number") and text:
            places = len(text.partition(".")[2])
            return number_format(Decimal(text), places, use_l10n=True, force_grouping=False)
        return text


def _text(field: str) -> Callable[[str], str]:
    return lambda cell: cells.text(cell, field=field)


def _option(number: int) -> Callable[[ProductSheet], str]:
    def get(sheet: ProductSheet) -> str:
        names, values = (sheet.family.options, sheet.values) if sheet.family else ([], [])
        return f"{names[number]}: {values[number]}" if number < len(values) else ""

    return get


def _of(name: str) -> Callable[[ProductSheet], object]:
    return lambda sheet: getattr(sheet, name)


def address_of_photo(sheet: ProductSheet) -> str:
    """Where the photo is, as a file tells it; what the product still waits for when it has none."""
    if sheet.photo:
        return _absolute(sheet.photo.url)
    wanted = getattr(sheet, "wanted_picture", None)
    sources = wanted.sources if wanted else []
    return " | ".join(sources) if all(isinstance(source, str) for source in sources) else ""


def _absolute(address: str) -> str:
    from django.conf import settings

    return address if address.startswith("http") else f"{settings.SITE_URL}{address}"


# The order is that of the columns of an export.
ALL: dict[str, Field] = {
    "reference": Field(_text("reference"), _of("reference")),
    "ean": Field(cells.ean, _of("ean")),
    "title": Field(_text("title"), lambda sheet: sheet.product.title),
    "family": Field(_text("family"), lambda sheet: sheet.family.title if sheet.family else ""),
    **{name: Field(_text(name), _option(place)) for place, name in enumerate(OPTIONS)},
    "category": Field(cells.category, _of("category_path")),  # the judge sets it, for many at once
    "price": Field(cells.price, lambda sheet: sheet.stock.price, "money"),
    "vat_rate": Field(cells.vat_rate, _of("vat_rate"), "number"),
    "stock": Field(cells.stock, _of("left"), "number"),
    "public": Field(cells.yes, lambda sheet: sheet.product.is_public, "yes"),
    "net_quantity": Field(cells.decimal, _of("net_quantity"), "number"),
    "net_unit": Field(cells.net_unit, _of("net_unit"), "word"),
    "sold_by": Field(cells.sold_by, _of("sold_by"), "word"),
    "price_per_kg": Field(cells.decimal, _of("price_per_kg"), "money"),
    "expected_g": Field(cells.whole, _of("expected_g"), "number"),
    "temperature": Field(cells.temperature, _of("temperature"), "word"),
    "ingredients": Field(_text("ingredients"), _of("ingredients")),
    "allergens": Field(cells.allergens, _of("allergens")),
    "origin": Field(_text("origin"), _of("origin")),
    "maker": Field(_text("maker"), _of("maker")),
    "kind": Field(cells.kind, _of("kind"), "word"),
    "description": Field(_text("description"), lambda sheet: sheet.product.description),
    "min_age": Field(cells.whole, _of("min_age"), "number"),
    "needs_signature": Field(cells.yes, _of("needs_signature"), "yes"),
    "volume_l": Field(cells.decimal, _of("volume_l"), "number"),
    "longest_cm": Field(cells.whole, _of("longest_cm"), "number"),
    "max_dwell_hours": Field(cells.whole, _of("max_dwell_hours"), "number"),
    "lead_minutes": Field(cells.whole, _of("lead_minutes"), "number"),
    "withdrawal": Field(cells.withdrawal, _of("withdrawal"), "word"),
    "picture": Field(_text("picture"), address_of_photo),
    "picture_alt": Field(_text("picture_alt"), _of("photo_alt")),
}

# What `shops.products` calls them.
OURS = {"public": "is_public", "picture_alt": "photo_alt"}
