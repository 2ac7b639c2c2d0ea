"""WooCommerce's exports: what becomes of their rows under our own headings."""

import pytest
import time_machine
from django.utils import translation

from tests.shops.dialects_of import WOO, WOO_FRENCH, translated


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def test_woocommerce_variations_take_from_their_parent_what_they_lack():
    parent = {
        "ID": "44",
        "Type": "variable",
        "SKU": "TEE",
        "Name": "T-shirt &#8211; bio",
        "Published": "1",
        "Visibility in catalog": "visible",
        "Short description": "Coton bio",
        "Description": "<p>Doux.</p>\\n\\nLavable à 30°",
        "In stock?": "1",
        "Categories": "Vêtements, Vêtements > T-shirts\\, polos",
        "Images": "https://shop.example/a.jpg, https://shop.example/b,c.jpg",
        "Attribute 1 name": "Couleur",
        "Attribute 1 value(s)": "Bleu, Vert",
    }
    blue = {
        "ID": "45",
        "Type": "variation",
        "SKU": "TEE-B",
        "GTIN, UPC, EAN, or ISBN": "3017620422003",
        "Name": "T-shirt - Bleu",
        "Published": "1",
        "In stock?": "1",
        "Stock": "7",
        "Regular price": "20",
        "Sale price": "15,50",
        "Parent": "id:44",
        "Attribute 1 name": "Couleur",
        "Attribute 1 value(s)": "Bleu\\, clair",
        "Attribute 2 name": "Taille",
        "Attribute 2 value(s)": "",
        "Images": "https://shop.example/bleu.jpg",
    }
    green = {
        "ID": "46",
        "Type": "variation",
        "Published": "0",
        "In stock?": "0",
        "Stock": "3",
        "Regular price": "20",
        "Sale price": "10",
        "Date sale price starts": "2026-12-24 00:00:00",
        "Parent": "TEE",
        "Attribute 1 name": "Couleur",
        "Attribute 1 value(s)": "Vert",
    }

    with time_machine.travel("2026-11-29 12:00", tick=False):
        rows, dialect = translated(WOO, blue, green, parent)

    shared = {
        "family": "T-shirt – bio",
        "category": "Vêtements > T-shirts, polos",
        "description": "Coton bio\n\nDoux.\n\nLavable à 30°",
    }
    both = "https://shop.example/a.jpg | https://shop.example/b,c.jpg"
    assert rows == [
        shared
        | {
            "line": 2,
            "reference": "TEE-B",
            "ean": "3017620422003",
            "title": "T-shirt – bio, Bleu, clair",
            "option_1": "Couleur: Bleu, clair",
            "price": "15,50",
            "stock": "7",
            "public": "1",
            "picture": f"https://shop.example/bleu.jpg | {both}",
        },
        shared
        | {
            "line": 3,
            "reference": "woo-46",
            "title": "T-shirt – bio, Vert",
            "option_1": "Couleur: Vert",
            "price": "20",
            "stock": "0",
            "public": "0",
            "picture": both,
        },
    ]
    assert "Meta: _wpcom_is_markdown" in dialect.ignored
    assert not {"Attribute 1 name", "Attribute 1 value(s)", "Weight (kg)"} & set(dialect.ignored)


def test_woocommerce_in_french_and_what_is_no_goods():
    rows, dialect = translated(
        WOO_FRENCH,
        {
            "ID": "1",
            "Type": "simple",
            "UGS": "'-MIEL",
            "Nom": "Miel 250 g",
            "Publié": "1",
            "Poids (g)": "250",
            "Tarif régulier": "4,90",
            "Catégories": "Non classé",
            "En stock ?": "1",
        },
        {"ID": "2", "Type": "simple, virtual", "Nom": "Cours", "Publié": "1", "Tarif régulier": "30"},
        {"ID": "3", "Type": "grouped", "Nom": "Lot", "Publié": "1"},
        {
            "ID": "9",
            "Type": "variation",
            "Nom": "Orpheline - Rouge",
            "Publié": "1",
            "Tarif régulier": "3",
            "Stock": "parent",
            "Parent": "id:77",
            "Nom de l’attribut 1": "Couleur",
            "Valeur(s) de l’attribut 1 ": "Rouge",
        },
    )

    assert rows == [
        {
            "line": 2,
            "reference": "-MIEL",
            "title": "Miel 250 g",
            "price": "4,90",
            "stock": "0",
            "public": "1",
            "net_quantity": "250",
            "net_unit": "g",
        },
        {"line": 5, "reference": "woo-9", "title": "Orpheline - Rouge", "price": "3", "stock": "0", "public": "1"},
    ]
    assert dialect.notes[1:] == [
        "2 products have no counted stock in this file: they come with 0 pieces. (lines 2, 5)",
        "2 rows are no goods to hand over (vouchers, downloads, links or groups) and were left out. (lines 3, 4)",
        "1 variant belongs to a product that is not in this file: it comes as a product of its own. (line 5)",
    ]
