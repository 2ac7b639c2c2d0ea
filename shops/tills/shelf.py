"""Stock and prices from a till: many lines at once, each answered by itself, in a few statements.

A till counts the pieces that stand in the shop, those promised to residents included: that is Oscar's `num_in_stock`. So a
count that was taken before an order came in is still right afterwards: what is promised is subtracted here, not there.
Locks: stock records, then products, each by key, as everywhere (`products.update`, `stock.lock`).
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from oscar.core.loading import get_model

from shops import changes, signals
from shops.models import ProductSheet, Shop
from shops.products import HIGHEST_STOCK

StockRecord = get_model("partner", "StockRecord")
LINES_AT_ONCE = 500


@dataclass(frozen=True, kw_only=True)
class Wish:
    """One line: a product by `ean` or by `reference`; a `stock` counted in the shop or a `delta`; a `price` in euros."""

    ean: str = ""
    reference: str = ""
    stock: int | None = None
    delta: int | None = None
    price: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class Refused:
    """The line was not done; `cause` is a sentence."""

    cause: str


@dataclass(frozen=True, kw_only=True)
class Unknown:
    """The shop has no such product."""


@dataclass(frozen=True, kw_only=True)
class Done:
    """The product after the line: `stock` pieces in the shop, `promised` of them residents', `left` that can be sold."""

    reference: str
    stock: int
    promised: int
    left: int
    price: Decimal
    changed: bool


Answer = Done | Unknown | Refused


@transaction.atomic
def write(shop: Shop, wishes: Sequence[Wish]) -> list[Answer]:
    """Do what can be done of `wishes`, in their order, and answer each. Foreign products are unknown."""
    named = _named(shop, wishes).values("stock")
    records = {
        row.pk: row for row in StockRecord.objects.select_for_update(no_key=True).filter(pk__in=named).order_by("pk")
    }
    sheets = _find(shop, wishes, records)
    before = {sheet: _state(sheet) for found in sheets.values() for sheet in found}
    answers = [_answer(sheets[_name(wish)], wish) for wish in wishes]
    counted = {sheet for wish in wishes if wish.stock is not None for sheet in sheets[_name(wish)]}
    _save({sheet: was for sheet, was in before.items() if was != _state(sheet)}, counted)
    return answers


def _state(sheet: ProductSheet) -> tuple[int, Decimal, int]:
    """Pieces in the shop, price, pieces that can be sold."""
    return sheet.stock.num_in_stock or 0, sheet.price, sheet.left


def _name(wish: Wish) -> tuple[str, str]:
    return ("ean", wish.ean) if wish.ean else ("reference", wish.reference)


def _eans(wishes: Iterable[Wish]) -> set[str]:
    return {wish.ean for wish in wishes if wish.ean}


def _references(wishes: Iterable[Wish]) -> set[str]:
    return {wish.reference for wish in wishes if not wish.ean}


def _named(shop: Shop, wishes: Iterable[Wish]):
    """The products that the wishes name."""
    return shop.sheets.filter(Q(ean__in=_eans(wishes)) | Q(reference__in=_references(wishes)))


def _find(shop: Shop, wishes: Iterable[Wish], records: dict) -> dict[tuple[str, str], list[ProductSheet]]:
    """The products that the wishes name, of the locked `records`, locked too, by the name that a wish uses."""
    eans, references = _eans(wishes), _references(wishes)
    found = defaultdict(list)
    named = _named(shop, wishes).filter(stock__in=list(records))
    for sheet in named.select_for_update(no_key=True).order_by("pk"):
        sheet.stock = records[sheet.stock_id]
        if sheet.ean in eans:
            found["ean", sheet.ean].append(sheet)
        if sheet.reference in references:
            found["reference", sheet.reference].append(sheet)
    return found


def _answer(found: list[ProductSheet], wish: Wish) -> Answer:
    """Write one wish into the loaded rows."""
    if not found:
        return Unknown()
    if len(found) > 1:
        return Refused(cause=_("Several of your products carry this barcode: please name the reference instead."))
    [sheet] = found
    record = sheet.stock
    if sheet.daily_stock is not None and (wish.stock, wish.delta) != (None, None):
        return Refused(cause=_("This product is made anew every day: its pieces are counted at the desk."))
    if wish.price is not None and sheet.by_weight and wish.price != record.price:
        return Refused(cause=_("This product is sold by weight: please change its price per kilo."))
    pieces = _pieces(record.num_in_stock or 0, wish)
    if pieces > HIGHEST_STOCK:
        return Refused(cause=_("The stock would be larger than %(most)s.") % {"most": HIGHEST_STOCK})
    before = _state(sheet)
    record.num_in_stock, record.price = pieces, record.price if wish.price is None else wish.price
    return Done(
        reference=sheet.reference,
        stock=pieces,
        promised=record.num_allocated or 0,
        left=sheet.left,
        price=record.price,
        changed=before != _state(sheet),
    )


def _pieces(now: int, wish: Wish) -> int:
    """Pieces in the shop after the wish; a till that has sold more than we knew of leaves none."""
    if wish.stock is not None:
        return wish.stock
    return max(0, now + (wish.delta or 0))


def _save(changed: dict[ProductSheet, tuple], counted: set[ProductSheet]) -> None:
    """Write the rows that differ from what they were. A price or a count is an edit that people read and undo; a difference is
    goods that came or went, as an order is."""
    if not changed:
        return
    now = timezone.now()
    for sheet in changed:
        sheet.stock.date_updated = now
    StockRecord.objects.bulk_update([sheet.stock for sheet in changed], ["num_in_stock", "price", "date_updated"])
    ProductSheet.objects.filter(pk__in=[sheet.pk for sheet in changed]).update(updated_at=now)
    edits = []
    for sheet, (_in_stock, price, left) in changed.items():
        pairs = {"price": (price, sheet.price)} | ({"stock": (left, sheet.left)} if sheet in counted else {})
        edits.append((sheet, {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}))
    changes.record_all(edits)
    signals.shelf_changed.send(sender=ProductSheet, sheets=list(changed))
