"""The bound for planners that do not see how long goods will stay, against the best planner of small cases, found exactly."""

from functools import cache
from itertools import product
from math import comb, exp
from random import Random

import numpy as np
import pytest

from tests.bench.lockers.unseen import Known, known, most
from tests.bench.lockers.workload import BASE, FAST, PARCELS, SLOW, Town, orders

RATE = 0.4  # collections of a leg in an hour: memoryless, so that the number inside is all that a planner can know


def order(begins: float) -> Known:
    def there(moments: np.ndarray) -> np.ndarray:
        return np.where(moments >= begins, np.exp(-RATE * (moments - begins)), 0.0)

    return Known(begins=begins, legs={"ambient": "S"}, there=there)


def best(asked: list[tuple[float, float]], doors: int, *, displaced: float, price: float) -> float:
    """The most that any planner reaches on average: by dynamic programming over all that it can do and see.

    It knows all orders (asked, begins) from the start, answers each when it is asked, and may displace whom it likes.
    """
    happens = sorted(
        [(begins, 0, number) for number, (_, begins) in enumerate(asked)]
        + [(moment, 1, number) for number, (moment, _) in enumerate(asked)]
    )

    @cache
    def after(step: int, inside: int, promised: frozenset[int]) -> float:
        """From the moment of `step` on, before anybody has left since the one before."""
        if step == len(happens):
            return 0.0
        stays = exp(-RATE * (happens[step][0] - happens[max(0, step - 1)][0]))
        return sum(
            comb(inside, left) * stays**left * (1 - stays) ** (inside - left) * decided(step, left, promised)
            for left in range(inside + 1)
        )

    def decided(step: int, inside: int, promised: frozenset[int]) -> float:
        _moment, is_asked, number = happens[step]
        if is_asked:
            refused = after(step + 1, inside, promised)
            return max(refused, 1 + price * displaced + after(step + 1, inside, promised | {number}))
        if number not in promised:
            return after(step + 1, inside, promised)
        sent_away = after(step + 1, inside, promised - {number}) - price
        return max(sent_away, after(step + 1, inside + 1, promised - {number})) if inside < doors else sent_away

    return after(0, 0, frozenset())


@pytest.mark.parametrize(("seed", "doors"), product(range(12), (1, 2)))
def test_no_planner_of_a_small_bank_passes_the_bound(seed, doors):
    random = Random(seed)
    begins = sorted(random.uniform(5, 12) for _ in range(6))
    asked = [(moment - random.uniform(0.5, 5), moment) for moment in begins]
    bank = {"ambient": {"S": doors}}

    for displaced, price in product((0.0, 0.1), (0.0, 0.5, 1.5, 4.0)):
        bound = most([order(moment) for moment in begins], bank, displaced=displaced, price=price)
        assert best(asked, doors, displaced=displaced, price=price) <= bound + 1e-6


def test_the_best_planner_reaches_it_where_nothing_is_lost_by_promising_whole_orders():
    asked = [(0.0, 1.0), (0.0, 1.0), (0.9, 2.0)]
    free = 1 - exp(-RATE)
    bound = most([order(begins) for _, begins in asked], {"ambient": {"S": 1}}, displaced=0, price=9)

    assert bound == pytest.approx(1 + free)
    seen = 1 + 1 - (1 - free) ** 2  # who sees the stays takes the shorter one of the first two
    assert seen > bound
    assert best(asked, 1, displaced=0, price=1) == pytest.approx(1 + free)


def test_it_leaves_room_for_those_who_may_be_displaced():
    asked = [(0.0, 1.0 + number / 10) for number in range(6)]
    bank = {"ambient": {"S": 1}}

    def bound(displaced: float) -> float:
        prices = (0, 0.5, 1, 2, 4)
        return min(
            most([order(begins) for _, begins in asked], bank, displaced=displaced, price=each) for each in prices
        )

    assert bound(0) < bound(0.2) < bound(0.5) <= 6
    assert bound(1) == pytest.approx(6)
    reached = min(best(asked, 1, displaced=0.5, price=each) for each in (0, 0.5, 1, 2, 4))
    assert bound(0) < reached <= bound(0.5) + 1e-6  # who may displace does pass what binds those who may not


@pytest.mark.parametrize(("dwell", "window_h"), [(PARCELS, 48), (FAST, 24), (SLOW, 48)])
def test_the_chance_to_be_there_is_that_of_the_model(dwell, window_h):
    """Many draws of the model's own stays, soon, on the next days, and after everybody's time."""
    drawn = orders(Town(orders_a_day=300, window_h=window_h, dwell=dwell, days=7), 1)
    ages = (0.5, 2.0, 5.0, window_h - 4.0, window_h + 1.0, window_h + 3.0)
    for age in ages:
        expected = [float(known(each, dwell).there(np.array([each.begins + age]))[0]) for each in drawn]
        there = [each.leaves > each.begins + age for each in drawn]
        error = (sum(chance * (1 - chance) for chance in expected)) ** 0.5
        assert abs(sum(there) - sum(expected)) <= 4 * error


def test_a_bank_with_doors_for_all_binds_nobody():
    asked = [known(each, PARCELS) for each in orders(Town(orders_a_day=3, window_h=48, days=7), 1)]
    whole = [each for each in asked if each.legs.get("frozen") != "L"]

    assert most(asked, BASE, displaced=0.0, price=1) == pytest.approx(len(whole))
