"""Shopify's exports: what becomes of their rows under our own headings."""

import csv
import io

import pytest
from django.utils import translation

from shops.imports import dialects
from shops.imports.tables import Row, Table
from tests.shops.dialects_of import SHOPIFY, SHOPIFY_2024, table, translated


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def test_shopify_variants_and_pictures_of_one_product_come_together():
    first = {
        "Handle": "pull",
        "Title": "Pull &amp; gilet",
        "Body (HTML)": "<p>Chaud.</p><ul><li>laine</li></ul>",
        "Vendor": "Atelier",
        "Product Category": "Apparel & Accessories > Clothing",
        "Type": "Pulls",
        "Published": "TRUE",
        "Status": "active",
        "Option1 Name": "Taille",
        "Option1 Value": "M",
        "Option2 Name": "Couleur",
        "Option2 Value": "Bleu",
        "Variant SKU": "PULL-M",
        "Variant Inventory Qty": "4",
        "Variant Price": "49.90",
        "Variant Compare At Price": "59.90",
        "Variant Barcode": "'3017620422003",
        "Image Src": "https://cdn.example/2.jpg",
        "Image Position": "2",
        "Variant Image": "https://cdn.example/bleu.jpg",
    }
    second = {
        "Handle": "pull",
        "Option1 Value": "L",
        "Option2 Value": "Rouge",
        "Variant SKU": "PULL-L",
        "Variant Inventory Qty": "-2",
        "Variant Price": "52.00",
        "Variant Barcode": "12345",
        "Image Src": "https://cdn.example/1.jpg",
        "Image Position": "1",
        "Image Alt Text": "Le pull rouge",
    }
    picture = {"Handle": "pull", "Image Src": "https://cdn.example/3.jpg", "Image Position": "3"}

    rows, dialect = translated(SHOPIFY, first, second, picture)

    shared = {"family": "Pull & gilet", "category": "Pulls", "public": "1", "description": "Chaud.\n\n• laine"}
    three = "https://cdn.example/1.jpg | https://cdn.example/2.jpg | https://cdn.example/3.jpg"
    assert rows == [
        shared
        | {
            "line": 2,
            "reference": "PULL-M",
            "ean": "3017620422003",
            "title": "Pull & gilet, M, Bleu",
            "option_1": "Taille: M",
            "option_2": "Couleur: Bleu",
            "price": "49.90",
            "stock": "4",
            "picture": f"https://cdn.example/bleu.jpg | {three}",
        },
        shared
        | {
            "line": 3,
            "reference": "PULL-L",
            "title": "Pull & gilet, L, Rouge",
            "option_1": "Taille: L",
            "option_2": "Couleur: Rouge",
            "price": "52.00",
            "stock": "0",
            "picture": three,
            "picture_alt": "Le pull rouge",
        },
    ]
    assert dialect.ignored[:3] == ["Vendor", "Tags", "Variant Inventory Tracker"]
    assert "Price / International" in dialect.ignored
    assert [note for note in dialect.notes if "barcode" in note] == ["1 barcode is no EAN and was left out. (line 3)"]
    assert any("reduced price" in note and "(line 2)" in note for note in dialect.notes)


def test_a_shopify_product_without_variants_is_an_ordinary_product():
    rows, dialect = translated(
        SHOPIFY_2024,
        {
            "URL handle": "miel-d-acacia",
            "Title": "Miel d’acacia",
            "Product category": "Food > Honey",
            "Option1 name": "Title",
            "Option1 value": "Default Title",
            "Price": "8.50",
            "Inventory quantity": "12",
            "Unit price total measure": "0.5",
            "Unit price total measure unit": "kg",
            "Status": "draft",
        },
        {"URL handle": "carte", "Title": "Carte cadeau", "Gift card": "TRUE", "Price": "20.00"},
        {"Title": "Sans adresse", "Price": "2.00", "Inventory quantity": ""},
    )

    assert rows == [
        {
            "line": 2,
            "reference": "miel-d-acacia",
            "title": "Miel d’acacia",
            "category": "Food > Honey",
            "price": "8.50",
            "stock": "12",
            "public": "0",
            "net_quantity": "500",
            "net_unit": "g",
        },
        {"line": 4, "title": "Sans adresse", "price": "2.00", "stock": "0", "public": "1"},
    ]
    assert [note.split(":")[0] for note in dialect.notes[1:]] == [
        "1 row is no goods to hand over (voucher, download, link or group) and was left out. (line 3)",
        "1 product has no counted stock in this file",
        "1 product is not on sale there (draft, archived or hidden)",
    ]


@pytest.mark.parametrize(
    ("title", "grams", "content"),
    [
        ("Miel 500 g", "500", ("500", "g")),
        ("Miel 500 g", "820", ("500", "g")),
        ("Jus de pomme 1,5 L", "1600", ("1500", "ml")),
        ("Miel 500 g", "", None),
        ("Miel 500 g", "0", None),
        ("Miel 500 g", "5000", None),
        ("Miel 500 g ou 1 kg", "500", None),
        ("Pull", "500", None),
        ("Clou 10 mm", "10", None),
    ],
)
def test_the_weight_of_a_parcel_is_no_content_unless_the_name_says_the_same(title, grams, content):
    rows, _dialect = translated(SHOPIFY, {"Handle": "x", "Title": title, "Variant Price": "5", "Variant Grams": grams})

    found = (rows[0].get("net_quantity"), rows[0].get("net_unit"))
    assert found == (content or (None, None))


def test_two_thousand_variants_of_one_product_share_one_reading_of_its_description():
    read = table(SHOPIFY, {"Handle": "x", "Title": "X", "Variant Price": "1", "Body (HTML)": "<p>Texte</p>" * 50})
    first = read.rows[0]
    again = [
        Row(number, [cell if place != 1 else "" for place, cell in enumerate(first.cells)])
        for number in range(3, 2_003)
    ]

    result = dialects.recognise(read.headers).translate(read._replace(rows=[first, *again]))

    assert len(result.rows) == 2_001


def test_a_real_csv_file_with_line_ends_in_cells_is_read():
    body = '"pull","Pull","<p>Un\nDeux</p>"' + "," * 17 + ',"12.00"'
    rows = list(csv.reader(io.StringIO(f"{SHOPIFY}\n{body}\n")))

    result = dialects.recognise(rows[0]).translate(Table("utf-8", ",", {}, rows[0], [Row(2, rows[1])]))

    assert dict(zip(result.headers, result.rows[0].cells, strict=True))["description"] == "Un Deux"
