"""A computer becomes a bank with a one-time token, and its secrets change while it works."""

import json
import stat
from argparse import Namespace
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from pickup import codes, collections
from pickup.banks import configuring, keys, outbox, provisioning, rotating
from pickup.controller import config as configuration
from pickup.controller import provisioning as controller
from pickup.controller.audit import device_key
from pickup.controller.bank import Refused
from pickup.controller.program import make_driver, make_sync, open_bank
from pickup.models import Bank, BankEvent, BankIdentity, Collection, ServerKey
from pickup.protocol import envelope
from pickup.protocol.errors import BadMessage
from pickup.protocol.provisioning import ProvisionRequest
from pickup.protocol.vocabulary import CommandType
from tests.pickup.device import Device
from tests.pickup.makers import make_bank, parcels_of

from .test_both_sides import Cable, Ticker, depositable, shut_all

pytestmark = pytest.mark.django_db


@pytest.fixture
def server_bank():
    return make_bank("S", "S", "M chilled")


@pytest.fixture(autouse=True)
def wire(monkeypatch):
    """The controller's post goes to Django's test client; errors come as they would from urllib."""

    def post(url, document, _ca):
        answer = Client(enforce_csrf_checks=True).post(
            url.removeprefix("http://127.0.0.1"), document, content_type="application/json"
        )
        if answer.status_code != 200:
            raise configuration.ConfigError(answer.json()["error"]["detail"])
        return answer.json()

    monkeypatch.setattr(controller, "_post", post)


def become(bank, folder, token=None):
    """Run `provision` on a new computer; the file that it wrote."""
    out = folder / "bank.json"
    controller.provision(
        Namespace(
            server="http://127.0.0.1",
            token=token or provisioning.new_token(bank),
            out=out,
            state_dir=folder / "state",
            driver="simulator",
            kiosk_port=0,
            ca=None,
        )
    )
    return out


def start(file):
    """The controller on this file, and its way to the server."""
    config = configuration.load(file)
    sync = make_sync(open_bank(config, make_driver(config), Ticker()))
    sync.link = Cable(config)
    return sync


def restarted(sync):
    """The controller after the restart that a new configuration asks for."""
    assert sync.bank.may_restart()
    sync.journal.close()
    return start(sync.bank.config.path)


def test_a_token_makes_an_identity_and_ends_the_former_one(server_bank, tmp_path):
    former = Device(server_bank)

    file = become(server_bank, tmp_path)

    config = configuration.load(file)
    identity = BankIdentity.objects.live().get(bank=server_bank)
    assert (config.bank, config.generation, config.cfg_hash) == (server_bank.code, 1, configuring_hash(server_bank))
    assert [door.id for door in config.compartments] == ["C1", "C2", "C3"]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert identity.device_key == envelope.public_text(device_key(config.state_dir))
    assert former.post().status_code == 401
    assert Device(server_bank, secret=config.device_secret).post().status_code == 200
    assert BankIdentity.objects.filter(bank=server_bank).count() == 2


def configuring_hash(bank):
    bank.refresh_from_db()
    return bank.config_hash


def test_a_token_works_once(server_bank, tmp_path):
    token = provisioning.new_token(server_bank)
    become(server_bank, tmp_path, token)
    before = list(BankIdentity.objects.values())

    with pytest.raises(configuration.ConfigError, match="was used"):
        become(server_bank, tmp_path / "thief", token)

    assert list(BankIdentity.objects.values()) == before


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda token: token[:-1] + ("A" if token[-1] != "A" else "B"), "not made here"),
        (lambda token: token.replace(".1.", ".2.", 1), "not made here"),
        (lambda _token: "x", "not made here"),
        (lambda _token: "....", "not made here"),
        (lambda token: "é" + token, "not made here"),
    ],
)
def test_a_token_that_was_not_made_here_changes_nothing(server_bank, tmp_path, spoil, words):
    before = list(BankIdentity.objects.values())

    with pytest.raises(configuration.ConfigError, match=words):
        become(server_bank, tmp_path, spoil(provisioning.new_token(server_bank)))

    assert list(BankIdentity.objects.values()) == before


def test_a_token_expires_after_an_hour(server_bank, tmp_path):
    token = provisioning.new_token(server_bank, timezone.now() - timedelta(minutes=61))

    with pytest.raises(configuration.ConfigError, match="expired"):
        become(server_bank, tmp_path, token)


def test_a_key_that_the_sender_does_not_hold_gets_nothing(server_bank):
    key, other = (envelope.read_private_key(envelope.new_private_key()) for _ in range(2))
    request = ProvisionRequest(token=provisioning.new_token(server_bank), device_key=envelope.public_text(key))

    answer = Client().post("/tlp/1/provision", request.sign(other), content_type="application/json")

    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "bad_signature")
    server_bank.refresh_from_db()
    assert server_bank.generation == 0


def test_guessing_tokens_is_stopped(server_bank, tmp_path):
    for _ in range(20):
        with pytest.raises(configuration.ConfigError, match="not made here"):
            become(server_bank, tmp_path, "guess")

    with pytest.raises(configuration.ConfigError, match="wait an hour"):
        become(server_bank, tmp_path)


def test_a_file_that_cannot_be_written_does_not_spend_the_token(server_bank, tmp_path):
    (tmp_path / "file").write_text("")

    with pytest.raises(configuration.ConfigError, match="cannot be written"):
        become(server_bank, tmp_path / "file")

    server_bank.refresh_from_db()
    assert server_bank.generation == 0


def test_a_moved_door_is_known_at_the_bank_after_a_restart_in_a_quiet_moment(server_bank, tmp_path):
    sync = start(become(server_bank, tmp_path))
    sync.exchange()
    door = server_bank.compartments.get(label="C2")
    door.label = "C9"
    door.save()
    configuring.announce(server_bank)

    sync.exchange()
    sync.exchange()
    again = restarted(sync)
    again.exchange()

    assert "C9" in again.bank.wall.compartments
    server_bank.refresh_from_db()
    assert server_bank.applied_config == server_bank.config_hash
    assert server_bank.commands.get(type="config.apply").outcome == "done"


def test_nobody_at_the_keypad_is_cut_off_by_a_restart(server_bank, tmp_path):
    sync = start(become(server_bank, tmp_path))
    collection = depositable(server_bank)
    sync.exchange()
    visit = sync.bank.enter(codes.deposit_pin(parcels_of(collection)[0]))
    sync.bank.restart_wanted = True

    during = sync.bank.may_restart()
    sync.bank.deposit(visit.session, "deposited")
    shut_all(sync.bank)
    sync.bank.finish(visit.session)

    assert (during, sync.bank.may_restart()) == (False, True)


def test_a_configuration_that_is_old_foreign_or_unusable_stays_out(server_bank, tmp_path):
    file = become(server_bank, tmp_path)
    sync = start(file)
    before = file.read_text()
    server_bank.refresh_from_db()
    made = configuring.current(server_bank)
    stranger = envelope.read_private_key(envelope.new_private_key())
    spoilt = {**vars(made), "config_seq": 9}
    offers = [
        (made.__class__(**{**vars(made), "config_seq": 0}).sign(*keys.signing_key()), BadMessage),
        (made.__class__(**{**vars(made), "generation": 7}).sign(*keys.signing_key()), BadMessage),
        (made.sign(stranger, "s1"), Exception),
        (made.__class__(**{**spoilt, "pin_key": "AAAA"}).sign(*keys.signing_key()), None),
    ]

    for document, error in offers:
        sync.link.config = lambda _hash, document=document: document
        sync.bank.remote.config_wanted = True
        if error:
            with pytest.raises(error):
                sync.exchange()
        else:
            sync.exchange()

    sync.link = Cable(sync.bank.config)
    sync.exchange()
    assert file.read_text() == before
    assert not sync.bank.restart_wanted
    alerts = BankEvent.objects.filter(type="alert").values_list("data__why", flat=True)
    assert list(alerts) == ["bad_config"] * 4


def test_a_configuration_with_locks_that_the_driver_cannot_have_stays_out(server_bank, tmp_path):
    """The program would not start with it, and the bank would be lost."""
    file = become(server_bank, tmp_path)
    sync = start(file)
    source = json.loads(file.read_text()) | {"driver": {"kind": "kerong_cu16", "port": "/nowhere"}}
    file.write_text(json.dumps(source))
    before = file.read_text()
    server_bank.compartments.filter(label="C2").update(address=300)
    configuring.announce(server_bank)

    sync.exchange()
    sync.exchange()

    assert file.read_text() == before
    assert not sync.bank.restart_wanted
    assert list(BankEvent.objects.filter(type="alert").values_list("data__why", flat=True)) == ["bad_config"]


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
