"""From bytes to a document: the one door for JSON that somebody else wrote."""

import json
import math

from .errors import BadMessage, TooLarge

MOST_BYTES = 1_000_000
DEEPEST = 16
SURROGATES = range(0xD800, 0xE000)


def decode(raw: bytes, *, most: int = MOST_BYTES) -> object:
    """Read JSON strictly; raises TooLarge or BadMessage and nothing else.

    Refused: what is not UTF-8, a name that occurs twice in one object, NaN and infinities, more than 16 levels, and texts
    that no database can hold (NUL, halves of surrogate pairs).
    """
    if len(raw) > most:
        raise TooLarge(f"The message is larger than {most} bytes.")
    try:
        value = json.loads(
            raw.decode("utf-8"), object_pairs_hook=_without_twins, parse_constant=_no_number, parse_float=_finite
        )
    except (ValueError, RecursionError) as error:
        raise BadMessage("The message is not JSON.") from error
    _check(value)
    return value


def encode(document: object) -> bytes:
    """Return the document as compact UTF-8 JSON."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def _without_twins(pairs: list[tuple[str, object]]) -> dict:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise BadMessage("A name occurs twice in one object.")
    return found


def _no_number(text: str) -> float:
    raise BadMessage(f"{text} is not a number in JSON.")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise BadMessage("A number is too large.")
    return number


def _check(value: object, level: int = 1) -> None:
    if level > DEEPEST:
        raise BadMessage(f"The message is nested deeper than {DEEPEST} levels.")
    if isinstance(value, str):
        _check_text(value)
    elif isinstance(value, dict):
        for name, item in value.items():
            _check_text(name)
            _check(item, level + 1)
    elif isinstance(value, list):
        for item in value:
            _check(item, level + 1)


def _check_text(text: str) -> None:
    if text.isascii() and "\0" not in text:
        return
    if "\0" in text or any(ord(character) in SURROGATES for character in text):
        raise BadMessage("A text holds a character that cannot be kept.")
