"""Prices and availability as Oscar asks for them: stored as the resident reads them, VAT included."""

from oscar.apps.partner import availability, prices, strategy

from marketplace.foundation.money import vat_within


class ShopPrices(strategy.Structured):
    """One product, one stock record, one shop: its price, and whether it can be bought now."""

    def select_stockrecord(self, product):
        sheet = getattr(product, "sheet", None)
        return sheet.stock if sheet else None

    def fetch_for_line(self, line, stockrecord=None):
        """The line's own stock record: nothing is looked up once `directory.attach_sheets` was called."""
        return self.fetch_for_product(line.product, line.stockrecord)

    def pricing_policy(self, product, stockrecord):
        """The price on the label (directive 98/6/EC, art. 2(a): the selling price includes VAT); the net is what is left."""
        sheet = getattr(stockrecord, "sheet", None)
        if sheet is None or stockrecord.price is None:
            return prices.Unavailable()
        tax = vat_within(stockrecord.price, sheet.vat_rate)
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
