"""What a bank may open without asking, and the codes that people carry to it."""

import pytest

from pickup import codes, collections
from pickup.banks import keys
from pickup.models import Collection, Compartment, Parcel, ServerKey
from pickup.protocol import codes as wire_codes
from pickup.protocol import envelope, tokens
from pickup.protocol.vocabulary import Purpose
from shops import orders
from tests.pickup.device import Device
from tests.pickup.makers import confirmed, make_sheet, parcels_of, ready, reserve
from tests.shops.orders_of import pay

pytestmark = pytest.mark.django_db


@pytest.fixture
def device(bank):
    return Device(bank)


def test_the_list_names_nobody_before_the_money_is_taken(bank, device):
    collection = reserve(bank.point, (make_sheet(), 1))
    pay(collection.order)
    orders.accept_all(collection.order.shop_orders.get(), by=None)

    assert device.authlist().entries == ()
    assert codes.deposit_codes(collection.order.shop_orders.get()) == []


def test_the_list_says_whose_bags_are_awaited_but_not_for_whom(bank, device):
    collection = confirmed(bank.point, (make_sheet(), 1))
    shop_order = collection.order.shop_orders.get()
    type(shop_order).objects.update(bags=2)

    deposit, collect = sorted(device.authlist().entries, key=lambda entry: entry.purpose, reverse=True)

    assert (deposit.order, deposit.bags, deposit.shop_name) == (collection.order.number, 2, shop_order.shop.name)
    assert (collect.order, collect.bags, collect.shop_name) == (None, None, None)


def test_the_list_number_rises_with_its_content_only(bank, device):
    empty, again = device.authlist(), device.authlist()
    collection = confirmed(bank.point, (make_sheet(), 1), (make_sheet(), 1))
    full = device.authlist()
    collections.deposit(parcels_of(collection)[0], compartment=Compartment.objects.get(label="C1"))
    fewer = device.authlist()

    assert (empty.list_seq, empty.etag) == (again.list_seq, again.etag)
    assert [each.list_seq for each in (empty, full, fewer)] == [1, 2, 3]
    assert sorted((each.purpose, each.parcels_expected) for each in full.entries) == [
        (Purpose.COLLECT, 2),
        (Purpose.DEPOSIT, 2),
        (Purpose.DEPOSIT, 2),
    ]
    assert sorted(each.purpose for each in fewer.entries) == [Purpose.COLLECT, Purpose.DEPOSIT]
    assert {each.compartment for each in fewer.entries} == {"C1"}


def test_the_known_list_is_not_sent_again(bank, device):
    etag = device.authlist().etag

    answer = device.client.get("/tlp/1/authlist", headers=device.headers | {"If-None-Match": f'"{etag}"'})

    assert (answer.status_code, answer.content) == (304, b"")


def test_who_stays_away_lowers_the_number_of_parcels(bank, device):
    collection = confirmed(bank.point, (make_sheet(), 1), (make_sheet(), 1))
    collections.deposit(parcels_of(collection)[0], compartment=Compartment.objects.get(label="C1"))
    collections.close_deposits(collection)

    assert [(each.purpose, each.parcels_expected) for each in device.authlist().entries] == [(Purpose.COLLECT, 1)]


def test_only_cold_goods_have_a_last_moment(bank, device):
    collection = confirmed(bank.point, (make_sheet(), 1), (make_sheet(temperature="chilled"), 1))

    last = {each.temperature: each.hard_exp for each in device.authlist().entries}

    assert last == {"ambient": None, "chilled": int(collection.ends_at.timestamp()) + 1800}


def test_the_shops_token_teaches_a_bank_that_never_heard_of_the_order(bank, device):
    collection = confirmed(bank.point, (make_sheet(), 1))
    code = codes.deposit_codes(collection.order.shop_orders.get())[0]

    token = tokens.decode(code.token, device.public_keys, bank.code)

    pin = codes.collect_pin(collection)
    mac = wire_codes.pin_mac(envelope.from_b64(bank.pin_key), pin)
    assert (token.purpose, token.reservation, token.leg) == (
        Purpose.DEPOSIT,
        collection.number,
        collection.legs.get().pk,
    )
    assert envelope.from_b64(token.teaching.pin_mac) == envelope.from_b64(mac)[:8]
    assert (token.teaching.parcels, token.teaching.shop) == (1, code.parcel.shop_order.shop_id)
    assert "<svg" in code.qr_svg


def test_the_residents_token_is_the_same_each_time_and_opens_all_legs(bank, device):
    collection = Collection.objects.get(pk=ready(bank.point, (make_sheet(), 1)).pk)

    first, second = codes.collect_token(collection), codes.collect_token(collection)

    assert first == second
    token = tokens.decode(first, device.public_keys, bank.code)
    assert (token.purpose, token.reservation, token.leg) == (Purpose.COLLECT, collection.number, tokens.ALL_LEGS)


def test_all_live_codes_of_a_bank_differ(bank, monkeypatch):
    """With a space of very few codes the second order must take another version."""
    monkeypatch.setattr(
        "pickup.protocol.codes.derive_pin", lambda key, subject, version: f"{10_000_000 + version % 7:08d}"
    )
    sheet = make_sheet()

    reserve(bank.point, (sheet, 1))
    reserve(bank.point, (sheet, 1))

    macs = [*Collection.objects.values_list("pin_mac", flat=True), *Parcel.objects.values_list("pin_mac", flat=True)]
    assert len(set(macs)) == 4


def test_a_retired_signing_key_is_still_believed(device):
    _old_key, old = keys.signing_key()
    ServerKey.objects.create(purpose="sign", number=2, secret=envelope.new_private_key())

    assert (old, keys.signing_key()[1], set(keys.public_keys())) == ("s1", "s2", {"s1", "s2"})
    assert device.sync().cursor == 0
