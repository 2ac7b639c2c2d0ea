"""What a reader of `pickup.protocol` asks of a document, as a JSON Schema.

The reader is run on a document that notes each question and gives an answer that passes; stand-ins for the functions of
`pickup.protocol.fields` note the limits. So a schema says what the code checks, field by field, and nothing else.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from enum import StrEnum
from unittest.mock import patch

from pickup.protocol import envelope, fields
from pickup.protocol.errors import BadMessage

MOMENT = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$"}
SIGNED = {"kid": {"type": "string"}, "sig": {"type": "string", "pattern": "^[A-Za-z0-9_-]+=*$"}}
ANY_KEY = "*"
BANK = "b7f3a"


class Noted(Mapping):
    """A document that answers every question of a reader and notes it. `type` is what its field `type` says."""

    def __init__(self, type_: str | None = None) -> None:
        self.type = type_
        self.properties: dict[str, dict] = {}
        self.inner: dict[str, Noted] = {}
        self.optional: set[str] = set()
        self.missing: set[str] = set()
        """Fields that may be left out, though not null."""
        self.parent: Noted | None = None
        self.scalar: dict = {}
        """Set when it stood for a single value in a list, not for a document."""
        self.is_document = type_ is not None

    def note(self, name: str, schema: dict) -> None:
        self.properties[name] = schema

    def get(self, name: str, default: object = None) -> object:
        fixed = {"v": envelope.VERSION, "type": self.type}
        if name in fixed and fixed[name] is not None:
            self.note(name, {"const": fixed[name]})
            return fixed[name]
        if name == "bank":
            self.note(name, {"type": "string", "minLength": 1, "maxLength": 20})
            return BANK
        return self.inner.setdefault(name, Noted())

    def __getitem__(self, name: str) -> "Noted":
        """Readers look at `get` first when a part may be missing, and then take it like this."""
        part = self.inner.setdefault(name, Noted())
        if name == ANY_KEY:
            part.parent = self
        else:
            self.optional.add(name)
        return part

    def __iter__(self) -> Iterator[str]:
        return iter([ANY_KEY])

    def __len__(self) -> int:
        return 1

    def schema(self) -> dict:
        """What was asked, as a schema. Unknown fields are allowed: readers skip them."""
        properties = dict(self.properties)
        for name, part in self.inner.items():
            if name not in properties and part.is_document:
                properties[name] = part.schema()
        for name in self.optional & properties.keys():
            properties[name] = nullable(properties[name])
        if not properties:
            return {"type": "object"}
        if ANY_KEY in properties:
            return {"type": "object", "additionalProperties": properties[ANY_KEY], "minProperties": 1}
        required = sorted(properties.keys() - self.optional - self.missing)
        return {"type": "object", "required": required, "properties": dict(sorted(properties.items()))}


def nullable(schema: dict) -> dict:
    return {"anyOf": [schema, {"type": "null"}]}


# What stands in for the functions of `pickup.protocol.fields` while a reader runs.


def note(source: Mapping, name: str, schema: dict) -> None:
    """Note a question; a reader may have wrapped the document, to give a default, or a single value, to name it."""
    if isinstance(source, Noted):
        source.note(name, schema)
    elif ANY_KEY in source:
        document = source[ANY_KEY].parent
        document.note(name, schema)
        document.missing.add(name)
    else:
        source[name].scalar = schema


def document(value: Noted, _name: str = "") -> Noted:
    value.is_document = True
    return value


def text(source: Noted, name: str, *, longest: int = 200) -> str:
    note(source, name, {"type": "string", "minLength": 1, "maxLength": longest})
    return "x"


def number(source: Noted, name: str, *, least: int = 0, most: int = fields.LARGEST_INTEGER) -> int:
    note(source, name, {"type": "integer", "minimum": least, "maximum": most})
    return least


def decimal(source: Noted, name: str, *, least: float, most: float) -> float:
    note(source, name, {"type": "number", "minimum": least, "maximum": most})
    return least


def flag(source: Noted, name: str) -> bool:
    note(source, name, {"type": "boolean"})
    return False


def choice(source: Noted, name: str, kind: type[StrEnum]) -> StrEnum:
    note(source, name, {"enum": [str(member) for member in kind]})
    return next(iter(kind))


def moment(source: Noted, name: str) -> None:
    note(source, name, MOMENT)


def items(source: Noted, name: str, read: Callable, *, most: int) -> tuple:
    note(source, name, {"type": "array", "maxItems": most, "items": asked_by(read)})
    return ()


def optional(read: Callable, source: Noted, name: str, *arguments, **limits) -> None:
    read(source, name, *arguments, **limits)
    source.optional.add(name)


def verify(source: Noted, _keys: object) -> None:
    for name, schema in SIGNED.items():
        source.note(name, schema)


STAND_INS = {each.__name__: each for each in (document, text, number, decimal, flag, choice, moment, items, optional)}


def asked_by(read: Callable, type_: str | None = None) -> dict:
    """The schema of what `read` asks of its document."""
    noted = Noted(type_)
    with (
        patch.multiple(fields, **STAND_INS),
        patch.object(envelope, "verify", verify),
        patch.object(envelope, "read_public_keys", lambda keys: keys),
        suppress(BadMessage),
    ):  # a rule between fields, after all of them were read
        read(noted)
    return noted.scalar or noted.schema()
