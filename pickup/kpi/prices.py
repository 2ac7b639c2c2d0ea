"""What doors were worth, hour by hour of the week: shadow prices of the linear programme that knows who will ask, not for how long.

Each order takes a door with the chance that its goods are still there; where these chances, added up over the accepted orders,
reach the number of doors, one door more would have served a share of an order more. That share is the price. The value of the
programme is a bound too: no planner that does not know when goods will be collected seats more on average, if the rates are
right (docs/allocation.md).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pickup.planning.dwell import TEMPERATURES, WEEK_H, Rates, waited_pressure
from pickup.planning.stays import SIZES


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One order as it was asked for, in hours since a Monday's midnight: doors from `start`, ready at `ready`, until `end`."""

    start: float
    ready: float
    end: float
    legs: dict[str, str]  # temperature: size


@dataclass(frozen=True, kw_only=True)
class Worth:
    """`bound`: orders that could be accepted. `prices`: as `pickup.planning.prices` reads them."""

    bound: float
    prices: dict[str, np.ndarray]


def learn(asked: Sequence[Asked], doors: dict[str, dict[str, int]], rates: Rates) -> Worth:
    """Solve it. A scarce hour costs its price once a week: the mean over the weeks of the trace."""
    from scipy.optimize import linprog
    from scipy.sparse import csr_matrix, vstack

    asked = [each for each in asked if all(_serves(doors, *leg) for leg in each.legs.items())]
    prices = {temperature: np.zeros((len(SIZES), WEEK_H)) for temperature in TEMPERATURES}
    blocks, limits, places = [], [], []
    for temperature in TEMPERATURES:
        for order in range(len(SIZES)):
            large = sum(doors.get(temperature, {}).get(size, 0) for size in SIZES[order:])
            among = [
                number
                for number, each in enumerate(asked)
                if temperature in each.legs and SIZES.index(each.legs[temperature]) >= order
            ]
            if len(among) <= large:
                continue
            there = _there([asked[number] for number in among], rates, temperature)
            moments, legs = np.nonzero(there.T > 1e-4)
            columns = np.array(among)[legs]
            blocks.append(csr_matrix((there[legs, moments], (moments, columns)), shape=(len(among), len(asked))))
            limits += [large] * len(among)
            places += [(temperature, order, int(asked[number].start) % WEEK_H) for number in among]
    if not blocks:
        return Worth(bound=float(len(asked)), prices=prices)
    result = linprog(-np.ones(len(asked)), A_ub=vstack(blocks), b_ub=limits, bounds=(0, 1), method="highs-ds")
    if result.status != 0:
        raise ArithmeticError(result.message)
    weeks = max(1, round((max(each.start for each in asked) - min(each.start for each in asked)) / WEEK_H))
    for (temperature, order, hour), marginal in zip(places, result.ineqlin.marginals, strict=True):
        prices[temperature][order, hour] -= marginal / weeks
    return Worth(bound=-result.fun, prices=prices)


def _there(asked: Sequence[Asked], rates: Rates, temperature: str) -> np.ndarray:
    """The chance of each order (row) to be there when each of them begins (column)."""
    start, ready, end = (np.array([getattr(each, name) for each in asked]) for name in ("start", "ready", "end"))
    how = np.floor(ready).astype(int) % WEEK_H
    factor = rates.temperature[TEMPERATURES.index(temperature)]
    left = np.exp(-factor * waited_pressure(rates, how, np.maximum(start[None, :] - ready[:, None], 0)))
    return np.where((start[:, None] <= start) & (start < end[:, None]), left, 0.0)


def _serves(doors: dict[str, dict[str, int]], temperature: str, size: str) -> bool:
    return any(doors.get(temperature, {}).get(each, 0) for each in SIZES[SIZES.index(size) :])
