"""Keys and secrets of a bank change while it works, and nobody is locked out."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from pickup import codes, collections
from pickup.banks import keys, outbox, rotating
from pickup.controller.bank import Refused
from pickup.models import Bank, BankIdentity, Collection, ServerKey
from pickup.protocol.vocabulary import CommandType
from tests.pickup.device import Device
from tests.pickup.makers import make_bank, parcels_of

from .provisioned import become, restarted, start, wire  # noqa: F401  a fixture
from .test_both_sides import depositable, shut_all

pytestmark = pytest.mark.django_db


@pytest.fixture
def server_bank():
    return make_bank("S", "S", "M chilled")


def test_the_signing_key_changes_without_losing_a_bank(server_bank, tmp_path):
    sync = start(become(server_bank, tmp_path))
    sync.exchange()
    first = keys.signing_key()[1]

    call_command("rotate_keys", "signing")
    still = keys.signing_key()[1]
    with pytest.raises(CommandError, match=server_bank.code):
        call_command("rotate_keys", "signing")
    sync.exchange()
    sync = restarted(sync)
    sync.exchange()
    call_command("rotate_keys", "signing")
    outbox.send(server_bank, CommandType.DOOR_OPEN, {"compartment": "C1", "leg": None}, reason="service")
    sync.exchange()

    assert (first, still, keys.signing_key()[1]) == ("s1", "s1", "s2")
    assert set(sync.bank.config.server_keys) == {"s1", "s2"}
    assert sync.bank.doors.driver.pulses
    assert ServerKey.objects.filter(purpose="sign").count() == 2


def test_a_bank_that_is_out_of_reach_holds_the_new_key_up(server_bank, tmp_path):
    sync = start(become(server_bank, tmp_path))
    sync.exchange()
    call_command("rotate_keys", "signing")
    Bank.objects.filter(pk=server_bank.pk).update(last_seen_at=timezone.now() - timedelta(days=3))

    with pytest.raises(CommandError, match=server_bank.code):
        call_command("rotate_keys", "signing")

    assert keys.signing_key()[1] == "s1"


def test_a_new_device_secret_ends_the_former_one_with_its_first_use(server_bank, tmp_path):
    sync = start(become(server_bank, tmp_path))
    sync.exchange()
    former = Device(server_bank, secret=sync.bank.config.device_secret)

    call_command("rotate_keys", "secret", server_bank.code)
    sync.exchange()
    on_its_way = former.post().status_code
    again = restarted(sync)
    again.exchange()

    assert again.bank.config.device_secret != sync.bank.config.device_secret
    assert (on_its_way, former.post().status_code) == (200, 401)
    assert BankIdentity.objects.live().get(bank=server_bank).next_secret == ""


def test_a_new_key_for_codes_gives_residents_and_shops_new_codes(server_bank, tmp_path):
    collection = depositable(server_bank)
    sync = start(become(server_bank, tmp_path))
    sync.exchange()
    parcel = parcels_of(collection)[0]
    old = codes.deposit_pin(parcel)
    old_collect = collections.progress(Collection.objects.get(pk=collection.pk)).pin

    told = rotating.change_pin_key(server_bank)
    sync.exchange()
    sync = restarted(sync)
    sync.exchange()
    parcel = parcels_of(collection)[0]
    new = codes.deposit_pin(parcel)
    with pytest.raises(Refused):
        sync.bank.enter(old)
    visit = sync.bank.enter(new)
    sync.bank.deposit(visit.session, "deposited")
    shut_all(sync.bank)
    sync.bank.finish(visit.session)
    sync.exchange()

    collection.refresh_from_db()
    assert told == [collection]
    assert collection.status == "ready"
    new_collect = collections.progress(Collection.objects.get(pk=collection.pk)).pin
    assert new_collect != old_collect
    assert sync.bank.enter(new_collect.replace(" ", "")).current
