"""Whoever has a bank's secret can report a start so high that the bank itself is refused. Its next identity is the way out."""

import pytest

from pickup import codes
from pickup.models import Alarm, BankEvent
from pickup.protocol.fields import LARGEST_INTEGER
from tests.pickup.device import Device
from tests.pickup.makers import make_bank, parcels_of

from .provisioned import become, start, wire  # noqa: F401  a fixture
from .test_both_sides import depositable, shut_all

pytestmark = pytest.mark.django_db


@pytest.fixture
def server_bank():
    return make_bank("S", "S", "M chilled")


@pytest.fixture
def locked_out(server_bank, tmp_path):
    """The bank's controller, and a thief of its secret who has reported the highest start that there is."""
    sync = start(become(server_bank, tmp_path))
    sync.exchange()
    thief = Device(server_bank, secret=sync.bank.config.device_secret, boot_id=LARGEST_INTEGER)
    thief.sync(thief.event("lockout.ended"))
    return sync, thief


def deposit(server_bank, bank):
    """A shop brings its goods; its QR code needs no server."""
    collection = depositable(server_bank)
    visit = bank.enter(codes.deposit_token(parcels_of(collection)[0]))
    bank.deposit(visit.session, "deposited")
    shut_all(bank)
    bank.finish(visit.session)
    return collection


def refused(sync) -> str:
    with pytest.raises(AssertionError) as refusal:
        sync.exchange()
    return str(refusal.value)


def test_a_bank_that_is_locked_out_goes_on_serving_keeps_what_it_reports_and_an_operator_is_called(
    server_bank, locked_out
):
    sync, _thief = locked_out
    stored = list(BankEvent.objects.order_by("pk").values())

    collection = deposit(server_bank, sync.bank)

    assert "boot_id_backwards" in refused(sync)
    assert list(BankEvent.objects.order_by("pk").values()) == stored
    assert sync.journal.unsent_count() > 0
    collection.refresh_from_db()
    assert collection.status == "confirmed"
    assert Alarm.objects.get(bank=server_bank, subject="two_computers").status == "open"


def test_the_next_identity_lets_the_same_computer_in_again_and_the_thief_out(server_bank, locked_out, tmp_path):
    sync, thief = locked_out
    collection = deposit(server_bank, sync.bank)
    refused(sync)
    sync.journal.close()

    again = start(become(server_bank, tmp_path))
    answer = thief.post(thief.event("door.uncommanded_open", compartment="C1"))
    again.exchange()
    again.exchange()  # that the list was applied is told with the second

    assert answer.status_code == 401
    assert again.journal.unsent_count() == 0
    collection.refresh_from_db()
    assert collection.status == "ready"
    server_bank.refresh_from_db()
    assert (server_bank.generation, server_bank.boot_id) == (2, again.journal.boot_id)
    assert BankEvent.objects.filter(boot_id=LARGEST_INTEGER).get().generation == 1
    assert not BankEvent.objects.exclude(problem="").exists()
