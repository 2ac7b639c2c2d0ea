"""What a program has not read yet: orders by the position of what happened to them, products by when they changed.

Orders: nothing is missed and nothing comes without need (`events`). Products: the clock alone could pass over a change whose
transaction ended late, so the last page goes back by `OVERLAP`, longer than any transaction; a product may come again, none
is missed.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from shops.models import Shop, ShopOrder
from shops.tills import events

EVENTS_AT_ONCE = 100
PRODUCTS_AT_ONCE = 200
OVERLAP = timedelta(minutes=30)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_CURSOR = re.compile(r"(\d{1,16})-(\d{1,18})-(\d{1,16})", re.ASCII)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, kw_only=True)
class Page:
    """Rows, where to go on, and whether there is more already."""

    rows: list
    next: int | str
    more: bool


def orders_since(shop: Shop, position: int) -> Page:
    """The orders to which something happened after `position`, each once, as it stands now."""
    events.number(shop)
    news = shop.events.filter(position__gt=position, shop_order__isnull=False).order_by("position")
    read = list(news.values_list("position", "shop_order")[: EVENTS_AT_ONCE + 1])
    more, read = len(read) > EVENTS_AT_ONCE, read[:EVENTS_AT_ONCE]
    found = visible(shop).in_bulk({pk for _position, pk in read})
    rows = [found[pk] for pk in dict.fromkeys(pk for _position, pk in read) if pk in found]
    return Page(rows=rows, next=read[-1][0] if read else position, more=more)


def visible(shop: Shop):
    """The orders that the shop sees, with their lines and products."""
    return ShopOrder.objects.of(shop).paid().prefetch_related("lines__sheet")


def products_since(shop: Shop, cursor: str) -> Page:
    """The products that changed since `cursor`, those that changed first coming first. Raises `ValueError` for no cursor."""
    changed, pk, began = _read(cursor)
    began = began or timezone.now()
    later = Q(updated_at__gt=changed) | Q(updated_at=changed, pk__gt=pk)
    rows = shop.sheets.filter(later).select_related("product", "stock").order_by("updated_at", "pk")
    rows = list(rows[: PRODUCTS_AT_ONCE + 1])
    more, rows = len(rows) > PRODUCTS_AT_ONCE, rows[:PRODUCTS_AT_ONCE]
    if more:
        return Page(rows=rows, next=_write(rows[-1].updated_at, rows[-1].pk, began), more=True)
    last = (rows[-1].updated_at, rows[-1].pk) if rows else (changed, pk)
    return Page(rows=rows, next=_write(*min(last, (began - OVERLAP, 0))), more=False)


def _read(cursor: str) -> tuple[datetime, int, datetime | None]:
    """When the last product that was read had changed, its key, and when reading all of them began."""
    if not cursor:
        return _EPOCH, 0, None
    match = _CURSOR.fullmatch(cursor)
    if match is None:
        raise ValueError(cursor)
    changed, pk, began = (int(part) for part in match.groups())
    try:
        return _EPOCH + changed * _MICROSECOND, pk, _EPOCH + began * _MICROSECOND if began else None
    except OverflowError as error:
        raise ValueError(cursor) from error


def _write(changed: datetime, pk: int, began: datetime | None = None) -> str:
    ticks = [0 if moment is None else max(0, (moment - _EPOCH) // _MICROSECOND) for moment in (changed, began)]
    return f"{ticks[0]}-{pk}-{ticks[1]}"
