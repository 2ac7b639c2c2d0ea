"""Shopify's export of products, under the headings of before and after 2024.

Source: Shopify Help Center, “Using CSV files to import and export products” (column descriptions). One product is all rows
of one handle: the first has its texts, each row with a price or options is a variant, the others only bring pictures.
"""

from django.utils.translation import gettext as _

from shops.imports import prose
from shops.imports.foreign import BETWEEN, MOST_OPTIONS, NO, YES, Dialect, content, content_in, number, titled
from shops.imports.tables import Row

NO_OPTION = ("title", "default title")  # how a product without variants is written


class Shopify(Dialect):
    """What Shopify exports."""

    name = "Shopify"
    WORDS = {
        "handle": "Handle|URL handle",
        "title": "Title",
        "body": "Body (HTML)|Description",
        "taxonomy": "Product Category|Standardized Product Type|Standard Product Type",
        "type": "Type|Custom Product Type",
        "published": "Published|Published on online store",
        "status": "Status",
        "sku": "Variant SKU|SKU",
        "barcode": "Variant Barcode|Barcode",
        "grams": "Variant Grams|Weight value (grams)",
        "stock": "Variant Inventory Qty|Inventory quantity",
        "price": "Variant Price|Price",
        "compare": "Variant Compare At Price|Compare-at price",
        "gift": "Gift Card",
        "measure": "Unit price total measure",
        "measure_unit": "Unit price total measure unit",
        "image": "Image Src|Product image URL",
        "image_position": "Image Position",
        "image_alt": "Image Alt Text",
        "variant_image": "Variant Image|Variant image URL",
        **{f"option_{n}": f"Option{n} Name" for n in (1, 2, 3)},
        **{f"value_{n}": f"Option{n} Value" for n in (1, 2, 3)},
    }
    NEEDS = (
        ("title", "handle", "price"),
        ("title", "handle", "body"),
        ("title", "handle", "value_1"),
        ("title", "price", "option_1", "value_1"),
        ("title", "price", "image", "image_position"),
    )

    def products(self, rows: list[Row]) -> list[tuple[int, dict[str, str]]]:
        return [product for group in self._groups(rows) for product in self._variants(group)]

    def remarks(self) -> list[str]:
        return [_("This file does not say whether its prices include VAT: please compare one of them with your shop.")]

    def _groups(self, rows: list[Row]) -> list[list[Row]]:
        """The rows of each product, in the order of the file; a row without handle belongs to the one above unless it is titled."""
        groups: dict[str, list[Row]] = {}
        above = ""
        for row in rows:
            handle = self.cell(row, "handle") or (f"\n{row.line}" if self.cell(row, "title") else above)
            if handle or any(row.cells):
                groups.setdefault(handle, []).append(row)
            above = handle
        return list(groups.values())

    def _variants(self, group: list[Row]) -> list[tuple[int, dict[str, str]]]:
        first = group[0]
        if self.cell(first, "gift").lower() == "true":
            self.remark("no_goods", first.line)
            return []
        offers = [row for row in group if any(self.cell(row, word) for word in ("price", "sku", "value_1", "barcode"))]
        pictures = self._pictures(group)
        names = [self.cell(first, f"option_{n}") for n in range(1, MOST_OPTIONS + 1)]
        return [(row.line, self._product(first, row, names, pictures)) for row in offers or [first]]

    def _product(self, first: Row, row: Row, names: list[str], pictures: dict[str, str]) -> dict[str, str]:
        title, handle = self.cell(first, "title") or self.cell(first, "handle"), self.cell(first, "handle")
        options = [
            (name, value)
            for name, value in zip(
                names, (self.cell(row, f"value_{n}") for n in range(1, MOST_OPTIONS + 1)), strict=True
            )
            if value and value.lower() not in NO_OPTION
        ]
        values = [value for _name, value in options]
        own = self.cell(row, "variant_image")
        wanted = list(dict.fromkeys([own, *pictures] if own else pictures))
        called = titled(title, values)
        self._remark_price(row)
        return {
            "reference": self.cell(row, "sku") or "-".join([handle, *values])[:64],
            "ean": self.ean(row.line, self.cell(row, "barcode")),
            "title": called,
            "family": title if options else "",
            **{f"option_{n}": f"{name or _('Option')}: {value}" for n, (name, value) in enumerate(options, 1)},
            "category": self.cell(first, "type") or self.cell(first, "taxonomy"),
            "price": self.cell(row, "price"),
            "stock": self.stock(row.line, self.cell(row, "stock")),
            "public": self._public(first),
            **self._content(row, called),
            "description": prose.plain(self.cell(first, "body")),
            "picture": BETWEEN.join(wanted),
            "picture_alt": pictures.get(wanted[0], "")[:160] if wanted else "",
        }

    def _pictures(self, group: list[Row]) -> dict[str, str]:
        """Addresses with their descriptions, in the order in which the product shows them."""
        found = []
        for row in group:
            address = self.cell(row, "image")
            if address:
                position = number(self.cell(row, "image_position"))
                found.append((position if position is not None else len(group), address, self.cell(row, "image_alt")))
        return {address: alt for _position, address, alt in sorted(found, key=lambda each: each[0])}

    def _public(self, first: Row) -> str:
        active = self.cell(first, "status").lower() in ("active", "")
        return YES if active and self.cell(first, "published").lower() != "false" else NO

    def _content(self, row: Row, called: str) -> dict[str, str]:
        measured = content(self.cell(row, "measure"), self.cell(row, "measure_unit"))
        return measured or content_in(called, number(self.cell(row, "grams")))

    def _remark_price(self, row: Row) -> None:
        price, before = number(self.cell(row, "price")), number(self.cell(row, "compare"))
        if price is not None and before is not None and before > price:
            self.remark("reduced", row.line)
