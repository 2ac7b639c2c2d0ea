"""Goods made anew every day: 20 baguettes each morning. What is gone is counted until the shop's day is over.

The day ends when the shop closes: what is ordered later is for its next opening day. Nothing has to run at its end: a count
whose end has passed is none (`ProductSheet.gone_now`). Callers have locked the stock record; order of locks: StockRecord, then
the sheet.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import F
from django.utils import timezone

from shops import hours
from shops.models import ProductSheet


def is_daily(record) -> bool:
    """Whether the goods of a stock record are made anew every day."""
    sheet = getattr(record, "sheet", None)
    return sheet is not None and sheet.daily_stock is not None


def take(sold: Iterable[tuple[ProductSheet, int]], *, at: datetime) -> None:
    """So many pieces of each were ordered `at` this moment. One query for each daily product, none for others."""
    for sheet, pieces in sold:
        if sheet.daily_stock is not None:
            _count(sheet, sheet.gone_now + pieces, at=at)


def give_back(record, pieces: int, *, ordered_at: datetime) -> None:
    """Pieces that are free again, if they were ordered on this day; those of another day are not baked again."""
    today = ProductSheet.objects.filter(stock=record, gone_since__lte=ordered_at, gone_until__gt=timezone.now())
    today.update(gone_today=F("gone_today") - pieces)


def set_left(sheet: ProductSheet, left: int) -> None:
    """`left` pieces of today can be sold from now on, more than usual too; tomorrow there are `daily_stock` again."""
    _count(sheet, sheet.daily_stock - left, at=timezone.now())


def end_of_day(sheet: ProductSheet, at: datetime) -> datetime:
    """When what is said of "today" is over for the shop of this product."""
    return hours.end_of_day(sheet.shop, at)


def _count(sheet: ProductSheet, gone: int, *, at: datetime) -> None:
    counted = {"gone_today": gone}
    if not sheet.gone_until or sheet.gone_until <= at:
        counted |= {"gone_since": at, "gone_until": end_of_day(sheet, at)}
    ProductSheet.objects.filter(pk=sheet.pk).update(**counted)
    for name, value in counted.items():
        setattr(sheet, name, value)
