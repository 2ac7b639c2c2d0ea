"""What the desk shows of collection points, about which shops know nothing.

The composition root (`marketplace.apps`) sets the functions; without it the desk works and shows nothing of them.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import NamedTuple, Protocol

from django.utils.safestring import SafeString

from shops.models import Shop, ShopOrder


class DepositCode(Protocol):
    """What the shop shows to a locker bank: `pickup.codes.DepositCode` is one."""

    point: object
    """The collection point; `str()` is its name."""
    temperature: str
    """How the goods behind this code are kept: a `Temperature`."""
    pin: str
    """Eight digits in two groups."""
    opens_at: datetime
    """The locker bank takes the goods from here on."""
    qr_svg: SafeString
    """The same as an inline SVG."""


class Whereabouts(NamedTuple):
    """Where a shop order is to be deposited, and whether everything of it is there already."""

    place: str
    deposited: bool


class Promise(NamedTuple):
    """What the resident was promised, as a label says it: no more of the name than its initials."""

    initials: str
    place: str
    starts_at: datetime
    ends_at: datetime


class Door(NamedTuple):
    """A door of a locker bank that is promised to goods of an order, or that they lie behind."""

    temperature: str
    height_cm: int


class Counter(NamedTuple):
    """A counter at which somebody hands over, and the address of its page."""

    name: str
    address: str


def _no_codes(shop_order: ShopOrder) -> list[DepositCode]:
    return []


def _nowhere(shop_orders: Iterable[ShopOrder | int]) -> dict[int, Whereabouts]:
    return {}


def _no_promise(shop_order: ShopOrder) -> Promise | None:
    return None


def _no_doors(shop_order: ShopOrder) -> list[Door]:
    return []


def _nobodys(shop: Shop, text: str) -> ShopOrder | None:
    return None


def _no_counters(shop: Shop) -> list[Counter]:
    return []


deposit_codes: Callable[[ShopOrder], list[DepositCode]] = _no_codes
"""The codes of one shop order; empty before the debit, after the deposit, and at counters, where people take the goods."""

whereabouts: Callable[[Iterable[ShopOrder | int]], dict[int, Whereabouts]] = _nowhere
"""By pk of the shop orders, given as rows or pks, for a whole board in a fixed number of queries."""

promise: Callable[[ShopOrder], Promise | None] = _no_promise
"""For whom, where and when, for the label of a bag."""

doors: Callable[[ShopOrder], list[Door]] = _no_doors
"""The doors of a locker bank for its goods, one a temperature; none at counters."""

order_of_code: Callable[[Shop, str], ShopOrder | None] = _nobodys
"""Which of the shop's orders a deposit code belongs to, typed or scanned from a label; also after the deposit."""

counters: Callable[[Shop], list[Counter]] = _no_counters
"""The counters in this shop, where its people hand over to residents."""
