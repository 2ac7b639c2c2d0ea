"""A bank's identity: the file its controller starts with, and the end of the former one."""

import json
import stat

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from pickup.controller import config
from pickup.models import Bank, BankEvent, Point
from pickup.models.key import PIN_KEY_BYTES
from pickup.protocol import envelope
from pickup.protocol.fields import LARGEST_INTEGER
from tests.pickup.device import Device
from tests.pickup.makers import make_bank, make_point

pytestmark = pytest.mark.django_db


def provision(bank, folder, **options):
    out = folder / "bank.json"
    call_command("provision_bank", bank.code, out=out, port=8000, **options)
    return out, json.loads(out.read_text())


def test_the_controller_reads_the_file_and_only_its_owner_may(tmp_path):
    bank = make_bank("S", "M chilled low")

    out, _document = provision(bank, tmp_path, kiosk_port=8101)

    read = config.load(out)
    assert (read.bank, read.server, read.kiosk.port) == (bank.code, "http://127.0.0.1:8000", 8101)
    assert [(door.id, door.size, door.temperature, door.low) for door in read.compartments] == [
        ("C1", "S", "ambient", False),
        ("C2", "M", "chilled", True),
    ]
    assert [(zone.id, zone.probe, zone.most_c) for zone in read.zones] == [("chilled", "chilled", 4.0)]
    assert stat.S_IMODE(out.stat().st_mode) == 0o600


def test_the_new_secret_works_and_the_former_one_does_not(tmp_path):
    bank = make_bank("S")
    former = Device(bank)
    former.sync()

    _out, document = provision(bank, tmp_path)

    assert former.post().status_code == 401
    assert Device(bank, secret=document["device_secret"]).post().status_code == 200


def test_codes_survive_and_a_new_journal_may_count_from_one(tmp_path):
    bank = make_bank("S")
    old = Device(bank, boot_id=9)
    old.sync(old.event("lockout.ended"))
    key = bank.pin_key

    _out, document = provision(bank, tmp_path)
    new = Device(bank, secret=document["device_secret"], boot_id=1)
    new.sync(new.event("lockout.ended"))

    bank.refresh_from_db()
    assert (bank.pin_key, document["pin_key"], BankEvent.objects.count()) == (key, key, 2)


def test_codes_given_before_the_bank_had_a_computer_open_there(tmp_path):
    """The association opens a bank in the back office; people may order before its computer is connected."""
    bank = Bank.objects.create(point=make_point(kind=Point.Kind.BANK), code="new")
    key = bank.pin_key

    provision(bank, tmp_path)

    bank.refresh_from_db()
    assert len(envelope.from_b64(key)) == PIN_KEY_BYTES
    assert bank.pin_key == key


def test_no_bank_is_without_a_key():
    bank = make_bank("S")

    with pytest.raises(IntegrityError), transaction.atomic():
        Bank.objects.filter(pk=bank.pk).update(pin_key="")


def test_the_highest_start_that_somebody_claimed_ends_with_the_identity(tmp_path):
    bank = make_bank("S")
    thief, owner = Device(bank, boot_id=LARGEST_INTEGER), Device(bank, boot_id=9)
    thief.sync(thief.event("lockout.ended", seq=LARGEST_INTEGER), thief.event("lockout.ended"))
    locked_out = owner.post(owner.event("lockout.ended")).status_code

    _out, document = provision(bank, tmp_path)
    owner.secret = document["device_secret"]
    reply = owner.sync(owner.event("lockout.ended"))

    bank.refresh_from_db()
    assert (locked_out, thief.post().status_code) == (409, 401)
    assert (bank.boot_id, reply.cursor) == (9, 0)  # its first event, refused above, is still to come
    assert owner.sync(owner.event("lockout.ended", seq=1)).cursor == 2


def test_an_unknown_bank_is_named(tmp_path):
    with pytest.raises(CommandError, match="nobody"):
        call_command("provision_bank", "nobody", out=tmp_path / "x.json")
