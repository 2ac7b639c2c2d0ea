"""The resident sends somebody: a code of their own that can be withdrawn."""

from datetime import timedelta

import pytest
from django.db.models import F

from pickup import codes, collections, errors
from pickup.models import BankEvent, Share
from pickup.protocol import codes as wire_codes
from pickup.protocol.vocabulary import Purpose
from pickup.signals import share_used_after_withdrawal
from tests.pickup.makers import confirmed, make_counter, make_sheet, ready

pytestmark = pytest.mark.django_db


@pytest.fixture
def collection(bank):
    return ready(bank.point, (make_sheet(), 1), (make_sheet(temperature="chilled"), 1))


@pytest.fixture
def told_of():
    """The shares that were used although they had been withdrawn."""
    names = []
    share_used_after_withdrawal.connect(lambda share, **_: names.append(share.name), weak=False, dispatch_uid="t")
    yield names
    share_used_after_withdrawal.disconnect(dispatch_uid="t")


def test_a_share_has_a_code_of_its_own_for_all_doors(bank, device, collection):
    given = collections.share(collection, name="  Tante   Odile ")

    entries = [entry for entry in device.authlist().entries if entry.purpose is Purpose.SHARE]
    assert given.name == "Tante Odile"
    assert {entry.leg for entry in entries} == set(collection.legs.values_list("pk", flat=True))
    assert {(entry.jti, entry.pin_mac) for entry in entries} == {(given.jti, given.pin_mac)}
    assert given.pin_mac == wire_codes.pin_mac(codes.pin_key(bank), codes.share_pin(given))
    assert codes.share_pin(given) != codes.collect_pin(collection)
    numbers = [entry.entry for entry in device.authlist().entries]
    assert len(numbers) == len(set(numbers))


def test_a_withdrawn_share_leaves_the_list_and_is_named_as_revoked(device, collection):
    given = collections.share(collection, name="Odile")

    assert (collections.revoke(given), collections.revoke(given)) == (True, False)

    listed = device.authlist()
    assert listed.revoked == (given.jti,)
    assert Purpose.SHARE not in {entry.purpose for entry in listed.entries}


def test_the_name_of_a_withdrawn_share_is_forgotten_with_the_order(device, collection):
    collections.revoke(collections.share(collection, name="Odile"))
    for leg in collection.legs.all():
        collections.collect(leg)

    assert device.authlist().revoked == ()
    assert Share.objects.get().name == "Odile"


def test_one_other_person_at_a_time(collection):
    first = collections.share(collection, name="Odile")

    with pytest.raises(errors.SharedAlready):
        collections.share(collection, name="Paul")
    collections.revoke(first)
    second = collections.share(collection, name="Paul")

    assert list(collection.shares.active()) == [second]
    assert first.pin_mac != second.pin_mac


@pytest.mark.parametrize("name", ["", "   ", "x" * 41, "Odile\0"])
def test_a_share_needs_a_name(collection, name):
    with pytest.raises(errors.NameNeeded):
        collections.share(collection, name=name)

    assert not Share.objects.exists()


def test_nothing_is_shared_before_the_goods_are_there(bank):
    with pytest.raises(errors.NothingHere):
        collections.share(confirmed(bank.point, (make_sheet(), 1)), name="Odile")

    assert not Share.objects.exists()


@pytest.mark.parametrize("shown", [codes.share_pin, codes.share_token])
def test_a_counter_hands_over_to_the_person_sent(shown):
    counter = make_counter()
    collection = ready(counter, (make_sheet(), 1))
    given = collections.share(collection, name="Odile")

    assert collections.hand_over(counter, shown(given), by=None).status == "collected"


@pytest.mark.parametrize("shown", [codes.share_pin, codes.share_token])
def test_a_counter_refuses_a_withdrawn_share(shown):
    counter = make_counter()
    collection = ready(counter, (make_sheet(), 1))
    given = collections.share(collection, name="Odile")
    collections.revoke(given)

    with pytest.raises(errors.WrongCode):
        collections.hand_over(counter, shown(given), by=None)

    collection.refresh_from_db()
    assert collection.status == "ready"


def accepted(device, collection, jti, **fields):
    return device.event(
        "credential.accepted",
        purpose="share",
        reservation=collection.number,
        legs=[],
        shop=None,
        offline=True,
        jti=jti,
        **fields,
    )


def test_a_bank_that_had_not_heard_opens_and_the_resident_is_told(device, collection, told_of):
    """S15: best effort off line, and the records say so."""
    given = collections.share(collection, name="Odile")
    collections.revoke(given)
    Share.objects.update(revoked_at=F("revoked_at") - timedelta(minutes=1))

    device.sync(accepted(device, collection, given.jti))

    given.refresh_from_db()
    assert (given.was_used_after_withdrawal, told_of) == (True, ["Odile"])


def test_a_share_that_was_used_in_time_is_no_news(device, collection, told_of):
    given = collections.share(collection, name="Odile")

    device.sync(accepted(device, collection, given.jti))
    collections.revoke(given)

    given.refresh_from_db()
    assert (given.used_at is not None, given.was_used_after_withdrawal, told_of) == (True, False, [])


def test_a_use_is_noted_for_this_banks_orders_only(device, collection, told_of):
    given = collections.share(collection, name="Odile")
    given.collection.code_bank = None
    given.collection.save(update_fields=["code_bank"])

    device.sync(accepted(device, collection, given.jti))

    given.refresh_from_db()
    assert (given.used_at, bool(BankEvent.objects.get().problem)) == (None, True)


def test_the_last_use_stays_the_last(collection):
    given = collections.share(collection, name="Odile")
    collections.note_use(collection, given.jti, at=given.created_at + timedelta(hours=2))

    collections.note_use(collection, given.jti, at=given.created_at + timedelta(hours=1))

    given.refresh_from_db()
    assert given.used_at == given.created_at + timedelta(hours=2)
