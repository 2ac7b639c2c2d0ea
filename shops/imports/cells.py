"""What a cell means. Each function takes the text of one cell and returns its value or raises `CellError`, a sentence."""

import re
from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from stdnum import ean as ean_number
from stdnum import isbn as isbn_number

from shops import allergens as annex
from shops.kinds import Kind
from shops.models import ProductSheet, Temperature

HIGHEST_PRICE = Decimal("99999.99")
MOST_PIECES = 99_999
LONGEST = {
    "reference": 64, "title": 255, "description": 5000, "ingredients": 5000, "origin": 100, "maker": 300,
    "family": 128, "option_1": 80, "option_2": 80, "option_3": 80, "picture_alt": 160, "picture": 5000,
}  # fmt: skip
DEEPEST_CATEGORY = 5
FRENCH_KINDS = {
    "bread": "pain", "meat": "viande", "cheese": "fromage", "produce": "fruits et légumes", "fish": "poisson",
    "food": "épicerie", "sweets": "confiserie", "alcohol": "alcool", "flowers": "fleurs", "book": "livre",
    "clothes": "vêtements", "beauty": "beauté", "goods": "objets", "other": "autre",
}  # fmt: skip
KINDS = {word: kind for kind, french in FRENCH_KINDS.items() for word in (kind, french)}
_NUMBER = re.compile(r"\d{1,9}(?:\.\d+)?", re.ASCII)
_SPACES = re.compile(r"\s")
_FORMULA = re.compile(r"[=+\-@]")  # what spreadsheets reckon (OWASP, CSV injection)
_GUARDED = re.compile(r"'+[=+\-@\t\r]")
_TO_GUARD = re.compile(r"'*[=+\-@\t\r]")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff]")
_YES = {"1", "yes", "oui", "true", "vrai", "x", "y", "o"}
_NO = {"0", "no", "non", "false", "faux", "n"}
_TEMPERATURES = {
    "ambiant": Temperature.AMBIENT,
    "ambient": Temperature.AMBIENT,
    "frais": Temperature.CHILLED,
    "chilled": Temperature.CHILLED,
    "surgelé": Temperature.FROZEN,
    "surgele": Temperature.FROZEN,
    "frozen": Temperature.FROZEN,
}
_UNITS = {unit: unit for unit in ProductSheet.Unit.values} | {
    "pièce": "piece", "pièces": "piece", "pieces": "piece", "gramme": "g", "grammes": "g", "mètre": "m", "": "piece",
}  # fmt: skip
_SOLD_BY = {
    "": "piece", "piece": "piece", "pièce": "piece", "à la pièce": "piece", "by the piece": "piece",
    "weight": "weight", "poids": "weight", "au poids": "weight", "by weight": "weight",
}  # fmt: skip
_WITHDRAWAL = {value: value for value in ProductSheet.Withdrawal.values} | {
    "": "full", "14 jours": "full", "périssable": "perishable", "sur mesure": "custom", "scellé": "sealed",
}  # fmt: skip


class CellError(Exception):
    """This cell cannot be used; the text says why."""


def text(cell: str, *, field: str) -> str:
    """Plain text. What a spreadsheet would run as a formula is refused, unless an apostrophe stands before it (`guarded`)."""
    cell = cell.strip()
    if _FORMULA.match(cell):
        raise CellError(_("A text may not begin with =, +, - or @: spreadsheets take it for a formula."))
    cell = tidy(unguarded(cell))
    if _UNPRINTABLE.search(cell):
        raise CellError(_("This text contains unprintable characters."))
    if len(cell) > LONGEST[field]:
        raise CellError(_("This text has more than %(most)s characters.") % {"most": LONGEST[field]})
    return cell


def guarded(text: str) -> str:
    """A text that no spreadsheet takes for a formula: with an apostrophe in front when it looks like one."""
    return f"'{text}" if _TO_GUARD.match(text) else text


def unguarded(cell: str) -> str:
    """The text that `guarded` was given."""
    return cell[1:] if _GUARDED.match(cell) else cell


def tidy(text: str) -> str:
    """A text with one kind of line ends and nothing around it: so it is compared."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def printable(text: str) -> str:
    """`tidy`, without what no file may hold."""
    return tidy(_UNPRINTABLE.sub("", tidy(text)))


def price(cell: str) -> Decimal:
    """Euros, VAT included: “12,50”, “12.50 €”, “1 234,50”."""
    amount = _number(cell.replace("€", ""))
    if not 0 < amount <= HIGHEST_PRICE:
        bounds = {"least": number_format(Decimal("0.01"), 2), "most": number_format(HIGHEST_PRICE, 2)}
        raise CellError(_("The price must lie between %(least)s and %(most)s euros.") % bounds)
    if amount != amount.quantize(Decimal("0.01")):
        raise CellError(_("A price has at most two decimals."))
    return amount.quantize(Decimal("0.01"))


def stock(cell: str) -> int:
    """Pieces."""
    count = _number(cell)
    if count != int(count) or not 0 <= count <= MOST_PIECES:
        raise CellError(_("The stock must be a whole number between 0 and %(most)s.") % {"most": MOST_PIECES})
    return int(count)


def vat_rate(cell: str) -> Decimal:
    """One of the rates in force, in percent."""
    rate = _number(cell.replace("%", ""))
    if rate not in ProductSheet.VAT_RATES:
        rates = ", ".join(f"{each.normalize():f}" for each in ProductSheet.VAT_RATES)
        raise CellError(
            _("“%(cell)s” is not a VAT rate in force (%(rates)s).") % {"cell": cell.strip(), "rates": rates}
        )
    return rate.quantize(Decimal("0.01"))


def ean(cell: str) -> str:
    """An EAN or ISBN whose check digit is right; an ISBN of ten digits becomes one of thirteen. Empty stays empty."""
    digits = re.sub(r"[\s-]", "", cell)
    if not digits:
        return ""
    if isbn_number.is_valid(digits):
        return isbn_number.to_isbn13(digits)
    if len(digits) <= 13 and ean_number.is_valid(digits):
        return digits
    if re.search(r"[eE]\+?\d+$", digits):
        raise CellError(_("A spreadsheet has shortened this barcode: format the column as text and save again."))
    raise CellError(_("The check digit of “%(cell)s” is wrong: it is not a barcode.") % {"cell": cell.strip()[:40]})


def category(cell: str) -> str:
    """A path such as “Livres > Romans”, tidied."""
    parts = [part.strip() for part in cell.strip().split(">")]
    if parts == [""]:
        return ""
    if not all(parts) or len(parts) > DEEPEST_CATEGORY or any(len(part) > 100 for part in parts):
        raise CellError(_("Write the category like “Books > Novels”, with at most %(most)s levels.") % {"most": 5})
    if any(_FORMULA.match(part) for part in parts):
        raise CellError(_("A text may not begin with =, +, - or @: spreadsheets take it for a formula."))
    return " > ".join(parts)


def allergens(cell: str) -> str:
    """“gluten, lait, fruits à coque” as a product keeps it; “aucun” says that there are none."""
    kept, unknown = annex.read(cell[:500])
    if unknown:
        raise CellError(_("“%(word)s” is not one of the fourteen allergens.") % {"word": unknown[0][:40]})
    if kept != annex.NONE and annex.NONE in annex.split(kept):
        raise CellError(_("Please tick either the allergens or “none of these fourteen”, not both."))
    return kept


def temperature(cell: str) -> str:
    """Ambient, chilled or frozen; empty is ambient."""
    word = cell.strip().lower()
    if word and word not in _TEMPERATURES:
        raise CellError(_("Keeping is “ambient”, “chilled” or “frozen”."))
    return _TEMPERATURES.get(word, Temperature.AMBIENT)


def yes(cell: str) -> bool:
    """Yes or no, in either language."""
    word = cell.strip().lower()
    if word not in _YES | _NO:
        raise CellError(_("Please write “yes” or “no” here."))
    return word in _YES


def kind(cell: str) -> str:
    """The kind of goods; empty is what the shop mostly sells."""
    sentence = _("This is not a kind of goods: please write one of %(kinds)s.") % {"kinds": ", ".join(Kind.values)}
    return _one_of(cell, KINDS, sentence) if cell.strip() else ""


def net_unit(cell: str) -> str:
    """What the net content is counted in."""
    return _one_of(cell, _UNITS, _("The unit is “g”, “ml”, “m” or “piece”."))


def sold_by(cell: str) -> str:
    """By the piece or by weight; empty is by the piece."""
    return _one_of(cell, _SOLD_BY, _("Goods are sold by the “piece” or by “weight”."))


def withdrawal(cell: str) -> str:
    """The right of withdrawal; empty is the full one."""
    return _one_of(cell, _WITHDRAWAL, _("Withdrawal is “full”, “perishable”, “custom” or “sealed”."))


def decimal(cell: str) -> Decimal | None:
    """A number above nothing with at most two decimals; empty is none."""
    if not cell.strip():
        return None
    amount = _number(cell)
    if amount <= 0 or amount != amount.quantize(Decimal("0.01")):
        raise CellError(_("This is a number above 0 with at most two decimals."))
    return amount


def whole(cell: str) -> int | None:
    """A whole number; empty is none."""
    if not cell.strip():
        return None
    count = _number(cell)
    if count != int(count) or not 0 <= count <= MOST_PIECES:
        raise CellError(_("This is a whole number between 0 and %(most)s.") % {"most": MOST_PIECES})
    return int(count)


def _one_of(cell: str, meanings: dict[str, str], sentence: str) -> str:
    word = cell.strip().lower()
    if word not in meanings:
        raise CellError(sentence)
    return meanings[word]


def _number(cell: str) -> Decimal:
    """A number with a decimal comma or point; with both, the last one parts the decimals and the others are grouping."""
    plain = _SPACES.sub("", cell)
    if not plain:
        raise CellError(_("A number is missing here."))
    sign, plain = (-1, plain[1:]) if plain.startswith("-") else (1, plain)
    comma, point = plain.rfind(","), plain.rfind(".")
    if comma > point:
        plain = plain.replace(".", "").replace(",", ".")
    elif comma >= 0:
        plain = plain.replace(",", "")
    if not _NUMBER.fullmatch(plain):
        raise CellError(_("“%(cell)s” is not a number.") % {"cell": cell.strip()[:40]})
    return sign * Decimal(plain)
