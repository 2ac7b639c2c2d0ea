"""Lines of a basket, grouped by the shop that sells them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from shops.models import ProductSheet, Shop


@dataclass
class ShopGroup:
    """The lines of one shop, each with its sheet at `line.stockrecord.sheet`."""

    shop: Shop
    lines: list = field(default_factory=list)

    @property
    def subtotal(self) -> Decimal:
        """Euros, VAT included."""
        return sum((line.line_price_incl_tax for line in self.lines), Decimal("0.00"))


def attach_sheets(lines: Iterable) -> list:
    """The lines with product, stock and shop of each at `line.stockrecord.sheet`; those without a sheet are left out. One query."""
    lines = list(lines)
    sheets = ProductSheet.objects.with_all().filter(stock_id__in=[line.stockrecord_id for line in lines])
    by_stock = {sheet.stock_id: sheet for sheet in sheets}
    known = [line for line in lines if line.stockrecord_id in by_stock]
    for line in known:
        sheet = by_stock[line.stockrecord_id]
        line.product, line.stockrecord = sheet.product, sheet.stock
    return known


def group_by_shop(lines: Iterable) -> list[ShopGroup]:
    """One group per shop in the order of names; the lines keep theirs. One query."""
    return group_attached(attach_sheets(lines))


def group_attached(lines: Iterable) -> list[ShopGroup]:
    """`group_by_shop` for lines that have their sheets already. No query."""
    groups: dict[int, ShopGroup] = {}
    for line in lines:
        shop = line.stockrecord.sheet.shop
        groups.setdefault(shop.pk, ShopGroup(shop)).lines.append(line)
    return sorted(groups.values(), key=lambda group: (group.shop.name, group.shop.pk))
