"""What no planner passes that has to promise before it knows how long goods will stay, however clever it is. Pure.

It may know every order beforehand, and of the stays everything but when they are complete and collected. An order is taken with
some chance and each of its legs displaced with some chance, both decided at the latest when the leg is due. How long it then
stays does not depend on that, so of the doors it takes its chance of being seated times its chance of still being there; on average
there are never more of these than doors. A linear programme over those chances is thus a bound (docs/allocation.md has the proof).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_matrix, csr_matrix, hstack, vstack

from pickup.planning.stays import ORDER, SIZES
from tests.bench.lockers.workload import CLEARED_AFTER_H, NO_SHOW, Dwell, Order, warped

# Hours from the first deposit until everything is there: exponential, one hour on average (`workload`).
WAITS = -np.log(1 - (np.arange(40) + 0.5) / 40)


@dataclass(frozen=True, kw_only=True)
class Known:
    """One order as far as the planner may know it. `there`: the chance that its goods are still there at each moment."""

    begins: float
    legs: dict[str, str]  # temperature: size
    there: Callable[[np.ndarray], np.ndarray]


def known(order: Order, dwell: Dwell) -> Known:
    """An order of the model, with the true law of its stay: nothing is learnt, so nothing is mistaken.

    When it will be complete is not known either: the mean over equally likely waits.
    """
    ready = np.array([warped(order.begins + wait) for wait in WAITS])
    ends = order.ends

    def there(moments: np.ndarray) -> np.ndarray:
        inside = (order.begins <= moments) & (moments < ends + CLEARED_AFTER_H)
        shown = np.array([warped(min(moment, ends)) for moment in moments[inside]])
        waited = np.maximum(0.0, shown[:, None] - ready)
        late = np.exp(-((waited / dwell.scale_h) ** dwell.shape)).mean(axis=1)
        chances = np.zeros(len(moments))
        chances[inside] = NO_SHOW + (1 - NO_SHOW) * late
        return chances

    return Known(begins=order.begins, legs=order.legs, there=there)


def most(asked: Sequence[Known], doors: dict[str, dict[str, int]], *, displaced: float, price: float) -> float:
    """What no planner's accepted orders pass on average, when of its accepted legs at most the share `displaced` is.

    Valid for every `price` from 0 on, in orders for a displaced leg; the least of them is the bound to quote. A planner that
    displaces more or less is judged too: its orders + price * (displaced * legs - displaced legs) stay below.
    """
    asked = [each for each in asked if all(_serves(doors, *leg) for leg in each.legs.items())]
    legs = [(number, temperature) for number, each in enumerate(asked) for temperature in each.legs]
    if not legs:
        return 0.0
    of_order = csr_matrix(
        (np.ones(len(legs)), (range(len(legs)), [number for number, _ in legs])), shape=(len(legs), len(asked))
    )
    taken, limits = _taken(asked, legs, doors)
    seated = hstack([taken @ of_order, -taken])  # of the doors: the legs accepted less those displaced
    only_accepted = hstack([-of_order, csr_matrix(np.eye(len(legs)))])
    worth = 1 + price * displaced * np.array([len(each.legs) for each in asked])
    result = linprog(
        np.concatenate([-worth, np.full(len(legs), price)]),
        A_ub=vstack([seated, only_accepted]),
        b_ub=np.concatenate([limits, np.zeros(len(legs))]),
        bounds=(0, 1),
        method="highs",
    )
    if result.status != 0:
        raise ArithmeticError(result.message)
    return -result.fun


def _taken(asked: Sequence[Known], legs: list[tuple[int, str]], doors: dict) -> tuple[coo_matrix, list[float]]:
    """Row: a moment at which a leg is due, and a size; column: each leg's chance to be there then. And the doors large enough."""
    rows, limits = [], []
    for temperature, sizes in doors.items():
        for order, size in enumerate(SIZES):
            among = [
                column
                for column, (number, each) in enumerate(legs)
                if each == temperature and ORDER[asked[number].legs[each]] >= order
            ]
            large = sum(sizes.get(each, 0) for each in SIZES[SIZES.index(size) :])
            moments = np.array(sorted({asked[legs[column][0]].begins for column in among}))
            if len(among) <= large:
                continue
            chances = np.zeros((len(moments), len(legs)))
            for column in among:
                chances[:, column] = asked[legs[column][0]].there(moments)
            scarce = chances.sum(axis=1) > large
            rows.append(csr_matrix(chances[scarce]))
            limits += [float(large)] * int(scarce.sum())
    return (vstack(rows) if rows else csr_matrix((0, len(legs)))), limits


def _serves(doors: dict[str, dict[str, int]], temperature: str, size: str) -> bool:
    return any(doors.get(temperature, {}).get(each, 0) for each in SIZES[SIZES.index(size) :])
