"""PrestaShop's files of products: its template for imports and the export of its list, under English and French headings.

Source: PrestaShop documentation, “Import” (sample file of products), and the export of the catalogue in its back office.
Its prices are without VAT as a rule; ours are with it (directive 98/6/EC art. 2(a)).
"""

from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from marketplace.foundation.money import half_up
from shops.imports import prose
from shops.imports.columns import plain as folded
from shops.imports.foreign import BETWEEN, NO, YES, Dialect, content_in, number
from shops.imports.tables import Row
from shops.models import ProductSheet

NOT_A_CATEGORY = ("home", "accueil", "root", "racine")
# The groups of tax rules of a new French shop, in the order in which PrestaShop makes them.
FRENCH_RULES = {"0": "0.00", "1": "20.00", "2": "10.00", "3": "5.50", "4": "2.10"}
USUAL_RATE = Decimal("20.00")


class PrestaShop(Dialect):
    """What PrestaShop imports and what its list exports."""

    name = "PrestaShop"
    WORDS = {
        "id": "Product ID|ID|ID produit",
        "active": "Active (0/1)|Actif (0/1)",  # the template
        "status": "Status|Statut|État|Active|Actif",  # the list
        "name": "Name *|Name|Nom *|Nom",
        "categories": "Categories (x,y,z...)|Catégories (x,y,z...)|Category|Catégorie|Default category|Catégorie par défaut",
        "without": "Price tax excluded|Price (tax excl.)|Prix HT|Prix (HT)|Prix hors taxe|Prix hors taxes",
        "with": "Price tax included|Price (tax incl.)|Prix TTC|Prix (TTC)",
        "rule": "Tax rules ID|Tax rule ID|ID règle de taxes|ID règles de taxes|ID de la règle de taxe|Règle de taxe",
        "amount": "Discount amount|Montant de la remise|Montant de la réduction",
        "percent": "Discount percent|Pourcentage de réduction|Pourcentage de remise|Remise en pourcentage",
        "from": "Discount from (yyyy-mm-dd)|Réduction de (aaaa-mm-jj)|Remise à partir du (aaaa-mm-jj)",
        "to": "Discount to (yyyy-mm-dd)|Réduction à (aaaa-mm-jj)|Remise jusqu’au (aaaa-mm-jj)",
        "reference": "Reference #|Reference|Référence #|Référence|Référence n°",
        "ean": "EAN13|EAN-13|EAN",
        "upc": "UPC|CUP",
        "weight": "Weight|Poids|Package weight",
        "quantity": "Quantity|Quantité",
        "visibility": "Visibility|Visibilité",
        "summary": "Summary|Short description|Résumé|Récapitulatif",
        "description": "Description",
        "orderable": "Available for order (0 = No, 1 = Yes)|Disponible à la commande (0 = Non, 1 = Oui)"
        "|Disponible à la commande (0/1)",
        "images": "Image URLs (x,y,z...)|Image URLs (x,y,z,...)|URL des images (x,y,z...)|URL des images (x,y,z, etc.)|Image",
        "alts": "Image alt texts (x,y,z...)|Textes alternatifs des images (x,y,z...)|Textes alternatif des images (x,y,z...)",
        "virtual": "Virtual product (0 = No, 1 = Yes)|Virtual product|Produit dématérialisé (0 = Non, 1 = Oui)"
        "|Produit dématérialisé (0/1)",
    }
    NEEDS = (
        ("active", "name", "without"),
        ("active", "name", "with", "categories"),
        ("id", "name", "categories", "without", "with", "status"),
    )

    def __init__(self, headers: list[str]):
        super().__init__(headers)
        self._rates: dict[str, Decimal] = {}  # group of tax rules -> the rate that was taken

    def products(self, rows: list[Row]) -> list[tuple[int, dict[str, str]]]:
        made = [(row.line, self._product(row)) for row in rows if any(row.cells)]
        return [(line, values) for line, values in made if values]

    def remarks(self) -> list[str]:
        told = []
        if self._rates:
            rates = ", ".join(f"{rule or '–'} → {rate.normalize():f} %" for rule, rate in sorted(self._rates.items()))
            told.append(
                _(
                    "The prices of this file are without VAT: we have added it, by tax rule: %(rates)s. Please check some of them."
                )
                % {"rates": rates}
            )
        told.append(_("PrestaShop keeps variants (combinations) in a file of their own: they are not in this one."))
        return told

    def _product(self, row: Row) -> dict[str, str]:
        if self.cell(row, "virtual") == "1":
            self.remark("no_goods", row.line)
            return {}
        price, rate = self._price(row)
        name = self.cell(row, "name")
        weight = number(self.cell(row, "weight"))
        images = self._parts(row, "images")
        return {
            "reference": self.cell(row, "reference") or f"ps-{self.cell(row, 'id') or row.line}",
            "ean": self.ean(row.line, self.cell(row, "ean") or self.cell(row, "upc")),
            "title": name,
            "category": self._category(row),
            "price": price,
            "vat_rate": rate,
            "stock": self.stock(row.line, self.cell(row, "quantity")),
            "public": self._public(row),
            **content_in(name, weight * 1000 if weight else None),
            "description": self._description(row),
            "picture": BETWEEN.join(images),
            "picture_alt": next(iter(self._parts(row, "alts")), "")[:160] if images else "",
        }

    def _price(self, row: Row) -> tuple[str, str]:
        """Euros with VAT, less what is taken off today, and the rate; texts that are no numbers stay for the next reader."""
        without, with_vat = number(self.cell(row, "without")), number(self.cell(row, "with"))
        rate = self._rate(row, without, with_vat)
        if with_vat is None and without is not None:
            used = self._rates[self.cell(row, "rule")] = rate if rate is not None else USUAL_RATE
            rate, with_vat = used, without * (100 + used) / 100
        if with_vat is None:
            return self.cell(row, "with") or self.cell(row, "without"), ""
        return f"{half_up(self._reduced(row, with_vat))}", "" if rate is None else f"{rate}"

    def _rate(self, row: Row, without: Decimal | None, with_vat: Decimal | None) -> Decimal | None:
        """By both prices when there are two, else by the group of tax rules."""
        if without and with_vat:
            asked = (with_vat / without - 1) * 100
            nearest = min(ProductSheet.VAT_RATES, key=lambda rate: abs(rate - asked))
            return nearest if abs(nearest - asked) < 1 else None
        known = FRENCH_RULES.get(self.cell(row, "rule"))
        return Decimal(known) if known else None

    def _reduced(self, row: Row, price: Decimal) -> Decimal:
        today, begins, ends = timezone.localdate().isoformat(), self.cell(row, "from")[:10], self.cell(row, "to")[:10]
        amount, percent = number(self.cell(row, "amount")) or 0, number(self.cell(row, "percent")) or 0
        is_over = (begins > today) or (ends.strip("0-") and ends < today)
        reduced = price * (100 - percent) / 100 - amount
        if is_over or not 0 < reduced < price:
            return price
        self.remark("reduced", row.line)
        return reduced

    def _category(self, row: Row) -> str:
        """The first that is not the front page: PrestaShop's main category. “Home/Bread” is a path."""
        for part in self._parts(row, "categories"):
            path = [step.strip() for step in part.split("/") if folded(step) not in NOT_A_CATEGORY and step.strip()]
            if path:
                return " > ".join(path)
        return ""

    def _public(self, row: Row) -> str:
        off = (self.cell(row, "active") or self.cell(row, "status")).lower() in (
            "0",
            "no",
            "non",
            "disabled",
            "inactif",
            "désactivé",
            "hors ligne",
        )
        unseen = self.cell(row, "visibility").lower() in ("none", "nulle part") or self.cell(row, "orderable") == "0"
        return NO if off or unseen else YES

    def _description(self, row: Row) -> str:
        return prose.joined(*(prose.plain(self.cell(row, word)) for word in ("summary", "description")))

    def _parts(self, row: Row, word: str) -> list[str]:
        return [part.strip() for part in self.cell(row, word).split(",") if part.strip()]
