"""Pieces on the shelf (`num_in_stock`) and pieces promised to orders (`num_allocated`).

Placing and offering instead allocate, a refusal or cancellation gives back, the hand-over consumes. Callers hold a
transaction open and have locked the order before (order of locks: Order, ShopOrder, StockRecord). Nothing here knows whether
it was called before: that a line's pieces move once is the promise of `shops.orders.lines`.
"""

from collections.abc import Callable
from datetime import datetime

from django.db.models import F
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone
from oscar.core.loading import get_model

from shops import daily
from shops.models import ProductSheet, Shop

StockRecord = get_model("partner", "StockRecord")

_allocated = Coalesce(F("num_allocated"), 0)


def lock(pks) -> dict:
    """The stock records by pk, locked in the order of their keys; baskets may go on pointing at them meanwhile."""
    rows = StockRecord.objects.select_for_update(no_key=True, of=("self",)).select_related("sheet")
    return {row.pk: row for row in rows.filter(pk__in=pks).order_by("pk")}


def lock_shops(pks) -> None:
    """Lock the shops of these stock records, in the order of their keys, after the records themselves.

    Until the transaction ends none of them closes for some days, and nobody else takes the last place of a window.
    """
    theirs = ProductSheet.objects.filter(stock__in=pks).values("shop")
    list(Shop.objects.select_for_update(no_key=True).filter(pk__in=theirs).order_by("pk").values_list("pk"))


def give_back(pieces: dict[int, int], *, ordered_at: Callable[[], datetime]) -> None:
    """`pieces` (by StockRecord pk) are free to be sold again; of daily goods only those ordered on this day.

    `ordered_at` is asked when there are such goods.
    """
    for pk, record in lock(pieces).items():
        if daily.is_daily(record):
            daily.give_back(record, pieces[pk], ordered_at=ordered_at())
        StockRecord.objects.filter(pk=pk).update(num_allocated=Greatest(_allocated - pieces[pk], 0))


def reserve(pieces: dict[int, int]) -> bool:
    """Promise `pieces` (by StockRecord pk) to an order. False, and nothing is, when so many are not left."""
    rows = lock(pieces)
    if any(_left(rows[pk]) < count for pk, count in pieces.items()):
        return False
    for pk, count in pieces.items():
        if daily.is_daily(rows[pk]):
            daily.take([(rows[pk].sheet, count)], at=timezone.now())
        StockRecord.objects.filter(pk=pk).update(num_allocated=_allocated + count)
    return True


def _left(record) -> int:
    """Pieces of a locked record that can be sold."""
    if daily.is_daily(record):
        record.sheet.refresh_from_db()  # what was read before the lock was waited for may be old
        return record.sheet.left
    return (record.num_in_stock or 0) - (record.num_allocated or 0)


def consume(pieces: dict[int, int]) -> None:
    """`pieces` (by StockRecord pk) have left the shop."""
    for pk in lock(pieces):
        StockRecord.objects.filter(pk=pk).update(
            num_allocated=Greatest(_allocated - pieces[pk], 0),
            num_in_stock=Greatest(Coalesce(F("num_in_stock"), 0) - pieces[pk], 0),
        )


def take_out(pieces: dict[int, int]) -> None:
    """`pieces` (by StockRecord pk) that nobody was promised have left the shop."""
    for pk in lock(pieces):
        StockRecord.objects.filter(pk=pk).update(
            num_in_stock=Greatest(Coalesce(F("num_in_stock"), 0) - pieces[pk], 0),
        )


def set_left(stock_pk: int, left: int) -> None:
    """`left` pieces can be sold from now on; pieces promised to orders are kept on top."""
    record = lock([stock_pk])[stock_pk]
    StockRecord.objects.filter(pk=record.pk).update(num_in_stock=left + (record.num_allocated or 0))
