"""The codes that are given when room is held: never two alike at one bank, and no dearer when many are live."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from pickup import codes
from pickup.models import Collection, Parcel
from pickup.protocol import envelope, tokens
from pickup.protocol.vocabulary import Purpose
from tests.pickup.makers import make_bank, make_counter, make_sheet, reserve

pytestmark = pytest.mark.django_db


@pytest.fixture
def bank():
    return make_bank(*["S"] * 8)


def held(point) -> Collection:
    """An order whose room is held."""
    return reserve(point, (make_sheet(), 1))


def without_codes(collection: Collection) -> Collection:
    """As it is right before its codes are given."""
    Collection.objects.filter(pk=collection.pk).update(pin_mac="")
    Parcel.objects.filter(leg__collection=collection).update(pin_mac="")
    return collection


@pytest.mark.parametrize("live", [1, 3])
@pytest.mark.parametrize("shops", [1, 3])
def test_giving_codes_costs_the_same_for_any_number_of_shops_and_of_live_codes(
    bank, django_assert_num_queries, live, shops
):
    for _ in range(live):
        held(bank.point)
    collection = without_codes(held(bank.point))

    with django_assert_num_queries(4):
        given = codes.give(collection, range(1000, 1000 + shops))

    assert len(given) == shops


def test_a_code_that_no_other_has_is_the_first_drawn(bank):
    held(bank.point)
    collection = without_codes(held(bank.point))

    codes.give(collection)

    assert collection.code_version == 1


def test_the_code_of_another_resident_is_not_given_again(bank):
    other, collection = held(bank.point), held(bank.point)
    Collection.objects.filter(pk=collection.pk).update(pin_mac="")
    Collection.objects.filter(pk=other.pk).update(pin_mac=collection.pin_mac)

    codes.give(without_codes(collection))

    collection.refresh_from_db()
    assert collection.code_version == 2
    assert collection.pin_mac != Collection.objects.get(pk=other.pk).pin_mac


def test_two_residents_who_drew_the_same_code_at_once_do_not_both_keep_it(bank):
    other, collection = held(bank.point), held(bank.point)

    with pytest.raises(IntegrityError), transaction.atomic():
        Collection.objects.filter(pk=other.pk).update(pin_mac=collection.pin_mac)

    assert Collection.objects.get(pk=other.pk).pin_mac == other.pin_mac


def test_the_code_of_an_awaited_shop_is_not_given_to_a_resident(bank):
    other, collection = held(bank.point), held(bank.point)
    Parcel.objects.filter(leg__collection=other).update(pin_mac=collection.pin_mac)

    codes.give(without_codes(collection))

    assert collection.code_version == 2


def test_the_code_of_an_ended_order_may_be_given_again(bank):
    other, collection = held(bank.point), held(bank.point)
    Collection.objects.filter(pk=other.pk).update(pin_mac=collection.pin_mac, status=Collection.Status.COLLECTED)

    codes.give(without_codes(collection))

    assert collection.code_version == 1


def test_two_shops_of_one_order_get_different_codes(monkeypatch):
    collection, derive = without_codes(held(make_counter())), codes.codes.derive_pin

    def alike(key, subject, version):
        """Both shops draw the same digits first, as happens once in a hundred million."""
        return "22222222" if subject.startswith("deposit:") and version == 1 else derive(key, subject, version)

    monkeypatch.setattr(codes.codes, "derive_pin", alike)

    given = codes.give(collection, [1, 2])

    assert [version for version, _mac in given.values()] == [1, 2]
    assert given[1][1] != given[2][1]


def test_technician_gets_a_token_for_every_door_and_a_shop_one_for_its_leg(bank):
    leg = held(bank.point).legs.get()
    public = envelope.read_public_keys(codes.keys.public_keys())
    now = timezone.now()

    technician = tokens.decode(codes.service_token(bank, holder=7, now=now), public, bank.code)
    shop = tokens.decode(codes.service_token(bank, holder=8, now=now, leg=leg), public, bank.code)

    assert (technician.purpose, technician.reservation, technician.leg) == (Purpose.SERVICE, 7, tokens.ALL_LEGS)
    assert technician.exp - technician.nbf == 12 * 3600
    assert (shop.reservation, shop.leg) == (8, leg.pk)
    assert technician.jti != shop.jti
