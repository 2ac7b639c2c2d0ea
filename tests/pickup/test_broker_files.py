"""Who may enter the broker: living identities, each on the topics of its own bank. Tried on a real Mosquitto."""

import re
import stat
from pathlib import Path

import paho.mqtt.client as paho
import pytest
from django.core.management import CommandError, call_command

from pickup.banks import identities
from pickup.banks.provisioning import provision
from tests.broker import BRIDGE, PASSWORD
from tests.broker import broker as running_broker
from tests.pickup.makers import make_bank
from tests.protocol.mqtt_kit import until

pytestmark = pytest.mark.django_db
CONF = Path(__file__).parents[2] / "deploy" / "mosquitto" / "mosquitto.conf"


@pytest.fixture
def broker(settings):
    with running_broker() as made:
        settings.MQTT_URL = made.bridge_url
        yield made


class Client:
    """A client that notes what the broker tells it."""

    def __init__(self, broker, user, password):
        self.refused = self.lost = None
        self.heard: list[str] = []
        self.answers: list[int] = []
        self.up = False
        self.client = paho.Client(paho.CallbackAPIVersion.VERSION2, client_id=user, protocol=paho.MQTTv5)
        self.client.username_pw_set(user, password)
        self.client.on_connect = self._connected
        self.client.on_disconnect = self._lost
        self.client.on_message = lambda _c, _u, message: self.heard.append(message.topic)
        self.client.on_subscribe = lambda _c, _u, _m, reasons, _p: self.answers.extend(each.value for each in reasons)
        self.client.connect("127.0.0.1", broker.port)
        self.client.loop_start()

    def _connected(self, _client, _userdata, _flags, reason, _properties):
        self.up, self.refused = not reason.is_failure, reason.is_failure

    def _lost(self, *_):
        self.lost = True

    def close(self):
        self.client.disconnect()
        self.client.loop_stop()


def admit(broker, bank, folder):
    """A new identity of the bank, known to the broker."""
    document = provision(bank, server="http://127.0.0.1", state_dir=folder, kiosk_port=0)
    call_command("write_broker_files", broker.folder)
    broker.reload()
    return document["mqtt"]


def test_a_bank_hears_only_its_own_commands(broker, tmp_path):
    one, other = make_bank("S"), make_bank("S")
    account = admit(broker, one, tmp_path)
    broker.stop()
    broker.start()
    server = Client(broker, BRIDGE, PASSWORD)
    bank = Client(broker, account["user"], account["password"])
    until(lambda: server.up and bank.up)
    server.client.subscribe([("tlp/1/+/evt", 1), ("tlp/1/+/cmd", 1)])
    bank.client.subscribe([(f"tlp/1/{one.code}/cmd", 1), (f"tlp/1/{other.code}/cmd", 1), ("#", 1)])
    until(lambda: len(server.answers) == 2 and len(bank.answers) == 3)

    bank.client.publish(f"tlp/1/{one.code}/evt", b"{}", qos=1)
    for topic in (f"tlp/1/{other.code}/cmd", f"tlp/1/{one.code}/cmd"):
        server.client.publish(topic, b"{}", qos=1)
    until(lambda: server.heard and bank.heard)
    bank.close()
    server.close()

    assert set(bank.heard) == {f"tlp/1/{one.code}/cmd"}
    assert set(server.heard) == {f"tlp/1/{one.code}/evt"}


def test_an_identity_that_was_replaced_loses_its_line_at_once(broker, tmp_path):
    bank = make_bank("S")
    account = admit(broker, bank, tmp_path)
    former = Client(broker, account["user"], account["password"])
    until(lambda: former.up)

    fresh_account = admit(broker, bank, tmp_path)
    until(lambda: former.lost)
    until(lambda: former.refused)
    fresh = Client(broker, fresh_account["user"], fresh_account["password"])
    until(lambda: fresh.up)
    former.close()
    fresh.close()

    assert account["user"] != fresh_account["user"]


@pytest.mark.parametrize(("user", "password"), [(BRIDGE, "wrong"), ("nobody", PASSWORD), ("", "")])
def test_a_stranger_is_refused(broker, user, password):
    stranger = Client(broker, user, password)
    until(lambda: stranger.refused is not None)
    stranger.close()

    assert stranger.refused


def test_the_files_hold_hashes_and_are_private(settings, tmp_path):
    settings.MQTT_URL = "mqtts://bridge:secret@broker.example"
    bank = make_bank("S")
    made = identities.renew(bank)

    call_command("write_broker_files", tmp_path)

    for name in ("passwords", "acl"):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600
    text = (tmp_path / "passwords").read_text()
    assert made.mqtt_password not in text
    assert "secret" not in text
    assert re.findall(r"^([^:]+):\$7\$101\$", text, re.MULTILINE) == ["bridge", made.mqtt_user]


def test_files_are_rewritten_as_they_were_until_a_password_changes(settings, tmp_path):
    settings.MQTT_URL = "mqtts://bridge:secret@broker.example"
    identities.renew(make_bank("S"))
    call_command("write_broker_files", tmp_path)
    first = (tmp_path / "passwords").read_text().splitlines()

    call_command("write_broker_files", tmp_path)
    again = (tmp_path / "passwords").read_text().splitlines()
    settings.MQTT_URL = "mqtts://bridge:another@broker.example"
    call_command("write_broker_files", tmp_path)
    changed = (tmp_path / "passwords").read_text().splitlines()

    assert again == first
    assert changed[0] != first[0]
    assert changed[1:] == first[1:]


def test_without_an_account_of_the_bridge_nothing_is_written(settings, tmp_path):
    settings.MQTT_URL = "mqtts://broker.example"

    with pytest.raises(CommandError, match="user and the password"):
        call_command("write_broker_files", tmp_path)

    assert list(tmp_path.iterdir()) == []


def test_the_broker_of_a_town_lets_nobody_in_unnamed_or_unencrypted():
    lines = CONF.read_text().splitlines()

    assert "allow_anonymous false" in lines
    assert [line for line in lines if line.startswith("listener")] == ["listener 8883"]
    assert any(line.startswith("certfile") for line in lines)
