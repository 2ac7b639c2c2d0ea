"""What the files of other systems have in common: headings by several names, rows that belong together, remarks on the way.

A dialect reads such a file and writes it anew with our fields as headings (`FIELDS`), so that all that follows treats it
like any other file. What it decides on the way stands in `notes`, what it leaves in `ignored`.
"""

import re
from collections.abc import Callable
from decimal import Decimal
from html import unescape

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shops.imports import cells
from shops.imports.columns import plain as folded
from shops.imports.tables import Row, Table

FIELDS = (
    "reference", "ean", "title", "family", "option_1", "option_2", "option_3", "category", "price", "vat_rate", "stock",
    "public", "net_quantity", "net_unit", "description", "picture", "picture_alt",
)  # fmt: skip
NAMES = ("title", "family", "option_1", "option_2", "option_3", "category", "picture_alt")
MOST_OPTIONS = 3
BETWEEN = " | "  # of several pictures in one cell
YES, NO = "1", "0"
LINES_NAMED = 5

_CONTENT = re.compile(r"(?<![\d.,])(\d{1,5}(?:[.,]\d{1,3})?)\s?(kg|g|mg|cl|ml|l|litres?)\b", re.IGNORECASE)
_IN_OURS = {
    "kg": ("g", 1000), "g": ("g", 1), "mg": ("g", Decimal("0.001")), "l": ("ml", 1000), "cl": ("ml", 10), "ml": ("ml", 1),
    "litre": ("ml", 1000), "litres": ("ml", 1000), "m": ("m", 1), "cm": ("m", Decimal("0.01")),
    "lb": ("g", Decimal("453.59237")), "lbs": ("g", Decimal("453.59237")), "oz": ("g", Decimal("28.349523")),
}  # fmt: skip

# What is worth telling: how often it happened, in a sentence.
REMARKS: dict[str, Callable[[int], str]] = {
    "no_stock": lambda count: ngettext(
        "%(count)s product has no counted stock in this file: it comes with 0 pieces.",
        "%(count)s products have no counted stock in this file: they come with 0 pieces.",
        count,
    ),
    "no_barcode": lambda count: ngettext(
        "%(count)s barcode is no EAN and was left out.",
        "%(count)s barcodes are no EAN and were left out.",
        count,
    ),
    "reduced": lambda count: ngettext(
        "%(count)s product is at a reduced price: we take the price that customers pay today, not the crossed-out one.",
        "%(count)s products are at a reduced price: we take the price that customers pay today, not the crossed-out one.",
        count,
    ),
    "hidden": lambda count: ngettext(
        "%(count)s product is not on sale there (draft, archived or hidden): it comes hidden.",
        "%(count)s products are not on sale there (drafts, archived or hidden): they come hidden.",
        count,
    ),
    "no_goods": lambda count: ngettext(
        "%(count)s row is no goods to hand over (voucher, download, link or group) and was left out.",
        "%(count)s rows are no goods to hand over (vouchers, downloads, links or groups) and were left out.",
        count,
    ),
    "alone": lambda count: ngettext(
        "%(count)s variant belongs to a product that is not in this file: it comes as a product of its own.",
        "%(count)s variants belong to products that are not in this file: they come as products of their own.",
        count,
    ),
    "options": lambda count: ngettext(
        "%(count)s variant has more than three options: those after the third stand with it.",
        "%(count)s variants have more than three options: those after the third stand with it.",
        count,
    ),
}


class Dialect:
    """The files of one system. `WORDS`: what we call a column, and the headings by which it goes, separated by "|"."""

    name = ""
    WORDS: dict[str, str] = {}
    NEEDS: tuple[tuple[str, ...], ...] = ()  # a file with all the columns of one of these is of this system

    def __init__(self, headers: list[str]):
        self.notes: list[str] = []
        self.ignored: list[str] = []
        self._at = self._positions(headers)
        self._remarks: dict[str, list[int]] = {}

    @classmethod
    def reads(cls, headers: list[str]) -> bool:
        """Whether a file with these headings is of this system."""
        found = cls._positions(headers)
        return any(all(word in found for word in needs) for needs in cls.NEEDS)

    def translate(self, table: Table) -> Table:
        """The same goods under the names of our fields; lines keep their numbers. Fills `notes` and `ignored`."""
        products = [(line, self._finished(line, values)) for line, values in self.products(table.rows)]
        fields = [field for field in FIELDS if any(values.get(field) for _line, values in products)]
        rows = [Row(line, [values.get(field, "") for field in fields]) for line, values in products]
        self.ignored = self._left_over(table.headers)
        self.notes = [*self.remarks(), *(self._told(kind, lines) for kind, lines in self._remarks.items())]
        return table._replace(fields={field: place for place, field in enumerate(fields)}, headers=fields, rows=rows)

    def products(self, rows: list[Row]) -> list[tuple[int, dict[str, str]]]:
        """Of every product its line and its values by `FIELDS`."""
        raise NotImplementedError

    def remarks(self) -> list[str]:
        """What is true of the whole file."""
        return []

    def cell(self, row: Row, word: str) -> str:
        """The text of a column, "" when the file has none. An apostrophe in front keeps spreadsheets from reckoning."""
        place = self._at.get(word)
        text = row.cells[place].strip() if place is not None and place < len(row.cells) else ""
        return text[1:].strip() if text[:1] == "'" and not text.endswith("'") else text

    def has(self, word: str) -> bool:
        return word in self._at

    def remark(self, kind: str, line: int) -> None:
        """Count one more case of `kind` (see `REMARKS`)."""
        self._remarks.setdefault(kind, []).append(line)

    def stock(self, line: int, text: str) -> str:
        """Pieces, never fewer than none; what is not counted is none."""
        count = number(text)
        if count is None:
            self.remark("no_stock", line)
        return str(min(max(0, int(count or 0)), cells.MOST_PIECES))

    def ean(self, line: int, text: str) -> str:
        """The barcode when it is one."""
        digits = re.sub(r"[\s-]", "", text)
        if not digits:
            return ""
        if len(digits) == 14 and digits.startswith("0"):
            digits = digits[1:]
        try:
            return cells.ean(digits)
        except cells.CellError:
            self.remark("no_barcode", line)
            return ""

    def _finished(self, line: int, values: dict[str, str]) -> dict[str, str]:
        if values.get("public") == NO:
            self.remark("hidden", line)
        return values | {field: unescape(values[field]) for field in NAMES if field in values}

    def _left_over(self, headers: list[str]) -> list[str]:
        used = set(self._at.values())
        return [header for place, header in enumerate(headers) if header and place not in used]

    def _told(self, kind: str, lines: list[int]) -> str:
        sentence = REMARKS[kind](len(lines)) % {"count": len(lines)}
        named = ", ".join(str(line) for line in sorted(lines)[:LINES_NAMED])
        more = ", …" if len(lines) > LINES_NAMED else ""
        return (
            f"{sentence} ({_('line')} {named}{more})" if len(lines) == 1 else f"{sentence} ({_('lines')} {named}{more})"
        )

    @classmethod
    def _positions(cls, headers: list[str]) -> dict[str, int]:
        word_of = {folded(heading): word for word, headings in cls.WORDS.items() for heading in headings.split("|")}
        found: dict[str, int] = {}
        for place, header in enumerate(headers):
            word = word_of.get(folded(header))
            if word:
                found.setdefault(word, place)
        return found


def number(text: str) -> Decimal | None:
    """The number in a cell, with a decimal point or comma; None when there is none."""
    plain = re.sub(r"[\s€]", "", text)
    if plain.rfind(",") > plain.rfind("."):
        plain = plain.replace(".", "").replace(",", ".")
    plain = plain.replace(",", "")
    return Decimal(plain) if re.fullmatch(r"-?[0-9]{1,9}(\.[0-9]{1,9})?", plain) else None


def titled(title: str, values: list[str]) -> str:
    """How a variant is called."""
    return ", ".join([title, *(value for value in values if value)])


def content(amount: str, unit: str) -> dict[str, str]:
    """The net content as our two fields; nothing when it is none that we know."""
    count, ours = number(amount), _IN_OURS.get(unit.strip().lower())
    if not count or count < 0 or ours is None:
        return {}
    inside = (count * ours[1]).quantize(Decimal("0.01")).normalize()
    return {"net_quantity": f"{inside:f}", "net_unit": ours[0]} if inside else {}


def content_in(title: str, grams: Decimal | None) -> dict[str, str]:
    """The net content that the name promises, when the weight of the parcel does not speak against it.

    The weight of other systems is for the postman, packaging included; the price per kilo is of the goods alone (arrêté of
    16 November 1999). So it only confirms: “Miel 500 g” that weighs between 500 and 1,000 g holds 500 g.
    """
    found = _CONTENT.findall(title)
    if len(found) != 1:
        return {}
    inside = content(*found[0])
    if grams and inside and not Decimal(inside["net_quantity"]) <= grams <= 2 * Decimal(inside["net_quantity"]):
        return {}
    return inside if grams else {}
