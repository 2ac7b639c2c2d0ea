"""Taking back the last thing done to one or many products, as long as nobody has changed the same since."""

from decimal import Decimal
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from shops import changes, products, stock
from shops.models import ProductChange, ProductSheet, Shop

NEVER = {"photo", "category", "reference"}  # the old file is gone; a path or number may belong to something else by now


class CannotUndo(products.ProductError):
    """Somebody changed the same since, or it cannot be taken back at all; nothing is changed."""


def can_undo(rows: list[ProductChange]) -> bool:
    """Whether all of a deed can be put back."""
    return not any(row.field in NEVER for row in rows)


@transaction.atomic
def undo(shop: Shop, deed: UUID, *, by) -> list[ProductSheet]:
    """Put back what `deed` changed of the shop's products; returns them. A deed itself: it can be undone again.

    Pieces sold since stay sold. All or nothing; raises `products.ProductError`. A deed of no product of the shop is none.
    """
    rows = list(ProductChange.objects.filter(deed=deed, sheet__shop=shop).order_by("pk"))
    if not can_undo(rows):
        raise CannotUndo(_("This cannot be undone."))
    pks = {row.sheet_id for row in rows}
    stock.lock(ProductSheet.objects.filter(pk__in=pks).values_list("stock", flat=True))
    sheets = list(
        ProductSheet.objects.with_all().select_for_update(of=("self",), no_key=True).filter(pk__in=pks).order_by("pk")
    )
    back = uuid4()
    for sheet in sheets:
        _put_back(sheet, [row for row in rows if row.sheet_id == sheet.pk], by=by, deed=back)
    return sheets


def _put_back(sheet: ProductSheet, rows: list[ProductChange], *, by, deed: UUID) -> None:
    names = [row.field for row in rows]
    later = sheet.changes.filter(pk__gt=rows[-1].pk, field__in=names).select_related("by").order_by("pk").last()
    if later is not None:
        words = {"title": sheet.title, "who": changes.name_of(later.by), "change": changes.sentence([later])}
        raise CannotUndo(_("“%(title)s” was changed since by %(who)s (%(change)s): please look first.") % words)
    fields = {row.field: value_of(row.field, row.old) for row in rows}
    seen = None
    if "stock" in fields:
        [row] = [row for row in rows if row.field == "stock"]
        seen = changes.Seen(rows[-1].pk, int(row.new))
    products.update(sheet, by=by, deed=deed, seen=seen, **fields)


def value_of(field: str, text: str):
    """The value that `changes.written` wrote down."""
    if field in ("price", "price_per_kg"):
        return Decimal(text) if text else None
    if field == "stock":
        return int(text)
    if field == "is_public":
        return text == "1"
    if field in changes.OWN_LABELS:
        return text
    column = ProductSheet._meta.get_field(field)
    return None if text == "" and column.null else column.to_python(text)
