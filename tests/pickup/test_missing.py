"""Shops that stay away: their goods are given up and refunded, and what comes all the same leaves a trace."""

from datetime import timedelta

import pytest
from django.utils import timezone

from pickup import collections, errors
from pickup.models import BankEvent, Collection, Compartment
from shops import orders, stock
from shops.models import Payment, Refund, ShopOrder
from tests.factories import make_user
from tests.pickup.device import deposited
from tests.pickup.makers import confirmed, make_counter, make_sheet, parcels_of, ready, shift

pytestmark = pytest.mark.django_db
Status = Collection.Status


def compartment(label: str) -> Compartment:
    return Compartment.objects.get(label=label)


def one_of_two_came(bank):
    """Bread lies in the locker, the book was given up. Returns the collection and the two parcels."""
    collection = confirmed(bank.point, (make_sheet(), 1), (make_sheet(price="9.00"), 1))
    came, missing = parcels_of(collection)
    collections.deposit(came, compartment=compartment("C1"))
    collections.close_deposits(collection)
    collection.refresh_from_db()
    return collection, came, missing


def refunded() -> list[tuple[str, int]]:
    return list(Refund.objects.values_list("shop_order__status", "amount"))


def test_goods_that_were_given_up_are_refunded_once(bank):
    collection, came, _missing = one_of_two_came(bank)

    assert not collections.close_deposits(collection)
    collections.collect(came.leg)

    statuses = list(collection.order.shop_orders.order_by("shop").values_list("status", flat=True))
    assert statuses == [ShopOrder.Status.COLLECTED, ShopOrder.Status.MISSING]
    assert refunded() == [("missing", 900)]


def test_a_shop_that_comes_after_the_bank_was_emptied_is_missing(bank):
    collection = confirmed(bank.point, (make_sheet(), 1), (make_sheet(price="9.00"), 1))
    came, _late = parcels_of(collection)
    collections.deposit(came, compartment=compartment("C1"))

    collections.collect(came.leg)

    collection.refresh_from_db()
    assert (collection.status, refunded()) == (Status.COLLECTED, [("missing", 900)])


def test_when_nothing_came_at_all_everything_is_refunded(bank, heard):
    collection = shift(confirmed(bank.point, (make_sheet(), 1), (make_sheet(price="9.00"), 1)), timedelta(days=3))
    heard.clear()

    assert (collections.expire_due(), collections.expire_due()) == (1, 0)

    collection.refresh_from_db()
    assert (collection.status, heard) == (Status.RELEASED, [("confirmed", "released")])
    assert sorted(refunded()) == [("missing", 450), ("missing", 900)]
    assert collection.order.status == "cancelled"


def test_only_the_cold_bag_of_a_shop_is_given_up(bank):
    bread = make_sheet()
    cheese = make_sheet(shop=bread.shop, temperature="chilled", price="7.00")
    collection = confirmed(bank.point, (bread, 1), (cheese, 1))
    ambient = next(parcel for parcel in parcels_of(collection) if parcel.leg.temperature == "ambient")
    collections.deposit(ambient, compartment=compartment("C1"))
    collections.close_deposits(collection)

    collections.collect(ambient.leg)

    assert refunded() == [("collected", 700)]
    outcomes = dict(ShopOrder.objects.get().lines.values_list("temperature", "outcome"))
    assert outcomes == {"ambient": "given", "chilled": "missing"}


def test_a_counter_refuses_goods_that_were_refunded():
    counter, person = make_counter(), make_user()
    collection = confirmed(counter, (make_sheet(), 1), (make_sheet(price="9.00"), 1))
    came, missing = parcels_of(collection)
    collections.deposit_at_counter(came.shop_order, by=person)
    collections.close_deposits(collection)

    with pytest.raises(errors.TooLate):
        collections.deposit_at_counter(missing.shop_order, by=person)
    with pytest.raises(errors.TooLate):
        collections.deposit(missing, by=person)

    missing.refresh_from_db()
    assert (missing.status, missing.shop_order.status) == ("missing", "missing")
    assert Payment.objects.get().attention == ""


def test_a_bank_that_had_not_heard_is_believed_and_a_person_is_called(bank, device):
    collection, _came, missing = one_of_two_came(bank)

    device.sync(deposited(device, missing, "C1"))

    missing.refresh_from_db()
    collection.refresh_from_db()
    assert (missing.status, collection.status) == ("deposited", Status.READY)
    payment = Payment.objects.get()
    assert payment.attention == f"{missing.shop_order.number}: goods came to {bank.point.name}, C1 after their refund"
    assert missing.shop_order.lines.get().outcome == "late"
    assert not BankEvent.objects.exclude(problem="").exists()


def test_late_goods_are_handed_over_without_paying_the_shop(bank, device):
    collection, came, missing = one_of_two_came(bank)
    device.sync(deposited(device, missing, "C1"))

    device.sync(device.event("claim", reservation=collection.number, legs=[came.leg_id]))

    collection.refresh_from_db()
    assert collection.status == Status.COLLECTED
    late = ShopOrder.objects.get(pk=missing.shop_order_id)
    assert (late.status, late.transfer.status) == (ShopOrder.Status.MISSING, "none")
    assert not BankEvent.objects.exclude(problem="").exists()


def test_goods_that_come_for_an_ended_collection_are_looked_after(bank, device):
    collection = shift(confirmed(bank.point, (make_sheet(), 1)), timedelta(days=3))
    collections.expire_due()
    parcel = parcels_of(collection)[0]

    device.sync(deposited(device, parcel, "C1"))

    collection.refresh_from_db()
    assert (collection.status, compartment("C1").contents) == (Status.RELEASED, "suspect")
    assert "after their refund" in Payment.objects.get().attention


def test_late_goods_that_nobody_collects_change_nothing_more(bank, device):
    make_counter()
    collection, _came, missing = one_of_two_came(bank)
    device.sync(deposited(device, missing, "C1"))
    collections.move_to_counter(collection.legs.get(), reason="cleared")

    collections.expire_due(timezone.now() + timedelta(days=4))

    late = ShopOrder.objects.get(pk=missing.shop_order_id)
    assert (late.status, late.transfer.status) == (ShopOrder.Status.MISSING, "none")
    assert ("missing", 900) in refunded()
    assert Refund.objects.filter(shop_order=late).count() == 1


def test_nobody_is_missing_while_a_word_of_the_bank_waits_for_a_lost_one(bank, device):
    collection = confirmed(bank.point, (make_sheet(), 1), (make_sheet(), 1))
    first, second = parcels_of(collection)
    device.sync(deposited(device, first, "C1"))
    shift(collection, timedelta(days=1))
    device.event("door.closed", compartment="C1")  # lost on the way
    device.sync(deposited(device, second, "C1"))

    assert collections.expire_due() == 0
    BankEvent.objects.update(received_at=timezone.now() - timedelta(minutes=3))
    device.sync()

    collection.refresh_from_db()
    assert (collection.status, Refund.objects.count()) == (Status.READY, 0)


def test_what_was_not_collected_goes_back_to_the_shelf(bank):
    make_counter()
    sheet = make_sheet(stock=5)
    collection = ready(bank.point, (sheet, 2))
    collections.move_to_counter(collection.legs.get(), reason="cleared")

    collections.expire_due(timezone.now() + timedelta(days=8))

    record = stock.StockRecord.objects.get(pk=sheet.stock_id)
    assert (record.num_in_stock, record.num_allocated) == (5, 0)
    assert refunded() == [("no_show", 900)]
    assert orders.mark_no_show(ShopOrder.objects.get()) is False
