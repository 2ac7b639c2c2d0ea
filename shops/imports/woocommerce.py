"""WooCommerce's own export of products, under its English and French headings.

Source: WooCommerce documentation, “Product CSV Import Schema”, and its exporter: line ends of descriptions are written as
“\\n”, commas inside a name as “\\,”. A variable product is a row without a price; its variations name it by number or SKU.
"""

import re
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from shops.imports import prose
from shops.imports.columns import plain as folded
from shops.imports.foreign import BETWEEN, MOST_OPTIONS, NO, YES, Dialect, content_in, number, titled
from shops.imports.tables import Row

NO_CATEGORY = ("uncategorized", "uncategorised", "nonclasse", "sanscategorie")
NO_GOODS = {"grouped", "external", "virtual", "downloadable"}
GRAMS = {"kg": 1000, "g": 1, "lbs": Decimal("453.59237"), "oz": Decimal("28.349523")}
_ATTRIBUTE = re.compile(r"(?:attribute|nomdelattribut)(\d{1,2})(?:name)?")
_VALUES = re.compile(r"(?:attribute|valeursdelattribut)(\d{1,2})(?:values)?")
_WEIGHT = re.compile(r"(?:weight|poids)(kg|g|lbs|oz)")


class WooCommerce(Dialect):
    """What WooCommerce exports."""

    name = "WooCommerce"
    WORDS = {
        "id": "ID",
        "type": "Type",
        "sku": "SKU|UGS",
        "gtin": "GTIN, UPC, EAN, or ISBN|GTIN, UPC, EAN ou ISBN",
        "name": "Name|Nom",
        "published": "Published|Publié",
        "visibility": "Visibility in catalog|Visibilité dans le catalogue",
        "short": "Short description|Description courte",
        "description": "Description",
        "sale_from": "Date sale price starts|Date de début de promo",
        "sale_to": "Date sale price ends|Date de fin de promo",
        "in_stock": "In stock?|En stock ?",
        "stock": "Stock",
        "sale": "Sale price|Tarif promo|Prix promo|Tarif en promo",
        "regular": "Regular price|Tarif régulier|Prix régulier|Tarif normal",
        "categories": "Categories|Catégories",
        "images": "Images",
        "parent": "Parent",
    }
    NEEDS = (("type", "name", "regular"), ("type", "name", "published", "categories"))

    def __init__(self, headers: list[str]):
        super().__init__(headers)
        self._attributes: dict[str, dict[str, int]] = {}
        self._weight, self._grams = -1, Decimal(0)
        for place, header in enumerate(headers):
            plain = folded(header)
            if found := _WEIGHT.fullmatch(plain):
                self._weight, self._grams = place, Decimal(GRAMS[found[1]])
            for part, pattern in (("name", _ATTRIBUTE), ("values", _VALUES)):
                found = pattern.fullmatch(plain)
                if found and plain != f"attribute{found[1]}":
                    self._attributes.setdefault(found[1], {})[part] = place

    def products(self, rows: list[Row]) -> list[tuple[int, dict[str, str]]]:
        parents: dict[str, Row] = {}
        for row in rows:
            if "variation" not in self._types(row):
                parents |= {key: row for key in (f"id:{self.cell(row, 'id')}", self.cell(row, "sku")) if key}
        made = [(row.line, self._product(row, parents)) for row in rows if any(row.cells)]
        return [(line, values) for line, values in made if values]

    def remarks(self) -> list[str]:
        return [_("This file does not say whether its prices include VAT: please compare one of them with your shop.")]

    def _product(self, row: Row, parents: dict[str, Row]) -> dict[str, str]:
        types = self._types(row)
        if types & NO_GOODS:
            self.remark("no_goods", row.line)
            return {}
        if "variable" in types:
            return {}
        parent = parents.get(self.cell(row, "parent")) if "variation" in types else None
        if "variation" in types and parent is None:
            self.remark("alone", row.line)
        head = parent or row
        options = self._options(row) if parent else []
        called = titled(self.cell(head, "name"), [value for _name, value in options])
        return {
            "reference": self.cell(row, "sku") or f"woo-{self.cell(row, 'id') or row.line}",
            "ean": self.ean(row.line, self.cell(row, "gtin")),
            "title": called,
            "family": self.cell(head, "name") if options else "",
            **{f"option_{n}": f"{name}: {value}" for n, (name, value) in enumerate(options, 1)},
            "category": self._category(self.cell(row, "categories") or self.cell(head, "categories")),
            "price": self._price(row),
            "stock": self._stock(row, head),
            "public": YES if self._is_public(row) and self._is_public(head) else NO,
            **content_in(called, self._weight_of(row) or self._weight_of(head)),
            "description": self._description(row, head),
            "picture": BETWEEN.join(dict.fromkeys([*self._images(row), *self._images(head)])),
        }

    def _types(self, row: Row) -> set[str]:
        return {part.strip() for part in self.cell(row, "type").lower().split(",")}

    def _options(self, row: Row) -> list[tuple[str, str]]:
        """Names and values; a variation that stands for any value of an attribute says nothing about it."""
        found = []
        for places in self._attributes.values():
            name, value = (self._at_place(row, places.get(part, -1)) for part in ("name", "values"))
            if name and value:
                found.append((name, value.replace("\\,", ",")))
        if len(found) > MOST_OPTIONS:
            self.remark("options", row.line)
            rest = found[MOST_OPTIONS - 1 :]
            together = (" / ".join(name for name, _v in rest), " / ".join(value for _n, value in rest))
            found = [*found[: MOST_OPTIONS - 1], together]
        return found

    def _at_place(self, row: Row, place: int) -> str:
        return row.cells[place].strip() if 0 <= place < len(row.cells) else ""

    def _price(self, row: Row) -> str:
        """What a customer pays today: the sale price while the sale lasts."""
        sale, today = self.cell(row, "sale"), timezone.localdate().isoformat()
        begins, ends = self.cell(row, "sale_from")[:10], self.cell(row, "sale_to")[:10]
        if number(sale) is None or (begins and begins > today) or (ends and ends < today):
            return self.cell(row, "regular")
        self.remark("reduced", row.line)
        return sale

    def _stock(self, row: Row, head: Row) -> str:
        if self.cell(row, "in_stock") == "0":
            return "0"
        counted = self.cell(row, "stock")
        return self.stock(row.line, "" if counted == "parent" else counted)

    def _is_public(self, row: Row) -> bool:
        return self.cell(row, "published") in ("1", "") and self.cell(row, "visibility").lower() != "hidden"

    def _weight_of(self, row: Row) -> Decimal | None:
        weight = number(self._at_place(row, self._weight))
        return weight * self._grams if weight else None

    def _category(self, text: str) -> str:
        """The deepest of the categories: it says most."""
        paths = [path.replace("\\,", ",").strip() for path in re.split(r"(?<!\\),", text)]
        paths = [path for path in paths if path and folded(path) not in NO_CATEGORY]
        return max(paths, key=lambda path: path.count(">"), default="")

    def _description(self, row: Row, head: Row) -> str:
        """Both descriptions, the short one first."""
        texts = [self.cell(row, word) or self.cell(head, word) for word in ("short", "description")]
        return prose.joined(*(prose.plain(self._with_line_ends(text), breaks=True) for text in texts))

    def _with_line_ends(self, text: str) -> str:
        return re.sub(r"\\(\\?n)", lambda found: "\n" if found[1] == "n" else "\\n", text)

    def _images(self, row: Row) -> list[str]:
        return [part.strip() for part in re.split(r",\s+|,(?=https?:)", self.cell(row, "images")) if part.strip()]

    def _left_over(self, headers: list[str]) -> list[str]:
        places = {place for attribute in self._attributes.values() for place in attribute.values()} | {self._weight}
        named = {headers[place] for place in places if place >= 0}
        return [header for header in super()._left_over(headers) if header not in named]
