"""The real controller and the real server, end to end: only the cable between them is a test client."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from pickup import codes, collections
from pickup.banks.provisioning import provision
from pickup.controller import config as configuration
from pickup.controller.program import make_driver, make_sync, open_bank
from pickup.models import Bank, BankEvent, Collection
from pickup.protocol import messages
from tests.pickup.makers import confirmed, make_bank, make_sheet, parcels_of, shift

from .kit import VirtualTicker

pytestmark = pytest.mark.django_db


class Ticker(VirtualTicker):
    """Virtual time that began when the test did: the server runs on the real clock."""

    def __init__(self):
        super().__init__()
        self.began = timezone.now()

    def wall(self):
        return self.began + timedelta(seconds=self.seconds)


class Cable:
    """Carries what `ServerLink` would carry, to Django's test client."""

    def __init__(self, config):
        self.client = Client(enforce_csrf_checks=True)
        self.headers = {"Authorization": f"Bearer {config.device_secret}", messages.BANK_HEADER: config.bank}

    def sync(self, document):
        answer = self.client.post(messages.SYNC_PATH, document, content_type="application/json", headers=self.headers)
        assert answer.status_code == 200, answer.content
        return answer.json()

    def config(self, cfg_hash):
        headers = {**self.headers, "If-None-Match": f'"{cfg_hash}"'} if cfg_hash else self.headers
        answer = self.client.get(messages.CONFIG_PATH, headers=headers)
        return None if answer.status_code == 304 else answer.json()

    def authlist(self, etag):
        headers = {**self.headers, "If-None-Match": f'"{etag}"'} if etag else self.headers
        answer = self.client.get(messages.AUTHLIST_PATH, headers=headers)
        return None if answer.status_code == 304 else answer.json()


@pytest.fixture
def server_bank():
    return make_bank("S", "S", "M chilled")


@pytest.fixture
def sync(server_bank, tmp_path):
    """A controller, started from the file that the server made for it."""
    source = provision(server_bank, server="http://127.0.0.1:9", state_dir=tmp_path, kiosk_port=0)
    config = configuration.read(source)
    assert urlsplit(config.server).hostname == "127.0.0.1"
    sync = make_sync(open_bank(config, make_driver(config), Ticker()))
    sync.link = Cable(config)
    return sync


def depositable(server_bank):
    """A paid and confirmed collection whose deposit window has just begun."""
    collection = confirmed(server_bank.point, (make_sheet(), 1))
    return shift(collection, max(collection.deposit_from - timezone.now(), timedelta(0)))


def shut_all(bank):
    """Close every door and let the sensors settle."""
    for address in bank.doors.addresses.values():
        bank.doors.driver.push_shut(address)
    for _ in range(3):
        bank.clock.ticker.seconds += 1
        bank.tick()


def test_an_order_goes_through_the_locker_and_both_sides_agree(server_bank, sync):
    collection = depositable(server_bank)
    parcel = parcels_of(collection)[0]
    sync.exchange()
    bank = sync.bank

    visit = bank.enter(codes.deposit_pin(parcel))
    bank.deposit(visit.session, "deposited")
    shut_all(bank)
    bank.finish(visit.session)
    sync.exchange()
    collection.refresh_from_db()
    after_deposit = collection.status
    progress = collections.progress(Collection.objects.get(pk=collection.pk))
    visit = bank.enter(progress.pin.replace(" ", ""))
    bank.claim(visit.session)
    shut_all(bank)
    sync.exchange()
    sync.exchange()

    collection.refresh_from_db()
    assert (after_deposit, collection.status) == ("ready", "collected")
    assert not BankEvent.objects.exclude(problem="").exists()
    assert bank.access.list.entries == ()
    assert Bank.objects.get(pk=server_bank.pk).cursor > 0


def test_the_deposit_qr_teaches_a_bank_that_has_never_heard_of_the_order(server_bank, sync):
    collection = depositable(server_bank)
    parcel = parcels_of(collection)[0]
    bank = sync.bank

    visit = bank.enter(codes.deposit_token(parcel))
    bank.deposit(visit.session, "deposited")
    shut_all(bank)
    bank.finish(visit.session)
    sync.exchange()

    collection.refresh_from_db()
    assert collection.status == "ready"
    assert not BankEvent.objects.exclude(problem="").exists()


def test_the_server_catches_up_with_an_order_that_came_and_went_without_it(server_bank, sync):
    """S2."""
    collection = depositable(server_bank)
    parcel, bank = parcels_of(collection)[0], sync.bank

    visit = bank.enter(codes.deposit_token(parcel))
    bank.deposit(visit.session, "deposited")
    shut_all(bank)
    bank.finish(visit.session)
    visit = bank.enter(codes.collect_pin(collection))
    bank.claim(visit.session)
    shut_all(bank)
    bank.finish(visit.session)
    before = collection.status
    sync.exchange()

    collection.refresh_from_db()
    assert (before, collection.status, collection.legs.get().status) == ("confirmed", "collected", "collected")
    assert not BankEvent.objects.exclude(problem="").exists()


@pytest.mark.parametrize("year", [1970, 2199])
def test_a_computer_that_has_lost_the_date_is_heard_and_gets_it_back(sync, server_bank, year):
    """Its first report says how wrong its clock may be, the second by how much it was."""
    config, ticker = sync.bank.config, sync.bank.clock.ticker
    sync.bank.journal.close()
    ticker.began = ticker.began.replace(year=year)
    again = make_sync(open_bank(config, make_driver(config), ticker))
    again.link = sync.link

    again.exchange()
    again.exchange()

    server_bank.refresh_from_db()
    assert server_bank.said["clock"]["synced"] is True
    assert abs(again.bank.clock.now() - timezone.now()) < timedelta(minutes=1)
