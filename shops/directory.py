"""Lines of a basket, grouped by the shop that sells them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from oscar.core.loading import get_model

from shops.models import ProductSheet, Shop

_sheet_of_stock = get_model("partner", "StockRecord")._meta.get_field("sheet")


@dataclass
class ShopGroup:
    """The lines of one shop, each with its sheet at `line.stockrecord.sheet`."""

    shop: Shop
    lines: list = field(default_factory=list)

    @property
    def subtotal(self) -> Decimal:
        """Euros, VAT included."""
        return sum((line.line_price_incl_tax for line in self.lines), Decimal("0.00"))

    @property
    def by_weight(self) -> bool:
        """Whether some of it costs less than this in the end, once it is weighed."""
        return any(line.stockrecord.sheet.by_weight for line in self.lines)


def attach_sheets(lines: Iterable) -> list:
    """The lines with product, stock and shop of each at `line.stockrecord.sheet`; those without a sheet are left out.

    One query, none for lines that have their sheets already. All that Oscar reads to write an order of them is there too.
    """
    lines = list(lines)
    bare = [line for line in lines if not _has_sheet(line)]
    if bare:
        sheets = ProductSheet.objects.with_all().select_related("product__product_class", "stock__partner")
        by_stock = {sheet.stock_id: sheet for sheet in sheets.filter(stock__in=[line.stockrecord_id for line in bare])}
        for line in bare:
            if sheet := by_stock.get(line.stockrecord_id):
                sheet.stock.product = sheet.product
                line.product, line.stockrecord = sheet.product, sheet.stock
    return [line for line in lines if _has_sheet(line)]


def _has_sheet(line) -> bool:
    return line.stockrecord is not None and _sheet_of_stock.is_cached(line.stockrecord)


def group_by_shop(lines: Iterable) -> list[ShopGroup]:
    """One group per shop in the order of names; the lines keep theirs. One query, as `attach_sheets`."""
    return group_attached(attach_sheets(lines))


def group_attached(lines: Iterable) -> list[ShopGroup]:
    """`group_by_shop` for lines that have their sheets already. No query."""
    groups: dict[int, ShopGroup] = {}
    for line in lines:
        shop = line.stockrecord.sheet.shop
        groups.setdefault(shop.pk, ShopGroup(shop)).lines.append(line)
    return sorted(groups.values(), key=lambda group: (group.shop.name, group.shop.pk))
