"""Pictures and catalogues that are none: a sentence beside the field, nothing kept, never an error of ours."""

import csv
import struct
import zlib
from io import BytesIO, StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.html import escape
from PIL import Image

from shops.imports import sending
from tests.shops.desk_cases import PRODUCT, posting_desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    return posting_desk()


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


def test_a_photo_whose_camera_noted_nonsense_is_turned_and_taken(desk):
    """A resolution in letters: common, and no matter, for nothing of it is kept."""
    turned_right = struct.pack("<HHLHH", 0x0112, 3, 1, 6, 0)
    resolution = struct.pack("<HHL4s", 0x011A, 2, 4, b"72\0\0")
    noted = b"II*\0" + struct.pack("<LH", 8, 2) + turned_right + resolution + bytes(4)
    file = BytesIO()
    Image.new("RGB", (40, 30), "orange").save(file, "JPEG", exif=b"Exif\0\0" + noted)

    desk("new_product", **PRODUCT, upload=SimpleUploadedFile("photo.jpg", file.getvalue(), "image/jpeg"))

    with Image.open(desk.shop.sheets.get().photo) as kept:
        assert kept.size == (30, 40)
        assert not kept.getexif()


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
    desk("import", file=SimpleUploadedFile("catalogue.csv", content))

    file = desk.shop.catalogue_imports.get()
    assert [row.verdict for row in file.rows.exclude(verdict="empty")] == ["create"]
    desk("import_rows", file.pk, action="run")
    sending.work_due(seconds=10)
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
        b'reference,title,price\nA,"never closed,1\n',
        b"x" * (25 * 1024 * 1024 + 1),
        b"reference,title,price\n" + b"A,B,1\n" * 20_001,
    ],
    ids=range(9),
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

    desk("import", file=SimpleUploadedFile("catalogue.csv", content))

    file = desk.shop.catalogue_imports.get()
    [refused] = file.rows.filter(verdict="refuse")
    page = desk.client.get(reverse("desk:import_file", args=[desk.shop.slug, file.pk]))
    assert (refused.line, file.rows.filter(verdict="create").count()) == (3, 1)
    assert all(name in file.placed and text for name, text in refused.problems)
    assert escape(refused.problems[0][1]) in page.content.decode()


def test_a_catalogue_of_many_columns_is_read(desk):
    desk("import", file=SimpleUploadedFile("catalogue.csv", wide_table()))

    file = desk.shop.catalogue_imports.get()
    assert len(file.headers) == 300
    assert desk.client.get(reverse("desk:import_file", args=[desk.shop.slug, file.pk])).status_code == 200
