"""The bound: how many orders a planner could have accepted that knew every order and every collection beforehand. Pure.

Doors of one temperature and size are interchangeable, and stays with fixed times fit into `c` doors exactly when at no moment
more than `c` of them overlap (interval graphs are perfect). So each leg is a share of a class that is large enough, each
class a flow through time that never exceeds its doors, and each order all its legs or none: a linear programme. No planner
seats more; only one that breaks its word accepts more. In all model runs the best whole numbers reached it.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

SIZES = ["S", "M", "L"]


@dataclass(frozen=True, kw_only=True)
class Lain:
    """One leg as it turned out, from `start` to `end` in any unit of time."""

    temperature: str
    size: str
    start: float
    end: float


@dataclass(frozen=True, kw_only=True)
class Wish:
    """One order: all its legs or none."""

    legs: tuple[Lain, ...]

    @classmethod
    def at_once(cls, *, start: float, end: float, legs: dict[str, str]) -> "Wish":
        """With legs (temperature: size) that come and go together."""
        return cls(legs=tuple(Lain(temperature=each, size=legs[each], start=start, end=end) for each in legs))


def could_be_accepted(wishes: Iterable[Wish], doors: dict[str, dict[str, int]]) -> float:
    """The largest number of wishes that fit into the doors (temperature: size: number), wishes being divisible."""
    from scipy.optimize import linprog

    programme = _Programme(list(wishes), doors)
    if not programme.values:
        return 0.0
    result = linprog(
        programme.values,
        A_eq=programme.matrix(),
        b_eq=[0.0] * programme.rows,
        bounds=programme.bounds,
        method="highs",
    )
    if result.status != 0:
        raise ArithmeticError(result.message)
    return -result.fun


class _Programme:
    """Minimise `values`·x. Columns: one per wish, one per leg and class, one per class and moment (doors in use after it)."""

    def __init__(self, wishes: list[Wish], doors: dict[str, dict[str, int]]):
        self.values: list[float] = []
        self.bounds: list[tuple[float, float]] = []
        self.cells: list[tuple[int, int, float]] = []  # row, column, coefficient
        self.rows = 0
        changes: dict[tuple[str, str], list[tuple[float, int, int]]] = defaultdict(list)
        for wish in wishes:
            choices = [(leg, _large_enough(leg.size, doors.get(leg.temperature, {}))) for leg in wish.legs]
            if not choices or not all(sizes for _leg, sizes in choices):
                continue
            whole = self._column(-1.0, 1.0)
            for leg, sizes in choices:
                self.cells.append((self.rows, whole, -1.0))
                for size in sizes:
                    part = self._column(0.0, 1.0)
                    self.cells.append((self.rows, part, 1.0))
                    if leg.end > leg.start:
                        changes[leg.temperature, size] += [(leg.start, 1, part), (leg.end, 0, part)]
                self.rows += 1
        for (temperature, size), moments in changes.items():
            self._flow(moments, doors[temperature][size])

    def matrix(self):
        from scipy.sparse import csr_matrix

        rows, columns, coefficients = zip(*self.cells, strict=True)
        return csr_matrix((coefficients, (rows, columns)), shape=(self.rows, len(self.values)))

    def _column(self, value: float, most: float) -> int:
        self.values.append(value)
        self.bounds.append((0.0, most))
        return len(self.values) - 1

    def _flow(self, moments: list[tuple[float, int, int]], doors: int) -> None:
        """In use after a moment = in use before it + those that come - those that go. Who goes makes room for who comes."""
        before = None
        for _moment, comes, part in sorted(moments):
            after = self._column(0.0, float(doors))
            self.cells += [(self.rows, after, 1.0), (self.rows, part, -1.0 if comes else 1.0)]
            if before is not None:
                self.cells.append((self.rows, before, -1.0))
            self.rows += 1
            before = after


def _large_enough(size: str, doors: dict[str, int]) -> list[str]:
    return [each for each in SIZES[SIZES.index(size) :] if doors.get(each, 0)]
