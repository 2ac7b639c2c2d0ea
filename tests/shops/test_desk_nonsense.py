"""Nonsense in any field of any form of the desk: a sentence beside the field, what was typed kept, never an error of ours."""

import csv
import struct
import zlib
from datetime import date
from io import BytesIO, StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils.html import escape
from PIL import Image

from shops.models import ShopStaff
from tests.factories import make_product, make_shop, make_staff
from tests.shops.desk_cases import CASES, Town, everything

pytestmark = pytest.mark.django_db

NONSENSE = [
    "", " ", "0", "-0,01", "1e400", "NaN", "1,2,3", "9" * 5000, "٣", "½", "x" * 10_000, "a\x00b", "\x07\u202e", "🥖" * 300,
    "<script>alert(1)</script>", "=1+1", "2027-02-30", "0001-01-01", "9999-12-31", "24:00",
]  # fmt: skip
FORMS = [name for name, case in CASES.items() if case.fields and name not in ("import", "import_confirm")]


def client_of(shop, role=ShopStaff.Role.OWNER) -> Client:
    client = Client()
    client.force_login(make_staff(shop, role))
    return client


@pytest.fixture
def desk():
    """`desk(name, **fields)`: post a form of a shop's desk."""
    shop = make_shop("Boulangerie", opening_hours="24/7")
    client = client_of(shop)

    def send(name, *args, **fields):
        return client.post(reverse(f"desk:{name}", args=[shop.slug, *args]), fields)

    send.shop, send.client = shop, client
    return send


@pytest.mark.parametrize("name", FORMS)
def test_nonsense_in_one_field_is_answered_and_kept(name):
    """Every field of every form in turn. What is shown again shows what was typed, with an error where it was refused."""
    town = Town()
    case = CASES[name]
    case.before(town)
    client = client_of(town.ours)
    fields = case.fields(town.ours)

    for field in fields:
        before = everything()
        for nonsense in NONSENSE:
            answer = client.post(case.address(name, town.ours, town.ours), fields | {field: nonsense})
            where = (name, field, nonsense[:20], answer.status_code)
            assert answer.status_code in (200, 302, 404), where  # 404: a line that the first answer has closed
            if answer.status_code != 200:
                before = everything()
            elif form := answer.context and answer.context.get("form"):
                page = answer.content.decode()
                assert form.errors, where
                assert all(escape(texts[0]) in page for texts in form.errors.values()), where
                if nonsense.strip() and field in form.fields and "\x00" not in nonsense:
                    assert escape(nonsense) in page or escape(nonsense.strip()) in page, where
        assert everything() == before, (name, field)


@pytest.mark.parametrize("name", CASES)
def test_nonsense_in_every_field_at_once_is_answered(name):
    town = Town()
    CASES[name].before(town)
    client = client_of(town.ours)
    fields = CASES[name].fields(town.ours) if CASES[name].fields else {}
    address = CASES[name].address(name, town.ours, town.ours)

    for nonsense in NONSENSE:
        if fields:
            answer = client.post(address, {field: [nonsense, nonsense] for field in fields})
        else:
            answer = client.get(address, {"q": nonsense, "page": nonsense, "paper": nonsense, "ambient": nonsense})
        assert answer.status_code < 500, (name, nonsense[:20])


@pytest.mark.parametrize("name", FORMS)
def test_bytes_that_are_no_text_are_answered(name):
    town = Town()
    CASES[name].before(town)
    fields = CASES[name].fields(town.ours) or {"x": ""}
    body = "&".join(f"{field}=%ff%fe%00%c3%28" for field in fields)

    answer = client_of(town.ours).post(
        CASES[name].address(name, town.ours, town.ours), body, content_type="application/x-www-form-urlencoded"
    )

    assert answer.status_code < 500


PRODUCT = {
    "title": "Croissant", "price": "1,30", "stock_left": "12", "vat_rate": "5.50", "is_public": "on", "net_unit": "piece",
    "temperature": "ambient", "min_age": "0", "volume_l": "1", "withdrawal": "perishable",
}  # fmt: skip


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("title", ""),
        ("title", "x" * 10_000),
        ("title", "   "),
        ("price", "-4"),
        ("price", "0"),
        ("price", "1000000"),
        ("price", "1,305"),
        ("price", "gratuit"),
        ("stock_left", "-1"),
        ("stock_left", "1e9"),
        ("stock_left", "9" * 400),
        ("vat_rate", "19.6"),
        ("net_quantity", "-1"),
        ("net_quantity", "1e50"),
        ("volume_l", "0"),
        ("volume_l", "-5"),
        ("volume_l", "9" * 40),
        ("longest_cm", "-1"),
        ("longest_cm", "9" * 40),
        ("lead_minutes", "-1"),
        ("lead_minutes", "9" * 40),
        ("max_dwell_hours", "-1"),
        ("max_dwell_hours", "9" * 40),
        ("min_age", "200"),
        ("ean", "1234567890123"),
        ("ean", "🥖"),
        ("description", "x" * 6000),
        ("ingredients", "x" * 6000),
        ("allergens", "x" * 6000),
        ("origin", "x" * 6000),
        ("reference", "x" * 100),
        ("category", "99999"),
        ("withdrawal", "never"),
        ("title", "a\x00b"),
    ],
)
def test_a_wrong_value_of_a_product_has_its_error_at_its_own_field(desk, field, typed):
    page = desk("new_product", **PRODUCT | {field: typed})

    assert page.status_code == 200
    assert set(page.context["form"].errors) == {field}
    assert not desk.shop.sheets.exists()
    assert 'value="Croissant"' in page.content.decode() or field == "title"


def png(width: int, height: int) -> bytes:
    """The head of a picture that claims to be so large, without its pixels."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I", len(head)) + b"IHDR" + head + struct.pack(">I", zlib.crc32(b"IHDR" + head))
    return b"\x89PNG\r\n\x1a\n" + chunk


def jpeg() -> bytes:
    file = BytesIO()
    Image.new("RGB", (40, 30), "orange").save(file, "JPEG")
    return file.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"plain text",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"GIF89a\x01\x00\x01\x00\x00\x00\x00;",
        b"PK\x03\x04 a zip",
        b"%PDF-1.7",
        jpeg()[:200],
        png(60_000, 60_000),
        png(1, 1),
        b"\xff\xd8\xff" + b"\x00" * 5000,
        b"\x00\x00\x00\x1cftypavif" + b"\x00" * 200,
        b"\x00\x00\x00\x1cftypheic" + b"\xff" * 200,
    ],
    ids=range(12),
)
def test_an_upload_that_is_no_picture_is_refused_beside_the_photo(desk, content):
    page = desk("new_product", **PRODUCT, upload=SimpleUploadedFile("photo.jpg", content, "image/jpeg"))

    assert page.status_code == 200
    assert set(page.context["form"].errors) == {"upload"}
    assert 'value="Croissant"' in page.content.decode()
    assert not desk.shop.sheets.exists()


def test_a_photo_beyond_the_limit_is_refused_in_words(desk, settings):
    settings.MAX_PHOTO_MB = 1

    page = desk("new_product", **PRODUCT, upload=SimpleUploadedFile("photo.jpg", jpeg() + b"\x00" * 1_100_000))

    assert "1 Mo" in page.context["form"].errors["upload"][0]


ROW = "reference;titre;prix;stock\nA1;Crème brûlée;2,50;5\n"


@pytest.mark.parametrize(
    "content",
    [
        ROW.encode("utf-8"),
        ROW.encode("utf-8-sig"),
        ROW.encode("cp1252"),
        ROW.encode("utf-16"),
        ROW.replace("\n", "\r\n").encode(),
        ROW.replace("\n", "\r").encode("cp1252"),
        ROW.replace(";", "\t").encode(),
        (ROW + "\n\n;;;\n").encode(),
    ],
    ids=["utf-8", "bom", "cp1252", "utf-16", "windows", "old mac", "tabs", "empty rows"],
)
def test_a_catalogue_is_read_whatever_program_wrote_it(desk, content):
    page = desk("import", file=SimpleUploadedFile("catalogue.csv", content))

    assert page.context["counts"]["created"] == 1
    desk("import_confirm", token=page.context["token"])
    assert desk.shop.sheets.get().title == "Crème brûlée"


def wide_table() -> bytes:
    text = StringIO()
    csv.writer(text).writerow(["reference", "title", "price", *(f"c{number}" for number in range(5000))])
    return text.getvalue().encode()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n\n\n",
        b"\x00\x01\x02",
        b"PK\x03\x04 a workbook",
        b"\xff\xfe\x00",
        b"\xfe\xff\xd8\x00",
        b"nothing,known\n1,2\n",
        b'reference,title,price\nA,"never closed,1\n',
        b"reference,title,price\nA," + b"x" * 200_000 + b",1\n",
        b"reference,reference,title,price\nA,B,C,1\n",
        b"x" * (5 * 1024 * 1024 + 1),
        b"reference,title,price\n" + b"A,B,1\n" * 20_001,
    ],
    ids=range(12),
)
def test_a_file_that_is_no_catalogue_is_refused_beside_its_field(desk, content):
    page = desk("import", file=SimpleUploadedFile("catalogue.csv", content))

    assert page.status_code == 200
    assert set(page.context["form"].errors) == {"file"}
    assert escape(page.context["form"].errors["file"][0]) in page.content.decode()


@pytest.mark.parametrize(
    "row",
    [
        "A1;;2,50;5", ";Sel;2,50;5", "A1;Sel;-2;5", "A1;Sel;0;5", "A1;Sel;1e9;5", "A1;Sel;2,505;5", "A1;Sel;gratuit;5",
        "A1;Sel;2;-5", "A1;Sel;2;1,5", "A1;Sel;2;9999999999", "A1;=cmd();2;5", "A1;Se\x07l;2;5", f"A1;{'x' * 300};2;5",
        f"{'x' * 100};Sel;2;5", "A1;Sel",
    ],
)  # fmt: skip
def test_a_wrong_row_is_named_with_its_line_and_column(desk, row):
    content = f"reference;titre;prix;stock\nB2;Poivre;3;1\n{row}\n".encode()

    page = desk("import", file=SimpleUploadedFile("catalogue.csv", content))

    [refused] = page.context["refused"]
    assert (refused.line, page.context["counts"]["created"]) == (3, 1)
    assert all(problem.column and problem.text for problem in refused.problems)
    assert escape(refused.problems[0].text) in page.content.decode()


def test_a_catalogue_of_many_columns_is_read(desk):
    page = desk("import", file=SimpleUploadedFile("catalogue.csv", wide_table()))

    assert page.status_code == 200


@pytest.mark.parametrize(
    ("first_on", "last_on", "field"),
    [
        ("0001-01-01", "2099-01-01", "first_on"),
        ("2020-01-01", "2020-01-02", "last_on"),
        ("2027-02-30", "2027-03-01", "first_on"),
        ("2027-01-02", "2027-01-01", "last_on"),
        ("2027-01-01", "9999-12-31", "last_on"),
        ("demain", "2027-01-01", "first_on"),
        ("", "2027-01-01", "first_on"),
    ],
)
def test_days_that_make_no_sense_are_named(desk, first_on, last_on, field, time_machine):
    time_machine.move_to(date(2026, 11, 24))

    page = desk("closures", first_on=first_on, last_on=last_on)

    assert page.status_code == 200
    assert field in page.context["form"].errors
    assert f'value="{last_on}"' in page.content.decode()
    assert not desk.shop.closures.exists()


def test_a_price_in_the_list_is_shown_again_at_its_product(desk):
    sheet = make_product(desk.shop, price="2.00", stock=3)

    page = desk("shelf", sheet.pk, **{f"{sheet.pk}-price": "-5", f"{sheet.pk}-stock": "beaucoup"})

    assert set(page.context["form"].errors) == {"price", "stock"}
    assert 'value="-5"' in page.content.decode()
    assert 'value="beaucoup"' in page.content.decode()
