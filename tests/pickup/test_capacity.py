"""Room by class: substitution upwards, the reserve, low doors, holds that run out."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from pickup import capacity, collections, errors
from pickup.models import ClassCapacity, Collection, Compartment, Leg
from pickup.operating import acting
from pickup.planning import Stay
from pickup.planning.seating import fits
from pickup.planning.stays import with_reserve
from tests.factories import make_user
from tests.pickup.makers import confirmed, first_window, make_bank, make_counter, make_sheet, ready, reserve, shift

NOON = datetime(2026, 9, 19, 12, tzinfo=UTC)


def stay(start: int, end: int, size: str = "S", **fields) -> Stay:
    return Stay(start=NOON + timedelta(hours=start), end=NOON + timedelta(hours=end), size=size, **fields)


def test_a_larger_door_stands_in_for_a_smaller_one_and_not_the_other_way():
    assert fits({"M": 1}, [], stay(0, 4, "S"))
    assert not fits({"S": 5}, [], stay(0, 4, "M"))


def test_stays_that_meet_at_one_moment_share_a_door():
    assert fits({"S": 1}, [stay(0, 4)], stay(4, 8))
    assert not fits({"S": 1}, [stay(0, 4)], stay(3, 8))


def test_small_goods_behind_a_large_door_keep_it():
    assert not fits({"S": 1, "M": 1}, [stay(0, 9, "S", fixed="M")], stay(1, 9, "M"))
    assert fits({"S": 1, "M": 1}, [stay(0, 9, "S", fixed="M")], stay(1, 9, "S"))


def test_a_broken_door_does_not_close_the_days_after():
    too_many_tonight = [stay(0, 4), stay(0, 4)]

    assert fits({"S": 1}, too_many_tonight, stay(4, 8))
    assert not fits({"S": 1}, too_many_tonight, stay(3, 8))


@pytest.mark.parametrize(
    ("doors", "planned"),
    [
        ({"S": 2, "M": 1}, {"S": 2, "M": 1}),
        ({"S": 3, "M": 1}, {"S": 2, "M": 1}),
        ({"S": 14, "M": 10, "L": 4}, {"S": 14, "M": 10, "L": 3}),
    ],
)
def test_above_three_doors_one_of_the_largest_plural_size_is_kept_back(doors, planned):
    assert with_reserve(doors) == planned


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(1, 20), st.sampled_from("SML")), max_size=25))
def test_never_more_stays_at_a_time_than_doors(wishes):
    doors = {"S": 2, "M": 2, "L": 1}
    accepted = []
    for start, hours, size in wishes:
        wish = stay(start, start + hours, size)
        if fits(doors, accepted, wish):
            accepted.append(wish)

    for moment in {each.start for each in accepted}:
        inside = [each for each in accepted if each.start <= moment < each.end]
        assert len(inside) <= 5
        assert len([each for each in inside if each.size != "S"]) <= 3
        assert len([each for each in inside if each.size == "L"]) <= 1


@pytest.mark.django_db
def test_the_last_compartment_is_promised_once():
    sheet, bank = make_sheet(), make_bank("S")
    window = first_window(bank.point, (sheet, 1))
    reserve(bank.point, (sheet, 1), window=window)

    with pytest.raises(errors.NoRoom):
        reserve(bank.point, (sheet, 1), window=window)

    assert Collection.objects.count() == Leg.objects.count() == 1


@pytest.mark.django_db
def test_a_hold_that_ran_out_gives_its_room_back_by_itself():
    sheet, bank = make_sheet(), make_bank("S")
    first = reserve(bank.point, (sheet, 1))
    Collection.objects.filter(pk=first.pk).update(held_until=timezone.now())

    second = reserve(bank.point, (sheet, 1))

    assert second.status == "held"


@pytest.mark.django_db
def test_a_late_payment_gets_its_old_room_when_it_is_still_free():
    sheet, bank = make_sheet(), make_bank("S")
    late = reserve(bank.point, (sheet, 1))
    Collection.objects.filter(pk=late.pk).update(held_until=timezone.now())

    assert collections.confirm(late)

    late.refresh_from_db()
    assert (late.status, late.point) == ("confirmed", bank.point)


@pytest.mark.django_db
def test_a_late_payment_without_room_goes_to_a_counter():
    sheet, bank, counter = make_sheet(), make_bank("S"), make_counter()
    late = reserve(bank.point, (sheet, 1))
    Collection.objects.filter(pk=late.pk).update(held_until=timezone.now())
    winner = reserve(bank.point, (sheet, 1))

    collections.confirm(late)

    late.refresh_from_db()
    winner.refresh_from_db()
    assert (late.status, late.point) == ("confirmed", counter)
    assert (winner.status, winner.point) == ("held", bank.point)


@pytest.mark.django_db
def test_uncollected_goods_keep_their_door():
    sheet, bank = make_sheet(), make_bank("S")
    forgotten = shift(ready(bank.point, (sheet, 1)), timedelta(days=3))
    now = timezone.now()

    stays = capacity.stays_by_bank([bank], now)[bank.pk]["ambient"]

    assert [(each.start, each.end, each.since) for each in stays] == [
        (now, now + capacity.CLEARING, forgotten.ready_at)
    ]


@pytest.mark.django_db
def test_a_low_door_is_promised_to_those_who_ask_for_it_once():
    sheet, bank = make_sheet(), make_bank("S low", "S", "S")
    reserve(bank.point, (sheet, 1), low_door=True)

    with pytest.raises(errors.NoRoom):
        reserve(bank.point, (sheet, 1), low_door=True)

    assert reserve(bank.point, (sheet, 1)).status == "held"


@pytest.mark.django_db
def test_a_blocked_compartment_is_not_planned_with():
    bank = make_bank("S", "M")
    sheet = make_sheet()
    window = first_window(bank.point, (sheet, 1))

    acting.block(Compartment.objects.get(label="C1"), why="serrure", by=make_user())

    assert list(ClassCapacity.objects.order_by("size").values_list("size", "doors")) == [("M", 1), ("S", 0)]
    confirmed(bank.point, (sheet, 1), window=window)
    with pytest.raises(errors.NoRoom):
        reserve(bank.point, (sheet, 1), window=window)


@pytest.mark.django_db
def test_at_a_counter_without_limit_nobody_waits_and_nothing_is_read(django_assert_num_queries):
    sheet, counter = make_sheet(), make_counter()
    window = first_window(counter, (sheet, 1))
    reserve(counter, (sheet, 1), window=window)

    with django_assert_num_queries(0):
        capacity.claim_counter(counter, start=window.starts_at, end=window.ends_at, now=timezone.now())


@pytest.mark.django_db
def test_a_counter_takes_as_many_orders_per_window_as_it_can():
    sheet, counter = make_sheet(), make_counter(window_capacity=1)
    window = first_window(counter, (sheet, 1))
    reserve(counter, (sheet, 1), window=window)

    with pytest.raises(errors.NoRoom):
        reserve(counter, (sheet, 1), window=window)

    assert Collection.objects.count() == 1
