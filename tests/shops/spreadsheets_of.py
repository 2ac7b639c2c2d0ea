"""Spreadsheets of the common kinds, as people and attackers make them."""

import io
import zipfile

import openpyxl
from odfdo import Cell, Document, Row, Table


def xlsx(*rows: list, merge: str = "") -> bytes:
    """A workbook with one sheet."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    if merge:
        book.active.merge_cells(merge)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def ods(*rows: list) -> bytes:
    """A document with one table."""
    document = Document("spreadsheet")
    document.body.clear()
    table = Table("Feuille")
    for cells in rows:
        row = Row()
        for cell in cells:
            row.append_cell(Cell(cell))
        table.append_row(row)
    document.body.append(table)
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def with_part(content: bytes, name: str, text: bytes) -> bytes:
    """The archive with one part replaced or added."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.infolist():
            if member.filename != name:
                new.writestr(member, old.read(member))
        new.writestr(name, text)
    return made.getvalue()


def far_corners() -> bytes:
    """Two cells at opposite corners: as a rectangle, half a terabyte."""
    book = openpyxl.Workbook()
    book.active["A1"], book.active["XFD1048576"] = "reference", "x"
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def repeated(columns: int = 16_384, rows: int = 1_048_576) -> bytes:
    """An ODS table whose one cell is repeated over the whole sheet."""
    cell = f'<table:table-cell office:value-type="string" table:number-columns-repeated="{columns}"><text:p>x</text:p>'
    row = f'<table:table-row table:number-rows-repeated="{rows}">{cell}</table:table-cell></table:table-row>'
    head = (
        '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
        ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
        ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
    )
    tail = "</office:spreadsheet></office:body></office:document-content>"
    text = f'{head}<table:table table:name="a">{row}</table:table>{tail}'
    return with_part(ods(["a"]), "content.xml", text.encode())


def bomb(megabytes: int = 300) -> bytes:
    """A workbook one part of which is small only while packed."""
    return with_part(xlsx(["reference"]), "xl/media/image1.bin", b"\x00" * (megabytes * 1024**2))
