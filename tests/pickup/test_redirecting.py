"""Plan B: when no door is left, or none may be used, the order goes to a counter before anything was deposited."""

from datetime import timedelta

import pytest
from django.utils import timezone

from pickup import capacity, collections, errors
from pickup.models import Collection, Compartment, Leg, Parcel
from pickup.packing import counter_only_reason, pack
from pickup.signals import collection_redirected
from shops.models import ProductSheet
from tests.pickup.makers import (
    confirmed,
    first_window,
    fresh,
    in_40_minutes,
    make_bank,
    make_counter,
    make_sheet,
    parcels_of,
    reserve,
    shift,
)
from tests.shops.orders_of import pay, place

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def told():
    """The collections of which the new place was told."""
    names = []
    collection_redirected.connect(lambda collection, **_: names.append(collection.pk), weak=False, dispatch_uid="t")
    yield names
    collection_redirected.disconnect(dispatch_uid="t")


@pytest.fixture
def collection(bank):
    """A paid order whose shop may deposit now; its bank has two doors for it."""
    collection = confirmed(bank.point, (make_sheet(), 1))
    return shift(collection, collection.deposit_from - timezone.now() + timedelta(minutes=1))


def fail(bank, *labels):
    Compartment.objects.filter(bank=bank, label__in=labels).update(service="out_of_service")
    capacity.recount(bank)


def test_while_another_door_is_free_the_bank_takes_that_one(bank, collection, told):
    """S10: a class was reserved, not a door."""
    make_counter()
    fail(bank, "C1")

    assert collections.redirect_displaced() == 0

    collection.refresh_from_db()
    assert (collection.point, told) == (bank.point, [])


def test_without_a_door_the_order_goes_to_the_counter_and_is_told_once(bank, collection, told):
    counter = make_counter()
    pin = collection.code_version, collection.pin_mac
    fail(bank, "C1", "C2")

    assert (collections.redirect_displaced(), collections.redirect_displaced()) == (1, 0)

    collection.refresh_from_db()
    assert (collection.point, collection.status, told) == (counter, "confirmed", [collection.pk])
    assert (collection.code_version, collection.pin_mac) == pin
    assert collection.starts_at < collection.ends_at


def test_only_those_without_a_door_go_and_the_last_come_first(bank, told):
    make_counter()
    first, second = (confirmed(bank.point, (make_sheet(), 1)) for _ in range(2))
    for each in (first, second):
        shift(each, each.deposit_from - timezone.now() + timedelta(minutes=1))
    fail(bank, "C2")

    collections.redirect_displaced()

    assert told == [second.pk]


def test_a_door_that_fails_days_before_may_be_mended(bank, told):
    make_counter()
    collection = confirmed(bank.point, (make_sheet(), 1))
    shift(collection, collection.deposit_from - timezone.now() - 3 * HOUR)
    fail(bank, "C1", "C2")

    assert (collections.redirect_displaced(), told) == (0, [])


def test_what_is_inside_stays_where_it_is(bank, collection, told):
    make_counter()
    collections.deposit(parcels_of(collection)[0], compartment=Compartment.objects.get(label="C1"))
    fail(bank, "C1", "C2")

    assert (collections.redirect_displaced(), told) == (0, [])


def test_without_a_counter_nothing_is_promised(bank, collection, told):
    fail(bank, "C1", "C2")

    assert (collections.redirect_displaced(), told) == (0, [])

    collection.refresh_from_db()
    assert collection.point == bank.point


@pytest.mark.parametrize("change", [{"min_age": 18}, {"needs_signature": True}])
class TestGoodsForPersonsOnly:
    """Never in a locker: not offered, not reserved, and not when the shop says so after the basket was filled."""

    def test_no_locker_is_offered(self, change):
        goods = fresh((make_sheet(**change), 1), (make_sheet(), 1))

        assert counter_only_reason(goods, pack(goods))

    def test_none_is_reserved_although_the_window_was_offered_before(self, bank, change):
        sheet = make_sheet()
        window = first_window(bank.point, (sheet, 1))
        order = place((sheet, 1))
        ProductSheet.objects.filter(pk=sheet.pk).update(**change)

        with pytest.raises(errors.CounterOnly):
            collections.reserve(order, window=window, goods=fresh((sheet, 1)), held_until=in_40_minutes())

        assert (Collection.objects.count(), Leg.objects.count(), Parcel.objects.count()) == (0, 0, 0)

    def test_a_change_between_basket_and_payment_sends_the_order_to_a_counter(self, bank, told, change):
        counter, sheet = make_counter(), make_sheet()
        collection = reserve(bank.point, (sheet, 1))
        ProductSheet.objects.filter(pk=sheet.pk).update(**change)

        pay(collection.order)

        collection.refresh_from_db()
        assert (collection.point, collection.status, told) == (counter, "confirmed", [collection.pk])
        assert capacity.stays_by_bank([bank], timezone.now()) == {}

    def test_without_a_counter_the_payment_confirms_nothing(self, bank, change):
        sheet = make_sheet()
        collection = reserve(bank.point, (sheet, 1))
        ProductSheet.objects.filter(pk=sheet.pk).update(**change)

        with pytest.raises(errors.NoCounter):
            collections.confirm(collection)

        collection.refresh_from_db()
        assert (collection.status, collection.point) == ("held", bank.point)


@pytest.mark.parametrize(("hours", "moved"), [(4, True), (9, False), (20, True)])
def test_a_changed_lead_reaches_the_list_at_once(bank, device, hours, moved):
    collection = confirmed(bank.point, (make_sheet(), 1))
    shift(collection, collection.starts_at - timezone.now() - 30 * HOUR)
    Collection.objects.filter(pk=collection.pk).update(deposit_from=collection.starts_at - 9 * HOUR)
    before = device.authlist()
    bank.deposit_lead_hours = hours
    bank.save(update_fields=["deposit_lead_hours"])

    assert collections.change_deposit_lead(bank) == int(moved)

    after = device.authlist()
    assert {entry.nbf for entry in after.entries} == {int((collection.starts_at - hours * HOUR).timestamp())}
    assert (after.list_seq > before.list_seq) is moved


def test_an_earlier_deposit_takes_no_door_from_anybody(device):
    bank = make_bank("S")
    collection = confirmed(bank.point, (make_sheet(), 1))
    shift(collection, collection.starts_at - timezone.now() - 30 * HOUR)
    Collection.objects.filter(pk=collection.pk).update(deposit_from=collection.starts_at - 2 * HOUR)
    other = confirmed(make_bank("S").point, (make_sheet(), 1))
    start = timezone.now() + 10 * HOUR
    Collection.objects.filter(pk=other.pk).update(
        point=bank.point, starts_at=start, deposit_from=start, ends_at=start + 17 * HOUR
    )
    bank.deposit_lead_hours = 9
    bank.save(update_fields=["deposit_lead_hours"])

    collections.change_deposit_lead(bank)

    collection.refresh_from_db()
    assert collection.deposit_from == collection.starts_at - 2 * HOUR


def test_a_shop_may_go_on_depositing_although_the_lead_was_raised(bank, collection):
    bank.deposit_lead_hours = 20
    bank.save(update_fields=["deposit_lead_hours"])

    assert collections.change_deposit_lead(bank) == 0
