"""Compile the translation catalogues with Python alone, so that no gettext need be installed.

English is the language of the source: its catalogue says each of our texts with itself, so that no library's English
("cart" for our basket) takes the place of our words.
"""

from pathlib import Path

import polib

LOCALES = Path(__file__).resolve().parent.parent / "marketplace" / "locale"
FRENCH = LOCALES / "fr" / "LC_MESSAGES" / "django.po"
ENGLISH = LOCALES / "en" / "LC_MESSAGES" / "django.mo"


def compile_all() -> None:
    """Write the .mo files that are older than the French .po."""
    for target, catalogue in ((FRENCH.with_suffix(".mo"), lambda french: french), (ENGLISH, english)):
        if not target.exists() or target.stat().st_mtime < FRENCH.stat().st_mtime:
            target.parent.mkdir(parents=True, exist_ok=True)
            catalogue(polib.pofile(str(FRENCH))).save_as_mofile(str(target))


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
