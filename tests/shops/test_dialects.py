"""Files of other systems: whose they are, and that no nonsense in them is an error."""

import pytest
from django.utils import translation

from shops.imports import dialects
from shops.imports.tables import Row, Table
from tests.shops.dialects_of import (
    PRESTA,
    PRESTA_FRENCH,
    PRESTA_LIST,
    PRESTA_LIST_ENGLISH,
    SHOPIFY,
    SHOPIFY_2024,
    WOO,
    WOO_FRENCH,
    heads,
)


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.mark.parametrize(
    ("line", "separator", "name"),
    [
        (SHOPIFY, ",", "Shopify"),
        (SHOPIFY_2024, ",", "Shopify"),
        (WOO, ",", "WooCommerce"),
        (WOO_FRENCH, ",", "WooCommerce"),
        (PRESTA, ";", "PrestaShop"),
        (PRESTA_FRENCH, ";", "PrestaShop"),
        (PRESTA_LIST, ";", "PrestaShop"),
        (PRESTA_LIST_ENGLISH, ";", "PrestaShop"),
    ],
)
def test_a_file_is_known_by_its_headings_in_any_order_and_case(line, separator, name):
    headers = heads(line, separator)

    assert dialects.recognise(headers).name == name
    assert dialects.recognise([header.upper() for header in reversed(headers)]).name == name


@pytest.mark.parametrize(
    "headers",
    [
        [],
        ["", ""],
        ["reference", "ean", "title", "category", "price", "vat_rate", "stock", "public", "description", "picture"],
        ["Référence", "Code-barres", "Nom", "Catégorie", "Prix TTC", "TVA", "Stock", "Description", "Type", "Statut"],
        ["Title", "Price", "SKU", "Barcode", "Status", "Type", "Description"],
        ["ID", "Name", "SKU", "Price", "Stock", "Type", "Published"],
        ["ID", "Nom", "Prix HT", "Prix TTC", "TVA", "Quantité", "Référence", "Catégorie"],
    ],
)
def test_a_table_of_a_till_or_of_our_own_belongs_to_nobody(headers):
    assert dialects.recognise(headers) is None


@pytest.mark.parametrize(
    ("line", "separator"), [(SHOPIFY, ","), (WOO, ","), (WOO_FRENCH, ","), (PRESTA, ";"), (PRESTA_LIST, ";")]
)
def test_nonsense_in_every_cell_is_translated_without_an_error(line, separator):
    headers = heads(line, separator)
    nonsense = [
        "",
        "\x00",
        "-",
        "'",
        "=1+1",
        "99999999999999999999",
        "NaN",
        "Infinity",
        "1e400",
        "<b>",
        "🥖",
        ",",
        " , ",
        "id:",
        "\\",
        "/",
    ]
    rows = [
        Row(number, [text] * width) for number, text in enumerate(nonsense, 2) for width in (0, 1, len(headers), 500)
    ]
    read = Table("utf-8", separator, {}, headers, rows)

    result = dialects.recognise(headers).translate(read)

    assert all(len(row.cells) == len(result.headers) for row in result.rows)
    assert {row.line for row in result.rows} <= {row.line for row in rows}
