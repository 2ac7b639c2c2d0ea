"""More time to collect: free, while nobody else needs the door and the food keeps."""

from datetime import timedelta

import pytest
from django.utils import timezone

from pickup import collections, errors
from pickup.collections.keeping import evening_end
from pickup.models import Collection, Extension
from pickup.signals import collection_extended
from tests.pickup.makers import (
    confirmed,
    make_bank,
    make_counter,
    make_point,
    make_sheet,
    ready,
    reserve,
    shift,
)

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def test_the_end_moves_to_the_same_hour_of_the_next_day_as_often_as_wanted(bank):
    collection = ready(bank.point, (make_sheet(), 1))
    first_end = collection.ends_at

    collections.extend(collection)
    until = collections.extend(collection)

    collection.refresh_from_db()
    assert (until, collection.ends_at) == (first_end + 2 * DAY, first_end + 2 * DAY)
    assert list(collection.extensions.values_list("previous_end", "new_end", "reason")) == [
        (first_end, first_end + DAY, "resident"),
        (first_end + DAY, first_end + 2 * DAY, "resident"),
    ]


def test_more_time_reaches_the_bank_and_is_told_and_reminded_of_again(bank, device):
    collection = ready(bank.point, (make_sheet(), 1))
    collections.remind_due(collection.ends_at - timedelta(hours=1))
    told = []
    collection_extended.connect(lambda extension, **_: told.append(extension.new_end), weak=False, dispatch_uid="t")

    until = collections.extend(collection)

    collection_extended.disconnect(dispatch_uid="t")
    assert told == [until]
    assert {entry.exp for entry in device.authlist().entries} == {int(until.timestamp())}
    assert collections.remind_due(until - timedelta(hours=1)) == 1


def test_the_page_is_told_the_end_that_one_tap_would_give(bank):
    collection = ready(bank.point, (make_sheet(), 1))

    offered = collections.can_extend_until(collection)

    assert offered == collections.extend(collection)


def assert_unchanged(collection: Collection):
    before = collection.ends_at
    collection.refresh_from_db()
    assert (collection.ends_at, Extension.objects.count()) == (before, 0)


def test_chilled_goods_wait_no_longer_than_they_keep(bank):
    collection = ready(bank.point, (make_sheet(), 1), (make_sheet(temperature="chilled"), 1))

    assert collections.can_extend_until(collection) is None
    with pytest.raises(errors.FoodDoesNotKeep):
        collections.extend(collection)

    assert_unchanged(collection)


def test_once_the_chilled_bag_is_taken_the_rest_may_wait(bank):
    collection = ready(bank.point, (make_sheet(), 1), (make_sheet(temperature="chilled"), 1))
    collections.collect(collection.legs.get(temperature="chilled"))

    collections.extend(collection)

    assert collection.extensions.count() == 1


def test_a_product_with_hours_of_its_own_waits_no_longer(bank):
    collection = ready(bank.point, (make_sheet(max_dwell_hours=20), 1))

    with pytest.raises(errors.FoodDoesNotKeep):
        collections.extend(collection)

    assert collection.legs.get().keeps_until == collection.starts_at + timedelta(hours=20)
    assert_unchanged(collection)


def test_the_door_that_is_promised_to_somebody_else_is_not_kept():
    bank = make_bank("S")
    collection = ready(bank.point, (make_sheet(), 1))
    shift(collection, collection.ends_at - timezone.now() - timedelta(hours=1))  # ends in an hour
    other = reserve(bank.point, (make_sheet(), 1))
    shift(other, other.deposit_from - collection.ends_at)  # needs the door just then, whatever the hour of this test

    assert collections.can_extend_until(collection) is None
    with pytest.raises(errors.DoorIsNeeded):
        collections.extend(collection)

    assert_unchanged(collection)


@pytest.mark.parametrize("status", ["overdue", "ready"])
def test_a_time_that_is_over_is_not_extended(bank, status):
    collection = shift(ready(bank.point, (make_sheet(), 1)), 3 * DAY)
    if status == "overdue":
        collections.expire_due()
        collection.refresh_from_db()

    with pytest.raises(errors.TimeIsOver):
        collections.extend(collection)

    assert (collection.status, Extension.objects.count()) == (status, 0)


def test_what_is_not_there_needs_no_more_time(bank):
    collection = confirmed(bank.point, (make_sheet(), 1))

    with pytest.raises(errors.NothingHere):
        collections.extend(collection)

    assert_unchanged(collection)


def test_a_counter_keeps_goods_without_being_asked():
    collection = ready(make_counter(), (make_sheet(), 1))

    with pytest.raises(errors.CounterKeeps):
        collections.extend(collection)

    assert_unchanged(collection)


@pytest.mark.parametrize(
    ("hours", "moment", "end"),
    [
        ("24/7", "2026-11-25T12:00+01:00", "2026-11-25T19:00+01:00"),
        ("24/7", "2026-11-25T19:00+01:00", "2026-11-25T19:00+01:00"),
        ("24/7", "2026-11-25T19:01+01:00", "2026-11-26T19:00+01:00"),
        ("Mo-Sa 08:00-18:00", "2026-11-28T20:00+01:00", "2026-11-30T18:00+01:00"),
        ("Mo-Fr 08:00-12:00,14:00-22:00", "2026-11-27T20:00+01:00", "2026-11-30T19:00+01:00"),
    ],
)
def test_an_evening_ends_at_seven_or_when_the_place_closes_before(hours, moment, end):
    point = make_point(opening_hours=hours)

    found = evening_end(point, timezone.datetime.fromisoformat(moment))

    assert found == timezone.datetime.fromisoformat(end)


def test_a_place_that_stays_closed_has_no_evening():
    assert evening_end(make_point(opening_hours="off"), timezone.now()) is None
