"""The life of a collection: deposits, ready exactly once, who stays away, hand-over, what time decides."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone, translation

from marketplace.foundation.lifecycle import ForbiddenMove
from pickup import capacity, collections, errors
from pickup.collections.handing import KEPT_AT_COUNTER
from pickup.models import Bank, Collection, Compartment, Leg, Parcel
from pickup.signals import collection_ending
from shops import orders
from shops.models import ShopOrder
from tests.factories import make_user
from tests.pickup.makers import (
    confirmed,
    debit,
    first_window,
    make_bank,
    make_counter,
    make_sheet,
    parcels_of,
    ready,
    reserve,
    shift,
)
from tests.shops.orders_of import pay, place

pytestmark = pytest.mark.django_db
Status = Collection.Status


@pytest.fixture
def bank() -> Bank:
    return make_bank("S", "S", "M chilled")


def compartment(label: str) -> Compartment:
    return Compartment.objects.get(label=label)


def test_one_leg_per_temperature_and_one_parcel_per_shop(bank):
    bread, cheese = make_sheet(), make_sheet(temperature="chilled")

    collection = reserve(bank.point, (bread, 1), (cheese, 2))

    legs = list(collection.legs.values_list("temperature", "size", "status", "parcels__shop_order__shop"))
    assert legs == [("ambient", "S", "reserved", bread.shop_id), ("chilled", "S", "reserved", cheese.shop_id)]
    assert (collection.status, 0 < collection.number < 2**63) == ("held", True)


def test_a_full_bank_names_other_places_and_changes_nothing(bank):
    sheet, elsewhere = make_sheet(), make_bank("S", name="Consigne de la gare")
    make_counter(name="Comptoir de l'office")
    window = first_window(bank.point, (sheet, 1))
    for _ in range(2):
        reserve(bank.point, (sheet, 1), window=window)
    before = (Collection.objects.count(), Leg.objects.count(), Parcel.objects.count())

    with translation.override("en"), pytest.raises(errors.NoRoom) as refusal:
        reserve(bank.point, (sheet, 1), window=window)

    assert elsewhere.point.name in str(refusal.value)
    assert "Comptoir de l'office" in str(refusal.value)
    assert (Collection.objects.count(), Leg.objects.count(), Parcel.objects.count()) == before


def test_the_last_shop_makes_it_ready_exactly_once(bank, heard):
    bread, book = make_sheet(), make_sheet()
    collection = confirmed(bank.point, (bread, 1), (book, 1))
    first, last = parcels_of(collection)
    heard.clear()

    assert collections.deposit(first, compartment=compartment("C1"))
    collection.refresh_from_db()
    assert collection.status == Status.DEPOSITING
    assert collections.deposit(last, compartment=compartment("C1"))
    assert not collections.deposit(last, compartment=compartment("C1"))

    collection.refresh_from_db()
    assert collection.status == Status.READY
    assert heard == [("confirmed", "depositing"), ("depositing", "ready")]
    assert compartment("C1").contents == "occupied"


def test_two_legs_cannot_lie_in_one_compartment(bank):
    sheet = make_sheet()
    ready(bank.point, (sheet, 1))
    other = confirmed(bank.point, (sheet, 1))

    with pytest.raises(IntegrityError), transaction.atomic():
        collections.deposit(parcels_of(other)[0], compartment=compartment("C1"))


def test_nothing_is_deposited_for_an_unpaid_order(bank):
    collection = reserve(bank.point, (make_sheet(), 1))

    with pytest.raises(ForbiddenMove):
        collections.deposit(parcels_of(collection)[0], compartment=compartment("C1"))

    assert parcels_of(collection)[0].status == "expected"


def test_a_refusing_shop_frees_its_door_and_the_rest_goes_on(bank):
    bread, cheese = make_sheet(), make_sheet(temperature="chilled")
    collection = reserve(bank.point, (bread, 1), (cheese, 1))
    pay(collection.order)

    orders.refuse_all(collection.order.shop_orders.get(shop=cheese.shop), reason="plus rien", by=None)

    assert dict(collection.legs.values_list("temperature", "status")) == {"ambient": "reserved", "chilled": "released"}
    assert "chilled" not in capacity.stays_by_bank([bank.pk], timezone.now())[bank.pk]
    collection.refresh_from_db()
    assert collection.status == Status.CONFIRMED


def test_the_refusal_of_the_last_awaited_shop_makes_the_rest_ready(bank):
    bread, book = make_sheet(), make_sheet()
    collection = reserve(bank.point, (bread, 1), (book, 1))
    pay(collection.order)
    orders.accept_all(collection.order.shop_orders.get(shop=bread.shop), by=None)
    collections.deposit(parcels_of(collection)[0], compartment=compartment("C1"))

    orders.refuse_all(collection.order.shop_orders.get(shop=book.shop), reason="plus rien", by=None)

    collection.refresh_from_db()
    assert collection.status == Status.READY


def test_a_cancelled_order_gives_everything_back(bank, heard):
    collection = reserve(bank.point, (make_sheet(), 1))
    pay(collection.order)

    orders.cancel(collection.order, reason="changed my mind")

    collection.refresh_from_db()
    assert (collection.status, collection.legs.get().status) == ("released", "released")
    assert heard[-1] == ("confirmed", "released")
    assert not collections.release(collection, reason="again")


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


def test_who_comes_after_all_completes_the_collection(bank):
    bread, book = make_sheet(), make_sheet()
    collection = confirmed(bank.point, (bread, 1), (book, 1))
    first, late = parcels_of(collection)
    collections.deposit(first, compartment=compartment("C1"))
    collections.close_deposits(collection)
    late.refresh_from_db()

    collections.deposit(late, compartment=compartment("C1"))

    collection.refresh_from_db()
    assert collection.status == Status.READY


def test_collecting_the_last_leg_hands_the_order_over_and_owes_the_shops_their_money(bank, heard):
    bread, cheese = make_sheet(), make_sheet(temperature="chilled")
    collection = ready(bank.point, (bread, 1), (cheese, 1))
    first, last = collection.legs.all()

    assert collections.collect(first)
    collection.refresh_from_db()
    assert collection.status == Status.READY
    assert collections.collect(last)
    assert not collections.collect(last)

    collection.refresh_from_db()
    assert collection.status == Status.COLLECTED
    assert heard.count(("ready", "collected")) == 1
    assert set(collection.order.shop_orders.values_list("status", flat=True)) == {"collected"}
    assert not collection.order.shop_orders.filter(transfer__due_at=None).exists()
    assert set(Compartment.objects.values_list("contents", flat=True)) == {"empty"}


def test_a_missing_shop_is_not_paid_by_the_hand_over(bank):
    bread, book = make_sheet(), make_sheet()
    collection = confirmed(bank.point, (bread, 1), (book, 1))
    collections.deposit(parcels_of(collection)[0], compartment=compartment("C1"))
    collections.close_deposits(collection)

    collections.collect(collection.legs.get())

    statuses = dict(collection.order.shop_orders.values_list("shop_id", "status"))
    assert statuses == {bread.shop_id: ShopOrder.Status.COLLECTED, book.shop_id: ShopOrder.Status.CONFIRMED}


def test_an_empty_leg_cannot_be_collected(bank):
    collection = confirmed(bank.point, (make_sheet(), 1))

    with pytest.raises(ForbiddenMove):
        collections.collect(collection.legs.get())


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


def test_progress_says_how_it_stands_and_shows_the_code_only_when_there_is_something(bank):
    bread, book = make_sheet(), make_sheet()
    collection = confirmed(bank.point, (bread, 1), (book, 1))
    first, last = parcels_of(collection)
    collections.deposit(first, compartment=compartment("C1"))

    half = collections.progress(Collection.objects.get(pk=collection.pk))
    collections.deposit(last, compartment=compartment("C1"))
    whole = collections.progress(Collection.objects.get(pk=collection.pk))

    assert (half.deposited, half.expected, half.pin, half.qr_svg) == (1, 2, "", "")
    assert (whole.deposited, whole.compartments, len(whole.pin), "<svg" in whole.qr_svg) == (2, ["C1"], 9, True)


def test_an_order_without_collection_concerns_nobody_here():
    order = place((make_sheet(), 1))
    pay(order)

    orders.cancel(order, reason="changed my mind")

    assert Collection.objects.count() == 0
