"""What a bank's account may do at a real Mosquitto, under the settings that we ship and the rules that we write for it.

What a bank may not publish the broker refuses; what it may not hear it may ask for, and never gets. Each
test shows beside the refusal that the same message on the right topic arrives, and arrives after it.
"""

import re

import pytest
from django.core.management import call_command

from pickup.banks.bridge.broker import CLIENT_ID
from pickup.banks.provisioning import provision
from pickup.protocol import topics
from pickup.protocol.topics import Channel
from tests.broker import BRIDGE, PASSWORD
from tests.broker import broker as running_broker
from tests.broker_client import Client
from tests.pickup.makers import make_bank
from tests.waiting import until

pytestmark = pytest.mark.django_db
NOT_AUTHORIZED = 0x87


@pytest.fixture
def broker(settings):
    with running_broker() as made:
        settings.MQTT_URL = made.bridge_url
        yield made


@pytest.fixture
def come_in(broker):
    """Makes clients, and sees them out."""
    clients = []

    def come_in(account, **more):
        clients.append(Client(broker, account["user"], account["password"], **more))
        return clients[-1]

    yield come_in
    for client in clients:
        client.close()


@pytest.fixture
def accounts(broker, tmp_path):
    """The accounts of two banks, `one` and `other`, as the server gives and writes them."""
    banks = {"one": make_bank("S"), "other": make_bank("S")}
    return {name: admit(broker, bank, tmp_path) | {"bank": bank.code} for name, bank in banks.items()}


@pytest.fixture
def server(come_in):
    """The account of the bridge, hearing all that banks say."""
    client = come_in({"user": BRIDGE, "password": PASSWORD})
    client.subscribe(*(topics.of("+", channel) for channel in topics.FROM_BANK))
    return client


def admit(broker, bank, folder):
    """A new identity of the bank, known to the broker."""
    document = provision(bank, server="http://127.0.0.1", state_dir=folder, kiosk_port=0)
    call_command("write_broker_files", broker.folder)
    broker.reload()
    return document["mqtt"]


def commands(account):
    return topics.of(account["bank"], Channel.COMMANDS)


@pytest.mark.parametrize("channel", topics.FROM_BANK)
@pytest.mark.parametrize("retain", [False, True])
def test_a_bank_cannot_report_for_another(accounts, server, come_in, channel, retain):
    one, other = accounts["one"], accounts["other"]
    bank = come_in(one)

    refused = bank.publish(topics.of(other["bank"], channel), retain=retain)
    taken = bank.publish(topics.of(one["bank"], channel), retain=retain)
    until(lambda: server.heard)

    assert (refused, taken) == (NOT_AUTHORIZED, 0)
    assert server.heard == [topics.of(one["bank"], channel)]


@pytest.mark.parametrize("name", ["one", "other"])
def test_a_bank_cannot_command(accounts, server, come_in, name):
    bank, neighbour = come_in(accounts["one"]), come_in(accounts["other"])
    listener = {"one": bank, "other": neighbour}[name]
    listener.subscribe(commands(accounts[name]))

    refused = bank.publish(commands(accounts[name]))
    sent = server.publish(commands(accounts[name]))
    until(lambda: listener.heard)

    assert (refused, sent) == (NOT_AUTHORIZED, 0)
    assert listener.heard == [commands(accounts[name])]


def test_a_refusal_costs_a_bank_nothing_that_it_may_hear(accounts, server, come_in):
    bank = come_in(accounts["one"])
    bank.subscribe(commands(accounts["one"]))

    bank.publish(topics.of(accounts["other"]["bank"], Channel.EVENTS))
    sent = server.publish(commands(accounts["one"]))
    until(lambda: bank.heard)

    assert sent == 0
    assert bank.heard == [commands(accounts["one"])]
    assert bank.lost == 0


@pytest.mark.parametrize("wanted", ["#", "+/+/+/+", "tlp/1/#", "tlp/1/+/cmd", "$share/all/tlp/1/+/cmd", "OTHER"])
def test_a_bank_hears_only_its_own_commands(accounts, server, come_in, wanted):
    one, other = accounts["one"], accounts["other"]
    bank, neighbour = come_in(one), come_in(other)
    neighbour.subscribe(commands(other))
    neighbour.publish(topics.of(other["bank"], Channel.STATE), retain=True)
    bank.subscribe(wanted.replace("OTHER", commands(other)), commands(one))

    neighbour.publish(topics.of(other["bank"], Channel.EVENTS))
    server.publish(commands(other))
    server.publish(commands(one))
    until(lambda: bank.heard and neighbour.heard and len(server.heard) == 2)

    assert set(bank.heard) == {commands(one)}
    assert neighbour.heard == [commands(other)]


def test_a_bank_cannot_leave_a_will_for_another(accounts, server, come_in):
    wills = [topics.of(accounts[name]["bank"], Channel.CONNECTION) for name in ("other", "one")]

    for will in wills:
        come_in(accounts["one"], will=will).vanish()
    until(lambda: server.heard)

    assert server.heard == wills[1:]


def test_a_bank_cannot_take_over_the_line_of_the_server_or_of_another_bank(accounts, server, come_in):
    """A client id is no secret, and the broker gives the session to whoever brings it: so it must be the account's."""
    neighbour = come_in(accounts["other"])
    neighbour.subscribe(commands(accounts["other"]))

    for name in (CLIENT_ID, BRIDGE, accounts["other"]["user"]):
        come_in(accounts["one"], name=name).close()
    server.publish(commands(accounts["other"]))
    neighbour.publish(topics.of(accounts["other"]["bank"], Channel.EVENTS))
    until(lambda: neighbour.heard and server.heard)

    assert (server.lost, neighbour.lost) == (0, 0)
    assert server.heard == [topics.of(accounts["other"]["bank"], Channel.EVENTS)]
    assert neighbour.heard == [commands(accounts["other"])]


def test_an_identity_that_was_replaced_loses_its_line_at_once(broker, come_in, tmp_path):
    bank = make_bank("S")
    account = admit(broker, bank, tmp_path)
    former = come_in(account)

    fresh_account = admit(broker, bank, tmp_path)
    until(lambda: former.lost)
    until(lambda: former.refused)
    fresh = come_in(fresh_account)

    assert account["user"] != fresh_account["user"]
    assert fresh.up
    assert not former.up


@pytest.mark.parametrize(("user", "password"), [(BRIDGE, "wrong"), ("nobody", PASSWORD), ("", "")])
def test_a_stranger_is_refused(come_in, user, password):
    assert come_in({"user": user, "password": password}).refused


def test_the_broker_is_to_be_found_at_one_address_only(broker):
    """Mosquitto opens its default port too when a setting of a listener stands before the first one."""
    assert re.findall(r"listen socket on port (\d+)", (broker.folder / "log").read_text()) == [str(broker.port)]
