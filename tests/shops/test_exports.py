"""The file that comes out goes back in unchanged, whatever the products hold; and no spreadsheet takes a cell for a formula."""

import csv
import io
from decimal import Decimal

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shops import products, variants
from shops.imports import columns, exports, fields, sending
from shops.models import ProductSheet
from tests.factories import make_category, make_product, make_shop

pytestmark = pytest.mark.django_db
KINDS = pytest.mark.parametrize("kind", list(exports.FORMATS))


@pytest.fixture
def shop():
    return make_shop()


def again(shop, kind: str) -> list[str]:
    """What the rows of the export would do, with their problems."""
    file = sending.receive(shop, SimpleUploadedFile(f"a.{kind}", exports.export(shop, kind)), by=None)
    if file.status == file.Status.PENDING:
        sending.look(file)
    file.refresh_from_db()
    assert file.status == file.Status.PREVIEWED, file.error
    return [
        row.verdict if row.verdict == "same" else f"{row.verdict} {row.changes} {row.problems}"
        for row in file.rows.all()
    ]


def full_shelf(shop) -> int:
    """Products with everything that a product can have; how many."""
    make_product(shop, "Sel")
    products.create(
        shop, title="=HYPERLINK(\"x\")", price=Decimal("1234.50"), stock=99_999, vat_rate=Decimal("2.10"), reference="007",
        description="- sans gluten\r\n+ bio\n'@ici", is_public=False, category=make_category("Épicerie > Sels; fins"),
        ean="3017620422003", net_quantity=Decimal("250.5"), net_unit="g", temperature="chilled", min_age=18,
        needs_signature=True, volume_l=Decimal("0.25"), longest_cm=12, max_dwell_hours=4, lead_minutes=90,
        withdrawal="perishable", ingredients="sel, \"eau\"; \tiode", allergens="milk,celery", origin="Guérande",
    )  # fmt: skip
    products.create(
        shop, title="Comté", stock=3, vat_rate=Decimal("5.50"), sold_by="weight", price_per_kg=Decimal("24.90"), expected_g=300,
    )  # fmt: skip
    shirt = products.create(shop, title="Pull", price=Decimal("40.00"), stock=1, vat_rate=Decimal("20.00"))
    variants.add(variants.make(shirt, options=["Taille"], values=["M"]), ["L: grand"], price=Decimal("42.00"), stock=0)
    return 5


@KINDS
@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_kind_of_product_goes_out_and_comes_back_the_same(shop, kind, language):
    count = full_shelf(shop)

    with translation.override(language):
        assert again(shop, kind) == ["same"] * count


texts = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=40).filter(str.strip)


@given(title=texts, description=texts, price=st.decimals("0.01", "99999.99", places=2), stock=st.integers(0, 1_000_000))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_a_product_is_called_it_comes_back_the_same(shop, title, description, price, stock):
    ProductSheet.objects.all().delete()
    products.create(shop, title=title, description=description, price=price, stock=stock, vat_rate=Decimal("20.00"))

    for kind in exports.FORMATS:
        assert again(shop, kind) == ["same"], kind


def test_no_cell_of_an_export_begins_like_a_formula(shop):
    full_shelf(shop)

    read = list(csv.reader(io.StringIO(exports.export(shop, "csv").decode("utf-8-sig")), delimiter=";"))
    book = openpyxl.load_workbook(io.BytesIO(exports.export(shop, "xlsx")))

    assert not [cell for row in read for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert not [cell for row in book.active.iter_rows() for cell in row if cell.data_type == "f"]
    assert '\'=HYPERLINK("x")' in read[1] + read[2] + read[3]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_each_heading_of_an_export_is_recognised(language):
    with translation.override(language):
        headings = [str(columns.NAMES[name]) for name in fields.ALL]

    assert columns.recognise(headings) == {name: place for place, name in enumerate(fields.ALL)}


@pytest.mark.parametrize("rows", [1, 3])
def test_an_export_needs_the_same_statements_for_any_number_of_products(shop, rows):
    for _number in range(rows):
        make_product(shop)

    with CaptureQueriesContext(connection) as captured:
        exports.export(shop, "csv")

    assert len(captured) == 4
