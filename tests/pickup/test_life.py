"""The life of a collection: held, filled, ready exactly once, collected; who refuses, who stays away."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone, translation

from marketplace.foundation.lifecycle import ForbiddenMove
from pickup import capacity, collections, errors
from pickup.models import Collection, Compartment, Leg, Parcel
from shops import orders
from tests.pickup.makers import (
    confirmed,
    first_window,
    make_bank,
    make_counter,
    make_sheet,
    parcels_of,
    ready,
    reserve,
)
from tests.shops.orders_of import pay, place

pytestmark = pytest.mark.django_db
Status = Collection.Status


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
    assert "chilled" not in capacity.stays_by_bank([bank], timezone.now())[bank.pk]
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


def test_an_empty_leg_cannot_be_collected(bank):
    collection = confirmed(bank.point, (make_sheet(), 1))

    with pytest.raises(ForbiddenMove):
        collections.collect(collection.legs.get())


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
