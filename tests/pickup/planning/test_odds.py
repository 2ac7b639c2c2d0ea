"""The chance that a door is free, against counting every case by hand."""

from datetime import UTC, datetime, timedelta
from itertools import product
from math import exp, prod

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pickup.planning import Crowd, Doors, Foresight, No, Stay, may_last, odds, prices, why_not
from pickup.planning.dwell import AGES_H, Rates

NOON = datetime(2026, 9, 19, 12, tzinfo=UTC)
ONE_IN_TEN_HOURS = Rates(age=(0.1,) * len(AGES_H), hour=(1.0,) * 24, weekday=(1.0,) * 7, temperature=(1.0,) * 3)


def hour(number: float) -> datetime:
    return NOON + timedelta(hours=number)


def stay(start: float, end: float, size: str = "S", since: float | None = None, **fields) -> Stay:
    return Stay(start=hour(start), end=hour(end), size=size, since=hour(start if since is None else since), **fields)


def overflow(doors, present, wanted, now=NOON):
    return odds.overflow(doors, present, wanted, temperature="ambient", rates=ONE_IN_TEN_HOURS, now=now)


@given(st.lists(st.floats(0, 1), max_size=7), st.integers(0, 5))
def test_more_than_so_many_equals_the_sum_over_all_cases(chances, count):
    by_hand = sum(
        prod(chance if there else 1 - chance for chance, there in zip(chances, case, strict=True))
        for case in product([True, False], repeat=len(chances))
        if sum(case) > count
    )

    assert odds._more_than(count, np.array(chances).reshape(-1, 1), np.ones(len(chances))) == pytest.approx(
        by_hand, abs=1e-9
    )


@example(rows=[(0.5, 0.01, 0.01), (0.5, 0.0, 0.0)], count=1, tolerated=0.3)
@example(rows=[(0.45, 0.05, 0.05), (0.05, 0.05, 0.05)], count=0, tolerated=0.4)
@given(st.lists(st.tuples(*[st.floats(0, 1)] * 3), min_size=1, max_size=12), st.integers(0, 11), st.floats(0.001, 0.5))
def test_what_is_tolerated_is_found_without_counting_and_nothing_else(rows, count, tolerated):
    chances = np.array(rows)
    exact = odds._more_than(count, chances, np.ones(len(rows)))

    quick = odds._more_than(count, chances, np.ones(len(rows)), tolerated)

    assert quick >= exact - 1e-9 if quick <= tolerated else quick <= exact + 1e-9
    assert (quick <= tolerated) == (exact <= tolerated) or abs(exact - tolerated) < 1e-9


@given(
    st.lists(st.tuples(st.integers(-20, 30), st.integers(1, 40), st.sampled_from("SML"), st.booleans()), max_size=12)
)
def test_a_crowd_answers_as_its_stays_do(rows):
    stays = [stay(start, start + length, size, fixed=size if fixed else "") for start, length, size, fixed in rows]
    doors, wanted = {"S": 1, "M": 2, "L": 1}, stay(5, 20, "M")

    assert overflow(doors, Crowd(stays), wanted) == overflow(doors, stays, wanted)


def test_with_a_door_for_everybody_nothing_can_go_wrong():
    assert overflow({"S": 2}, [stay(0, 48)], stay(5, 20)) == 0


def test_one_door_is_taken_with_the_chance_that_the_first_is_still_there():
    assert overflow({"S": 1}, [stay(0, 48)], stay(10, 20)) == pytest.approx(exp(-1))


def test_goods_that_have_waited_long_start_from_what_is_known_now():
    waiting = stay(-30, 18, since=-30, fixed="S", ready=True)

    assert overflow({"S": 1}, [waiting], stay(5, 20)) == pytest.approx(exp(-0.5))


def test_goods_that_are_not_ready_yet_are_there():
    assert overflow({"S": 1}, [stay(0, 48, since=8)], stay(7, 20)) == 1
    assert overflow({"S": 1}, [stay(0, 48, since=-8, fixed="S")], stay(5, 20)) == pytest.approx(exp(-0.5))


def test_who_is_due_later_counts_while_the_stay_lasts():
    later = stay(5, 20)

    assert overflow({"S": 1}, [later], stay(0, 30)) == pytest.approx(exp(-0.5))
    assert overflow({"S": 1}, [later], stay(0, 5)) == 0


def test_small_goods_in_a_large_door_take_it_from_large_ones():
    small = stay(-1, 40, "S", fixed="L", ready=True, since=0)

    assert overflow({"S": 3, "L": 1}, [small], stay(10, 20, "L")) == pytest.approx(exp(-1))
    assert overflow({"S": 3, "L": 1}, [small], stay(10, 20, "S")) == 0


def test_a_weekday_without_collections_is_known_by_the_clock_of_the_town():
    saturday_only = Rates(
        age=(0.1,) * len(AGES_H), hour=(1.0,) * 24, weekday=(0, 0, 0, 0, 0, 1.0, 0), temperature=(1.0,) * 3
    )
    there = odds.still_there(
        stay(0, 72), [hour(10), hour(40)], temperature="ambient", rates=saturday_only, now=NOON
    )  # noon in UTC is 14:00 in Paris: ten hours are left of the Saturday

    assert there == pytest.approx([exp(-1.0), exp(-1.0)])


def test_an_order_is_taken_when_the_door_is_as_sure_as_asked():
    doors, present, wanted = {"ambient": Doors(all={"S": 1}, low={})}, {"ambient": [stay(0, 48)]}, stay(10, 20)

    def answer(certainty: float) -> str:
        foresight = Foresight(rates=ONE_IN_TEN_HOURS, certainty=certainty)
        return why_not(doors, present, {"ambient": wanted}, now=NOON, foresight=foresight)

    assert answer(1 - exp(-1) - 0.01) == ""
    assert answer(1 - exp(-1) + 0.01) == No.CLASS_FULL
    assert why_not(doors, present, {"ambient": wanted}, now=NOON) == No.CLASS_FULL


def test_an_order_that_costs_more_than_it_is_worth_makes_room_for_others():
    dear = {"ambient": np.full((3, 168), 0.0)}
    dear["ambient"][0] = 0.2
    doors = {"ambient": Doors(all={"S": 9}, low={})}

    def answer(hours: int) -> str:
        foresight = Foresight(rates=ONE_IN_TEN_HOURS, certainty=0.9, prices=dear)
        return why_not(doors, {}, {"ambient": stay(0, hours)}, now=NOON, foresight=foresight)

    assert answer(4) == ""
    assert answer(40) == No.CLASS_FULL


def test_goods_of_two_temperatures_are_worth_a_quarter_more():
    dear = {each: np.full((3, 168), 0.0) for each in ("ambient", "chilled")}
    for each in dear.values():
        each[0, 14] = 0.6  # Monday 14:00; now it is that hour
    monday = datetime(2026, 9, 14, 12, tzinfo=UTC)
    wanted = Stay(start=monday, end=monday + timedelta(hours=1), size="S", since=monday)

    def refused(*temperatures: str) -> bool:
        stays = dict.fromkeys(temperatures, wanted)
        return prices.too_dear(dear, stays, rates=ONE_IN_TEN_HOURS, now=monday)

    assert not refused("ambient")
    assert not refused("ambient", "chilled")
    dear["chilled"][0, 14] = 0.7
    assert refused("ambient", "chilled")


def test_prices_are_stored_without_their_zeros():
    dear = {"ambient": np.zeros((3, 168))}
    dear["ambient"][1, 40] = 0.25

    assert prices.to_json(dear) == {"ambient": {"S": {}, "M": {"40": 0.25}, "L": {}}}
    assert (prices.from_json(prices.to_json(dear))["ambient"] == dear["ambient"]).all()


def test_goods_may_stay_longer_unless_somebody_is_due():
    doors = Doors(all={"S": 1}, low={})
    inside = stay(-5, 5, fixed="S", ready=True, since=0)

    def may(present: list[Stay], foresight: Foresight | None = None) -> bool:
        return may_last(doors, present, inside, until=hour(29), temperature="ambient", now=NOON, foresight=foresight)

    assert may([])
    assert not may([stay(20, 40)])
    assert may([stay(20, 40)], Foresight(rates=ONE_IN_TEN_HOURS, certainty=0.85))  # still there: e^-2 = 0.135
    assert not may([stay(20, 40)], Foresight(rates=ONE_IN_TEN_HOURS, certainty=0.9))
