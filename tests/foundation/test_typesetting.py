"""French as it is set: no line begins with a colon or ends with an opening guillemet."""

import json
from pathlib import Path

import polib
import pytest

from pickup.controller import kiosk
from pickup.protocol import sentences
from scripts import catalogues


@pytest.mark.parametrize(
    ("written", "set_as"),
    [
        ("Prêt : oui", "Prêt\u00a0: oui"),
        ("Qui ? Vous ! Bien ; oui", "Qui\u202f? Vous\u202f! Bien\u202f; oui"),
        ("« Payer »", "«\u00a0Payer\u00a0»"),
        ("À 12:30, voir http://exemple", "À 12:30, voir http://exemple"),
        ("%(shop)s : %(count)s", "%(shop)s\u00a0: %(count)s"),
    ],
)
def test_the_spaces_of_french_do_not_break(written, set_as):
    assert catalogues.unbroken(written) == set_as


def test_singular_and_plural_are_set_and_the_sources_are_left_alone():
    entry = polib.POEntry(
        msgid="One : %(n)s", msgid_plural="Many : %(n)s", msgstr_plural={0: "Un : %(n)s", 1: "Des : %(n)s"}
    )
    catalogue = polib.POFile()
    catalogue.append(entry)

    (made,) = catalogues.typeset(catalogue)

    assert (made.msgid, made.msgstr_plural) == ("One : %(n)s", {0: "Un\u00a0: %(n)s", 1: "Des\u00a0: %(n)s"})


@pytest.mark.parametrize(
    "file", [sentences.WORDS, Path(kiosk.__file__).with_name("words.json")], ids=lambda file: file.name
)
def test_what_a_bank_says_is_set_like_the_site(file):
    """Nothing compiles these two: they are written as they are shown."""
    french = texts(json.loads(file.read_text(encoding="utf-8"))["fr"])

    assert [text for text in french if text != catalogues.unbroken(text.replace("\u202f", " "))] == []
    assert any("\u202f" in text for text in french)


def texts(words) -> list[str]:
    """All sentences of a language, however they are grouped."""
    return [words] if isinstance(words, str) else [text for group in words.values() for text in texts(group)]
