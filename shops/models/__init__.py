"""Tables of the shops: who sells, what, to whom, for how much."""

from shops.models.money import *  # noqa: F403  its own __all__
from shops.models.order import ShopOrder, ShopOrderLine
from shops.models.product import ProductSheet, Temperature
from shops.models.shop import Closure, Shop, ShopStaff

__all__ = ["Closure", "ProductSheet", "Shop", "ShopOrder", "ShopOrderLine", "ShopStaff", "Temperature"]
