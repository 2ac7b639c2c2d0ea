"""The fourteen allergens that residents must be able to read of before they order (Regulation (EU) 1169/2011, annex II).

A product keeps them as codes, "gluten,milk"; `NONE` says that it holds none of them, "" that nobody has said anything yet.
"""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

NONE = "none"
NAMES = {
    "gluten": gettext_lazy("gluten (wheat, rye, barley, oats…)"),
    "crustaceans": gettext_lazy("crustaceans"),
    "eggs": pgettext_lazy("allergen", "eggs"),
    "fish": pgettext_lazy("allergen", "fish"),
    "peanuts": gettext_lazy("peanuts"),
    "soya": gettext_lazy("soya"),
    "milk": pgettext_lazy("allergen", "milk"),
    "nuts": gettext_lazy("nuts (almonds, hazelnuts, walnuts…)"),
    "celery": gettext_lazy("celery"),
    "mustard": gettext_lazy("mustard"),
    "sesame": gettext_lazy("sesame"),
    "sulphites": gettext_lazy("sulphites"),
    "lupin": gettext_lazy("lupin"),
    "molluscs": gettext_lazy("molluscs"),
}
CHOICES = [*NAMES.items(), (NONE, gettext_lazy("none of these fourteen"))]

# How people and spreadsheets write them, compared without accents, case and plural.
_WORDS = {
    "gluten": "gluten ble seigle orge avoine froment epeautre kamut cerealecontenantdugluten wheat rye barley oat spelt cereal",
    "crustaceans": "crustace crustacean",
    "eggs": "oeuf egg",
    "fish": "poisson fish",
    "peanuts": "arachide cacahuete cacahouete peanut",
    "soya": "soja soya soy soybean",
    "milk": "lait lactose milk dairy produitlaitier",
    "nuts": "fruitacoque fruitscoque noix noisette amande pistache cajou nut treenut almond hazelnut walnut pistachio cashew",
    "celery": "celeri celery",
    "mustard": "moutarde mustard",
    "sesame": "sesame grainedesesame",
    "sulphites": "sulfite sulphite anhydridesulfureuxetsulfite anhydridesulfureux so2 sulfurdioxide sulphurdioxide",
    "lupin": "lupin",
    "molluscs": "mollusque mollusc mollusk",
    NONE: "aucun aucunallergene none sans neant rien",
}


def _plain(word: str) -> str:
    ascii_only = unicodedata.normalize("NFKD", word.casefold().replace("œ", "oe")).encode("ascii", "ignore").decode()
    return "".join(part.rstrip("s") if len(part) > 1 else part for part in re.findall(r"[a-z0-9]+", ascii_only))


_CODES = {_plain(word): code for code, words in _WORDS.items() for word in (code, *words.split())}


def join(codes) -> str:
    """As a product keeps them, always in the order of the annex: `join(["milk", "gluten"])` is "gluten,milk"."""
    wanted = set(codes)
    return ",".join(code for code in (*NAMES, NONE) if code in wanted)


def split(kept: str) -> list[str]:
    """The codes of a product, or the words that stood there before there were codes."""
    return [code.strip() for code in kept.split(",") if code.strip()]


def read(text: str) -> tuple[str, list[str]]:
    """What a product keeps of a text such as “gluten, lait, fruits à coque”, and the words that name no allergen."""
    without_examples = re.sub(r"\([^)]*\)", "", text)
    words = [word.strip() for word in re.split(r"[,;/|\n]| et | and ", without_examples) if word.strip(" .")]
    codes = {word: _CODES.get(_plain(word)) for word in words}
    return join(code for code in codes.values() if code), [word for word, code in codes.items() if code is None]


def words(kept: str) -> str:
    """As residents read them: “gluten (wheat…), milk”."""
    names = dict(CHOICES)
    return ", ".join(str(names.get(code, code)) for code in split(kept))


def validate(kept: str) -> None:
    """Codes in their order; none and some exclude each other. Raises `ValidationError`."""
    codes = split(kept)
    if NONE in codes and len(codes) > 1:
        raise ValidationError(_("Please tick either the allergens or “none of these fourteen”, not both."))
    if kept != join(codes):
        raise ValidationError(_("This is not one of the fourteen allergens."))
