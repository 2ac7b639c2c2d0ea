"""Two ways to one server: MQTT carries the conversation, HTTPS takes over 30 seconds after it was lost."""

import threading

import pytest

from pickup.conformance.server import Server
from pickup.controller.transports.switching import Transports
from tests.broker import broker as running_broker
from tests.waiting import until

from .kit import BANK, KID, SERVER_KEY, leg_entries, signed_list
from .mqtt_kit import Bridge, LineTable


@pytest.fixture
def broker():
    with running_broker(BANK) as made:
        yield made


@pytest.fixture
def website():
    fake = Server()
    yield fake
    fake.close()


@pytest.fixture
def bridge(broker, website):
    made = Bridge(broker)
    made.stored = website.stored  # one database behind both
    yield made
    made.close()


@pytest.fixture
def table(tmp_path, broker, website, bridge):
    table = LineTable(tmp_path, broker, website.address)
    bridge.sent_time = table.ticker.wall
    return table


@pytest.fixture
def transports(table):
    transports = Transports(table.bank)
    thread = threading.Thread(target=transports.run, daemon=True)
    thread.start()
    until(transports.mqtt.carries)
    yield transports
    transports.stop()
    thread.join(5)
    assert not thread.is_alive()


def told_by_https(website):
    """The types of all events that came by HTTPS."""
    return [event.type for request in website.requests for event in request.events]


def test_the_web_site_has_rest_while_mqtt_is_there(website, bridge, table, transports):
    until(lambda: website.requests and bridge.snapshots and not table.events())
    asked = len(website.requests)
    table.ticker.seconds += 20

    table.emit("missing")
    until(lambda: "remark" in website.types() and not table.events())

    assert len(website.requests) <= asked + 1  # the exchange that was under way when the line came up
    assert told_by_https(website).count("remark") == 0


def test_https_takes_over_30_seconds_after_mqtt_was_lost_and_rests_when_it_is_back(
    website, broker, bridge, table, transports
):
    until(lambda: website.requests and not table.events())
    broker.kill()
    until(lambda: not transports.mqtt._subscribed)
    table.emit("missing")
    table.ticker.seconds += 29
    early = told_by_https(website).count("remark")

    table.ticker.seconds += 2
    until(lambda: told_by_https(website).count("remark") == 1 and not table.events())
    broker.start()
    until(lambda: transports.mqtt._subscribed)

    assert not early


def test_a_command_by_both_ways_pulses_once(website, bridge, table, transports):
    command = table.command(compartment="A1").sign(SERVER_KEY, KID)
    until(lambda: table.bank.clock.report().synced)

    bridge.send(command)
    website.commands = [command]
    transports.https.exchange()
    until(lambda: table.bank.tick() or "opened" in str(bridge.outcomes()) + str(website.outcomes()))

    assert table.pulses() == ["A1"]


def test_a_new_list_named_over_mqtt_is_fetched_over_https(website, bridge, table, transports):
    until(lambda: table.bank.access.etag)
    website.list = signed_list(*leg_entries(), seq=2)

    bridge.confirm(transports.mqtt.conversation.report(), list_etag=website.etag())

    until(lambda: table.bank.access.etag == website.etag())
