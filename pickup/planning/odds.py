"""A door kept free as surely as the operator asks, from the chance that each leg is still there. Pure.

Windows kept free until their end stand half empty, for most goods are collected within hours. Counted instead: at each moment
at which a leg is due, the chance that more legs are there than doors are large enough (legs leave independently of each other, so
their number is Poisson-binomial). A leg that is still there counts with its chance *given that it has not been collected
yet*. Counting all legs together needs far less room than keeping a quantile free for each: what one leg takes longer
another has left sooner.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
from django.conf import settings

from pickup.planning.dwell import TEMPERATURES as KNOWN
from pickup.planning.dwell import WEEK_H, Rates, waited_pressure
from pickup.planning.stays import ORDER, SIZES, Crowd, Stay

# From the first deposit until everything is there, when nothing better is known.
FILLING = timedelta(hours=1)
EPOCH_HOW = 72  # 1 January 1970 was a Thursday
# When so many are expected or more, the chance of so many is at least this: a median of independent events lies at most one below
# the mean (Jogdeo and Samuels, Annals of Mathematical Statistics 39, 1968).
ONE_HALF = 0.5


class InNumbers(NamedTuple):
    """Stays as arrays, one entry each, with what is known now. Moments are hours since 1970.

    `since`: from when somebody may come, not before now; `how`: its hour of the week; `waited`: the pressure until now of what is
    ready; `order`: of the class; `fixed`: 1 once it has a door.
    """

    start: np.ndarray
    end: np.ndarray
    since: np.ndarray
    how: np.ndarray
    waited: np.ndarray
    order: np.ndarray
    fixed: np.ndarray
    legs: np.ndarray

    @classmethod
    def of(cls, stays: Iterable[Stay], rates: Rates, now: datetime) -> "InNumbers":
        rows = [
            (
                _hour(stay.start),
                _hour(stay.end),
                _hour(stay.since or stay.start + FILLING),
                stay.ready,
                ORDER[stay.fixed or stay.size],
                bool(stay.fixed),
                stay.legs,
            )
            for stay in stays
        ]
        start, end, since, ready, order, fixed, legs = np.array(rows, dtype=float).reshape(-1, 7).T
        since = np.where(ready, since, np.maximum(since, _hour(now)))
        how = np.floor(since + _to_week(now)) % WEEK_H
        waited = ready * waited_pressure(rates, how.astype(int), _hour(now) - since) if ready.any() else 0.0 * ready
        return cls(start, end, since, how, waited, order, fixed, legs)

    def beside(self, wanted: "InNumbers") -> "InNumbers":
        """The wanted stay, and of these all that may take a door from it."""
        rivals = (self.start < wanted.end) & ((self.fixed > 0) | (self.end > wanted.start))
        return InNumbers(*np.concatenate([wanted, np.array(self)[:, rivals]], axis=1))


def overflow(
    doors: dict[str, int],
    present: Iterable[Stay],
    stay: Stay,
    *,
    temperature: str,
    rates: Rates,
    now: datetime,
    tolerated: float | None = None,
) -> float:
    """The highest chance, while `stay` lasts, that somebody who is due finds no door large enough, 0 to 1.

    With `tolerated` only on which side of it the chance lies is sure, which is found sooner.
    """
    crowd = Crowd.of(present)
    counts = {
        order: sum(doors.get(size, 0) for size in SIZES[order:]) for order in range(ORDER[stay.fixed or stay.size] + 1)
    }
    if any(_surely_there([stay, *crowd], order, stay.start) > count for order, count in counts.items()):
        return 1.0
    wanted = InNumbers.of([stay], rates, now)
    stays = crowd.found(("in numbers", rates, now), lambda: InNumbers.of(crowd, rates, now)).beside(wanted)
    if all(stays.legs[stays.order >= order].sum() <= count for order, count in counts.items()):
        return 0.0
    due = np.unique(stays.start[(stays.start >= wanted.start) & (stays.start < wanted.end)])  # only then legs get more
    chances = _still_there(stays, due, temperature=temperature, rates=rates)
    risks = []
    for order, count in counts.items():
        large = stays.order >= order
        risks.append(_more_than(count, chances[large], stays.legs[large], tolerated))
    return max(risks)


def _surely_there(stays: Iterable[Stay], order: int, moment: datetime) -> int:
    """How many legs of this class and larger ones nobody can have collected by then."""
    return sum(
        stay.legs
        for stay in stays
        if stay.start <= moment < stay.end
        and not stay.ready
        and moment <= (stay.since or stay.start + FILLING)
        and ORDER[stay.fixed or stay.size] >= order
    )


def still_there(
    stay: Stay, moments: Sequence[datetime], *, temperature: str, rates: Rates, now: datetime
) -> np.ndarray:
    """The chance of a stay to be behind a door at each moment, knowing what is known `now`."""
    return _still_there(InNumbers.of([stay], rates, now), _hours(moments), temperature=temperature, rates=rates)[0]


def _still_there(stays: InNumbers, at: np.ndarray, *, temperature: str, rates: Rates) -> np.ndarray:
    """The same for many stays (rows), at hours since 1970 (columns)."""
    factor = rates.temperature[KNOWN.index(temperature)]
    since_now = waited_pressure(rates, stays.how.astype(int), at - stays.since[:, None]) - stays.waited[:, None]
    there = (stays.start[:, None] <= at) & (at < stays.end[:, None])
    return np.where(there, np.exp(-factor * np.maximum(since_now, 0.0)), 0.0)


def hours_of(moments: Iterable[datetime], now: datetime) -> np.ndarray:
    """Hours since a Monday's midnight in the town (by the clock of `now`: one hour off across the change of time)."""
    return _hours(moments) + _to_week(now)


def _to_week(now: datetime) -> float:
    town = now.astimezone(ZoneInfo(settings.TIME_ZONE))
    return EPOCH_HOW + town.utcoffset().total_seconds() / 3600


def _more_than(count: int, chances: np.ndarray, legs: np.ndarray, tolerated: float | None = None) -> float:
    """The highest chance over the columns that more than `count` of the independent `legs` of all rows happen; see `overflow`."""
    certain, possible, expected = legs @ (chances == 1.0), legs @ (chances > 0.0), legs @ chances
    if (certain > count).any():
        return 1.0
    bounds = np.where(possible > count, _at_most(count + 1 - certain, expected - certain), 0.0)
    if tolerated is None:
        tolerated = 0.0
    elif tolerated < ONE_HALF and (expected >= count + 1).any():
        return ONE_HALF
    unsure = chances[:, bounds > tolerated]
    rare = float(bounds[bounds <= tolerated].max(initial=0.0))
    if not unsure.size:
        return rare
    number = np.zeros((count + 2, unsure.shape[1]))  # row n: exactly n so far; the last: more than `count`
    number[0] = 1.0
    happening = unsure.any(axis=1)
    for chance in np.repeat(unsure[happening], legs[happening].astype(int), axis=0):
        one_more = number[:-1] * chance
        lost = number[-1].copy()
        number *= 1.0 - chance
        number[1:] += one_more
        number[-1] += lost * chance
    return max(rare, float(number[-1].max()))


def _at_most(number: np.ndarray, expected: np.ndarray) -> np.ndarray:
    """What the chance of `number` or more of independent events never exceeds when so many are `expected` (Chernoff)."""
    share = np.minimum(expected / number, 1.0)
    return np.exp(number * (1.0 - share)) * share**number


def _hours(moments: Iterable[datetime]) -> np.ndarray:
    return np.array([_hour(moment) for moment in moments])


def _hour(moment: datetime) -> float:
    return moment.timestamp() / 3600
