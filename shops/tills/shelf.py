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
    """The product as it stands after the line; `stock` pieces in the shop, of which `promised` are residents'."""

    reference: str
    stock: int
    promised: int
    price: Decimal
    changed: bool

    @property
    def left(self) -> int:
        """Pieces that can be sold."""
        return max(0, self.stock - self.promised)


Answer = Done | Unknown | Refused


@transaction.atomic
def write(shop: Shop, wishes: Sequence[Wish]) -> list[Answer]:
    """Do what can be done of `wishes`, in their order, and answer each. Foreign products are unknown."""
    named = _named(shop, wishes).values("stock")
    records = {
        row.pk: row for row in StockRecord.objects.select_for_update(no_key=True).filter(pk__in=named).order_by("pk")
    }
    sheets = _find(shop, wishes, records)
    before = {pk: (row.num_in_stock, row.price) for pk, row in records.items()}
    answers = [_answer(sheets[_name(wish)], records, wish) for wish in wishes]
    _save([row for pk, row in records.items() if before[pk] != (row.num_in_stock, row.price)], sheets, before)
    return answers


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
        if sheet.ean in eans:
            found["ean", sheet.ean].append(sheet)
        if sheet.reference in references:
            found["reference", sheet.reference].append(sheet)
    return found


def _answer(found: list[ProductSheet], records: dict, wish: Wish) -> Answer:
    """Write one wish into the loaded rows."""
    if not found:
        return Unknown()
    if len(found) > 1:
        return Refused(cause=_("Several of your products carry this barcode: please name the reference instead."))
    [sheet] = found
    record = records[sheet.stock_id]
    if wish.price is not None and sheet.by_weight and wish.price != record.price:
        return Refused(cause=_("This product is sold by weight: please change its price per kilo."))
    stock = _stock(record.num_in_stock or 0, wish)
    if stock > HIGHEST_STOCK:
        return Refused(cause=_("The stock would be larger than %(most)s.") % {"most": HIGHEST_STOCK})
    price = record.price if wish.price is None else wish.price
    changed = (stock, price) != (record.num_in_stock or 0, record.price)
    record.num_in_stock, record.price = stock, price
    promised = record.num_allocated or 0
    return Done(reference=sheet.reference, stock=stock, promised=promised, price=price, changed=changed)


def _stock(now: int, wish: Wish) -> int:
    """Pieces in the shop after the wish; a till that has sold more than we knew of leaves none."""
    if wish.stock is not None:
        return wish.stock
    return max(0, now + (wish.delta or 0))


def _save(records: list, sheets: dict[tuple[str, str], list[ProductSheet]], before: dict) -> None:
    if not records:
        return
    now = timezone.now()
    for record in records:
        record.date_updated = now
    StockRecord.objects.bulk_update(records, ["num_in_stock", "price", "date_updated"])
    pks = {record.pk for record in records}
    changed = {sheet.pk: sheet for found in sheets.values() for sheet in found if sheet.stock_id in pks}
    ProductSheet.objects.filter(pk__in=changed).update(updated_at=now)
    by_pk = {record.pk: record for record in records}
    changes.record_all(
        [(sheet, _what_changed(by_pk[sheet.stock_id], *before[sheet.stock_id])) for sheet in changed.values()]
    )
    signals.shelf_changed.send(sender=ProductSheet, sheets=list(changed.values()))


def _what_changed(record, pieces: int | None, price: Decimal) -> dict[str, tuple]:
    """Price and pieces for sale, before and after, as other editors are told."""
    promised = record.num_allocated or 0
    values = {"price": (price, record.price)}
    values["stock"] = (max(0, (pieces or 0) - promised), max(0, (record.num_in_stock or 0) - promised))
    return {name: (old, new) for name, (old, new) in values.items() if old != new}
