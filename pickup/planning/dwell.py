"""How long goods stay: learnt from collections, said as the chance that a leg is still there. Pure.

The rate at which goods are collected is a product: by how long they have been ready, by hour of the day, by weekday, by
temperature. Goods that nobody collected count for as long as they waited. Because nothing is learnt for a combination of
these, a few hundred stays are enough.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from functools import lru_cache

import numpy as np

AGES_H = (0, 1, 2, 3, 5, 8, 12, 18, 24, 36, 48)  # where the next step of age begins
LONGEST_H = 120
WEEK_H = 168
TEMPERATURES = ("ambient", "chilled", "frozen")
# What "like all others" weighs against the collections seen at an hour, on a weekday, of a temperature.
PRIOR_COLLECTIONS = {"hour": 5.0, "weekday": 50.0, "temperature": 50.0}
ROUNDS = 20


@dataclass(frozen=True, kw_only=True, slots=True)
class Observed:
    """One leg that became ready `ready_h` hours after a Monday's midnight, in the town's time, and waited for `hours`."""

    ready_h: float
    hours: float
    collected: bool
    temperature: str


@dataclass(frozen=True, kw_only=True)
class Rates:
    """Collections an hour by age of the stay, and the factors by hour of the day, weekday and temperature."""

    age: tuple[float, ...]
    hour: tuple[float, ...]
    weekday: tuple[float, ...]
    temperature: tuple[float, ...]

    def to_json(self) -> dict[str, list[float]]:
        return {name: [round(value, 5) for value in values] for name, values in asdict(self).items()}

    @classmethod
    def from_json(cls, stored: dict[str, list[float]]) -> "Rates":
        return cls(**{name: tuple(values) for name, values in stored.items()})


def learn(stays: Iterable[Observed]) -> Rates:
    """Fit each factor in turn to what the others leave unexplained, until they agree."""
    waited, collected = _counted(stays)
    mean = float((collected.sum() + 1) / (waited.sum() + 20))
    factors = [np.full(len(AGES_H), mean), np.ones(24), np.ones(7), np.ones(len(TEMPERATURES))]
    priors = [(1.0, 1.0 / mean), *((weight, weight) for weight in PRIOR_COLLECTIONS.values())]
    for _ in range(ROUNDS):
        for axis, (more_collected, more_expected) in enumerate(priors):
            rest = tuple(other for other in range(4) if other != axis)
            expected = waited
            for other in rest:
                expected = expected * np.expand_dims(factors[other], tuple(each for each in range(4) if each != other))
            factors[axis] = (collected.sum(axis=rest) + more_collected) / (expected.sum(axis=rest) + more_expected)
    return Rates(**dict(zip(("age", "hour", "weekday", "temperature"), map(_floats, factors), strict=True)))


@lru_cache(maxsize=256)
def pressure(rates: Rates) -> np.ndarray:
    """Collections expected of one leg since it became ready: by hour of the week of that moment, and hours since."""
    hours = np.arange(LONGEST_H)
    by_age = np.array(rates.age)[np.searchsorted(AGES_H, hours, side="right") - 1]
    week = np.repeat(rates.weekday, 24) * np.tile(rates.hour, 7)
    clock = (np.arange(WEEK_H)[:, None] + hours[None, :]) % WEEK_H
    return np.concatenate([np.zeros((WEEK_H, 1)), np.cumsum(by_age * week[clock], axis=1)], axis=1)


def waited_pressure(rates: Rates, ready_how: np.ndarray, ages: np.ndarray) -> np.ndarray:
    """The same for arrays: legs that became ready in hours of the week `ready_how` (one a row), at `ages` in hours."""
    table = pressure(rates)
    ages = np.clip(ages, 0.0, LONGEST_H - 0.001)
    whole = ages.astype(int)
    rows = ready_how.reshape(-1, *[1] * (ages.ndim - 1))
    below = table[rows, whole]
    return below + (ages - whole) * (table[rows, whole + 1] - below)


def _counted(stays: Iterable[Observed]) -> tuple[np.ndarray, np.ndarray]:
    """Hours waited and collections, by step of age, hour of the day, weekday, temperature."""
    waited = np.zeros((len(AGES_H), 24, 7, len(TEMPERATURES)))
    collected = np.zeros_like(waited)
    for stay in stays:
        temperature = TEMPERATURES.index(stay.temperature)
        age = 0.0
        while age < min(stay.hours, LONGEST_H):
            moment = stay.ready_h + age
            step = int(np.searchsorted(AGES_H, age, side="right")) - 1
            until = [1.0 - moment % 1.0, stay.hours - age]
            if step + 1 < len(AGES_H):
                until.append(AGES_H[step + 1] - age)
            length = max(min(until), 1e-6)
            cell = (step, int(moment) % 24, int(moment) // 24 % 7, temperature)
            waited[cell] += length
            age += length
        if stay.collected and stay.hours > 0:
            collected[cell] += 1
    return waited, collected


def _floats(values: np.ndarray) -> tuple[float, ...]:
    return tuple(float(each) for each in values)
