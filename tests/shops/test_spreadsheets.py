"""XLSX, ODS and XLS: read as they show themselves; those that would harm are refused in a sentence, in bounded memory."""

import datetime
import io
import time

import pytest

from shops.imports.reading import open_table
from shops.imports.tables import Unreadable
from tests.shops import spreadsheets_of as files

HEAD = ["Référence", "Nom", "Prix TTC", "Stock"]


def opened(content: bytes):
    return open_table(io.BytesIO(content))


@pytest.mark.parametrize(("make", "kind"), [(files.xlsx, "XLSX"), (files.ods, "ODS")])
def test_a_spreadsheet_is_read_with_its_line_numbers_and_kinds_of_cells(make, kind):
    table = opened(make(HEAD, ["001", "Pâté", 4.5, 3], ["", "", "", ""], [3017620422003, "Sirop", 12, 7]))

    assert (table.format, table.headers) == (kind, HEAD)
    assert table.fields == {"reference": 0, "title": 1, "price": 2, "stock": 3}
    assert [(row.line, row.cells) for row in table.rows] == [
        (2, ["001", "Pâté", "4.5", "3"]),
        (4, ["3017620422003", "Sirop", "12", "7"]),
    ]


def test_a_title_above_the_headings_and_merged_cells_are_understood():
    rows = [["Catalogue d’automne"], [], HEAD, ["A1", "Pull", 1, 2], ["A2", "", 1, 2], ["A3", "Bonnet", True, None]]

    table = opened(files.xlsx(*rows, merge="B4:B5"))

    assert [row.cells for row in table.rows] == [
        ["A1", "Pull", "1", "2"],
        ["A2", "Pull", "1", "2"],
        ["A3", "Bonnet", "1", ""],
    ]
    assert table.rows[0].line == 4


def test_a_formula_is_never_reckoned():
    table = opened(files.xlsx(HEAD, ["A1", '=HYPERLINK("http://example.org";"x")', "=1+1", 1]))

    assert table.rows[0].cells == ["A1", "", "", "1"]


def test_days_are_written_as_files_write_them():
    table = opened(files.xlsx(HEAD, ["A1", datetime.date(2026, 11, 29), 1, 1]))

    assert table.rows[0].cells[1].startswith("2026-11-29")


@pytest.mark.parametrize(
    "content",
    [
        files.far_corners(),
        files.repeated(),
        files.bomb(),
        files.xlsx(HEAD)[:-40],
        files.xlsx(HEAD)[:500],
        b"<html>" + files.xlsx(HEAD),
        b"GIF89a" + files.xlsx(HEAD),
        files.with_part(files.xlsx(HEAD), "xl/worksheets/sheet1.xml", b"<worksheet"),
        files.with_part(b"PK\x05\x06" + b"\x00" * 18, "a.jpg", b"no spreadsheet"),
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600,
    ],
    ids=["corners", "repeated", "bomb", "torn", "begun", "html", "gif", "damaged", "photos", "xls"],
)
def test_a_harmful_or_broken_spreadsheet_is_refused_in_a_sentence_and_soon(content):
    begun = time.monotonic()

    with pytest.raises(Unreadable) as refused:
        opened(content)

    assert str(refused.value).endswith(".")
    assert time.monotonic() - begun < 60


def test_a_cell_of_a_million_letters_is_cut():
    table = opened(files.ods(HEAD, ["A1", "x" * 1_000_000, 1, 1]))

    assert len(table.rows[0].cells[1]) == 60_001
