"""Catalogue files: what is recognised, what is refused and where, and that a second run changes nothing."""

from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from oscar.core.loading import get_model

from shops.imports import cells
from shops.imports.catalogue import import_catalogue
from shops.imports.reading import read
from shops.models import ProductSheet
from tests.factories import make_product, make_shop

FILES = Path(settings.BASE_DIR) / "marketplace" / "demo" / "catalogues"
HEAD = "reference,title,price,stock\n"


@pytest.fixture
def shop(db):
    return make_shop()


def run(path: Path, shop, **options) -> tuple[int, str, str]:
    """Exit code, output and errors of the command."""
    out, err = StringIO(), StringIO()
    try:
        call_command("import_catalogue", path, shop=shop.slug, stdout=out, stderr=err, **options)
    except SystemExit as end:
        return end.code, out.getvalue(), err.getvalue()
    except CommandError as error:
        return error.returncode, out.getvalue(), str(error)
    return 0, out.getvalue(), err.getvalue()


@pytest.mark.parametrize(
    ("name", "encoding", "separator"), [("books.csv", "utf-8-sig", ","), ("librairie.csv", "cp1252", ";")]
)
def test_a_good_file_is_imported_whole_and_a_second_run_changes_nothing(shop, name, encoding, separator):
    first, second = run(FILES / name, shop), run(FILES / name, shop)

    assert (first[0], first[2]) == (0, "")
    rows = shop.sheets.count()
    assert rows > 190
    assert (
        first[1]
        == f"{rows} created, 0 updated, 0 unchanged, 0 refused, 0 empty ({encoding}, separator {separator!r}).\n"
    )
    assert second[1] == first[1].replace(f"{rows} created, 0 updated, 0", f"0 created, 0 updated, {rows}")


def test_accents_prices_vat_and_categories_arrive(shop):
    run(FILES / "librairie.csv", shop)

    sheet = shop.sheets.with_all().get(reference="L0022")
    assert sheet.title == "La práctica de la programación"
    assert (sheet.price, sheet.vat_rate, sheet.left, sheet.ean) == (
        Decimal("15.99"),
        Decimal("5.50"),
        63,
        "9780201615869",
    )
    assert sheet.product.categories.get().full_name == "Livres > Informatique"


def test_every_bad_row_is_reported_with_line_column_and_cause(shop):
    code, out, err = run(FILES / "librairie-erreurs.csv", shop)

    reported = [line.split(": ")[0] for line in err.splitlines()]
    assert code == 1
    assert reported == [
        "line 4, column “EAN13”",
        "line 6, column “Prix TTC”",
        "line 8, column “Désignation”",
        "line 10, column “Référence”",
        "line 12, column “Prix TTC”",
        "line 14, column “Désignation”",
        "line 16, column “Désignation”",
        "line 18, column “TVA”",
        "line 20, column “Prix TTC”",
        "line 24, column “Prix TTC”",
        "line 24, column “Stock”",
    ]
    assert "Column “Couleur préférée” is not known" in out
    assert f"{shop.sheets.count()} created, 0 updated, 0 unchanged, 10 refused, 1 empty" in out
    assert shop.sheets.count() == 29


def test_a_dry_run_reports_the_same_and_writes_nothing(shop):
    tables = [ProductSheet, get_model("catalogue", "Category"), get_model("catalogue", "Product")]

    code, out, _err = run(FILES / "librairie-erreurs.csv", shop, dry_run=True)

    assert code == 1
    assert out.splitlines()[-1].startswith("Dry run, nothing was changed: 29 created")
    assert [table.objects.count() for table in tables] == [0, 0, 0]


def test_a_dry_run_locks_nothing_and_opens_no_transaction(shop):
    rows = "".join(f"R{number};Article {number};1,00;1\n" for number in range(3))

    with CaptureQueriesContext(connection) as captured:
        report = import_catalogue(shop, f"reference;nom;prix;stock\n{rows}".encode(), dry_run=True)

    assert report.counts["created"] == 3
    assert [query["sql"] for query in captured if not query["sql"].startswith("SELECT")] == []
    assert not any("FOR UPDATE" in query["sql"] for query in captured)


@pytest.mark.parametrize("rows", [100, 300])
def test_a_file_of_any_length_needs_few_statements(shop, rows):
    products = "".join(f"R{number};Article {number};1,00;1;Rayon\n" for number in range(rows))
    content = f"reference;nom;prix;stock;rayon\n{products}".encode()

    with CaptureQueriesContext(connection) as first:
        import_catalogue(shop, content)
    with CaptureQueriesContext(connection) as again:
        report = import_catalogue(shop, content)

    assert shop.sheets.count() == rows
    assert report.counts["unchanged"] == rows
    assert len(first) < rows
    assert len(again) <= 20


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n\n",
        b"PK\x03\x04rest of a spreadsheet",
        b"\x00\x01\x02",
        b"\x81\x8d\xff",
        b"couleur,taille\nrouge,M\n",
        b"title,price,stock\nSans identite,1,1\n",
        b'reference,title,price,stock\nA1,"never closed,1,1\n',
        b"title;price\n" * 3,
        b"reference,title,price,stock\n" + b"A,B,1,1\n" * 20_001,
        b" " * (25 * 1024 * 1024 + 1),
        b"<!DOCTYPE html><table><tr><td>reference</td></tr></table>",
        b"%PDF-1.7 reference,title,price,stock",
    ],
    ids=lambda content: repr(content[:20]),
)
def test_an_unreadable_file_is_refused_in_a_sentence_and_changes_nothing(shop, tmp_path, content):
    path = tmp_path / "file.csv"
    path.write_bytes(content)

    code, _out, err = run(path, shop)

    assert code == 2
    assert err.removeprefix(f"{path}: ").strip()
    assert not shop.sheets.exists()


def test_a_missing_file_and_a_missing_shop_are_told(shop, tmp_path):
    assert run(tmp_path / "none.csv", shop)[0] == 2

    shop.slug = "nobody"
    assert run(FILES / "books.csv", shop)[0] == 2


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_encoding_and_separator_are_recognised(encoding, separator):
    text = "Référence;Désignation;Prix TTC;Qté\nÉ1;Pâté;4.50;3\n".replace(";", separator)

    table = read(text.encode(encoding))

    assert table.rows[0].cells == ["É1", "Pâté", "4.50", "3"]
    assert table.fields == {"reference": 0, "title": 1, "price": 2, "stock": 3}


def test_a_changed_row_updates_only_what_changed(shop):
    sheet = make_product(shop, "Sel", price="2.00", stock=5, allergens="celery")
    row = f"{sheet.reference},Sel fin,2.00,5"

    report = import_catalogue(shop, (HEAD + row).encode())

    sheet.refresh_from_db()
    assert report.results[0].changes == ("title",)
    assert (sheet.title, sheet.allergens) == ("Sel fin", "celery")


def test_stock_is_what_can_be_sold_beside_what_is_promised(shop):
    sheet = make_product(shop, stock=5)
    type(sheet.stock).objects.filter(pk=sheet.stock.pk).update(num_allocated=2)

    import_catalogue(shop, f"{HEAD}{sheet.reference},{sheet.title},4.50,10".encode())

    sheet.stock.refresh_from_db()
    assert (sheet.stock.num_in_stock, sheet.stock.num_allocated) == (12, 2)


def test_a_neighbours_reference_is_another_product(shop):
    theirs = make_product(make_shop(), "Theirs", price="1.00")

    import_catalogue(shop, f"{HEAD}{theirs.reference},Ours,9.00,1".encode())

    theirs.stock.refresh_from_db()
    assert theirs.stock.price == Decimal("1.00")
    assert shop.sheets.get().title == "Ours"


def test_lines_are_counted_as_an_editor_shows_them(shop):
    report = import_catalogue(shop, (HEAD + 'A1,"Two\nlines",1,1\nA2,Bad,x,1\n').encode())

    assert [(result.line, result.outcome) for result in report.results] == [(2, "created"), (4, "refused")]


@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        ("9,99", "9.99"),
        ("12.5 €", "12.50"),
        ("1\u202f234,50", "1234.50"),
        ("1.234,50", "1234.50"),
        ("1,234.50", "1234.50"),
    ],
)
def test_prices_are_read_as_people_write_them(cell, amount):
    assert cells.price(cell) == Decimal(amount)


@pytest.mark.parametrize("cell", ["", "0", "-1", "1.999", "1e9", "NaN", "Infinity", "١٢", "12,3,4", "100000", "9" * 50])
def test_what_is_no_price_is_refused(cell):
    with pytest.raises(cells.CellError):
        cells.price(cell)


@pytest.mark.parametrize("cell", ["=1+1", "+33 6", "-x", "@SUM(A1)", " =1", "\x07", "a" * 256])
def test_formulas_and_unprintable_text_are_refused(cell):
    with pytest.raises(cells.CellError):
        cells.text(cell, field="title")


def test_isbn_of_ten_digits_becomes_thirteen():
    assert cells.ean("0-13-110362-8") == "9780131103627"


@pytest.mark.parametrize("cell", ["9780131103628", "9,78013E+12", "12", "abc", "00012345600012"])
def test_wrong_barcodes_are_refused(cell):
    with pytest.raises(cells.CellError):
        cells.ean(cell)
