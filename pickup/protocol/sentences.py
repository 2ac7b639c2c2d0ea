"""What a bank reported, as a sentence that a help desk can read to a caller. English and French; no Django.

`sentence("credential.rejected", {"kind": "pin", "why": "waiting"}, "en")` says why "I typed my code and nothing happened".
Shops, reservations and legs stay numbers here: the record has no names.
"""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

LANGUAGES = ("en", "fr")
WORDS = Path(__file__).with_name("sentences.json")


class _Blanks(dict):
    """What is not in the data is shown as a question mark."""

    def __missing__(self, name: str) -> str:
        return "?"


def sentence(kind: str, data: Mapping, language: str = "en") -> str:
    """Return one event, or one `command.outcome`, in plain words. Never raises, whatever a bank sent."""
    words = _words(language if language in LANGUAGES else LANGUAGES[0])
    template = next((words["sentences"][key] for key in _keys(kind, data) if key in words["sentences"]), None)
    if template is None:
        return words["other"].format_map(_Blanks(kind=kind, data=json.dumps(data, ensure_ascii=False, default=str)))
    shown = _Blanks({name: _shown(name, value, words) for name, value in data.items()})
    return template.format_map(shown)


def _keys(kind: str, data: Mapping) -> list[str]:
    """Return the names under which a sentence may be written, the most precise first."""
    marks = [_mark(kind, data)]
    if kind == "door.opened":
        marks = [f"{data.get('outcome')}.{data.get('purpose')}", *marks]
    if kind == "credential.rejected":
        marks = [f"{data.get('kind')}.{data.get('why')}", *marks]
    return [f"{kind}.{mark}" for mark in marks if mark] + [kind]


MARKS = {
    "door.opened": "outcome",
    "command.outcome": "outcome",
    "credential.rejected": "why",
    "credential.accepted": "purpose",
    "compartment.service": "state",
    "alert": "why",
    "deposit.larger": "way",
    "remark": "code",
}
"""Which part of the data decides between several sentences."""


def _mark(kind: str, data: Mapping) -> str | None:
    detail = data.get("detail")
    if kind == "command.outcome" and data.get("outcome") is None:
        return "accepted"
    if kind == "command.outcome" and isinstance(detail, Mapping) and detail.get("reason"):
        return f"refused.{detail['reason']}"
    if kind == "lockout.started" and data.get("seconds") is None:
        return "closed"
    if kind == "service.entered" and data.get("leg") is not None:
        return "leg"
    return str(data.get(MARKS[kind])) if kind in MARKS else None


def _shown(name: str, value: object, words: Mapping) -> str:
    if value is None:
        return words["nothing"]
    if isinstance(value, list | tuple):
        return ", ".join(str(each) for each in value)
    return words["values"].get(f"{name}.{value}", str(value)) if isinstance(value, str) else str(value)


@cache
def _words(language: str) -> Mapping:
    return json.loads(WORDS.read_text(encoding="utf-8"))[language]
