"""What the desk shows of collection points, about which shops know nothing.

The composition root (`marketplace.apps`) sets the functions; without it the desk works and shows nothing of them.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import NamedTuple, Protocol

from django.utils.safestring import SafeString

from shops.models import ShopOrder


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


def _no_codes(shop_order: ShopOrder) -> list[DepositCode]:
    return []


def _nowhere(shop_orders: Iterable[ShopOrder]) -> dict[int, Whereabouts]:
    return {}


def _no_promise(shop_order: ShopOrder) -> Promise | None:
    return None


deposit_codes: Callable[[ShopOrder], list[DepositCode]] = _no_codes
"""The codes of one shop order; empty before the debit, after the deposit, and at counters, where people take the goods."""

whereabouts: Callable[[Iterable[ShopOrder]], dict[int, Whereabouts]] = _nowhere
"""By pk of the shop order, for a whole board in a fixed number of queries."""

promise: Callable[[ShopOrder], Promise | None] = _no_promise
"""For whom, where and when, for the label of a bag."""
