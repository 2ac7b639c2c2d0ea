"""Whole windows: the short way gives the same answer as the whole plan, and what was accepted is seated."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from pickup.planning import Stay, seating

NOON = datetime(2026, 9, 19, 12, tzinfo=UTC)
DOORS = {"S": 3, "M": 2, "L": 1}


def stay(start: int, hours: int, size: str, fixed: str = "") -> Stay:
    return Stay(start=NOON + timedelta(hours=start), end=NOON + timedelta(hours=start + hours), size=size, fixed=fixed)


stays = st.builds(stay, st.integers(0, 20), st.integers(1, 12), st.sampled_from("SML"))
inside = st.builds(stay, st.just(-2), st.integers(3, 12), st.just("S"), st.sampled_from("SML"))


@settings(max_examples=300)
@given(st.lists(stays, max_size=8), st.lists(inside, max_size=3), stays)
def test_with_room_to_spare_the_whole_plan_agrees(present, fixed, wanted):
    everybody = present + fixed

    if seating._has_room_to_spare(DOORS, everybody, wanted):
        assert seating.displaced(DOORS, [*everybody, wanted]) == seating.displaced(DOORS, everybody)


@given(st.lists(stays, max_size=25))
def test_those_who_were_accepted_one_by_one_are_all_seated(wishes):
    accepted: list[Stay] = []
    for wish in wishes:
        if seating.fits(DOORS, accepted, wish):
            accepted.append(wish)

    assert seating.displaced(DOORS, accepted) == 0
