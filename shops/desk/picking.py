"""The pick list: what to fetch from the shelves for the orders to prepare, together for each deposit, aisle by aisle. Reads only."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _
from oscar.core.loading import get_model

from shops.desk import hooks
from shops.desk.board import on_desk
from shops.models import Shop, ShopOrder, ShopOrderLine

Status = ShopOrder.Status
TO_PICK = [Status.CONFIRMED, Status.PARTLY]


@dataclass
class Item:
    """One product with the pieces of all orders, and how many go to which."""

    title: str
    reference: str
    temperature: str
    pieces: int = 0
    expected_g: int = 0
    """What pieces sold by weight usually weigh together; 0 for the others."""
    shares: list[tuple[ShopOrder, int]] = field(default_factory=list)


@dataclass
class Aisle:
    """What lies together in the shop: the products of one category."""

    name: str
    items: list[Item]


@dataclass
class Round:
    """What is fetched for one deposit: a place and the moment by which the goods must be there."""

    place: str
    deposit_by: datetime
    orders: list[ShopOrder]
    aisles: list[Aisle]

    @property
    def pieces(self) -> int:
        """Of all its goods."""
        return sum(item.pieces for aisle in self.aisles for item in aisle.items)


def rounds(shop: Shop, *, chosen: Iterable[int] = ()) -> list[Round]:
    """The goods of the accepted orders that nobody has packed yet, or of the `chosen` ones (pks) among them; the next deposit first.

    Goods whose replacement waits for the resident are not in it.
    """
    shop_orders = to_pick(shop)
    chosen = set(chosen)
    if chosen:
        shop_orders = [each for each in shop_orders if each.pk in chosen]
    where = hooks.whereabouts(shop_orders)
    by_deposit: dict[tuple[datetime, str], list[ShopOrder]] = defaultdict(list)
    for shop_order in shop_orders:
        place = where[shop_order.pk].place if shop_order.pk in where else ""
        by_deposit[shop_order.deposit_by, place].append(shop_order)
    names = _aisle_names(shop_orders)
    return [
        Round(place, deposit_by, theirs, _aisles(theirs, names))
        for (deposit_by, place), theirs in sorted(by_deposit.items(), key=lambda pair: pair[0])
    ]


def to_pick(shop: Shop) -> list[ShopOrder]:
    """The accepted orders that nobody has packed yet, the next deposit first, with their lines."""
    found = on_desk(shop).filter(status__in=TO_PICK).order_by("deposit_by", "pk")
    return list(found.prefetch_related("lines__sheet"))


def _aisles(shop_orders: list[ShopOrder], names: dict[int, str]) -> list[Aisle]:
    items: dict[tuple[str, object], Item] = {}
    for shop_order in shop_orders:
        for line in shop_order.lines.all():
            if line.accepted_quantity and line.outcome == ShopOrderLine.Outcome.PROMISED:
                _add(items, shop_order, line, aisle=names.get(line.sheet_id, ""))
    by_aisle: dict[str, list[Item]] = defaultdict(list)
    for (aisle, _key), item in items.items():
        by_aisle[aisle].append(item)
    return [
        Aisle(name or _("Other goods"), sorted(by_aisle[name], key=lambda item: item.title))
        for name in sorted(by_aisle, key=lambda name: (not name, name))
    ]


def _add(items: dict, shop_order: ShopOrder, line: ShopOrderLine, *, aisle: str) -> None:
    key = aisle, line.sheet_id or line.title
    reference = line.sheet.reference if line.sheet else ""
    item = items.setdefault(key, Item(line.title, reference, line.temperature))
    item.pieces += line.accepted_quantity
    item.expected_g += line.expected_total_g if line.by_weight else 0
    item.shares.append((shop_order, line.accepted_quantity))


def _aisle_names(shop_orders: list[ShopOrder]) -> dict[int, str]:
    """The category of each product, by pk of its sheet. One query."""
    sheets = {line.sheet_id for each in shop_orders for line in each.lines.all()}
    through = get_model("catalogue", "Product").categories.through.objects
    rows = through.filter(product__sheet__in=sheets).order_by("-pk")
    return dict(rows.values_list("product__sheet", "category__name"))
