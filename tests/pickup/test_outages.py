"""Time without the bank is given back, by a rule that everybody can read and any run works out the same."""

from datetime import timedelta

import pytest
from django.utils import timezone

from pickup import collections
from pickup.collections import outages
from pickup.collections.keeping import evening_end
from pickup.models import Bank, Collection, Extension, Outage
from tests.pickup.makers import make_counter, make_sheet, ready, shift

pytestmark = pytest.mark.django_db
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def collection(bank):
    """Goods that wait; their window began two hours ago."""
    collection = ready(bank.point, (make_sheet(), 1))
    shift(collection, collection.starts_at - timezone.now() + 2 * HOUR)
    collection.ends_at = evening_end(collection.point, timezone.now() + 12 * HOUR)
    collection.save(update_fields=["ends_at"])
    Bank.objects.filter(pk=bank.pk).update(last_seen_at=timezone.now())
    return collection


def silent(bank, start, end):
    return Outage.objects.create(bank=bank, kind=Outage.Kind.SILENT, started_at=start, ended_at=end)


def next_evening_after(moment):
    """19:00 in the town, on the day of `moment` or the next."""
    evening = timezone.localtime(moment).replace(hour=19, minute=0, second=0, microsecond=0)
    return evening if evening >= moment else evening + DAY


@pytest.mark.parametrize(("minutes", "changed"), [(30, 0), (31, 1), (12 * 60, 1)])
def test_more_than_half_an_hour_is_given_back_up_to_the_next_evening(bank, collection, minutes, changed):
    """S24."""
    before = collection.ends_at
    start = collection.starts_at + MINUTE
    silent(bank, start, start + minutes * MINUTE)
    later = start + minutes * MINUTE + MINUTE
    Bank.objects.filter(pk=bank.pk).update(last_seen_at=later)

    assert outages.make_up(later) == changed

    collection.refresh_from_db()
    due = next_evening_after(before + minutes * MINUTE) if changed else before
    assert collection.ends_at == due


def test_what_was_given_back_is_not_given_twice(bank, collection):
    silent(bank, collection.starts_at, collection.starts_at + HOUR)

    assert (outages.make_up(), outages.make_up(), outages.make_up()) == (1, 0, 0)
    assert Extension.objects.get().reason == "outage"


def test_an_outage_outside_the_window_takes_nothing_from_anybody(bank, collection):
    silent(bank, collection.starts_at - 5 * HOUR, collection.starts_at + 20 * MINUTE)

    assert outages.make_up() == 0


def test_a_silence_that_lasts_counts_before_it_is_over(bank, collection):
    Bank.objects.filter(pk=bank.pk).update(last_seen_at=timezone.now() - 45 * MINUTE)

    assert (outages.make_up(), Outage.objects.count()) == (1, 0)


@pytest.mark.parametrize("every_hours", [1, 7, 72])
def test_a_long_outage_ends_the_same_however_often_it_is_worked_out(bank, collection, every_hours):
    """Three days of silence; a worker that ran each hour and one that stood still agree."""
    start = collection.ends_at - HOUR
    Bank.objects.filter(pk=bank.pk).update(last_seen_at=start)
    before = collection.ends_at
    end = start + 3 * DAY

    moment = start
    while moment < end:
        moment = min(moment + every_hours * HOUR, end)
        collections.expire_due(moment)

    collection.refresh_from_db()
    assert collection.ends_at == next_evening_after(before + 3 * DAY)
    assert collection.status == "ready"


def test_the_bank_itself_writes_down_its_silence(bank, device, collection):
    heard_at = timezone.now() - 40 * MINUTE
    Bank.objects.filter(pk=bank.pk).update(last_seen_at=heard_at)

    device.sync()
    device.sync()

    outage = Outage.objects.get()
    assert (outage.kind, outage.started_at) == ("silent", heard_at)
    assert timezone.now() - outage.ended_at < MINUTE


def test_short_pauses_between_two_words_are_no_outage(bank, device, collection):
    Bank.objects.filter(pk=bank.pk).update(last_seen_at=timezone.now() - 4 * MINUTE)

    device.sync()

    assert not Outage.objects.exists()


def test_a_bank_whose_locks_do_not_answer_is_out_of_order_too(bank, device, collection):
    device.sync(
        device.event("bus.unreachable", board=2, why="silent"),
        device.event("bus.unreachable", board=None, why="absent"),
        device.event("bus.unreachable", board=None, why="absent"),
    )
    lasting = Outage.objects.get()
    device.sync(device.event("bus.recovered", board=None, seconds=60))

    lasting.refresh_from_db()
    assert (lasting.kind, lasting.ended_at is not None) == ("bus", True)


def test_overlapping_troubles_count_once(bank, collection):
    start = collection.starts_at
    silent(bank, start, start + HOUR)
    Outage.objects.create(bank=bank, kind="bus", started_at=start + 30 * MINUTE, ended_at=start + 90 * MINUTE)

    assert outages.spans(bank, start, collection.ends_at, now=timezone.now()) == [(start, start + 90 * MINUTE)]


def test_food_is_not_kept_for_it(bank):
    collection = ready(bank.point, (make_sheet(), 1), (make_sheet(temperature="chilled"), 1))
    shift(collection, collection.starts_at - timezone.now() + 2 * HOUR)
    silent(bank, collection.starts_at, collection.starts_at + HOUR)

    assert (outages.make_up(), Extension.objects.count()) == (0, 0)


def test_the_end_that_a_resident_asked_for_is_given_back_on_top(bank, collection):
    silent(bank, collection.starts_at, collection.starts_at + HOUR)
    before = collection.ends_at

    until = collections.extend(collection)

    assert list(collection.extensions.values_list("reason", flat=True)) == ["outage", "resident"]
    assert until == next_evening_after(next_evening_after(before + HOUR) + MINUTE)
    assert outages.make_up() == 0


def test_goods_that_were_overdue_wait_again(bank, collection):
    shift(collection, collection.ends_at - timezone.now() + MINUTE)
    Bank.objects.filter(pk=bank.pk).update(last_seen_at=timezone.now())
    collections.expire_due()
    silent(bank, collection.ends_at - 2 * HOUR, collection.ends_at - HOUR)

    collections.expire_due()

    collection.refresh_from_db()
    assert (collection.status, collection.ends_at > timezone.now()) == ("ready", True)


def test_a_counter_has_no_outage(bank):
    collection = ready(make_counter(), (make_sheet(), 1))
    silent(bank, collection.starts_at - DAY, timezone.now())

    assert outages.make_up() == 0


def test_a_place_that_closes_on_sundays_gives_the_next_day_on_which_it_opens(bank, collection):
    following = timezone.localtime(collection.ends_at + DAY).strftime("%a")[:2]
    bank.point.opening_hours = f"Mo-Su 08:00-20:00; {following} off"
    bank.point.save()
    silent(bank, collection.starts_at, collection.starts_at + HOUR)

    outages.make_up()

    assert Collection.objects.get(pk=collection.pk).ends_at == collection.ends_at + 2 * DAY
