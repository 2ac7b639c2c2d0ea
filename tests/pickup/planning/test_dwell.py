"""Times of stay, learnt back from stays that were drawn from known ones."""

from math import exp
from random import Random

import numpy as np
import pytest

from pickup.planning import dwell
from pickup.planning.dwell import Observed, Rates


def drawn(number: int, rate: float, *, window: float = 48, seed: int = 1) -> list[Observed]:
    """Stays of exponential length, cut at the end of the window."""
    random = Random(seed)
    stays = []
    for _ in range(number):
        hours = random.expovariate(rate)
        stays.append(
            Observed(
                ready_h=random.uniform(0, 168),
                hours=min(hours, window),
                collected=hours < window,
                temperature="ambient",
            )
        )
    return stays


def left(rates: Rates, ready_h: int, hours: float) -> float:
    return float(exp(-dwell.waited_pressure(rates, np.array([ready_h]), np.array([hours]))[0]))


def test_a_steady_rate_is_found_again():
    rates = dwell.learn(drawn(3000, 0.1))

    for hours in (2, 10, 30):
        assert left(rates, 18, hours) == pytest.approx(exp(-0.1 * hours), abs=0.03)


def test_who_never_came_counts_for_as_long_as_he_was_awaited():
    half_come = drawn(2000, 0.1) + [
        Observed(ready_h=5.0 * number % 168, hours=48, collected=False, temperature="ambient") for number in range(2000)
    ]

    rates = dwell.learn(half_come)

    assert left(rates, 18, 47) == pytest.approx(0.5, abs=0.05)


def test_hours_in_which_nobody_comes_are_known():
    at_night = [
        Observed(ready_h=20.0, hours=hours, collected=True, temperature="ambient")
        for hours in np.linspace(12.01, 15.99, 400)  # all come between 8:00 and noon
    ]

    rates = dwell.learn(at_night)

    assert left(rates, 20, 11) > 0.97
    assert left(rates, 20, 18) < 0.05


def test_a_temperature_that_is_collected_sooner_is_told_apart():
    slow = drawn(1500, 0.05)
    fast = [
        Observed(ready_h=each.ready_h, hours=each.hours, collected=each.collected, temperature="frozen")
        for each in drawn(1500, 0.2, seed=2)
    ]

    rates = dwell.learn(slow + fast)

    assert rates.temperature[2] / rates.temperature[0] == pytest.approx(4, rel=0.15)
    assert rates.temperature[1] == pytest.approx(1, abs=0.05)  # nothing seen: like all others


def test_stored_and_read_again_it_says_the_same():
    rates = dwell.learn(drawn(300, 0.1))

    again = Rates.from_json(rates.to_json())

    assert left(again, 40, 12) == pytest.approx(left(rates, 40, 12), abs=1e-3)


def test_nothing_seen_is_no_error():
    assert 0 < left(dwell.learn([]), 0, 10) < 1


def test_the_chance_to_be_there_never_grows():
    rates = dwell.learn(drawn(300, 0.1))
    hours = np.linspace(0, 200, 500)

    chances = np.exp(-dwell.waited_pressure(rates, np.full(500, 18), hours))

    assert (np.diff(chances) <= 1e-12).all()
