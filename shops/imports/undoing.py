"""Undo of an import: what it created goes, what it changed gets its old values back, unless somebody has edited it since.

Pieces sold meanwhile are nobody's edit: of the stock only the difference that the file made is taken back.
"""

from oscar.core.loading import get_model

from shops import products, shelving
from shops.imports import fields
from shops.imports.aisles import Aisles
from shops.imports.verdicts import CREATE
from shops.models import CatalogueImport, CatalogueRow, ProductSheet, ShopOrderLine

AT_ONCE = 250
SILENT = {"stock", "picture", "picture_alt"}  # sold, or fetched later: no edit of a person
Undone = CatalogueRow.Undone
Product = get_model("catalogue", "Product")


def take_back_part(row: CatalogueImport) -> bool:
    """Take back some rows, in the transaction of the caller; False when none are left."""
    part = list(row.rows.written().order_by("-line")[:AT_ONCE])
    if not part:
        return False
    wanted = [each.sheet_id for each in part if each.sheet_id]
    sheets = ProductSheet.objects.with_all().select_related("wanted_picture").filter(shop=row.shop, pk__in=wanted)
    found = {sheet.pk: sheet for sheet in shelving.locked(sheets)}
    aisles = Aisles()
    aisles.note_paths(found.values())
    sold = set(ShopOrderLine.objects.filter(sheet__in=wanted).values_list("sheet_id", flat=True))
    leaving, back = [], []
    for each in part:
        sheet = found.get(each.sheet_id)
        each.undone = _fate(each, sheet, sold)
        if each.undone == Undone.BACK and each.outcome == CREATE:
            leaving.append(sheet.product_id)
        elif each.undone in (Undone.BACK, Undone.SOLD):
            back.append(_restored(each, sheet, aisles))
    shelving.save(row.shop, new=[], changed=back, by=row.by)
    ProductSheet.objects.filter(product__in=leaving).delete()
    Product.objects.filter(pk__in=leaving).delete()
    row.shop.families.filter(sheets=None).delete()
    CatalogueRow.objects.bulk_update(part, ["undone"], batch_size=AT_ONCE)
    return True


def _fate(row: CatalogueRow, sheet: ProductSheet | None, sold: set[int]) -> str:
    if sheet is None:
        return Undone.GONE
    if any(_now(sheet, name) != after for name, (_before, after) in row.changes.items() if name not in SILENT):
        return Undone.EDITED
    return Undone.SOLD if row.outcome == CREATE and sheet.pk in sold else Undone.BACK


def _restored(row: CatalogueRow, sheet: ProductSheet, aisles: Aisles) -> shelving.Change:
    """The product as it was; one that was created and sold is hidden."""
    if row.outcome == CREATE:
        return shelving.Change(sheet, shelving.alter(sheet, {"is_public": False}))
    values, path = {}, row.changes.get("category", ("", ""))[0]
    for name, (before, after) in row.changes.items():
        if name == "stock":
            values[name] = max(0, sheet.left + int(before or 0) - int(after or 0))
        elif name not in ("category", "picture", *fields.FAMILY):
            is_text = fields.ALL[name].kind == "text"
            values[fields.OURS.get(name, name)] = before if is_text else fields.ALL[name].read(before)
    if values.keys() & products.OF_WEIGHT:
        values.pop("price", None)
    placing = _placing(row, sheet)
    return shelving.Change(
        sheet, shelving.alter(sheet, values), category=aisles.row(path) if path else None, placing=placing
    )


def _placing(row: CatalogueRow, sheet: ProductSheet) -> shelving.Placing | None:
    """The variant that the product was before; None when the file did not touch that. No longer one when it was none."""
    if not row.changes.keys() & set(fields.FAMILY):
        return None
    title, *pairs = (row.changes.get(name, (_now(sheet, name),))[0] for name in fields.FAMILY)
    parted = [pair.split(": ", 1) for pair in pairs if pair]
    if not title:
        sheet.family = None
        sheet.value_1 = sheet.value_2 = sheet.value_3 = ""
        ProductSheet.objects.filter(pk=sheet.pk).update(family=None, value_1="", value_2="", value_3="")
        return None
    return shelving.Placing(title, tuple(name for name, _value in parted), tuple(value for _name, value in parted))


def _now(sheet: ProductSheet, name: str) -> str:
    return fields.ALL[name].text(fields.ALL[name].get(sheet))
