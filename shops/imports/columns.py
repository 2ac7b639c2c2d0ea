"""Which column is which field, by the words that tills and spreadsheets use in French and English."""

import re
import unicodedata

from django.utils.translation import gettext_lazy as _

NAMES = {
    "reference": _("Reference"),
    "ean": _("Barcode"),
    "title": _("Name"),
    "category": _("Category"),
    "price": _("Price incl. VAT"),
    "vat_rate": _("VAT"),
    "stock": _("Stock"),
    "description": _("Description"),
    "allergens": _("Allergens"),
    "origin": _("Origin"),
    "temperature": _("Keeping"),
}
REQUIRED = ("title", "price", "stock")
IDENTITY = ("reference", "ean")

# Compared without accents, case, spaces and punctuation.
WORDS = {
    "reference": "reference ref sku code codearticle codeproduit article id partnersku",
    "ean": "ean ean13 isbn isbn13 gtin gtin13 codebarre codebarres barcode upc",
    "title": "title titre designation libelle nom nomduproduit name productname produit product intitule",
    "category": "category categorie categories rayon famille productcategory",
    "price": "price prix prixttc prixpublic prixpublicttc prixdevente prixdeventettc pvttc pricettc priceinclvat",
    "vat_rate": "vat tva tauxtva tauxdetva vatrate taux",
    "stock": "stock quantite quantity qty qte quantiteenstock numinstock stocks enstock",
    "description": "description texte resume",
    "allergens": "allergens allergenes",
    "origin": "origin origine provenance",
    "temperature": "temperature conservation keeping storage",
}
_FIELD_OF = {word: field for field, words in WORDS.items() for word in words.split()}


def recognise(headers: list[str]) -> dict[str, int]:
    """Field -> position; the first column of two with the same meaning counts."""
    found = {}
    for position, header in enumerate(headers):
        field = _FIELD_OF.get(plain(header))
        if field is not None:
            found.setdefault(field, position)
    return found


def missing(fields: dict[str, int]) -> list[str]:
    """The names of the columns without which nothing can be imported."""
    names = [str(NAMES[field]) for field in REQUIRED if field not in fields]
    if not any(field in fields for field in IDENTITY):
        names.append(f"{NAMES['reference']} / {NAMES['ean']}")
    return names


def plain(header: str) -> str:
    """A header as it is compared: letters and digits, without accents and case."""
    without_accents = unicodedata.normalize("NFKD", header[:200]).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]", "", without_accents.lower())
