"""A door kept free as surely as the operator asks, from the chance that each leg is still there. Pure.

Windows kept free until their end stand half empty, for most goods are collected within hours. Counted instead: at each moment
at which a leg is due, the chance that more legs are there than doors are large enough (legs leave independently of each other, so
their number is Poisson-binomial). A leg that is still there counts with its chance *given that it has not been collected
yet*. Counting all legs together needs far less room than keeping a quantile free for each: what one leg takes longer
another has left sooner.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from django.conf import settings

from pickup.planning.dwell import TEMPERATURES as KNOWN
from pickup.planning.dwell import WEEK_H, Rates, waited_pressure
from pickup.planning.stays import ORDER, SIZES, Stay

# From the first deposit until everything is there, when nothing better is known.
FILLING = timedelta(hours=1)
EPOCH_HOW = 72  # 1 January 1970 was a Thursday


def overflow(
    doors: dict[str, int], present: Sequence[Stay], stay: Stay, *, temperature: str, rates: Rates, now: datetime
) -> float:
    """The highest chance, while `stay` lasts, that somebody who is due finds no door large enough, 0 to 1."""
    stays = [stay, *(each for each in present if each.start < stay.end and (each.fixed or each.end > stay.start))]
    classes = np.array([ORDER[each.fixed or each.size] for each in stays])
    counts = {
        order: sum(doors.get(size, 0) for size in SIZES[order:]) for order in range(ORDER[stay.fixed or stay.size] + 1)
    }
    if all(int((classes >= order).sum()) <= count for order, count in counts.items()):
        return 0.0
    chances = still_there(stays, _moments(stays, stay), temperature=temperature, rates=rates, now=now)
    return max(_more_than(count, chances[classes >= order]) for order, count in counts.items())


def still_there(
    stays: Sequence[Stay], moments: Sequence[datetime], *, temperature: str, rates: Rates, now: datetime
) -> np.ndarray:
    """The chance of each stay (row) to be behind a door at each moment (column), knowing what is known `now`."""
    at = _hours(moments)
    start, end = _hours(each.start for each in stays), _hours(each.end for each in stays)
    present = _hours([now])[0]
    ready = np.array([each.ready for each in stays])
    since = _hours(each.since or each.start + FILLING for each in stays)
    since = np.where(ready, since, np.maximum(since, present))
    how = np.floor(since + _to_week(now)).astype(int) % WEEK_H
    factor = rates.temperature[KNOWN.index(temperature)]
    until_now = np.where(ready, waited_pressure(rates, how, present - since), 0.0)
    pressure = waited_pressure(rates, how, at[None, :] - since[:, None]) - until_now[:, None]
    there = (start[:, None] <= at) & (at < end[:, None])
    return np.where(there, np.exp(-factor * np.maximum(pressure, 0.0)), 0.0)


def hours_of(moments: Iterable[datetime], now: datetime) -> np.ndarray:
    """Hours since a Monday's midnight in the town (by the clock of `now`: one hour off across the change of time)."""
    return _hours(moments) + _to_week(now)


def _to_week(now: datetime) -> float:
    town = now.astimezone(ZoneInfo(settings.TIME_ZONE))
    return EPOCH_HOW + town.utcoffset().total_seconds() / 3600


def _moments(stays: Sequence[Stay], stay: Stay) -> list[datetime]:
    """When somebody is due while the stay lasts: only then the number of legs grows."""
    return sorted({each.start for each in stays if stay.start <= each.start < stay.end})


def _more_than(count: int, chances: np.ndarray) -> float:
    """The highest chance over the columns that more than `count` of the independent rows happen."""
    if len(chances) <= count:
        return 0.0
    number = np.zeros((count + 2, chances.shape[1]))  # row n: exactly n so far; the last: more than `count`
    number[0] = 1.0
    for chance in chances:
        one_more = number[:-1] * chance
        lost = number[-1].copy()
        number *= 1.0 - chance
        number[1:] += one_more
        number[-1] += lost * chance
    return float(number[-1].max())


def _hours(moments: Iterable[datetime]) -> np.ndarray:
    return np.array([moment.timestamp() for moment in moments]) / 3600
