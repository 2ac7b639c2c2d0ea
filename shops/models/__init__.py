"""Tables of the shops: who sells, what, to whom, for how much."""

from shops.models.money import Payment, Refund, RefundLine, Transfer
from shops.models.order import ShopOrder, ShopOrderLine
from shops.models.outbox import Instance, LedgerEntry, Operation, WebhookEvent
from shops.models.product import ProductSheet, Temperature
from shops.models.shop import Closure, Shop, ShopStaff

__all__ = [
    "Closure",
    "Instance",
    "LedgerEntry",
    "Operation",
    "Payment",
    "ProductSheet",
    "Refund",
    "RefundLine",
    "Shop",
    "ShopOrder",
    "ShopOrderLine",
    "ShopStaff",
    "Temperature",
    "Transfer",
    "WebhookEvent",
]
