"""Who may enter the broker: living identities, named with hashes."""

import re
import stat
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from pickup.banks import identities
from tests.pickup.makers import make_bank

pytestmark = pytest.mark.django_db
CONF = Path(__file__).parents[2] / "deploy" / "mosquitto" / "mosquitto.conf"


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
