"""Headings of other systems as they publish them, tables under them, and what our dialects make of their rows."""

import csv

from shops.imports import dialects
from shops.imports.tables import Row, Table

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
