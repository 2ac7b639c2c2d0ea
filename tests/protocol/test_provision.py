"""A computer becomes a bank with a one-time token, and takes a new configuration while it works."""

import json
import stat
from datetime import timedelta

import pytest
from django.test import Client

from pickup import codes
from pickup.banks import configuring, keys
from pickup.controller import config as configuration
from pickup.controller.audit import device_key
from pickup.controller.kiosk import documents
from pickup.models import BankEvent, BankIdentity
from pickup.protocol import envelope
from pickup.protocol.errors import BadMessage
from pickup.protocol.provisioning import ProvisionRequest
from tests.pickup.device import Device
from tests.pickup.makers import make_bank, parcels_of

from .provisioned import become, new_token, restarted, start, wire  # noqa: F401  a fixture
from .test_both_sides import Cable, depositable, shut_all

pytestmark = pytest.mark.django_db


@pytest.fixture
def server_bank():
    return make_bank("S", "S", "M chilled")


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
    token = new_token(server_bank)
    become(server_bank, tmp_path, token)
    before = list(BankIdentity.objects.values())

    with pytest.raises(configuration.ConfigError, match="was used"):
        become(server_bank, tmp_path / "thief", token)

    assert list(BankIdentity.objects.values()) == before


def test_a_new_token_ends_the_one_before(server_bank, tmp_path):
    older = new_token(server_bank, age=timedelta(minutes=5))
    newer = new_token(server_bank)
    before = list(BankIdentity.objects.values())

    with pytest.raises(configuration.ConfigError, match="newer token"):
        become(server_bank, tmp_path / "finder", older)
    refused = list(BankIdentity.objects.values())
    become(server_bank, tmp_path, newer)

    assert refused == before
    assert BankIdentity.objects.count() == len(before) + 1


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
        become(server_bank, tmp_path, spoil(new_token(server_bank)))

    assert list(BankIdentity.objects.values()) == before


def test_what_became_of_a_token_is_kept(server_bank, tmp_path):
    older = new_token(server_bank, age=timedelta(minutes=5))
    newer = new_token(server_bank)

    become(server_bank, tmp_path, newer)

    rows = [(row.generation, row.why, row.used_at is not None) for row in server_bank.provisioning_tokens.all()]
    assert rows == [(1, "new card", True), (1, "new card", False)]
    assert older not in str(list(server_bank.provisioning_tokens.values()))


def test_a_token_expires_after_an_hour(server_bank, tmp_path):
    token = new_token(server_bank, age=timedelta(minutes=61))

    with pytest.raises(configuration.ConfigError, match="expired"):
        become(server_bank, tmp_path, token)


def test_a_key_that_the_sender_does_not_hold_gets_nothing(server_bank):
    key, other = (envelope.read_private_key(envelope.new_private_key()) for _ in range(2))
    request = ProvisionRequest(token=new_token(server_bank), device_key=envelope.public_text(key))

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


def test_what_the_association_promises_reaches_the_screen_and_can_be_taken_back(server_bank, tmp_path):
    sync = start(become(server_bank, tmp_path))
    sync.exchange()
    silent = configuring_hash(server_bank)
    shown = []

    for minutes in (15, None):
        server_bank.answer_minutes = minutes
        server_bank.save(update_fields=["answer_minutes"])
        configuring.announce(server_bank)
        sync.exchange()
        sync.exchange()
        sync = restarted(sync)
        sync.exchange()
        shown.append(documents.state(sync.bank, None)["answer_minutes"])

    assert shown == [15, None]
    server_bank.refresh_from_db()
    assert server_bank.applied_config == server_bank.config_hash == silent


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
