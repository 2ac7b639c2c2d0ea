"""Prices and availability as Oscar asks for them: stored as the resident reads them, VAT included."""

from decimal import Decimal

from oscar.apps.partner import availability, prices, strategy

from marketplace.foundation.money import vat_within


class ShopPrices(strategy.UseFirstStockRecord, strategy.Structured):
    """One product, one stock record, one shop: its price, and whether it can be bought now."""

    def fetch_for_line(self, line, stockrecord=None):
        """The line's own stock record: Oscar would look the product's first one up again, a query a line."""
        return self.fetch_for_product(line.product, stockrecord or line.stockrecord)

    def pricing_policy(self, product, stockrecord):
        if stockrecord is None or stockrecord.price is None:
            return prices.Unavailable()
        sheet = getattr(stockrecord, "sheet", None)
        tax = vat_within(stockrecord.price, sheet.vat_rate) if sheet else Decimal("0.00")
        return prices.FixedPrice(currency=stockrecord.price_currency, excl_tax=stockrecord.price - tax, tax=tax)

    def availability_policy(self, product, stockrecord):
        sheet = getattr(stockrecord, "sheet", None)
        if sheet is None or not (product.is_public and sheet.shop.is_selling):
            return availability.Unavailable()
        return availability.StockRequired(sheet.left)

    def parent_pricing_policy(self, product, children_stock):
        return prices.Unavailable()

    def parent_availability_policy(self, product, children_stock):
        return availability.Unavailable()


class Selector:
    """Everybody pays the same price."""

    def strategy(self, request=None, user=None, **kwargs):
        return ShopPrices(request)
