"""What is to become of one row of a file."""

from dataclasses import dataclass, field
from typing import NamedTuple

from shops.shelving import Change

CREATE, CHANGE, SAME, REFUSE, EMPTY = "create", "change", "same", "refuse", "empty"


class Problem(NamedTuple):
    """Why a row is refused: the field whose cell it is ("" when it is none of one cell), and a sentence."""

    field: str
    text: str


@dataclass
class Verdict:
    """Of one row: what it does, and with what.

    `changes`: field -> (neutral text before, neutral text after). `change` is the product as it will be, not yet saved,
    `aisle` the category to file it under and `picture` the pictures to get for it, both "" when they stay.
    """

    line: int
    kind: str
    key: str = ""
    title: str = ""
    problems: tuple[Problem, ...] = ()
    changes: dict[str, tuple[str, str]] = field(default_factory=dict)
    change: Change | None = None
    aisle: str = ""
    picture: str = ""

    @property
    def writes(self) -> bool:
        return self.kind in (CREATE, CHANGE)
