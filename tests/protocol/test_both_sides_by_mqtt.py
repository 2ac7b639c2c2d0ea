"""The real controller and the real bridge, with a real broker between them."""

import threading
from dataclasses import replace

import pytest

from pickup import codes, collections
from pickup.banks import outbox
from pickup.banks.bridge.broker import Broker
from pickup.banks.bridge.running import Bridge
from pickup.controller import config as configuration
from pickup.controller.transports.mqtt import MqttLine
from pickup.models import Bank, BankEvent, Collection
from pickup.protocol.vocabulary import CommandType
from tests.broker import broker as running_broker
from tests.pickup.makers import make_bank, parcels_of
from tests.waiting import until

from .test_both_sides import depositable, shut_all
from .test_both_sides import sync as sync_over_https  # noqa: F401  a controller from the server's own file

pytestmark = pytest.mark.django_db


@pytest.fixture
def server_bank():
    return make_bank("S", "S", "M chilled")


@pytest.fixture
def broker(server_bank):
    with running_broker(server_bank.code) as made:
        yield made


@pytest.fixture
def bridge(broker):
    made = Bridge(Broker(broker.bridge_url))
    made.broker.start()
    until(lambda: made.broker.is_up)
    yield made
    made.broker.stop()


@pytest.fixture
def bank(sync_over_https, broker, server_bank, bridge):  # noqa: F811
    """The controller's bank with its line up."""
    bank = sync_over_https.bank
    server_bank.refresh_from_db()
    bank.config = replace(
        bank.config,
        generation=server_bank.generation,
        mqtt=configuration.read_mqtt(broker.settings_of(server_bank.code)),
    )
    sync_over_https.exchange()
    line = MqttLine(bank, bank.config.mqtt)
    thread = threading.Thread(target=line.run, daemon=True)
    thread.start()
    until(line.carries)
    yield bank
    line.stop()
    thread.join(5)


def turn_until(bridge, condition):
    for _ in range(60):
        bridge.turn()
        if condition():
            return
    raise AssertionError("It did not happen.")


def told(bank):
    """Whether the server has confirmed everything."""
    with bank.lock:
        return bank.journal.unsent_count() == 0


def test_an_order_goes_through_the_locker_over_mqtt(server_bank, sync_over_https, bank, bridge):  # noqa: F811
    collection = depositable(server_bank)
    parcel = parcels_of(collection)[0]
    sync_over_https.exchange()

    with bank.lock:
        visit = bank.enter(codes.deposit_pin(parcel))
        bank.deposit(visit.session, "deposited")
        shut_all(bank)
        bank.finish(visit.session)
    turn_until(bridge, lambda: told(bank))
    collection.refresh_from_db()
    after_deposit = collection.status
    progress = collections.progress(Collection.objects.get(pk=collection.pk))
    with bank.lock:
        visit = bank.enter(progress.pin.replace(" ", ""))
        bank.claim(visit.session)
        shut_all(bank)
    turn_until(bridge, lambda: told(bank))

    collection.refresh_from_db()
    assert (after_deposit, collection.status) == ("ready", "collected")
    assert not BankEvent.objects.exclude(problem="").exists()
    assert Bank.objects.get(pk=server_bank.pk).cursor > 0


def test_an_operator_opens_a_door_over_mqtt(server_bank, bank, bridge):
    command = outbox.send(server_bank, CommandType.DOOR_OPEN, {"compartment": "C1", "leg": None}, reason="service")

    turn_until(bridge, lambda: bank.doors.driver.pulses)
    with bank.lock:
        bank.tick()
    turn_until(bridge, lambda: told(bank))

    command.refresh_from_db()
    assert command.outcome == "opened"
    assert server_bank.compartments.get(label="C1").door == "open"
