"""What is planned: stays of legs behind doors of a temperature."""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from typing import Any

from pickup.models.device import Size

ORDER = {str(size): index for index, size in enumerate(Size)}
SIZES = list(ORDER)
RESERVE_ABOVE = 3
LOW_SHARE = 0.2
MORNING_SHARE = 0.15


@dataclass(frozen=True, kw_only=True, slots=True)
class Stay:
    """One leg's time behind a door, `[start, end)` at the longest; or the same time of several `legs`.

    `fixed`: the class of the door it already has. `since`: when it can be collected from; `ready`: that moment has come.
    """

    start: datetime
    end: datetime
    size: str
    low: bool = False
    fixed: str = ""
    since: datetime | None = None
    ready: bool = False
    legs: int = 1


class Crowd(list[Stay]):
    """Stays that many windows are judged against. Complete it before it is judged: what was found out of it is kept."""

    def __init__(self, stays: Iterable[Stay] = ()):
        super().__init__(stays)
        self._found: dict[Hashable, Any] = {}

    @classmethod
    def of(cls, stays: Iterable[Stay]) -> "Crowd":
        """Itself when it is one."""
        return stays if isinstance(stays, cls) else cls(stays)

    def found(self, what: Hashable, find: Callable[[], Any]) -> Any:
        """What `find` says, asked once for each `what`."""
        if what not in self._found:
            self._found[what] = find()
        return self._found[what]


@dataclass(frozen=True, kw_only=True)
class Doors:
    """The doors of one temperature that may be planned with, by size: all, and those that can be reached seated."""

    all: dict[str, int]
    low: dict[str, int]

    def large_enough(self, size: str) -> bool:
        """Whether the bank has doors of such a size, in service or not."""
        return any(ORDER[each] >= ORDER[size] for each in self.all)

    def serve(self, size: str) -> bool:
        """Whether any door in service is large enough."""
        return any(count for each, count in self.all.items() if ORDER[each] >= ORDER[size])


def with_reserve(doors: dict[str, int]) -> dict[str, int]:
    """The doors without the one kept back when there are more than three: one of the largest size that has two."""
    if sum(doors.values()) <= RESERVE_ABOVE:
        return doors
    size = next((size for size in reversed(SIZES) if doors.get(size, 0) > 1), None)
    return doors | {size: doors[size] - 1} if size else doors


def without_low(doors: Doors, taken: int) -> dict[str, int]:
    """The doors without the low ones kept for those who need them: a fifth of the low doors, less the `taken` ones."""
    if sum(doors.all.values()) <= RESERVE_ABOVE:
        return doors.all
    return _without(doors.all, ceil(LOW_SHARE * sum(doors.low.values())) - taken, doors.low)


def without_morning(doors: dict[str, int]) -> dict[str, int]:
    """The doors that stays through the next day may take: the last 15 % are for those that end in the morning."""
    return _without(doors, int(MORNING_SHARE * sum(doors.values())), doors)


def _without(doors: dict[str, int], number: int, among: dict[str, int]) -> dict[str, int]:
    """`number` doors fewer, each time of the size of which most are left."""
    left = {size: min(count, among.get(size, 0)) for size, count in doors.items()}
    kept = dict(doors)
    for _ in range(max(0, number)):
        size = max(left, key=lambda size: left[size], default=None)
        if size is None or not left[size]:
            break
        left[size] -= 1
        kept[size] -= 1
    return kept
