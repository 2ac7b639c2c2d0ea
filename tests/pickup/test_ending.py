"""What time decides, and what happens at counters: missing, overdue, cleared, reminded, never fetched."""

from datetime import timedelta

import pytest
from django.utils import timezone

from pickup import collections, errors
from pickup.collections.keeping import FOOD_AT_COUNTER
from pickup.models import Bank, Collection, Compartment
from pickup.signals import collection_ending
from shops import orders
from tests.factories import make_user
from tests.pickup.makers import (
    confirmed,
    debit,
    make_counter,
    make_sheet,
    parcels_of,
    ready,
    reserve,
    shift,
)
from tests.shops.orders_of import pay

pytestmark = pytest.mark.django_db
Status = Collection.Status


def compartment(label: str) -> Compartment:
    return Compartment.objects.get(label=label)


def to_window(collection: Collection, *, minutes: int) -> Collection:
    """Shift the promise so that its window begins in so many minutes, everything else long before."""
    return shift(collection, collection.starts_at - timezone.now() - timedelta(minutes=minutes))


def two_shops(bank) -> Collection:
    return confirmed(bank.point, (make_sheet(), 1), (make_sheet(), 1))


@pytest.mark.parametrize("came", [1, 0])
def test_who_is_not_there_half_an_hour_before_the_window_is_missing(bank, came):
    """S19."""
    collection = two_shops(bank)
    for parcel in parcels_of(collection)[:came]:
        collections.deposit(parcel, compartment=compartment("C1"))

    before = collections.expire_due()
    to_window(collection, minutes=31)
    still = collections.expire_due()
    to_window(collection, minutes=30)
    then, again = collections.expire_due(), collections.expire_due()

    collection.refresh_from_db()
    assert (before, still, then, again) == (0, 0, 1, 0)
    assert [parcel.status for parcel in parcels_of(collection)] == ["deposited", "missing"][1 - came :] + (
        ["missing"] if not came else []
    )
    assert collection.status == (Status.PARTIAL_READY if came else Status.RELEASED)


def test_a_late_first_deposit_gives_the_others_half_an_hour(bank):
    collection = to_window(two_shops(bank), minutes=-60)
    collections.deposit(parcels_of(collection)[0], compartment=compartment("C1"))

    later = timezone.now() + timedelta(minutes=31)
    Bank.objects.filter(pk=bank.pk).update(last_seen_at=later)

    assert (collections.expire_due(), collections.expire_due(later)) == (0, 1)


def test_shops_that_were_debited_late_have_an_hour(bank):
    collection = two_shops(bank)
    back = collection.starts_at - timezone.now() - timedelta(minutes=10)
    for name in ("deposit_from", "starts_at", "ends_at"):
        setattr(collection, name, getattr(collection, name) - back)
    collection.save()
    later = timezone.now() + timedelta(minutes=61)

    first = collections.expire_due()
    Bank.objects.filter(pk=bank.pk).update(last_seen_at=later)

    assert (first, collections.expire_due(later)) == (0, 1)


def test_behind_a_counter_people_see_who_comes(heard):
    """Nobody pressed the button: until the end of the window the goods may stand there all the same."""
    collection = to_window(confirmed(make_counter(), (make_sheet(), 1)), minutes=0)

    at_start = collections.expire_due()
    shift(collection, collection.ends_at - timezone.now())

    assert (at_start, collections.expire_due()) == (0, 1)


def test_a_silent_bank_may_hold_what_we_do_not_know_of(bank):
    bread, book = make_sheet(), make_sheet()
    collection = confirmed(bank.point, (bread, 1), (book, 1))
    collections.deposit(parcels_of(collection)[0], compartment=compartment("C1"))
    shift(collection, timedelta(days=1))
    Bank.objects.filter(pk=bank.pk).update(last_seen_at=timezone.now() - timedelta(minutes=6))

    assert collections.expire_due() == 0


def test_uncollected_goods_are_overdue_stay_openable_and_go_to_a_counter(bank):
    counter = make_counter()
    collection = shift(ready(bank.point, (make_sheet(), 1)), timedelta(days=3))
    assert collections.expire_due() == 1
    pin_before = collections.progress(Collection.objects.get(pk=collection.pk)).pin

    assert collections.move_to_counter(collection.legs.get(), reason="cleared")

    collection = Collection.objects.get(pk=collection.pk)
    assert (collection.status, collection.point) == (Status.AT_COUNTER, counter)
    assert compartment("C1").contents == "empty"
    assert collections.progress(collection).pin == pin_before
    assert collections.hand_over(counter, pin_before, by=None).status == Status.COLLECTED


@pytest.mark.parametrize(("fields", "days"), [({}, 7), ({"withdrawal": "perishable"}, FOOD_AT_COUNTER.days)])
def test_what_nobody_fetches_from_the_counter_is_a_no_show(bank, fields, days):
    make_counter()
    collection = ready(bank.point, (make_sheet(**fields), 1))
    collections.move_to_counter(collection.legs.get(), reason="cleared")
    collection.refresh_from_db()

    too_soon = collections.expire_due(collection.starts_at + timedelta(days=days, minutes=-1))

    assert (too_soon, collections.expire_due(collection.starts_at + timedelta(days=days))) == (0, 1)

    collection.refresh_from_db()
    assert (collection.status, collection.order.shop_orders.get().status) == ("released", "no_show")


def test_nothing_can_be_moved_from_an_empty_compartment(bank):
    make_counter()

    with pytest.raises(errors.NothingHere):
        collections.move_to_counter(confirmed(bank.point, (make_sheet(), 1)).legs.get(), reason="cleared")


def test_a_collection_nobody_filled_ends_with_its_window(bank):
    collection = confirmed(bank.point, (make_sheet(), 1))
    shift(collection, timedelta(days=3))

    assert collections.expire_due() == 1

    collection.refresh_from_db()
    assert (collection.status, parcels_of(collection)[0].status) == ("released", "missing")


def test_a_resident_is_reminded_once_three_hours_before_the_end(bank):
    collection = ready(bank.point, (make_sheet(), 1))
    reminded = []
    collection_ending.connect(lambda collection, **_: reminded.append(collection.pk), weak=False, dispatch_uid="t")

    before = collections.remind_due(collection.ends_at - timedelta(hours=4))
    then = collections.remind_due(collection.ends_at - timedelta(hours=2))
    again = collections.remind_due(collection.ends_at - timedelta(hours=1))

    collection_ending.disconnect(dispatch_uid="t")
    assert (before, then, again, reminded) == (0, 1, 0, [collection.pk])


def test_a_counter_takes_goods_only_once_they_are_debited():
    counter, sheet, person = make_counter(), make_sheet(), make_user()
    collection = reserve(counter, (sheet, 1))
    pay(collection.order)
    shop_order = collection.order.shop_orders.get()

    with pytest.raises(errors.NotCaptured):
        collections.deposit_at_counter(shop_order, by=person)
    orders.accept_all(shop_order, by=None)
    debit(collection.order)

    assert collections.deposit_at_counter(shop_order, by=person)
    assert not collections.deposit_at_counter(shop_order, by=person)
    collection.refresh_from_db()
    assert (collection.status, parcels_of(collection)[0].deposited_by) == (Status.READY, person)


@pytest.mark.parametrize("typed", ["00000000", "", "L1:NONSENSE", "12345678901234567890"])
def test_a_wrong_code_hands_nothing_over(typed):
    counter = make_counter()
    collection = ready(counter, (make_sheet(), 1))

    with pytest.raises(errors.WrongCode):
        collections.hand_over(counter, typed, by=None)

    collection.refresh_from_db()
    assert collection.status == Status.READY


def test_a_code_opens_nothing_at_another_counter():
    counter, other = make_counter(), make_counter()
    collection = ready(counter, (make_sheet(), 1))

    with pytest.raises(errors.WrongCode):
        collections.hand_over(other, collections.progress(collection).pin, by=None)


@pytest.mark.parametrize("runs", [["on time", "on time"], ["late"], ["late", "late"]])
def test_a_worker_that_stood_still_for_two_days_decides_the_same(bank, runs):
    """Nothing counts what was run: twice, late or on time, the same moments give the same state."""
    shops = two_shops(bank)
    collections.deposit(parcels_of(shops)[0], compartment=compartment("C1"))
    overdue = ready(bank.point, (make_sheet(temperature="chilled"), 1))
    for collection in (shops, overdue):
        shift(collection, timedelta(days=2))
    moments = {"on time": timezone.now() - timedelta(hours=1), "late": timezone.now()}

    for run in runs:
        collections.expire_due(moments[run])

    statuses = [Collection.objects.get(pk=each.pk).status for each in (shops, overdue)]
    assert statuses == [Status.OVERDUE, Status.OVERDUE]
    assert [parcel.status for parcel in parcels_of(shops)] == ["deposited", "missing"]


def test_goods_whose_time_is_over_are_named_until_they_are_taken_out(bank):
    make_counter()
    first = shift(ready(bank.point, (make_sheet(), 1)), timedelta(days=3))
    second = shift(ready(bank.point, (make_sheet(), 1)), timedelta(days=4))
    ready(bank.point, (make_sheet(temperature="chilled"), 1))

    found = collections.overdue_goods()
    collections.expire_due()
    collections.move_to_counter(second.legs.get(), reason="cleared")

    assert [leg.collection for leg in found] == [second, first]
    assert [leg.collection for leg in collections.overdue_goods()] == [first]
