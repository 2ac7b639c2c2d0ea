"""The whole shelf of a shop as a file. What comes out goes back in unchanged: the cells are those that `judging` compares.

Texts that a spreadsheet would reckon get an apostrophe in front (OWASP, CSV injection), which the import takes away again.
"""

import csv
import io
from collections.abc import Iterator
from decimal import Decimal

from django.utils.translation import gettext as _

from shops.imports import cells, columns, fields
from shops.imports.aisles import Aisles
from shops.models import Shop

FORMATS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
}
AT_ONCE = 1_000
LONGEST_CELL = 32_767  # of a spreadsheet
SEPARATOR = ";"


def export(shop: Shop, kind: str) -> bytes:
    """The file in one of `FORMATS`."""
    return {"csv": _csv, "xlsx": _xlsx, "ods": _ods}[kind](shop)


def rows(shop: Shop) -> Iterator[dict[str, str]]:
    """Of each product its neutral texts by field, in the order of the references."""
    aisles, last = Aisles(), ""
    sheets = shop.sheets.with_all().select_related("wanted_picture").order_by("reference")
    while part := list(sheets.filter(reference__gt=last)[:AT_ONCE]):
        aisles.note_paths(part)
        for sheet in part:
            yield {name: field.text(field.get(sheet)) for name, field in fields.ALL.items()}
        last = part[-1].reference


def _headings() -> list[str]:
    return [str(columns.NAMES[name]) for name in fields.ALL]


def _shown(row: dict[str, str]) -> list[str]:
    return [
        cells.guarded(text) if fields.ALL[name].kind == "text" else fields.ALL[name].shown(text)
        for name, text in row.items()
    ]


def _csv(shop: Shop) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=SEPARATOR)
    writer.writerow(_headings())
    writer.writerows(_shown(row) for row in rows(shop))
    return text.getvalue().encode("utf-8-sig")


def _xlsx(shop: Shop) -> bytes:
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("Products"))
    sheet.freeze_panes = "A2"
    heads = [WriteOnlyCell(sheet, value=heading) for heading in _headings()]
    for head in heads:
        head.font = Font(bold=True)
    sheet.append(heads)
    for row in rows(shop):
        sheet.append(_values(row))
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _ods(shop: Shop) -> bytes:
    from odfdo import Cell, Document, Row, Table

    document = Document("spreadsheet")
    document.body.clear()
    table = Table(_("Products"))
    for values in [_headings(), *map(_values, rows(shop))]:
        row = Row()
        for value in values:
            row.append_cell(Cell(value) if value is not None else Cell())
        table.append_row(row)
    document.body.append(table)
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def _values(row: dict[str, str]) -> list[str | int | float | None]:
    """Numbers as numbers, so that a spreadsheet can reckon with them."""
    values: list[str | int | float | None] = []
    for name, text in row.items():
        kind = fields.ALL[name].kind
        if kind in ("number", "money"):
            values.append((float(text) if Decimal(text) % 1 else int(Decimal(text))) if text else None)
        else:
            shown = cells.guarded(text) if kind == "text" else fields.ALL[name].shown(text)
            values.append(shown[:LONGEST_CELL] or None)
    return values
