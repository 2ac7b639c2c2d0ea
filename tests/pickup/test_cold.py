"""The cold chain: a zone that was too warm gives out no food, and each cold leg has its log."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from marketplace.foundation.models import Message
from pickup import collections
from pickup.collections import cold
from pickup.models import BankEvent, Compartment, Excursion, Parcel, ZoneRecord
from shops.models import Refund, ShopOrder
from tests.pickup.device import deposited
from tests.pickup.makers import confirmed, make_sheet, parcels_of, ready, shift

pytestmark = pytest.mark.django_db
QUARTER = timedelta(minutes=15)


def too_warm(device, seconds=2400, **fields):
    return device.event(
        "zone.excursion.started", **{"zone": "F", "class": "chilled", "c": 11.5, "seconds": seconds} | fields
    )


def cold_again(device):
    return device.event(
        "zone.excursion.ended", **{"zone": "F", "class": "chilled", "c": 4.0, "min": 8.1, "max": 11.9, "seconds": 4000}
    )


def record(device, **fields):
    return device.event(
        "zone.temperature", **{"zone": "F", "class": "chilled", "c": 4, "min": 3.4, "max": 5.06, "n": 90} | fields
    )


def test_food_that_got_too_warm_is_refunded_and_its_shop_is_paid(bank, device):
    """S17: the operator of the locker bears it."""
    collection = ready(bank.point, (make_sheet(temperature="chilled", price="7.00"), 1))

    device.sync(too_warm(device))

    collection.refresh_from_db()
    refund = Refund.objects.get()
    assert (refund.amount, refund.reason, refund.bearer) == (700, "locker", "operator")
    shop_order = ShopOrder.objects.get()
    assert (shop_order.status, shop_order.lines.get().outcome, shop_order.transfer.status) == (
        "no_show",
        "ruined",
        "sending",
    )
    assert (collection.status, Parcel.objects.get().status) == ("released", "ruined")


def test_a_deposit_that_is_told_once_more_brings_ruined_food_not_back(bank, device):
    collection = ready(bank.point, (make_sheet(temperature="chilled", price="7.00"), 1))
    (parcel,) = parcels_of(collection)
    door = parcel.leg.compartment.label
    device.sync(too_warm(device))
    before = (Refund.objects.count(), ShopOrder.objects.get().status, Compartment.objects.get(label=door).contents)

    device.sync(deposited(device, parcel, door))

    parcel.refresh_from_db()
    collection.refresh_from_db()
    event = BankEvent.objects.latest("pk")
    assert (parcel.status, collection.status, event.problem) == ("ruined", "released", "")
    assert before == (
        Refund.objects.count(),
        ShopOrder.objects.get().status,
        Compartment.objects.get(label=door).contents,
    )


def test_other_goods_of_the_order_can_still_be_collected(bank, device):
    bread = make_sheet()
    cheese = make_sheet(shop=bread.shop, temperature="chilled", price="7.00")
    collection = ready(bank.point, (bread, 1), (cheese, 1))

    device.sync(too_warm(device))
    listed = {entry.temperature for entry in device.authlist().entries}
    collections.collect(collection.legs.get(temperature="ambient"))

    collection.refresh_from_db()
    assert (listed, collection.status) == ({"ambient"}, "collected")
    assert dict(ShopOrder.objects.get().lines.values_list("temperature", "outcome")) == {
        "ambient": "given",
        "chilled": "ruined",
    }
    assert [refund.amount for refund in Refund.objects.all()] == [700]


def test_the_goods_left_behind_wait_for_a_person(bank, device):
    collection = ready(bank.point, (make_sheet(temperature="chilled"), 1))
    box = collection.legs.get().compartment

    device.sync(too_warm(device))

    box.refresh_from_db()
    assert box.contents == Compartment.Contents.SUSPECT


def test_nothing_is_planned_with_a_warm_zone_until_it_is_cold_again(bank, device):
    def doors():
        return bank.classes.get(temperature="chilled", size="M").doors

    before = doors()
    device.sync(too_warm(device))
    during = doors()
    device.sync(cold_again(device))

    assert (before, during, doors()) == (1, 0, 1)
    excursion = Excursion.objects.get()
    assert (excursion.min_c, excursion.max_c) == (Decimal("8.1"), Decimal("11.9"))
    assert excursion.ended_at - excursion.started_at >= timedelta(seconds=2400)


def test_the_same_excursion_told_twice_refunds_once(bank, device):
    ready(bank.point, (make_sheet(temperature="chilled"), 1))

    device.sync(too_warm(device), too_warm(device))

    assert (Excursion.objects.count(), Refund.objects.count()) == (1, 1)


def test_an_ambient_zone_has_no_food_to_lose(bank, device):
    collection = ready(bank.point, (make_sheet(), 1))

    device.sync(too_warm(device, **{"class": "ambient"}))

    collection.refresh_from_db()
    assert (collection.status, Refund.objects.count()) == ("ready", 0)


def test_a_shop_that_was_still_awaited_keeps_its_goods(bank, device):
    collection = confirmed(
        bank.point, (make_sheet(temperature="chilled"), 1), (make_sheet(temperature="chilled", price="9.00"), 1)
    )
    came, awaited = parcels_of(collection)
    collections.deposit(came, compartment=Compartment.objects.get(label="C3"))

    device.sync(too_warm(device))

    came.refresh_from_db()
    awaited.refresh_from_db()
    assert (came.status, awaited.status) == ("ruined", "missing")
    assert sorted(Refund.objects.values_list("amount", "bearer")) == [(450, "operator"), (900, "shop")]


@pytest.mark.parametrize("fields", [{"class": "frozen"}, {"class": "hot"}, {"class": "chilled", "seconds": -1}])
def test_an_excursion_of_what_is_not_there_changes_nothing(bank, device, fields):
    collection = ready(bank.point, (make_sheet(temperature="chilled"), 1))

    device.sync(too_warm(device, **fields))

    collection.refresh_from_db()
    assert (collection.status, Excursion.objects.count()) == ("ready", 0)
    assert bank.events.get().problem


def test_the_log_keeps_a_quarter_of_an_hour_once(bank, device):
    same = record(device)

    device.sync(same)
    device.sync(same)

    kept = ZoneRecord.objects.get()
    assert (kept.min_c, kept.max_c, kept.count) == (Decimal("3.4"), Decimal("5.1"), 90)


def test_a_quarter_without_readings_is_kept_as_such(bank, device):
    device.sync(record(device, c=None, min=None, max=None, n=0))

    assert (ZoneRecord.objects.get().count, bank.events.get().problem) == (0, "")


def logged(bank, collection, quarters, start):
    zone = bank.zones.get(temperature="chilled")
    for number in quarters:
        cold.record(
            zone,
            at=start + number * QUARTER,
            coldest=Decimal(3),
            warmest=Decimal(4 + number % 3),
            count=90,
        )


def cold_stay(bank, hours=3):
    collection = ready(bank.point, (make_sheet(temperature="chilled"), 1))
    shift(collection, timedelta(hours=hours))
    return collection, timezone.now() - timedelta(hours=hours)


def test_the_log_of_a_leg_says_how_cold_it_was(bank):
    collection, start = cold_stay(bank)
    logged(bank, collection, range(1, 13), start)

    log = collections.cold_log(collection.legs.get())

    assert (log.coldest, log.warmest, log.is_unbroken, log.gaps) == (Decimal(3), Decimal(6), True, [])
    assert len(log.records) == 12


def test_a_gap_breaks_the_log(bank):
    collection, start = cold_stay(bank)
    logged(bank, collection, [1, 2, 3, 6, 7, 8, 9, 10, 11, 12], start)

    log = collections.cold_log(collection.legs.get())

    assert log.gaps == [(start + 3 * QUARTER, start + 6 * QUARTER)]
    assert not log.is_unbroken


def test_the_log_ends_when_the_goods_leave(bank):
    collection, start = cold_stay(bank)
    logged(bank, collection, range(1, 20), start)

    collections.collect(collection.legs.get(), at=start + timedelta(hours=1))

    assert len(collections.cold_log(collection.legs.get()).records) == 4


def test_ambient_goods_have_no_log(bank):
    assert collections.cold_log(ready(bank.point, (make_sheet(), 1)).legs.get()) is None


def test_both_sides_are_told_of_ruined_food(bank, device, settings):
    collection = ready(bank.point, (make_sheet(temperature="chilled"), 1))
    shop = collection.order.shop_orders.get().shop

    device.sync(too_warm(device))

    assert list(Message.objects.filter(kind="shop_ruined").values_list("to", flat=True)) == [shop.email]
