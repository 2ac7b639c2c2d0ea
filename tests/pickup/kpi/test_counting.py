"""A day in numbers, against days counted by hand."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pickup.kpi import counting
from pickup.kpi.counting import Happened
from pickup.kpi.trace import Lay, Refused

MIDNIGHT = datetime(2026, 9, 14, tzinfo=UTC)
NEXT = MIDNIGHT + timedelta(days=1)


def at(hour: float) -> datetime:
    return MIDNIGHT + timedelta(hours=hour)


def happened(hour: float, kind: str, **data) -> Happened:
    return Happened(type=kind, at=at(hour), data=data)


def lay(start: float, left: float | None, *, number: int = 1, size: str = "S", **fields) -> Lay:
    known = {"collection": number, "temperature": "ambient", "size": size, "door": size, "collected": left is not None}
    times = {"start": at(start), "ready": at(start), "left": None if left is None else at(left)}
    return Lay(**known | times | fields)


def test_attempts_are_counted_by_how_they_ended():
    done = counting.openings(
        [
            happened(9, "door.opened", outcome="opened"),
            happened(9, "door.opened", outcome="opened_unverified"),
            happened(9, "door.opened", outcome="jammed"),
            happened(9, "credential.accepted", purpose="deposit", offline=True),
            happened(9, "credential.accepted", purpose="deposit", offline=False),
        ]
    )

    assert (done.attempts, done.failed, done.codes, done.codes_offline) == (3, 1, 2, 1)
    assert done.visit_seconds is None


def test_a_visit_lasts_from_the_code_to_the_last_door():
    done = counting.openings(
        [
            happened(18, "credential.accepted", purpose="collect", reservation=7, legs=[1, 2]),
            happened(18.01, "door.closed", leg=1, compartment="C1"),
            happened(18.02, "claim", legs=[2], reservation=7),
            happened(18.03, "door.closed", leg=9, compartment="C9"),  # somebody else's
            happened(18.2, "credential.accepted", purpose="collect", reservation=8, legs=[3]),
            happened(19.0, "door.closed", leg=3, compartment="C3"),  # left open: not the visit any more
        ]
    )

    assert done.visits == [pytest.approx(72)]
    assert done.visit_seconds == 72


def test_a_shop_that_tries_again_was_displaced_once():
    done = counting.openings(
        [happened(hour, "credential.rejected", why="no_room") for hour in (9, 9.2, 9.4, 12)]
        + [happened(13, "credential.rejected", why="unknown")]
    )

    assert done.displaced == 2


def test_a_class_is_used_for_the_hours_of_the_day_in_which_it_held_goods():
    lays = [lay(-5, 3), lay(20, None), lay(4, 8, door="M"), lay(-9, -1)]

    classes = counting.hours_of_classes(
        lays, {("ambient", "S"): 48.0, ("ambient", "M"): 24.0, ("chilled", "S"): 24.0}, MIDNIGHT, NEXT
    )

    assert [(each["temperature"], each["size"], each["occupied_h"], each["in_service_h"]) for each in classes] == [
        ("ambient", "M", 4.0, 24.0),
        ("ambient", "S", 7.0, 48.0),
        ("chilled", "S", 0.0, 24.0),
    ]


def test_a_door_counts_while_it_is_in_service():
    doors = {"C1": ("ambient", "S"), "C2": ("ambient", "S"), "C3": ("ambient", "L")}
    changes = [
        happened(-30, "compartment.service", compartment="C3", state="out_of_service"),
        happened(6, "compartment.service", compartment="C1", state="quarantined"),
        happened(18, "compartment.service", compartment="C1", state="in_service"),
        happened(25, "compartment.service", compartment="C2", state="draining"),
        happened(7, "compartment.service", compartment="gone", state="draining"),
    ]

    hours = counting.hours_in_service(doors, changes, MIDNIGHT, NEXT)

    assert hours == {("ambient", "S"): 36.0, ("ambient", "L"): 0.0}


def test_an_order_has_waited_until_its_last_leg_left():
    both = [lay(1, 3), lay(2, 8, temperature="chilled")]
    half = [lay(1, 3, number=2), lay(1, None, number=2, temperature="chilled")]
    tomorrow = [lay(1, 26, number=3)]
    cleared = [lay(1, 9, number=4, collected=False)]

    assert counting.waits([*both, *half, *tomorrow, *cleared], MIDNIGHT, NEXT) == [6.0]


def test_the_bound_knows_when_each_leg_left_and_what_was_refused():
    one_door = {"ambient": {"S": 1}}
    came = [lay(10, 12, number=1), lay(12, 14, number=2)]
    in_the_gap = Refused(at=at(9), starts_at=at(14), ends_at=at(20), legs={"ambient": "S"})
    beside = Refused(at=at(9), starts_at=at(10.5), ends_at=at(20), legs={"ambient": "S"})

    assert counting.bound(came, [], one_door, NEXT) == pytest.approx(2)
    assert counting.bound(came, [in_the_gap], one_door, NEXT) == pytest.approx(3)
    assert counting.bound(came, [beside], one_door, NEXT) == pytest.approx(2)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 40), st.integers(1, 12), st.sampled_from("SML")), max_size=12))
def test_what_really_lay_behind_doors_never_passes_the_bound(wishes):
    free_from = {("S", 0): 0, ("S", 1): 0, ("M", 0): 0, ("L", 0): 0}
    came = []
    for number, (start, hours, size) in enumerate(sorted(wishes)):
        door = next(
            (each for each in free_from if each[0] in "SML"["SML".index(size) :] and free_from[each] <= start), None
        )
        if door:
            free_from[door] = start + hours
            came.append(lay(start, start + hours, number=number, size=size, door=door[0]))

    bound = counting.bound(came, [], {"ambient": {"S": 2, "M": 1, "L": 1}}, NEXT)

    assert bound == pytest.approx(len(came))
