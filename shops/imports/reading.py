"""From the bytes of a CSV file to numbered rows, whatever program wrote it. Raises `Unreadable`, whose text is a sentence."""

import codecs
import csv
import io
from typing import NamedTuple

from django.utils.translation import gettext as _

from shops.imports import columns

MAX_BYTES = 5 * 1024 * 1024
MAX_ROWS = 20_000
SEPARATORS = (";", ",", "\t", "|")


class Unreadable(Exception):
    """The file as a whole cannot be imported; nothing was changed."""


class Row(NamedTuple):
    """One row: the line of the file on which it begins, and its cells."""

    line: int
    cells: list[str]


class Table(NamedTuple):
    """A file that was read: how, which column is which field, and its rows."""

    encoding: str
    separator: str
    fields: dict[str, int]
    headers: list[str]
    rows: list[Row]


def read(content: bytes) -> Table:
    """The table in `content`; UTF-8 or Windows-1252, any of four separators."""
    text, encoding = _decode(content)
    separator = max(SEPARATORS, key=lambda each: len(columns.recognise(_header(text, each))))
    rows = _rows(text, separator)
    if not rows:
        raise Unreadable(_("This file is empty."))
    headers = [cell.strip() for cell in rows[0].cells]
    fields = columns.recognise(headers)
    missing = columns.missing(fields)
    if missing:
        raise Unreadable(
            _("These columns are missing: %(columns)s. The first line must name the columns.")
            % {"columns": ", ".join(missing)}
        )
    if len(rows) - 1 > MAX_ROWS:
        raise Unreadable(_("This file has more than %(most)s rows: please split it.") % {"most": MAX_ROWS})
    return Table(encoding, separator, fields, headers, rows[1:])


def _decode(content: bytes) -> tuple[str, str]:
    if len(content) > MAX_BYTES:
        raise Unreadable(_("This file is larger than %(most)s MB.") % {"most": MAX_BYTES // 1024 // 1024})
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        candidates = ["utf-16"]
    elif b"\x00" in content or content.startswith(b"PK\x03\x04"):
        candidates = []
    else:
        candidates = ["utf-8-sig", "cp1252"]
    for encoding in candidates:
        try:
            return content.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    raise Unreadable(_("This is not a text file. In your spreadsheet, please choose “Save as” and then “CSV”."))


def _header(text: str, separator: str) -> list[str]:
    line = next((line for line in text.splitlines() if line.strip()), "")
    try:
        return next(csv.reader([line], delimiter=separator), [])
    except csv.Error:
        return []


def _rows(text: str, separator: str) -> list[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows, begin = [], 1
    try:
        for cells in reader:
            if cells:
                rows.append(Row(begin, cells))
            begin = reader.line_num + 1
    except csv.Error as error:
        raise Unreadable(
            _("Line %(line)s cannot be read: a quotation mark is not closed or stands at the wrong place.")
            % {"line": begin}
        ) from error
    return rows
