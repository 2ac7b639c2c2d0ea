"""The judge of a scenario: compares what was seen with what was expected, and says it in words."""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum


class Failed(AssertionError):
    """The controller does not do what the contract says; the text says what was seen instead."""


class Judge:
    """What every rehearsal may ask."""

    @contextmanager
    def naming(self, part: str) -> Iterator[None]:
        """Put the name of a part of the scenario before what fails in it."""
        try:
            yield
        except Failed as failed:
            raise Failed(f"{part}: {failed}") from failed

    def equal(self, what: str, seen: object, expected: object) -> None:
        """Raise Failed unless what was seen is what was expected."""
        if seen != expected:
            raise Failed(f"{what}: expected {_words(expected)}, seen {_words(seen)}")

    def true(self, sentence: str, holds: bool) -> None:
        """Raise Failed with a sentence that says what should be, unless it is so."""
        if not holds:
            raise Failed(sentence)


def _words(value: object) -> str:
    if isinstance(value, set | frozenset):
        return f"{{{', '.join(sorted(map(_words, value)))}}}"
    if isinstance(value, tuple | list):
        return f"[{', '.join(map(_words, value))}]"
    return str(value) if isinstance(value, StrEnum) else repr(value)
