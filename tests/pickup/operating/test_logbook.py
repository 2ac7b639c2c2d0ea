"""The records: events in words, an order found and told, the month as a file, and what is forgotten."""

import csv
import json
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pickup import collections
from pickup.models import Alarm, BankCommand, BankEvent, CodeReading, Compartment, OpeningRequest, Refusal, ServiceCode
from pickup.operating import acting, alarms, approving, forgetting, logbook, reading, sentences, words
from pickup.protocol import sentences as record
from pickup.protocol.vocabulary import Alert, CommandType, EventType, Outcome
from tests.factories import make_user
from tests.pickup.device import deposited
from tests.pickup.makers import confirmed, make_sheet, parcels_of, ready
from tests.pickup.operating.test_alarms import nonsense

pytestmark = pytest.mark.django_db


def told(collection) -> list[str]:
    return [line.text for line in logbook.timeline(collection)]


SAID = [
    ("credential.rejected", {"kind": "pin", "why": "unknown"}, "Wrong code, typed at the keypad"),
    ("credential.rejected", {"kind": "qr", "why": "foreign"}, "QR code of another bank, scanned at the bank"),
    (
        "credential.accepted",
        {"kind": "pin", "purpose": "share", "reservation": 1, "legs": [], "shop": None, "offline": False, "jti": None},
        "Code of the person sent accepted",
    ),
    (
        "door.opened",
        {"compartment": "C12", "purpose": "collect", "outcome": "refused"},
        "Door C12 did not open, its lock asks for a pause (with the resident's code)",
    ),
    (
        "door.opened",
        {"compartment": "C12", "purpose": "collect", "outcome": "opened"},
        "Door C12 opened with the resident's code",
    ),
    (
        "door.opened",
        {"compartment": "C12", "purpose": "collect", "outcome": "jammed"},
        "Door C12 did not open (with the resident's code)",
    ),
    ("door.left_open", {"compartment": "C12", "seconds": 120}, "Door C12 has been open for 2 minutes"),
    ("lockout.started", {"seconds": 60, "wrong_24h": 4}, "Keypad pauses for 1 minute after wrong codes"),
    ("lockout.started", {"seconds": 30, "wrong_24h": 4}, "Keypad pauses for 30 seconds after wrong codes"),
    ("compartment.service", {"compartment": "C1", "state": "in_service"}, "Compartment C1 is in service again"),
]


@pytest.mark.parametrize(("kind", "data", "words"), SAID)
def test_events_are_said_in_plain_words(bank, device, kind, data, words):
    device.sync(device.event(kind, **data))

    with translation.override("en"):
        lines = logbook.lines(logbook.events(bank))

    assert [line.text for line in lines] == [words]


def test_every_word_of_the_wire_has_a_sentence():
    assert set(EventType) <= set(sentences.EVENTS)
    assert set(Alert) <= set(words.ALERTS)
    assert set(CommandType) <= set(words.COMMANDS)
    assert set(Outcome) - {Outcome.REFUSED} <= set(words.OUTCOMES)


@pytest.mark.parametrize(
    ("beginning", "table"),
    [
        ("credential.rejected.", words.REJECTED),
        ("command.outcome.refused.", words.REFUSALS),
        ("remark.", words.REMARKS),
        ("alert.", words.ALERTS),
    ],
)
def test_what_a_banks_own_record_can_say_the_operators_can_read_too(beginning, table):
    written = json.loads(record.WORDS.read_text(encoding="utf-8"))["en"]["sentences"]

    reasons = {key.rsplit(".", 1)[-1] for key in written if key.startswith(beginning)}

    assert len(reasons) > 3
    assert reasons <= set(table)


@given(
    kind=st.sampled_from([*EventType, "command.outcome", "something.new"]),
    data=st.dictionaries(
        st.sampled_from(
            ["compartment", "why", "kind", "purpose", "outcome", "seconds", "shop", "from", "to", "detail"]
        ),
        nonsense,
    ),
)
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_nonsense_from_a_bank_breaks_the_records(bank, kind, data):
    event = BankEvent(bank=bank, generation=0, boot_id=1, seq=1, type=kind, at=timezone.now(), data=data)

    assert sentences.event(event)


def test_an_order_is_told_from_deposit_to_collection(bank, device):
    collection = confirmed(bank.point, (make_sheet(), 1))
    parcel = parcels_of(collection)[0]
    leg, number, shop = parcel.leg_id, collection.number, parcel.shop_order.shop
    accepted = {"kind": "pin", "reservation": number, "legs": [leg], "jti": None}
    opening = {"compartment": "C1", "leg": leg, "outcome": "opened"}
    device.sync(
        device.event("credential.accepted", purpose="deposit", shop=shop.pk, offline=False, **accepted),
        device.event("door.opened", purpose="deposit", shop=shop.pk, **opening),
        deposited(device, parcel),
        device.event("credential.rejected", kind="pin", why="unknown"),
        device.event("credential.accepted", purpose="collect", shop=None, offline=True, **accepted),
        device.event("door.opened", purpose="collect", shop=None, **opening),
        device.event("claim", reservation=number, legs=[leg]),
    )

    with translation.override("en"):
        words = told(collection)

    for expected in (
        f"Code of {shop.name} accepted",
        f"Door C1 opened with the code of {shop.name}",
        f"{shop.name} has put the goods into C1",
        "Wrong code, typed at the keypad",
        "Code of the resident accepted, offline",
        "Door C1 opened with the resident's code, offline",
        "The resident says at the bank: taken",
    ):
        assert expected in words
    assert any("collected" in text for text in words)


def test_a_strangers_code_is_shown_as_a_strangers(bank, device):
    collection = ready(bank.point, (make_sheet(), 1))
    device.sync(device.event("credential.rejected", kind="pin", why="unknown"))

    with translation.override("en"):
        line = next(line for line in logbook.timeline(collection) if line.bad)

    assert "by whom is not known" in line.note


@pytest.mark.parametrize("text", ["a\0b", "\0", "9" * 30, "٣", "%", "' OR 1=1 --", "x" * 5000])
def test_nonsense_finds_nothing(client, operator, bank, text):
    ready(bank.point, (make_sheet(), 1))

    answer = client.get(reverse("pickup:search"), {"q": text})

    assert answer.status_code == 200
    assert answer.context["found"] == []


def test_another_orders_events_are_not_told(bank, device):
    first, second = (ready(bank.point, (make_sheet(), 1)) for _order in range(2))
    device.sync(device.event("claim", reservation=second.number, legs=[second.legs.get().pk]))

    with translation.override("en"):
        assert not any("taken" in text for text in told(first))


def test_orders_to_the_bank_are_told_with_who_and_why(bank):
    operator = make_user(is_staff=True, first_name="Ada", last_name="Lune")
    collection = ready(bank.point, (make_sheet(), 1))
    asked = approving.ask(collection.legs.get().compartment, why="x", by=make_user(is_staff=True))
    approving.approve(asked, why="y", by=operator)

    with translation.override("en"):
        line = next(line for line in logbook.timeline(collection) if "order to open C1" in line.text)

    assert line.note == "Ada Lune, x"


@pytest.mark.parametrize("by", ["number", "lower", "shop order", "reservation", "mail", "compartment"])
def test_an_order_is_found_by_whatever_people_have_at_hand(client, operator, bank, by):
    collection = ready(bank.point, (make_sheet(), 1))
    ready(bank.point, (make_sheet(), 1))
    collection.order.guest_email = "rose@example.org"
    collection.order.save()
    typed = {
        "number": collection.order.number,
        "lower": f" {collection.order.number.lower()} ",
        "shop order": collection.order.shop_orders.get().number,
        "reservation": str(collection.number),
        "mail": "Rose@example.org",
        "compartment": "c1",
    }[by]

    answer = client.get(reverse("pickup:search"), {"q": typed})

    assert answer["Location"] == reverse("pickup:timeline", args=[collection.pk])


@pytest.mark.parametrize("typed", ["", "x", "99999999", "' OR 1=1", "9" * 120, "é" * 40, "%", "\x00"])
def test_nonsense_and_pins_find_nothing(client, operator, bank, typed):
    ready(bank.point, (make_sheet(), 1))

    answer = client.get(reverse("pickup:search"), {"q": typed})

    assert answer.status_code == 200
    assert "/exploitation/commandes/" not in answer.content.decode()


@pytest.mark.parametrize(
    "query",
    ["genre=codes", "genre=xyz", "jour=2026-11-25", "jour=hier", "page=9999", "page=x", "casier=%00", "casier=C1"],
)
def test_the_records_answer_any_filter(client, operator, bank, device, query):
    device.sync(device.event("door.closed", compartment="C1"))

    assert client.get(f"{reverse('pickup:logbook', args=[bank.pk])}?{query}").status_code == 200


def test_filters_narrow_the_records(bank, device):
    device.sync(
        device.event("door.closed", compartment="C1"),
        device.event("door.closed", compartment="C2"),
        device.event("credential.rejected", kind="pin", why="unknown"),
        device.event("zone.temperature", zone="K1", **{"class": "chilled", "min": 3, "max": 4, "c": 3.5, "n": 15}),
    )

    def kinds(**wanted) -> list[str]:
        return sorted(logbook.events(bank, **wanted).values_list("type", flat=True))

    assert kinds() == ["credential.rejected", "door.closed", "door.closed"]
    assert kinds(kind="codes") == ["credential.rejected"]
    assert kinds(kind="cold") == ["zone.temperature"]
    assert kinds(door="C2") == ["door.closed"]
    assert kinds(day=timezone.localdate() - timedelta(days=1)) == []


def test_the_month_is_a_file_that_no_spreadsheet_computes(client, operator, bank, device):
    device.sync(device.event("door.closed", compartment="=HYPERLINK(1)"), device.event("door.closed", compartment="C1"))
    today = timezone.localdate()

    answer = client.get(reverse("pickup:logbook-month", args=[bank.pk, today.year, today.month]))

    rows = list(csv.reader(answer.getvalue().decode().splitlines(), delimiter=";"))
    assert [row[1] for row in rows[1:]] == ["door.closed", "door.closed"]
    assert [row[2] for row in rows[1:]] == ["'=HYPERLINK(1)", "C1"]


@pytest.mark.parametrize(("year", "month"), [(2026, 13), (2026, 0), (0, 1), (99999, 1)])
def test_a_month_that_does_not_exist_is_not_found(client, operator, bank, year, month):
    assert client.get(f"/exploitation/consignes/{bank.pk}/journal/{year}-{month}.csv").status_code == 404


def test_december_ends_with_the_year(client, operator, bank):
    assert client.get(f"/exploitation/consignes/{bank.pk}/journal/2026-12.csv").status_code == 200


def test_records_go_after_18_months_and_names_after_12(bank, device):
    now, operator = timezone.now(), make_user(is_staff=True)
    collection = ready(bank.point, (make_sheet(), 1))
    device.sync(device.event("door.closed", compartment="C1"))
    acting.block(Compartment.objects.get(label="C2"), why="x", by=operator)
    acting.revoke_code(acting.give_code(bank, why="x", by=operator)[0], by=operator)
    reading.read_code(collection, why="x", by=operator)
    approving.ask(collection.legs.get().compartment, why="x", by=operator)
    alarms.close(alarms.ring(bank, Alarm.Kind.INTRUSION), note="x", by=operator)
    people = [
        (BankCommand, "by"),
        (ServiceCode, "by"),
        (ServiceCode, "revoked_by"),
        (CodeReading, "by"),
        (OpeningRequest, "asked_by"),
        (Alarm, "seen_by"),
    ]

    def named() -> list[bool]:
        return [model.objects.exclude(**{name: None}).exists() for model, name in people]

    forgetting.forget_old(now + timedelta(days=360))
    assert named() == [True] * len(people)
    forgetting.forget_old(now + timedelta(days=370))
    assert named() == [False] * len(people)
    assert all(model.objects.exists() for model, _name in [*people, (BankEvent, "")])
    forgetting.forget_old(now + timedelta(days=560))

    assert not any(model.objects.exists() for model, _name in [*people, (BankEvent, "")])


def test_refusals_go_after_18_months(bank):
    now = timezone.now()
    times = {"deposit_from": now, "starts_at": now, "ends_at": now + timedelta(hours=1)}
    ages = {17: now - timedelta(days=520), 19: now - timedelta(days=560)}
    for months, moment in ages.items():
        Refusal.objects.create(point=bank.point, code="class_full", at=moment, basket=months, **times)

    assert forgetting.forget_old(now) == 1

    assert Refusal.objects.get().basket == 17


def test_what_is_not_over_is_not_forgotten(bank):
    alarms.ring(bank, Alarm.Kind.INTRUSION)
    BankEvent.objects.create(bank=bank, generation=0, boot_id=1, seq=1, type="door.closed", at=timezone.now())

    forgetting.forget_old(timezone.now() + timedelta(days=900))

    assert (Alarm.objects.count(), BankEvent.objects.count()) == (1, 1)


def test_a_collected_order_is_still_found(client, operator, bank):
    collection = ready(bank.point, (make_sheet(), 1))
    collections.collect(collection.legs.get())

    assert client.get(reverse("pickup:timeline", args=[collection.pk])).status_code == 200
