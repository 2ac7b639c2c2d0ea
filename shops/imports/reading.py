"""From a file to numbered rows, whatever program wrote it. Raises `Unreadable`, whose text is a sentence."""

import codecs
import csv
import io
from collections import Counter
from typing import BinaryIO

from django.utils.translation import gettext as _

from shops.imports import columns, spreadsheets
from shops.imports.tables import Row, Table, Unreadable

__all__ = ["MAX_BYTES", "MAX_ROWS", "Row", "Table", "Unreadable", "open_table", "read"]

MAX_BYTES = 25 * 1024 * 1024
MAX_ROWS = 10_000
MOST_LINES = 50_000  # of a file of another system, in which pictures have rows of their own
LONGEST_CELL = 60_001  # letters; a description in HTML may be that long, ours are refused far before
WIDEST = 300  # columns
HEADER_WITHIN = 10  # rows of a title, an address, a date may stand above the headings
SEPARATORS = (";", ",", "\t", "|")
_OTHER_FILES = (b"%PDF", b"GIF8", b"\x89PNG", b"\xff\xd8\xff", b"{\\rtf", b"7z\xbc\xaf", b"Rar!", b"\x1f\x8b")
_MARKUP = ("<!doctype", "<html", "<?xml", "<svg", "<table", "<script", "<head", "<body")


def read(content: bytes) -> Table:
    """The table in `content`, with all the columns that products need. Raises `Unreadable`."""
    table = open_table(io.BytesIO(content))
    missing = columns.missing(table.fields)
    if missing:
        raise Unreadable(
            _("These columns are missing: %(columns)s. The first line must name the columns.")
            % {"columns": ", ".join(missing)}
        )
    if len(table.rows) > MAX_ROWS:
        raise Unreadable(too_many_rows())
    return table


def open_table(file: BinaryIO) -> Table:
    """The table in `file`: CSV in UTF-8 or Windows-1252 with any of four separators, XLSX, ODS or XLS.

    `fields` are the columns that were recognised, maybe none. Of a cell no more than `LONGEST_CELL` letters are kept.
    """
    if file.seek(0, 2) > MAX_BYTES:
        raise Unreadable(_("This file is larger than %(most)s MB.") % {"most": MAX_BYTES // 1024 // 1024})
    file.seek(0)
    head = file.read(16)
    if spreadsheets.kind_of(head):
        kind, rows = spreadsheets.read(file, most_rows=MOST_LINES, longest=LONGEST_CELL)
        return _table(rows, encoding="", separator="", kind=kind)
    file.seek(0)
    text, encoding = _decode(file.read())
    separator = _separator(text)
    return _table(_rows(text, separator), encoding=encoding, separator=separator, kind="CSV")


def too_many_rows() -> str:
    return _("This file has more than %(most)s rows: please split it.") % {"most": MAX_ROWS}


def _table(rows: list[Row], *, encoding: str, separator: str, kind: str) -> Table:
    if not rows:
        raise Unreadable(_("This file is empty."))
    if len(rows) > MOST_LINES:
        raise Unreadable(too_many_rows())
    known = [len(columns.recognise(row.cells)) for row in rows[:HEADER_WITHIN]]
    at = known.index(max(known))
    headers = [cell.strip()[:100] for cell in rows[at].cells]
    return Table(encoding, separator, columns.recognise(headers), headers, rows[at + 1 :], kind)


def _decode(content: bytes) -> tuple[str, str]:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        candidates = ["utf-16"]
    elif b"\x00" in content or content.startswith(_OTHER_FILES):
        candidates = []
    else:
        candidates = ["utf-8-sig", "cp1252"]
    for encoding in candidates:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if text.lstrip()[:100].lower().startswith(_MARKUP):
            raise Unreadable(_("This is a web page, not a table. In your spreadsheet, please choose “Save as”."))
        return text, encoding
    raise Unreadable(_("This is neither a spreadsheet nor a text file. Please send CSV, XLSX, ODS or XLS."))


def _separator(text: str) -> str:
    """The one that makes most headings known, then the one that all first lines have most of."""
    lines = [line for line in text[:200_000].splitlines() if line.strip()][:HEADER_WITHIN]

    def worth(separator: str) -> tuple[int, int]:
        widths = Counter(len(cells) for line in lines if len(cells := _cells(line, separator)) > 1)
        return (
            max((len(columns.recognise(_cells(line, separator))) for line in lines), default=0),
            max((width * count for width, count in widths.items()), default=0),
        )

    return max(SEPARATORS, key=worth)


def _cells(line: str, separator: str) -> list[str]:
    try:
        return next(csv.reader([line[:20_000]], delimiter=separator), [])
    except csv.Error:
        return []


def _rows(text: str, separator: str) -> list[Row]:
    csv.field_size_limit(MAX_BYTES)  # cells that are too long are cut, and refused where they belong
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows, begin = [], 1
    try:
        for cells in reader:
            if cells:
                rows.append(Row(begin, [cell[:LONGEST_CELL] for cell in cells[:WIDEST]]))
            if len(rows) > MOST_LINES + 1:
                break
            begin = reader.line_num + 1
    except csv.Error as error:
        raise Unreadable(
            _("Line %(line)s cannot be read: a quotation mark is not closed or stands at the wrong place.")
            % {"line": begin}
        ) from error
    return rows
