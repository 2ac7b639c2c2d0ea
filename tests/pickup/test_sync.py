"""The server's side of TLP/1: who may speak, what is stored once, in which order it counts."""

import json

import pytest
from django.utils import timezone

from pickup import codes, collections
from pickup.banks import inbox
from pickup.models import Alarm, BankEvent, Collection
from pickup.protocol import codes as wire_codes
from pickup.protocol import envelope
from pickup.protocol.messages import MAX_BODY_BYTES
from pickup.protocol.vocabulary import Purpose
from tests.pickup.device import Device, deposited
from tests.pickup.makers import confirmed, make_bank, make_sheet, parcels_of

pytestmark = pytest.mark.django_db


def test_the_whole_way_from_the_list_to_the_hand_over(bank, device):
    collection = confirmed(bank.point, (make_sheet(), 1))
    parcel = parcels_of(collection)[0]

    device.list_etag = device.sync().list_etag
    listed = {entry.purpose: entry for entry in device.authlist().entries}
    assert set(listed) == {Purpose.DEPOSIT, Purpose.COLLECT}
    deposit_entry, collect_entry = listed[Purpose.DEPOSIT], listed[Purpose.COLLECT]
    pin_key = envelope.from_b64(bank.pin_key)
    assert deposit_entry.pin_mac == wire_codes.pin_mac(pin_key, codes.deposit_pin(parcel))
    device.sync(
        device.event("door.opened", compartment="C1", leg=parcel.leg_id, purpose="deposit", shop=1, outcome="opened"),
        device.event("door.closed", compartment="C1", leg=parcel.leg_id),
        deposited(device, parcel),
    )
    collection.refresh_from_db()
    assert collection.status == "ready"
    pin = collections.progress(Collection.objects.get(pk=collection.pk)).pin.replace(" ", "")
    assert collect_entry.pin_mac == wire_codes.pin_mac(pin_key, pin)

    reply = device.sync(device.event("claim", reservation=collection.number, legs=[parcel.leg_id]))

    collection.refresh_from_db()
    assert collection.status == "collected"
    assert reply.cursor == 4
    assert device.authlist().entries == ()
    assert not BankEvent.objects.exclude(problem="").exists()


@pytest.mark.parametrize("wrong", ["secret", "bank", "scheme"])
def test_a_stranger_learns_and_changes_nothing(bank, device, wrong):
    headers = {
        "secret": {"Authorization": "Bearer wrong"},
        "bank": {"X-Bank": "nobody"},
        "scheme": {"Authorization": f"Basic {device.secret}"},
    }[wrong]
    before = bank.last_seen_at

    answers = [
        device.send(json.dumps({"v": 1}), **headers),
        device.client.get("/tlp/1/authlist", headers=device.headers | headers),
    ]

    assert [(answer.status_code, answer.json()["error"]["code"]) for answer in answers] == [(401, "unauthorised")] * 2
    bank.refresh_from_db()
    assert (bank.last_seen_at, BankEvent.objects.count()) == (before, 0)


def test_a_bank_without_identity_is_refused():
    bank = make_bank("S")
    bank.identities.all().delete()

    assert Device(bank, secret="").post().status_code == 401


def test_a_bank_cannot_speak_for_another(bank, device):
    other = make_bank("S")
    own_headers = device.headers
    device.bank = other

    answer = device.post(device.event("lockout.ended"), **own_headers)

    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "bad_message")
    assert BankEvent.objects.count() == 0


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ("{", 400, "bad_message"),
        ("[]", 400, "bad_message"),
        ("[" * 100_000, 400, "bad_message"),
        ('{"v": 2}', 426, "version"),
        ('"' + "x" * MAX_BODY_BYTES + '"', 413, "too_large"),
    ],
)
def test_a_broken_body_is_answered_with_its_documented_error(device, body, status, code):
    answer = device.send(body)

    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)


def test_the_same_report_twice_counts_once(bank, device):
    collection = confirmed(bank.point, (make_sheet(), 1), (make_sheet(), 1))
    event = deposited(device, parcels_of(collection)[0])

    first, second = device.sync(event), device.sync(event)

    assert (first.cursor, second.cursor, BankEvent.objects.count()) == (1, 1, 1)
    collection.refresh_from_db()
    assert collection.status == "depositing"


def test_reports_count_in_their_own_order_whatever_the_order_of_arrival(bank, device):
    collection = confirmed(bank.point, (make_sheet(), 1))
    parcel = parcels_of(collection)[0]
    deposit = deposited(device, parcel)
    claim = device.event("claim", reservation=collection.number, legs=[parcel.leg_id])

    assert device.sync(claim).cursor == 0
    collection.refresh_from_db()
    assert collection.status == "confirmed"
    assert device.sync(deposit).cursor == 2

    collection.refresh_from_db()
    assert collection.status == "collected"


def test_a_gap_that_nobody_fills_is_given_up(bank, device):
    device.event("lockout.started", seconds=30, wrong_24h=4)  # number 1 is lost
    second = device.event("lockout.ended")
    device.sync(second)
    BankEvent.objects.update(received_at=timezone.now() - inbox.PATIENCE)

    assert device.sync(second).cursor == 2
    assert BankEvent.objects.waiting().count() == 0


def test_items_of_an_earlier_boot_are_applied_before_those_of_the_present_one(bank):
    collection = confirmed(bank.point, (make_sheet(), 1))
    parcel = parcels_of(collection)[0]
    device = Device(bank, boot_id=2)
    claim = device.event("claim", reservation=collection.number, legs=[parcel.leg_id])
    old = deposited(device, parcel, seq=7, boot_id=1)

    assert device.sync(claim, old).cursor == 1

    collection.refresh_from_db()
    assert collection.status == "collected"


def test_a_boot_number_that_goes_back_is_refused_and_stores_nothing(bank):
    Device(bank, boot_id=5).sync()
    card_of_last_week = Device(bank, boot_id=4)

    answer = card_of_last_week.post(card_of_last_week.event("lockout.ended"))

    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "boot_id_backwards")
    assert BankEvent.objects.count() == 0
    assert two_computers(bank).times == 1


def test_a_copied_card_that_counts_the_same_is_not_taken_for_a_repetition(bank):
    right, copy = Device(bank, boot_id=5), Device(bank, boot_id=5)
    first = right.event("lockout.ended")
    right.sync(first)
    again = right.sync(first).cursor
    nobody_called = two_computers(bank)

    unsent = copy.event("door.uncommanded_open", compartment="C1")
    answers = [copy.post(unsent), copy.post(unsent, copy.event("lockout.ended"))]

    assert (again, nobody_called) == (1, None)
    assert {(answer.status_code, answer.json()["error"]["code"]) for answer in answers} == {(409, "numbers_twice")}
    assert list(BankEvent.objects.values_list("type", flat=True)) == ["lockout.ended"]
    assert two_computers(bank).times == 2
    assert right.sync(first, right.event("lockout.ended")).cursor == 2


def test_a_copied_card_does_not_lose_what_it_says_of_an_earlier_start(bank):
    right, copy = Device(bank, boot_id=1), Device(bank, boot_id=1)
    right.sync(right.event("lockout.ended"))
    unsent = copy.event("lockout.ended")
    copy.boot_id = 2

    answer = copy.post(unsent)

    assert answer.status_code == 409
    assert BankEvent.objects.count() == 1


def two_computers(bank):
    """The alarm, if there is one."""
    return Alarm.objects.filter(bank=bank, kind="device", subject="two_computers").first()
