"""The server's side of TLP/1: who may speak, what is stored once, in which order it counts, what goes out."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from pickup import codes, collections, wall
from pickup.banks import inbox
from pickup.models import BankCommand, BankEvent, Collection, Compartment, Parcel
from pickup.protocol import codes as wire_codes
from pickup.protocol import commands, envelope
from pickup.protocol.messages import MAX_BODY_BYTES
from pickup.protocol.vocabulary import CommandType, Outcome, Purpose
from tests.factories import make_user
from tests.pickup.device import Device, snapshot_of
from tests.pickup.makers import confirmed, make_bank, make_counter, make_sheet, parcels_of, ready, shift

pytestmark = pytest.mark.django_db


@pytest.fixture
def bank():
    return make_bank("S", "S", "M chilled")


@pytest.fixture
def device(bank):
    return Device(bank)


def deposited(device: Device, parcel: Parcel, compartment: str = "C1", **fields):
    """The event that a shop confirmed its deposit."""
    return device.event(
        "deposit.confirmed",
        reservation=parcel.leg.collection.number,
        leg=parcel.leg_id,
        shop=parcel.shop_order.shop_id,
        compartment=compartment,
        verified=True,
        deposited=1,
        expected=1,
        **fields,
    )


def test_the_whole_way_from_the_list_to_the_hand_over(bank, device):
    collection = confirmed(bank.point, (make_sheet(), 1))
    parcel = parcels_of(collection)[0]

    device.list_etag = device.sync().list_etag
    deposit_entry, collect_entry = device.authlist().entries
    pin_key = envelope.from_b64(bank.pin_key)
    assert deposit_entry.purpose is Purpose.DEPOSIT
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
    bank.device_hash = ""
    bank.save()

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
    device.sync(device.event("lockout.ended"))
    BankEvent.objects.update(received_at=timezone.now() - inbox.PATIENCE)

    assert device.sync().cursor == 2
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


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("claim", {"reservation": 1, "legs": [999]}),
        ("claim", {"reservation": 1, "legs": ["x"]}),
        ("claim.timeout", {"reservation": 1, "leg": None}),
        ("deposit.confirmed", {"leg": 999, "shop": 1, "compartment": "C1"}),
        ("door.opened", {"compartment": "C99", "outcome": "opened"}),
        ("door.opened", {"outcome": "exploded"}),
        ("door.closed", {}),
        ("compartment.service", {"compartment": "C1", "state": "lost"}),
    ],
)
def test_what_cannot_be_applied_is_kept_with_its_reason_and_blocks_nothing(bank, device, kind, data):
    collection = confirmed(bank.point, (make_sheet(), 1))

    reply = device.sync(device.event(kind, **data), deposited(device, parcels_of(collection)[0]))

    assert reply.cursor == 2
    bad, good = BankEvent.objects.order_by("seq")
    assert (bool(bad.problem), good.problem) == (True, "")
    collection.refresh_from_db()
    assert collection.status == "ready"


def test_a_bank_cannot_touch_what_lies_in_another(bank, device):
    elsewhere = make_bank("S")
    collection = ready(elsewhere.point, (make_sheet(), 1))

    device.sync(device.event("claim", reservation=collection.number, legs=[collection.legs.get().pk]))

    collection.refresh_from_db()
    assert (collection.status, bool(BankEvent.objects.get().problem)) == ("ready", True)


def test_an_unknown_event_is_kept(bank, device):
    device.sync(device.event("wind.felt", force=7))

    assert list(BankEvent.objects.values_list("type", "data", "problem")) == [("wind.felt", {"force": 7}, "")]


def test_larger_goods_move_to_the_other_compartment(bank, device):
    collection = confirmed(bank.point, (make_sheet(), 1))
    parcel = parcels_of(collection)[0]

    device.sync(
        deposited(device, parcel),
        device.event("deposit.larger", reservation=1, leg=parcel.leg_id, shop=1, **{"from": "C1", "to": "C2"}),
    )

    assert collection.legs.get().compartment.label == "C2"
    contents = dict(Compartment.objects.values_list("label", "contents"))
    assert contents == {"C1": "empty", "C2": "occupied", "C3": "empty"}


def test_a_taken_leg_without_a_claim_counts_after_its_time(bank, device):
    collection = ready(bank.point, (make_sheet(), 1))

    device.sync(device.event("claim.timeout", reservation=collection.number, leg=collection.legs.get().pk))

    collection.refresh_from_db()
    assert collection.status == "collected"


def test_a_door_that_closes_completes_nothing(bank, device):
    collection = ready(bank.point, (make_sheet(), 1))

    device.sync(device.event("door.closed", compartment="C1", leg=collection.legs.get().pk))

    collection.refresh_from_db()
    assert collection.status == "ready"


def test_a_forced_door_is_to_be_checked(bank, device):
    device.sync(device.event("door.uncommanded_open", compartment="C1"))

    forced = Compartment.objects.get(label="C1")
    assert (forced.door, forced.contents) == ("open", "suspect")


def test_the_snapshot_tells_doors_and_faults_and_the_capacity_follows(bank, device):
    device.sync(snapshot=snapshot_of(C1=("open", "in_service"), C2=("closed", "out_of_service")))

    states = dict(Compartment.objects.values_list("label", "door"))
    assert (states["C1"], Compartment.objects.get(label="C2").service) == ("open", "out_of_service")
    assert bank.classes.get(temperature="ambient", size="S").doors == 1


def test_a_block_of_ours_stands_until_the_bank_has_heard_of_it(bank, device):
    wall.block(Compartment.objects.get(label="C1"), why="serrure", by=make_user())

    reply = device.sync(snapshot=snapshot_of(C1=("closed", "in_service")))

    assert Compartment.objects.get(label="C1").service == "out_of_service"
    command = reply.commands[0]
    commands.verify(command, device.public_keys)
    assert (command["type"], command["cseq"], command["data"]["state"]) == (
        CommandType.COMPARTMENT_SERVICE,
        1,
        "out_of_service",
    )


def test_a_command_is_repeated_with_its_number_until_it_is_answered(bank, device):
    wall.block(Compartment.objects.get(label="C1"), why="serrure", by=make_user())

    first, second = device.sync().commands[0], device.sync().commands[0]
    last = device.sync(responses=[device.outcome(first, Outcome.DONE)])

    assert (first["command_id"], first["cseq"]) == (second["command_id"], second["cseq"])
    assert last.commands == ()
    assert BankCommand.objects.get().outcome == "done"


def test_an_old_command_is_not_sent_any_more(bank, device):
    wall.block(Compartment.objects.get(label="C1"), why="serrure", by=make_user())
    BankCommand.objects.update(not_after=timezone.now())

    assert device.sync().commands == ()


def test_clearing_opens_the_door_and_the_goods_go_to_the_counter(bank, device):
    counter = make_counter()
    collection = shift(ready(bank.point, (make_sheet(), 1)), timedelta(days=3))
    collections.expire_due()
    leg = collection.legs.get()
    wall.clear(leg.compartment, by=make_user())

    command = device.sync().commands[0]
    assert (command["type"], command["reason"], command["data"]) == (
        "door.open",
        "clear",
        {"compartment": "C1", "leg": leg.pk},
    )
    device.sync(
        device.event("door.opened", compartment="C1", leg=leg.pk, purpose="clear", shop=None, outcome="opened"),
        responses=[device.outcome(command, Outcome.OPENED)],
    )

    collection.refresh_from_db()
    assert (collection.status, collection.point) == ("at_counter", counter)


def test_a_jammed_door_clears_nothing(bank, device):
    make_counter()
    collection = ready(bank.point, (make_sheet(), 1))

    device.sync(
        device.event("door.opened", compartment="C1", leg=collection.legs.get().pk, purpose="clear", outcome="jammed")
    )

    collection.refresh_from_db()
    assert collection.status == "ready"
