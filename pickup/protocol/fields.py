"""Reading one field of a document with an error that names the field."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any, TypeVar

from .envelope import to_moment
from .errors import BadMessage

Choice = TypeVar("Choice", bound=StrEnum)
LARGEST_INTEGER = 2**63 - 1


def document(value: object, name: str = "The message") -> Mapping:
    """Return the value if it is a JSON object, else raise BadMessage."""
    if not isinstance(value, Mapping):
        raise BadMessage(f"{name} must be an object.")
    return value


def text(source: Mapping, name: str, *, longest: int = 200) -> str:
    """Return a string of 1 to `longest` characters."""
    value = source.get(name)
    if not isinstance(value, str) or not value or len(value) > longest:
        raise BadMessage(f"{name} must be a text of 1 to {longest} characters.")
    return value


def number(source: Mapping, name: str, *, least: int = 0, most: int = LARGEST_INTEGER) -> int:
    """Return an integer between `least` and `most`; a boolean is no integer."""
    value = source.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise BadMessage(f"{name} must be an integer from {least} to {most}.")
    return value


def decimal(source: Mapping, name: str, *, least: float, most: float) -> float:
    """Return a number between `least` and `most`, for documents that are not signed; NaN is none."""
    value = source.get(name)
    if not isinstance(value, int | float) or isinstance(value, bool) or not least <= value <= most:
        raise BadMessage(f"{name} must be a number from {least} to {most}.")
    return float(value)


def flag(source: Mapping, name: str) -> bool:
    """Return true or false."""
    value = source.get(name)
    if not isinstance(value, bool):
        raise BadMessage(f"{name} must be true or false.")
    return value


def choice(source: Mapping, name: str, kind: type[Choice]) -> Choice:
    """Return the member of an enumeration."""
    try:
        return kind(source.get(name))
    except ValueError as error:
        raise BadMessage(f"{name} must be one of {', '.join(kind)}.") from error


def moment(source: Mapping, name: str):
    """Return an aware moment in UTC."""
    return to_moment(source.get(name))


def items(source: Mapping, name: str, read: Callable[[Any], Any], *, most: int) -> tuple:
    """Return the list called `name`, each item read by `read`."""
    values = source.get(name)
    if not isinstance(values, list) or len(values) > most:
        raise BadMessage(f"{name} must be a list of at most {most} items.")
    return tuple(read(value) for value in values)


def optional(read: Callable[..., Any], source: Mapping, name: str, *arguments, **limits) -> Any:
    """Return None when the field is missing or null, else read it."""
    return None if source.get(name) is None else read(source, name, *arguments, **limits)
