"""Every event in plain words, in both languages."""

import json
import re
from pathlib import Path

import pytest

from pickup.protocol import sentences
from pickup.protocol.vocabulary import Alert, EventType, Outcome, Service

DOCUMENT = (Path(__file__).parents[2] / "docs" / "lockers-protocol.md").read_text(encoding="utf-8")
WORDS = json.loads(sentences.WORDS.read_text(encoding="utf-8"))
REFUSALS = re.findall(
    r"\w+", re.sub(r"\([^)]*\)", "", re.search(r"`credential.rejected` \| `kind`, `why`: (.*)\|", DOCUMENT)[1])
)


def test_both_languages_say_the_same_things_with_the_same_blanks():
    english, french = WORDS["en"]["sentences"], WORDS["fr"]["sentences"]

    assert english.keys() == french.keys()
    assert WORDS["en"]["values"].keys() == WORDS["fr"]["values"].keys()
    for key, text in english.items():
        assert sorted(re.findall(r"{\w+}", text)) == sorted(re.findall(r"{\w+}", french[key])), key


@pytest.mark.parametrize("language", sentences.LANGUAGES)
@pytest.mark.parametrize("kind", [*EventType, "command.outcome"])
def test_every_event_has_a_sentence_of_its_own(kind, language):
    said = sentences.sentence(kind, {}, language)

    assert said.endswith(".")
    assert kind not in said


@pytest.mark.parametrize("why", REFUSALS)
@pytest.mark.parametrize("kind", ["pin", "qr"])
def test_every_refusal_says_why(kind, why):
    said = sentences.sentence("credential.rejected", {"kind": kind, "why": why})

    assert not said.startswith("A code was refused")


@pytest.mark.parametrize("why", Alert)
def test_every_alert_says_why(why):
    assert not sentences.sentence("alert", {"why": why, "detail": "x"}).startswith("Somebody should look")


@pytest.mark.parametrize("outcome", set(Outcome) - {Outcome.DONE, Outcome.DUPLICATE, Outcome.EXPIRED})
def test_every_outcome_of_a_door_is_told(outcome):
    said = sentences.sentence("door.opened", {"outcome": outcome, "purpose": "collect", "compartment": "C12"})

    assert "C12" in said
    assert "ended as" not in said


@pytest.mark.parametrize("state", Service)
def test_a_state_of_service_is_told_with_its_reason(state):
    said = sentences.sentence("compartment.service", {"compartment": "C12", "state": state, "why": "jam"})

    assert "C12" in said
    assert "jam" not in said


def test_i_typed_my_code_and_nothing_happened():
    said = [
        sentences.sentence("credential.rejected", {"kind": "pin", "why": "waiting"}),
        sentences.sentence("door.opened", {"outcome": "jammed", "purpose": "collect", "compartment": "C12"}),
        sentences.sentence("credential.rejected", {"kind": "pin", "why": "waiting"}, "fr"),
    ]

    assert said == [
        "A code was typed while the keypad was waiting after wrong codes.",
        "The lock of door C12 was released twice, but the door did not open.",
        "Un code a été tapé pendant que le clavier attendait, après des codes faux.",
    ]


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("later.invention", {"a": 1}),
        ("door.opened", {"outcome": None, "compartment": ["C12"]}),
        ("alert", {"why": {"nested": 1}, "detail": "{boot_id.__class__}"}),
        ("command.outcome", {"outcome": "refused", "detail": {"reason": "{0}"}}),
        ("credential.rejected", {"why": 7}),
        ("lockout.started", {}),
    ],
)
def test_whatever_a_bank_sends_is_told_without_an_error(kind, data):
    assert sentences.sentence(kind, data)
    assert sentences.sentence(kind, data, "tlh") == sentences.sentence(kind, data, "en")
