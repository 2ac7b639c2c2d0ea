"""The bound, against trying out every choice."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pickup.kpi.bound import Lain, Wish, could_be_accepted
from pickup.kpi.prices import Asked, learn
from pickup.planning.dwell import AGES_H, Rates

DOORS = {"ambient": {"S": 1, "M": 1}, "chilled": {"S": 1}}
NEVER = Rates(age=(1e-9,) * len(AGES_H), hour=(1.0,) * 24, weekday=(1.0,) * 7, temperature=(1.0,) * 3)
LEGS = [{"ambient": "S"}, {"ambient": "M"}, {"chilled": "S"}, {"ambient": "S", "chilled": "S"}]
wishes = st.lists(
    st.builds(
        lambda start, hours, legs: Wish.at_once(start=start, end=start + hours, legs=legs),
        st.integers(0, 8),
        st.integers(1, 5),
        st.sampled_from(LEGS),
    ),
    max_size=6,
)


def test_a_leg_may_leave_before_the_other():
    quick = Lain(temperature="chilled", size="S", start=0, end=1)
    slow = Lain(temperature="ambient", size="S", start=0, end=9)
    later = Wish.at_once(start=1, end=5, legs={"chilled": "S"})

    assert could_be_accepted([Wish(legs=(quick, slow)), later], DOORS) == pytest.approx(2)


def best_by_trying(all_wishes: list[Wish]) -> int:
    """Every subset, every choice of doors."""
    doors = [(temperature, size) for temperature, sizes in DOORS.items() for size in sizes]
    places = [
        [
            chosen
            for chosen in product(*(_fitting(doors, leg.temperature, leg.size) for leg in wish.legs))
            if len(set(chosen)) == len(chosen)
        ]
        for wish in all_wishes
    ]

    def search(number: int, taken: list[tuple]) -> int:
        if number == len(all_wishes):
            return 0
        leg, best = all_wishes[number].legs[0], search(number + 1, taken)
        for chosen in places[number]:
            if all(door not in chosen or end <= leg.start or start >= leg.end for door, start, end in taken):
                more = [(door, leg.start, leg.end) for door in chosen]
                best = max(best, 1 + search(number + 1, taken + more))
        return best

    return search(0, [])


def _fitting(doors, temperature: str, size: str) -> list[tuple[str, str]]:
    return [door for door in doors if door[0] == temperature and "SML".index(door[1]) >= "SML".index(size)]


@settings(max_examples=60, deadline=None)
@given(wishes)
def test_no_choice_of_orders_passes_the_bound(all_wishes):
    bound = could_be_accepted(all_wishes, DOORS)

    assert best_by_trying(all_wishes) <= bound + 1e-6
    assert bound <= len(all_wishes)


def test_one_door_serves_the_most_short_stays():
    long, *short = [Wish.at_once(start=0, end=10, legs={"chilled": "S"})] + [
        Wish.at_once(start=start, end=start + 3, legs={"chilled": "S"}) for start in (0, 3, 6)
    ]

    assert could_be_accepted([long, *short], DOORS) == pytest.approx(3)


def test_an_order_needs_all_its_legs():
    both, chilled = ({"ambient": "M", "chilled": "S"}, {"chilled": "S"})
    wanted = [Wish.at_once(start=0, end=2, legs=both), Wish.at_once(start=1, end=3, legs=chilled)]

    assert could_be_accepted(wanted, DOORS) == pytest.approx(1)


def test_what_fits_nowhere_is_not_counted():
    assert could_be_accepted([Wish.at_once(start=0, end=2, legs={"chilled": "M"})], DOORS) == 0
    assert could_be_accepted([], DOORS) == 0


def as_asked(wish: Wish) -> Asked:
    start, end = wish.legs[0].start, wish.legs[0].end
    return Asked(start=start, ready=start, end=end, legs={leg.temperature: leg.size for leg in wish.legs})


@settings(max_examples=40, deadline=None)
@given(wishes)
def test_who_does_not_know_the_collections_is_bound_closer_only_by_them(all_wishes):
    """When nobody ever comes before the end, foreknowledge of collections is worth nothing: the bounds differ by moves only."""
    asked = [as_asked(each) for each in all_wishes]

    assert learn(asked, DOORS, NEVER).bound >= could_be_accepted(all_wishes, DOORS) - 1e-6


def test_the_price_of_a_scarce_hour_is_the_order_that_it_cost():
    wanted = [Asked(start=3, ready=3, end=5, legs={"chilled": "S"}) for _ in range(3)]

    worth = learn(wanted, DOORS, NEVER)

    assert worth.bound == pytest.approx(1)
    assert worth.prices["chilled"][0].sum() == pytest.approx(1)
    assert worth.prices["chilled"][0, 3] == pytest.approx(1)
    assert worth.prices["ambient"].sum() == 0


def test_where_there_is_room_for_all_nothing_costs_anything():
    worth = learn([Asked(start=0, ready=0, end=5, legs={"ambient": "S"})], DOORS, NEVER)

    assert worth.bound == 1
    assert all(rows.sum() == 0 for rows in worth.prices.values())
