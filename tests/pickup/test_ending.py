"""What time decides, and what happens at counters: missing, overdue, cleared, reminded, never fetched."""

from datetime import timedelta

import pytest
from django.utils import timezone

from pickup import collections, errors
from pickup.collections.handing import KEPT_AT_COUNTER
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


def test_who_does_not_come_is_missing_once_the_window_has_begun(bank, heard):
    bread, book = make_sheet(), make_sheet()
    collection = confirmed(bank.point, (bread, 1), (book, 1))
    collections.deposit(parcels_of(collection)[0], compartment=compartment("C1"))
    assert collections.expire_due() == 0
    shift(collection, collection.starts_at - timezone.now() + timedelta(minutes=31))

    assert collections.expire_due() == 1

    collection.refresh_from_db()
    assert collection.status == Status.PARTIAL_READY
    assert [parcel.status for parcel in parcels_of(collection)] == ["deposited", "missing"]
    assert collections.expire_due() == 0


def test_a_late_first_deposit_gives_the_others_half_an_hour(bank):
    bread, book = make_sheet(), make_sheet()
    collection = confirmed(bank.point, (bread, 1), (book, 1))
    shift(collection, collection.starts_at - timezone.now() + timedelta(hours=1))
    collections.deposit(parcels_of(collection)[0], compartment=compartment("C1"))

    later = timezone.now() + timedelta(minutes=31)
    Bank.objects.filter(pk=bank.pk).update(last_seen_at=later)

    assert (collections.expire_due(), collections.expire_due(later)) == (0, 1)


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

    assert collections.move_to_counter(collection, reason="cleared")

    collection = Collection.objects.get(pk=collection.pk)
    assert (collection.status, collection.point) == (Status.AT_COUNTER, counter)
    assert compartment("C1").contents == "empty"
    assert collections.progress(collection).pin == pin_before
    assert collections.hand_over(counter, pin_before, by=None).status == Status.COLLECTED


def test_what_nobody_fetches_from_the_counter_is_a_no_show(bank):
    make_counter()
    collection = ready(bank.point, (make_sheet(), 1))
    collections.move_to_counter(collection, reason="cleared")

    assert collections.expire_due(timezone.now() + KEPT_AT_COUNTER + timedelta(hours=1)) == 1

    collection.refresh_from_db()
    assert (collection.status, collection.order.shop_orders.get().status) == ("released", "no_show")


def test_nothing_can_be_moved_from_an_empty_compartment(bank):
    make_counter()

    with pytest.raises(errors.NothingHere):
        collections.move_to_counter(confirmed(bank.point, (make_sheet(), 1)), reason="cleared")


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
