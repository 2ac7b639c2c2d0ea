"""Who sells what in a basket or an order: lines grouped by shop."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from shops.models import ProductSheet, Shop


@dataclass(frozen=True)
class ShopGroup:
    """The lines of one shop, in the order in which they were added, and what they cost together."""

    shop: Shop
    lines: list
    subtotal: Decimal  # euros, VAT included


def group_by_shop(lines: Iterable) -> list[ShopGroup]:
    """Oscar's basket or order lines by shop, shops in the order of their names; one query whatever the number of lines.

    Product, stock record, sheet and shop are put on every line, so that prices and availability ask the database nothing
    more. A line whose product has left the shelves for good belongs to nobody and is left out.
    """
    lines = attach_sheets(lines)
    by_shop: dict[Shop, list] = {}
    for line in lines:
        by_shop.setdefault(line.stockrecord.sheet.shop, []).append(line)
    return [
        ShopGroup(shop, own, sum((line.line_price_incl_tax for line in own), Decimal("0.00")))
        for shop, own in sorted(by_shop.items(), key=lambda item: (item[0].name, item[0].pk))
    ]


def attach_sheets(lines: Iterable) -> list:
    """The lines that still have a sheet, with product, stock record and sheet filled in by one query."""
    lines = list(lines)
    sheets = {
        sheet.stock_id: sheet
        for sheet in ProductSheet.objects.with_all().filter(stock_id__in=[line.stockrecord_id for line in lines])
    }
    found = [line for line in lines if line.stockrecord_id in sheets]
    for line in found:
        sheet = sheets[line.stockrecord_id]
        line.stockrecord, line.product = sheet.stock, sheet.product
    return found
