"""Which column is which field, by the words that tills and spreadsheets use in French and English."""

import re
import unicodedata

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

NAMES = {
    "reference": _("Reference"),
    "ean": _("Barcode"),
    "title": _("Name"),
    "family": _("Product with variants"),
    "option_1": _("Option 1"),
    "option_2": _("Option 2"),
    "option_3": _("Option 3"),
    "category": _("Category"),
    "price": _("Price incl. VAT"),
    "vat_rate": _("VAT"),
    "stock": _("Stock"),
    "public": _("Visible"),
    "net_quantity": _("Net content"),
    "net_unit": _("Unit"),
    "sold_by": pgettext_lazy("column", "Sold"),
    "price_per_kg": _("Price per kilo"),
    "expected_g": _("Usual weight (g)"),
    "temperature": _("Keeping"),
    "ingredients": _("Ingredients"),
    "allergens": _("Allergens"),
    "origin": _("Origin"),
    "maker": _("Maker"),
    "kind": _("Kind of goods"),
    "description": _("Description"),
    "min_age": _("Minimum age"),
    "needs_signature": _("Signature"),
    "volume_l": _("Volume (l)"),
    "longest_cm": _("Longest side (cm)"),
    "max_dwell_hours": _("Hours in a locker"),
    "lead_minutes": _("Preparation (minutes)"),
    "withdrawal": _("Withdrawal"),
    "picture": _("Photo"),
    "picture_alt": _("Description of the photo"),
}
REQUIRED = ("title", "price", "stock")  # of a new product
IDENTITY = ("reference", "ean")

# Compared without accents, case, spaces and punctuation.
WORDS = {
    "reference": "reference ref sku code codearticle codeproduit article id partnersku",
    "ean": "ean ean13 isbn isbn13 gtin gtin13 codebarre codebarres barcode upc",
    "title": "title titre designation libelle nom nomduproduit name productname produit product intitule",
    "family": "family famille produitadeclinaisons productwithvariants produitavecvariantes parent modele",
    "option_1": "option1 declinaison1 variante1",
    "option_2": "option2 declinaison2 variante2",
    "option_3": "option3 declinaison3 variante3",
    "category": "category categorie categories rayon productcategory",
    "price": "price prix prixttc prixpublic prixpublicttc prixdevente prixdeventettc pvttc pricettc priceinclvat",
    "vat_rate": "vat tva tauxtva tauxdetva vatrate taux",
    "stock": "stock quantite quantity qty qte quantiteenstock numinstock stocks enstock",
    "public": "public visible enligne publie published actif active",
    "net_quantity": "netquantity netcontent contenunet contenance quantitenette poidsnet",
    "net_unit": "netunit unit unite",
    "sold_by": "soldby sold vendu vente modedevente",
    "price_per_kg": "priceperkg priceperkilo prixaukilo prixkg prixaukg",
    "expected_g": "expectedg usualweightg poidshabituelg poidsmoyeng",
    "temperature": "temperature conservation keeping storage",
    "ingredients": "ingredients ingredient composition listedesingredients",
    "allergens": "allergens allergenes",
    "origin": "origin origine provenance",
    "maker": "maker fabricant producteur manufacturer producer marque brand editeur publisher",
    "kind": "kind kindofgoods nature natureduproduit",
    "description": "description texte resume",
    "min_age": "minage minimumage ageminimum",
    "needs_signature": "needssignature signature",
    "volume_l": "volumel volume volumeenlitres",
    "longest_cm": "longestcm longestsidecm pluslonguecotecm pluslongcotecm longueurcm",
    "max_dwell_hours": "maxdwellhours hoursinalocker heuresencasier",
    "lead_minutes": "leadminutes preparationminutes preparation",
    "withdrawal": "withdrawal retractation",
    "picture": "picture photo image images photos",
    "picture_alt": "photoalt picturealt descriptionofthephoto descriptiondelaphoto textealternatif",
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
    """The names of the columns without which no product can be made."""
    names = [str(NAMES[field]) for field in REQUIRED if field not in fields]
    if not is_identified(fields):
        names.append(identity())
    return names


def is_identified(fields: dict[str, int]) -> bool:
    """Whether rows say which product they are about."""
    return any(field in fields for field in IDENTITY)


def identity() -> str:
    return f"{NAMES['reference']} / {NAMES['ean']}"


def plain(header: str) -> str:
    """A header as it is compared: letters and digits, without accents and case."""
    without_accents = unicodedata.normalize("NFKD", header[:200]).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]", "", without_accents.lower())
