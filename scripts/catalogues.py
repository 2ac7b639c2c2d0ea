"""Compile the translation catalogues with Python alone, so that no gettext need be installed.

English is the language of the source: its catalogue says each of our texts with itself, so that no library's English
("cart" for our basket) takes the place of our words.
"""

import re
from pathlib import Path

import polib

LOCALES = Path(__file__).resolve().parent.parent / "marketplace" / "locale"
FRENCH = LOCALES / "fr" / "LC_MESSAGES" / "django.po"
ENGLISH = LOCALES / "en" / "LC_MESSAGES" / "django.mo"


def compile_all() -> None:
    """Write the .mo files that are older than the French .po."""
    for target, catalogue in ((FRENCH.with_suffix(".mo"), typeset), (ENGLISH, english)):
        if not target.exists() or target.stat().st_mtime < FRENCH.stat().st_mtime:
            target.parent.mkdir(parents=True, exist_ok=True)
            catalogue(polib.pofile(str(FRENCH))).save_as_mofile(str(target))


def typeset(french: polib.POFile) -> polib.POFile:
    """The catalogue with the spaces of French before : ; ! ? » and after «, at which no line may be broken."""
    for entry in french:
        entry.msgstr = unbroken(entry.msgstr)
        entry.msgstr_plural = {number: unbroken(text) for number, text in entry.msgstr_plural.items()}
    return french


def unbroken(text: str) -> str:
    """French text with its no-break spaces: narrow ones before ; ! ?, wide ones elsewhere."""
    return re.sub(" (?=[;!?])", "\u202f", re.sub("(?<=«) | (?=[:»])", "\u00a0", text))


def english(french: polib.POFile) -> polib.POFile:
    """The catalogue in which every source is its own translation."""
    french.metadata["Plural-Forms"] = "nplurals=2; plural=(n != 1);"
    for entry in french:
        if entry.msgid_plural:
            entry.msgstr_plural = {0: entry.msgid, 1: entry.msgid_plural}
        else:
            entry.msgstr = entry.msgid
    return french


if __name__ == "__main__":
    compile_all()
