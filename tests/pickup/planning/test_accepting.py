"""Yes or no, found quickly: the same answer as the plain telling of the rules, for whatever is there and asked for."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from pickup.planning import Crowd, Doors, Foresight, Manners, Stay, seating, why_not
from pickup.planning.dwell import AGES_H, Rates
from tests.pickup.planning import plain

NOON = datetime(2026, 9, 19, 12, tzinfo=UTC)
RATES = Rates(
    age=tuple(0.02 + 0.01 * (step % 3) for step in range(len(AGES_H))),
    hour=tuple(0.3 + 0.1 * (hour % 14) for hour in range(24)),
    weekday=(1.0, 0.9, 1.1, 1.0, 1.4, 1.2, 0.5),
    temperature=(1.0, 1.3, 0.8),
)


def hour(number: float) -> datetime:
    return NOON + timedelta(hours=number)


def reserved(evening: int, hours: int, size: str, low: bool, legs: int) -> Stay:
    """As orders of the same evening are: many alike."""
    start = hour(24 * evening - 2)
    return Stay(
        start=start, end=start + timedelta(hours=hours), size=size, low=low, since=hour(24 * evening + 7), legs=legs
    )


def deposited(hours: int, size: str, door: str, ready: bool, waited: int, low: bool) -> Stay:
    return Stay(start=NOON, end=hour(hours), size=size, fixed=door, ready=ready, since=hour(-waited), low=low)


sizes = st.sampled_from("SML")
coming = st.builds(
    reserved, st.integers(0, 3), st.sampled_from([9, 24, 33, 57]), sizes, st.booleans(), st.integers(1, 9)
)
inside = st.builds(deposited, st.integers(1, 48), sizes, sizes, st.booleans(), st.integers(0, 40), st.booleans())
presents = st.tuples(st.lists(coming, max_size=9), st.lists(inside, max_size=6)).map(lambda both: both[0] + both[1])
counts = st.dictionaries(sizes, st.integers(0, 12))
all_doors = st.builds(
    lambda full, low: Doors(all=full, low={size: min(low.get(size, 0), count) for size, count in full.items()}),
    counts,
    counts,
)
wishes = st.builds(reserved, st.integers(0, 3), st.sampled_from([9, 24, 33]), sizes, st.booleans(), st.just(1))
manners = st.builds(Manners, keep_low=st.booleans(), keep_morning=st.booleans())


@settings(max_examples=300, deadline=None)
@given(all_doors, presents, st.lists(st.tuples(wishes, manners), min_size=1, max_size=6))
def test_whole_windows_are_kept_free_as_the_rules_say(doors, present, asked):
    crowd = Crowd(present)  # the same for all windows, as offers judge them

    for wish, kept in asked:
        question = {"doors": {"ambient": doors}, "wanted": {"ambient": wish}, "now": NOON, "manners": kept}

        quick = why_not(stays={"ambient": crowd}, **question)

        assert quick == plain.why_not(stays={"ambient": present}, foresight=None, **question)


@settings(max_examples=150, deadline=None)
@given(all_doors, presents, st.lists(st.tuples(wishes, manners), min_size=1, max_size=3), st.floats(0.3, 0.99))
def test_a_door_is_as_sure_as_the_rules_say(doors, present, asked, certainty):
    crowd, foresight = Crowd(present), Foresight(rates=RATES, certainty=certainty)

    for wish, kept in asked:
        question = {"doors": {"chilled": doors}, "wanted": {"chilled": wish}, "now": NOON, "manners": kept}
        question["foresight"] = foresight

        quick = why_not(stays={"chilled": crowd}, **question)

        assert quick == plain.why_not(stays={"chilled": present}, **question)


@given(counts, presents)
def test_as_many_go_without_a_door_as_when_each_is_given_one_by_hand(doors, present):
    assert seating.displaced(doors, present) == plain.displaced(doors, plain.one_by_one(present))


@given(st.data(), counts, presents)
def test_the_order_in_which_stays_are_read_changes_nothing(data, doors, present):
    shuffled = data.draw(st.permutations(present))

    assert seating.displaced(doors, shuffled) == seating.displaced(doors, present)
