"""PrestaShop's files of products: what becomes of their rows under our own headings."""

import pytest
import time_machine
from django.utils import translation

from tests.shops.dialects_of import PRESTA, PRESTA_FRENCH, PRESTA_LIST, PRESTA_LIST_ENGLISH, heads, translated


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def test_prestashop_prices_without_vat_get_it_and_the_preview_says_so():
    with time_machine.travel("2026-11-29 12:00", tick=False):
        rows, dialect = translated(
            PRESTA,
            {
                "Product ID": "1",
                "Active (0/1)": "1",
                "Name *": "Pain de campagne",
                "Categories (x,y,z...)": "Home,Home/Pains/Campagne,Pains",
                "Price tax excluded": "4.265403",
                "Tax rules ID": "3",
                "Reference #": "PAIN",
                "EAN13": "3017620422003",
                "Quantity": "12",
                "Summary": "<p>Au levain</p>",
                "Description": "<p>Au levain, cuit au bois.</p>",
                "Image URLs (x,y,z...)": "https://shop.example/1.jpg,https://shop.example/2.jpg",
                "Image alt texts (x,y,z...)": "Le pain,La mie",
            },
            {
                "Product ID": "2",
                "Active (0/1)": "0",
                "Name *": "Bougie",
                "Price tax excluded": "10",
                "Tax rules ID": "1",
                "Discount percent": "25",
                "Discount from (yyyy-mm-dd)": "2026-11-01",
                "Discount to (yyyy-mm-dd)": "2026-12-31",
                "Quantity": "1",
                "UPC": "036000291452",
            },
            {
                "Product ID": "3",
                "Active (0/1)": "1",
                "Name *": "Vase",
                "Price tax excluded": "10",
                "Tax rules ID": "9",
                "Discount amount": "2",
                "Discount to (yyyy-mm-dd)": "2026-01-31",
                "Quantity": "",
            },
            {"Product ID": "4", "Active (0/1)": "1", "Name *": "PDF", "Virtual product (0 = No, 1 = Yes)": "1"},
            {"Product ID": "5", "Active (0/1)": "1", "Name *": "?", "Price tax excluded": "à voir", "Quantity": "2"},
            separator=";",
        )

    assert rows == [
        {
            "line": 2,
            "reference": "PAIN",
            "ean": "3017620422003",
            "title": "Pain de campagne",
            "category": "Pains > Campagne",
            "price": "4.50",
            "vat_rate": "5.50",
            "stock": "12",
            "public": "1",
            "description": "Au levain, cuit au bois.",
            "picture": "https://shop.example/1.jpg | https://shop.example/2.jpg",
            "picture_alt": "Le pain",
        },
        {
            "line": 3,
            "reference": "ps-2",
            "ean": "036000291452",
            "title": "Bougie",
            "price": "9.00",
            "vat_rate": "20.00",
            "stock": "1",
            "public": "0",
        },
        {
            "line": 4,
            "reference": "ps-3",
            "title": "Vase",
            "price": "12.00",
            "vat_rate": "20.00",
            "stock": "0",
            "public": "1",
        },
        {"line": 6, "reference": "ps-5", "title": "?", "price": "à voir", "stock": "2", "public": "1"},
    ]
    assert dialect.notes[0] == (
        "The prices of this file are without VAT: we have added it, by tax rule: 1 → 20 %, 3 → 5.5 %, 9 → 20 %. "
        "Please check some of them."
    )


@pytest.mark.parametrize("headings", [PRESTA_LIST, PRESTA_LIST_ENGLISH])
def test_the_list_of_a_prestashop_back_office_has_both_prices(headings):
    names = heads(headings, ";")
    cells = ["7", "https://shop.example/7.jpg", "Livre", "L7", "Livres", "10,00 €", "10,55 €", "3", "1", "0"]

    rows, dialect = translated(headings, dict(zip(names, cells, strict=True)), separator=";")

    assert rows == [
        {
            "line": 2,
            "reference": "L7",
            "title": "Livre",
            "category": "Livres",
            "price": "10.55",
            "vat_rate": "5.50",
            "stock": "3",
            "public": "1",
            "picture": "https://shop.example/7.jpg",
        }
    ]
    assert dialect.ignored == ["Position"]
    assert len(dialect.notes) == 1


def test_prestashop_in_french():
    rows, _dialect = translated(
        PRESTA_FRENCH,
        {
            "ID": "1",
            "Actif (0/1)": "1",
            "Nom *": "Savon",
            "Catégories (x,y,z...)": "Accueil,Bain",
            "Prix hors taxe": "5",
            "ID règle de taxes": "1",
            "Référence #": "SAV",
            "Quantité": "8",
            "Résumé": "Doux",
            "Description": "À l’huile d’olive",
        },
        separator=";",
    )

    assert rows == [
        {
            "line": 2,
            "reference": "SAV",
            "title": "Savon",
            "category": "Bain",
            "price": "6.00",
            "vat_rate": "20.00",
            "stock": "8",
            "public": "1",
            "description": "Doux\n\nÀ l’huile d’olive",
        }
    ]
