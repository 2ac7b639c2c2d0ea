"""The server's end of the MQTT line against a real broker: stored once, confirmed after the commit, never late, never retained."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError
from django.utils import timezone

from pickup.banks import keys, outbox
from pickup.banks.bridge import storing
from pickup.banks.bridge.broker import Broker, UnusableAddress
from pickup.banks.bridge.running import Bridge
from pickup.models import Alarm, BankCommand, BankEvent
from pickup.protocol import envelope
from pickup.protocol.topics import Channel
from pickup.protocol.vocabulary import CommandType
from tests.broker import broker as running_broker
from tests.light_bank import LightBank
from tests.pickup.device import snapshot_of
from tests.pickup.makers import make_bank
from tests.waiting import until

pytestmark = pytest.mark.django_db
PATIENCE_TURNS = 60


@pytest.fixture
def broker(bank):
    with running_broker(bank.code) as made:
        yield made


@pytest.fixture
def bridge(broker):
    made = start_bridge(broker)
    yield made
    made.broker.stop()


@pytest.fixture
def device(bank, broker, bridge):
    device = connect(bank, broker)
    yield device
    device.close()


def start_bridge(broker):
    """A bridge whose loop the test turns by hand, in its own database transaction."""
    bridge = Bridge(Broker(broker.bridge_url))
    bridge.broker.start()
    until(lambda: bridge.broker.connection and bridge.broker.is_up)
    return bridge


def connect(bank, broker, **more):
    public = envelope.read_public_keys(keys.public_keys())
    device = LightBank(bank.code, broker, public, generation=bank.generation, **more)
    device.connect()
    return device


def turn_until(bridge, condition):
    for _ in range(PATIENCE_TURNS):
        bridge.turn()
        if condition():
            return
    raise AssertionError(f"It did not happen: {condition}")


def open_door(bank, **more):
    return outbox.send(bank, CommandType.DOOR_OPEN, {"compartment": "C1", "leg": None}, reason="service", **more)


def test_a_report_is_stored_and_then_confirmed(bank, bridge, device):
    device.send(device.event("lockout.ended"), device.event("lockout.ended"))

    turn_until(bridge, lambda: not device.outbox)

    assert list(BankEvent.objects.order_by("seq").values_list("boot_id", "seq", "type")) == [
        (1, 1, "lockout.ended"),
        (1, 2, "lockout.ended"),
    ]
    bank.refresh_from_db()
    assert bank.cursor == 2
    assert bank.is_reachable()


def test_a_report_that_comes_again_counts_once(bank, bridge, device):
    event = device.event("lockout.ended")
    device.send(event)
    device.send(event)

    turn_until(bridge, lambda: not device.outbox)

    assert BankEvent.objects.count() == 1


def test_a_command_goes_out_and_its_outcome_comes_back(bank, bridge, device):
    command = open_door(bank)

    turn_until(bridge, lambda: not device.outbox and BankCommand.objects.get().outcome)

    command.refresh_from_db()
    assert (command.outcome, device.repeats, device.retained) == ("opened", 0, 0)


def test_commands_of_one_bank_keep_their_order(bank, bridge, device):
    for _ in range(20):
        open_door(bank)

    turn_until(bridge, lambda: len(device.done) == 20)

    sent = [BankCommand.objects.get(command_id=name).cseq for name in device.done]
    assert sent == sorted(sent)


def test_a_bank_that_was_away_gets_what_is_still_valid(bank, broker, bridge, device):
    turn_until(bridge, lambda: device.replies or device.send(channel=Channel.HEARTBEAT))
    device.close()
    expired = open_door(bank)
    BankCommand.objects.update(not_after=timezone.now() - timedelta(seconds=1))
    valid = open_door(bank)

    back = connect(bank, broker)
    turn_until(bridge, lambda: back.done)
    back.close()

    assert list(back.done) == [valid.command_id]
    expired.refresh_from_db()
    assert expired.outcome == ""


def test_the_broker_drops_a_command_whose_time_is_over(bank, broker, bridge):
    """The bank has a session at the broker and is away; it comes back after the command's end."""
    connect(bank, broker).close()
    open_door(bank)
    BankCommand.objects.update(not_after=timezone.now() + timedelta(seconds=1.2))
    bridge.turn()
    until(lambda: timezone.now() > BankCommand.objects.get().not_after + timedelta(seconds=1))

    back = connect(bank, broker)
    bridge.turn()
    back.close()

    assert back.done == {}


def test_a_database_that_is_away_costs_nothing_but_time(bank, bridge, device, monkeypatch):
    real, failures = storing.store, []

    def failing(batch):
        if len(failures) < 2:
            failures.append(batch)
            raise OperationalError("gone")
        return real(batch)

    monkeypatch.setattr(storing, "store", failing)
    monkeypatch.setattr(bridge, "_rest", lambda error: None)
    device.send(device.event("lockout.ended"))
    turn_until(bridge, lambda: not device.outbox)

    assert (len(failures), BankEvent.objects.count()) == (2, 1)


def test_a_bridge_that_dies_between_taking_and_storing_gets_the_message_again(bank, broker, bridge, device):
    bridge.turn()
    device.send(device.event("lockout.ended"))
    until(lambda: not bridge.broker.arrivals.empty())
    bridge.broker._client._sock_close()  # the process is gone, nothing was stored

    second = start_bridge(broker)
    turn_until(second, lambda: not device.outbox)
    second.broker.stop()

    assert BankEvent.objects.count() == 1


def test_a_broker_that_dies_loses_nothing(bank, broker, bridge, device):
    device.send(device.event("lockout.ended"))
    broker.kill()
    command = open_door(bank)
    device.event("lockout.ended")
    broker.start()
    until(lambda: bridge.broker.is_up and device.client.is_connected())
    device.send_outbox()

    turn_until(bridge, lambda: not device.outbox and device.done)

    command.refresh_from_db()
    assert command.outcome == "opened"
    assert BankEvent.objects.filter(type="lockout.ended").count() == 2


def test_items_of_an_earlier_start_are_confirmed_one_by_one(bank, broker, bridge):
    device = connect(bank, broker, boot_id=2)
    old = LightBank(bank.code, broker, {}, boot_id=1).event("lockout.ended")
    device.outbox[1, 1] = old
    device.send(old, device.event("lockout.ended"))

    turn_until(bridge, lambda: not device.outbox)
    device.close()

    assert sorted(BankEvent.objects.values_list("boot_id", "seq")) == [(1, 1), (2, 1)]


def test_a_cloned_card_is_not_stored_and_not_confirmed(bank, broker, bridge, device):
    bank.boot_id = 5
    bank.save()
    device.send(device.event("lockout.ended"))

    for _ in range(3):
        bridge.turn()

    assert BankEvent.objects.count() == 0
    assert len(device.outbox) == 1
    assert Alarm.objects.get(bank=bank).subject == "two_computers"


def test_a_cloned_card_that_counts_the_same_is_not_confirmed(bank, bridge, device):
    device.send(device.event("lockout.ended"))
    turn_until(bridge, lambda: not device.outbox)
    device.seq = 0
    device.send(device.event("lockout.ended"))

    for _ in range(3):
        bridge.turn()

    assert BankEvent.objects.count() == 1
    assert len(device.outbox) == 1
    assert Alarm.objects.get(bank=bank).subject == "two_computers"


def test_an_earlier_identity_is_not_heard(bank, broker, bridge, device):
    bank.generation += 1
    bank.save()
    device.send(device.event("lockout.ended"))

    for _ in range(3):
        bridge.turn()

    assert BankEvent.objects.count() == 0
    assert len(device.outbox) == 1


def test_one_bank_cannot_report_for_another(bank, bridge, device):
    other = make_bank("S")
    device.send(device.event("lockout.ended"), bank=other.code)
    for _ in range(3):
        bridge.turn()

    assert BankEvent.objects.count() == 0


@pytest.mark.parametrize("payload", [b"", b"{", b"[]", b"\xff\xfe", b'{"v": 2}', b"[" * 5000])
def test_rubbish_does_not_stop_the_bridge(bank, bridge, device, payload):
    device.client.publish(f"tlp/1/{bank.code}/evt", payload, qos=1)
    device.send(device.event("lockout.ended"))

    turn_until(bridge, lambda: not device.outbox)


def test_the_retained_state_is_read_and_an_older_one_is_not(bank, broker, bridge, device):
    device.send(snapshot=snapshot_of(C1=("open", "in_service")))
    turn_until(bridge, lambda: bank.compartments.get(label="C1").door == "open")
    device.send(snapshot=snapshot_of(C1=("closed", "in_service")), mono_ms=1)
    device.send(device.event("lockout.ended"))
    turn_until(bridge, lambda: not device.outbox)

    assert bank.compartments.get(label="C1").door == "open"


def test_a_new_list_is_named_to_the_bank(bank, bridge, device):
    device.send(channel=Channel.HEARTBEAT, list_etag="an old one")
    turn_until(bridge, lambda: device.replies)
    bridge.sender._listed_at = float("-inf")

    turn_until(bridge, lambda: device.replies[-1].list_etag not in ("none", "an old one"))

    bank.refresh_from_db()
    assert device.replies[-1].list_etag == bank.list_etag


@pytest.mark.parametrize("url", ["http://x", "mqtt://broker.example", "mqtts://"])
def test_an_unusable_address_is_refused_with_a_sentence(settings, url):
    with pytest.raises(UnusableAddress):
        Broker(url)
    settings.MQTT_URL = url

    with pytest.raises(CommandError, match="MQTT_URL must"):
        call_command("mqtt_bridge")


def test_without_an_address_there_is_nothing_to_run(settings):
    settings.MQTT_URL = ""

    with pytest.raises(CommandError, match="HTTPS alone"):
        call_command("mqtt_bridge")
