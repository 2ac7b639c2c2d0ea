"""A commit wakes the bridge at once: PostgreSQL tells it, while its own looks are an hour apart. A real broker, a real wire."""

import threading
import time

import pytest
from django.db import connection, connections, transaction

from pickup import receivers
from pickup.banks import keys, outbox
from pickup.banks.bridge import nudges, running, sending
from pickup.banks.bridge.broker import Broker
from pickup.banks.bridge.running import Bridge
from pickup.models import BankCommand
from pickup.protocol import envelope
from pickup.protocol.vocabulary import CommandType
from tests.broker import broker as running_broker
from tests.light_bank import LightBank
from tests.pickup.makers import confirmed, make_bank, make_sheet
from tests.waiting import until

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
AN_HOUR = 3600.0
A_WHILE = 0.5


@pytest.fixture
def bank():
    return make_bank("S")


@pytest.fixture
def device(bank, monkeypatch):
    """The bank, known to a bridge that does nothing of its own accord any more."""
    for module, name in ((running, "LOOK_SECONDS"), (sending, "SWEEP_SECONDS"), (sending, "LISTS_SECONDS")):
        monkeypatch.setattr(module, name, AN_HOUR)
    monkeypatch.setattr(nudges, "PAUSE_SECONDS", 0.1)
    with running_broker(bank.code) as broker:
        bridge = Bridge(Broker(broker.bridge_url))
        thread = threading.Thread(target=lambda: (bridge.run(), connections.close_all()))
        thread.start()
        until(lambda: bridge.broker.is_up and listeners())
        device = LightBank(bank.code, broker, envelope.read_public_keys(keys.public_keys()))
        device.connect()
        device.send(device.event("lockout.ended"))
        until(lambda: not device.outbox)
        yield device
        device.close()
        bridge.stop()
        bridge.broker.arrivals.put(nudges.COMMANDS)
        thread.join()


def open_door(bank) -> BankCommand:
    return outbox.send(bank, CommandType.DOOR_OPEN, {"compartment": "A1", "leg": None}, reason="service")


def listeners() -> list[int]:
    """The processes of PostgreSQL that listen for nudges in this database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pid FROM pg_stat_activity WHERE query LIKE 'LISTEN%%' AND datname = current_database()")
        return [pid for (pid,) in cursor.fetchall()]


def test_a_command_is_sent_with_its_commit(bank, device):
    with transaction.atomic():
        command = open_door(bank)
        time.sleep(A_WHILE)
        sent_before = list(device.done)
    until(lambda: BankCommand.objects.get().outcome)

    assert sent_before == []
    assert list(device.done) == [command.command_id]


def test_control_without_a_nudge_the_bridge_sleeps(bank, device, monkeypatch):
    with monkeypatch.context() as silence:
        silence.setattr(outbox, "nudge", lambda: None)
        command = open_door(bank)
    time.sleep(A_WHILE)
    sent_before = list(device.done)
    nudges.nudge()
    until(lambda: device.done)

    assert sent_before == []
    assert list(device.done) == [command.command_id]


def named_list(device) -> str:
    """The list that the bank has been told of last."""
    return device.replies[-1].list_etag


def test_a_new_list_is_named_with_the_commit_of_the_order(bank, device):
    former = named_list(device)
    with transaction.atomic():
        confirmed(bank.point, (make_sheet(), 1))
        time.sleep(A_WHILE)
        before = named_list(device)
    until(lambda: named_list(device) != former)

    bank.refresh_from_db()
    assert (before, named_list(device)) == (former, bank.list_etag)


def test_control_without_a_nudge_no_list_is_named(bank, device, monkeypatch):
    former = named_list(device)
    with monkeypatch.context() as silence:
        silence.setattr(receivers, "nudge", lambda what: None)
        confirmed(bank.point, (make_sheet(), 1))
    time.sleep(A_WHILE)
    before = named_list(device)
    nudges.nudge(str(bank.point_id))
    until(lambda: named_list(device) != former)

    assert before == former


def test_the_bridge_hears_again_after_its_line_to_the_database_was_cut(bank, device):
    (former,) = listeners()

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [former])
    until(lambda: former not in listeners())
    while_deaf = open_door(bank)
    until(lambda: list(device.done) == [while_deaf.command_id])
    until(listeners)
    afterwards = open_door(bank)
    until(lambda: len(device.done) == 2)

    assert list(device.done) == [while_deaf.command_id, afterwards.command_id]
    assert former not in listeners()
