"""Files of Shopify, WooCommerce and PrestaShop: whose they are, and what becomes of their rows under our own headings."""

import csv
import io

import pytest
import time_machine
from django.utils import translation

from shops.imports import dialects
from shops.imports.reading import Row, Table

SHOPIFY = (
    "Handle,Title,Body (HTML),Vendor,Product Category,Type,Tags,Published,Option1 Name,Option1 Value,Option2 Name,"
    "Option2 Value,Option3 Name,Option3 Value,Variant SKU,Variant Grams,Variant Inventory Tracker,Variant Inventory Qty,"
    "Variant Inventory Policy,Variant Fulfillment Service,Variant Price,Variant Compare At Price,Variant Requires Shipping,"
    "Variant Taxable,Variant Barcode,Image Src,Image Position,Image Alt Text,Gift Card,SEO Title,SEO Description,"
    "Variant Image,Variant Weight Unit,Variant Tax Code,Cost per item,Price / International,Status"
)
SHOPIFY_2024 = (
    "Title,URL handle,Description,Vendor,Product category,Type,Tags,Published on online store,Status,SKU,Barcode,Option1 name,"
    "Option1 value,Option2 name,Option2 value,Option3 name,Option3 value,Price,Compare-at price,Cost per item,Charge tax,"
    "Unit price total measure,Unit price total measure unit,Unit price base measure,Unit price base measure unit,"
    "Inventory tracker,Inventory quantity,Continue selling when out of stock,Weight value (grams),Weight unit for display,"
    "Requires shipping,Fulfillment service,Product image URL,Image position,Image alt text,Variant image URL,Gift card"
)
WOO = (
    'ID,Type,SKU,"GTIN, UPC, EAN, or ISBN",Name,Published,Is featured?,Visibility in catalog,Short description,Description,'
    "Date sale price starts,Date sale price ends,Tax status,Tax class,In stock?,Stock,Low stock amount,Backorders allowed?,"
    "Sold individually?,Weight (kg),Length (cm),Sale price,Regular price,Categories,Tags,Shipping class,Images,Parent,Position,"
    "Attribute 1 name,Attribute 1 value(s),Attribute 1 visible,Attribute 1 global,Attribute 2 name,Attribute 2 value(s),"
    "Meta: _wpcom_is_markdown"
)
WOO_FRENCH = (
    'ID,Type,UGS,"GTIN, UPC, EAN ou ISBN",Nom,Publié,Mis en avant ?,Visibilité dans le catalogue,Description courte,Description,'
    "Date de début de promo,Date de fin de promo,État de la TVA,Classe de TVA,En stock ?,Stock,Poids (g),Tarif promo,"
    "Tarif régulier,Catégories,Étiquettes,Images,Parent,Nom de l’attribut 1,Valeur(s) de l’attribut 1 ,Attribut 1 visible"
)
PRESTA = (
    "Product ID;Active (0/1);Name *;Categories (x,y,z...);Price tax excluded;Tax rules ID;Wholesale price;On sale (0/1);"
    "Discount amount;Discount percent;Discount from (yyyy-mm-dd);Discount to (yyyy-mm-dd);Reference #;Supplier reference #;"
    "Supplier;Manufacturer;EAN13;UPC;MPN;Ecotax;Width;Height;Depth;Weight;Quantity;Minimal quantity;Visibility;Unity;"
    "Unit price;Summary;Description;Tags (x,y,z...);Available for order (0 = No, 1 = Yes);Image URLs (x,y,z...);"
    "Image alt texts (x,y,z...);Condition;Virtual product (0 = No, 1 = Yes)"
)
PRESTA_FRENCH = (
    "ID;Actif (0/1);Nom *;Catégories (x,y,z...);Prix hors taxe;ID règle de taxes;Référence #;EAN13;Quantité;Résumé;Description;"
    "URL des images (x,y,z...)"
)
PRESTA_LIST = "Product ID;Image;Nom;Référence;Catégorie;Prix (HT);Prix (TTC);Quantité;État;Position"
PRESTA_LIST_ENGLISH = (
    "Product ID;Image;Name;Reference;Category;Price (tax excl.);Price (tax incl.);Quantity;Status;Position"
)


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def heads(line: str, separator: str = ",") -> list[str]:
    return next(csv.reader([line], delimiter=separator))


def table(line: str, *rows: dict[str, str], separator: str = ",") -> Table:
    """A table with these headings, of rows that name the cells they have."""
    headers = heads(line, separator)
    for row in rows:
        assert set(row) <= set(headers), set(row) - set(headers)
    cells = [Row(number, [row.get(header, "") for header in headers]) for number, row in enumerate(rows, 2)]
    return Table("utf-8", separator, {}, headers, cells)


def translated(line: str, *rows: dict[str, str], separator: str = ","):
    """The rows under our headings, empty cells left out, and the dialect that knows what it did."""
    read = table(line, *rows, separator=separator)
    dialect = dialects.recognise(read.headers)
    result = dialect.translate(read)
    assert result.fields == {field: place for place, field in enumerate(result.headers)}
    named = [
        {"line": row.line} | {field: cell for field, cell in zip(result.headers, row.cells, strict=True) if cell}
        for row in result.rows
    ]
    return named, dialect


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
