"""Tables of the shops: who sells, what, to whom, for how much."""

from shops.models.catalogue_import import CatalogueImport, CatalogueRow, CategoryTranslation
from shops.models.change import ProductChange
from shops.models.family import ProductFamily
from shops.models.hook import HookCall, ShopHook
from shops.models.joining import Application, ContractAcceptance, ContractVersion, Suspension, Waiver
from shops.models.money import Payment, Refund, RefundLine, Transfer
from shops.models.order import BagSize, ShopOrder, ShopOrderLine
from shops.models.outbox import Instance, LedgerEntry, Operation, WebhookEvent
from shops.models.people import Deed, Mandate, Tablet
from shops.models.picture import PictureArchive, PictureWanted
from shops.models.product import ProductSheet, Temperature
from shops.models.search import UnmetSearch
from shops.models.shop import Closure, Shop, ShopPicture, ShopStaff
from shops.models.tap import Tap
from shops.models.till import ShopEvent, TillAnswer, TillKey

__all__ = [
    "Application",
    "BagSize",
    "CatalogueImport",
    "CatalogueRow",
    "CategoryTranslation",
    "Closure",
    "ContractAcceptance",
    "ContractVersion",
    "Deed",
    "HookCall",
    "Instance",
    "LedgerEntry",
    "Mandate",
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
    "ShopPicture",
    "ShopStaff",
    "Suspension",
    "Tablet",
    "Tap",
    "Temperature",
    "TillAnswer",
    "TillKey",
    "Transfer",
    "UnmetSearch",
    "Waiver",
    "WebhookEvent",
]
