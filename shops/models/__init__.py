"""Tables of the shops: who sells, what, to whom, for how much."""

from shops.models.change import ProductChange
from shops.models.family import ProductFamily
from shops.models.hook import HookCall, ShopHook
from shops.models.joining import Application, ContractAcceptance, ContractVersion, Suspension, Waiver
from shops.models.money import Payment, Refund, RefundLine, Transfer
from shops.models.order import BagSize, ShopOrder, ShopOrderLine
from shops.models.outbox import Instance, LedgerEntry, Operation, WebhookEvent
from shops.models.picture import PictureArchive, PictureWanted
from shops.models.product import ProductSheet, Temperature
from shops.models.shop import Closure, Shop, ShopStaff
from shops.models.tap import Tap
from shops.models.till import ShopEvent, TillAnswer, TillKey

__all__ = [
    "Application",
    "BagSize",
    "Closure",
    "ContractAcceptance",
    "ContractVersion",
    "HookCall",
    "Instance",
    "LedgerEntry",
    "Operation",
    "Payment",
    "PictureArchive",
    "PictureWanted",
    "ProductChange",
    "ProductFamily",
    "ProductSheet",
    "Refund",
    "RefundLine",
    "Shop",
    "ShopEvent",
    "ShopHook",
    "ShopOrder",
    "ShopOrderLine",
    "ShopStaff",
    "Suspension",
    "Tap",
    "Temperature",
    "TillAnswer",
    "TillKey",
    "Transfer",
    "Waiver",
    "WebhookEvent",
]
