"""What a catalogue file is once it was read, whatever it was before."""

from typing import NamedTuple


class Unreadable(Exception):
    """The file as a whole cannot be imported; nothing was changed. The text says why."""


class Row(NamedTuple):
    """One row: the line of the file on which it begins, and its cells."""

    line: int
    cells: list[str]


class Table(NamedTuple):
    """A file that was read: how, which column is which field, and its rows."""

    encoding: str
    separator: str
    fields: dict[str, int]
    headers: list[str]
    rows: list[Row]
    format: str = "CSV"
