"""What the law wants residents to read of a product before they order it: nothing is shown that lacks it.

A draft may lack anything. Sources, by field:

- ingredients: Regulation (EU) 1169/2011 art. 9(1)(b) and 14(1)(a) (packed food, before the purchase is concluded);
  Regulation (EU) 1007/2011 art. 16 (fibres of textiles, online too); Regulation (EC) 1223/2009 art. 19 (cosmetics).
- allergens: Regulation (EU) 1169/2011 art. 9(1)(c) and 44 (loose food too), annex II.
- origin: Regulation (EC) 1760/2000 (beef), (EU) 1337/2013 (other meat), (EU) 2023/2429 (fruit and vegetables),
  (EU) 1379/2013 art. 35 (fish), (EU) 1308/2013 art. 119 (wine).
- net content: Regulation (EU) 1169/2011 art. 9(1)(e), 23; arrêté of 16 November 1999 (price per kilo or litre).
- maker: Regulation (EU) 1169/2011 art. 9(1)(h) (food), (EU) 2023/988 art. 19 (goods for consumers, sold at a distance).
- minimum age: code de la santé publique, art. L3342-1.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from shops import kinds
from shops.kinds import Kind

if TYPE_CHECKING:
    from shops.models import ProductSheet

ADULT = 18

_INGREDIENTS = {
    Kind.CLOTHES: _("Please say what it is made of, for example 80 % wool, 20 % polyamide."),
    Kind.BEAUTY: _("Please copy the list of ingredients (INCI) from the packet."),
}
_TEXTS = {
    "ingredients": _("Please copy the list of ingredients from the packet."),
    "allergens": _("Please tick the allergens, or “none of these fourteen”."),
    "origin": _("Please say where it comes from."),
    "net_quantity": _("Please give the content: the price per kilo or litre follows from it."),
    "maker": _("Please name the maker, with a postal and an e-mail address."),
    "min_age": _("Alcohol is sold to adults only: please put 18."),
}


@dataclass(frozen=True)
class Gap:
    """A field that the law wants filled, and the sentence that asks for it."""

    field: str
    text: str


# Whether a sheet says what the field asks for. What is cut and weighed for the resident has its content on the scale.
_SAID: dict[str, Callable[["ProductSheet"], bool]] = {
    "ingredients": lambda sheet: bool(sheet.ingredients.strip()),
    "allergens": lambda sheet: bool(sheet.allergens),
    "origin": lambda sheet: bool(sheet.origin.strip()),
    "net_quantity": lambda sheet: sheet.by_weight or bool(sheet.net_quantity),
    "maker": lambda sheet: bool(sheet.maker.strip()),
    "min_age": lambda sheet: sheet.min_age >= ADULT,
}
# A change of any other field can neither open nor close a gap.
FIELDS = {*_SAID, "kind", "sold_by"}


def gaps(sheet: "ProductSheet") -> list[Gap]:
    """What must still be said before residents may see `sheet`; it need not be saved yet."""
    kind = sheet.known_kind
    return [Gap(field, sentence(field, kind)) for field in kinds.preset(kind).requires if not _SAID[field](sheet)]


def sentence(field: str, kind: Kind) -> str:
    """The words that ask for a required field of goods of that kind."""
    return str(_INGREDIENTS.get(kind, _TEXTS[field]) if field == "ingredients" else _TEXTS[field])
