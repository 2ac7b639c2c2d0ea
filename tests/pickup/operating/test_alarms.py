"""What wakes the operators: once per incident, ended by itself or by a person, in readable words."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from marketplace.foundation.messages import Message
from pickup import collections
from pickup.models import Alarm, Bank, BankEvent, Compartment
from pickup.operating import alarm_causes, alarms, warnings
from pickup.protocol.vocabulary import Alert, EventType
from tests.pickup.makers import make_sheet, ready, shift

pytestmark = pytest.mark.django_db


def standing() -> list[tuple]:
    return list(Alarm.objects.standing().order_by("pk").values_list("kind", "subject", "times"))


RAISED = [
    ("door.left_open", {"compartment": "C1", "seconds": 120}, ("left_open", "C1")),
    ("door.uncommanded_open", {"compartment": "C1"}, ("intrusion", "C1")),
    ("door.opened", {"compartment": "C1", "outcome": "jammed", "purpose": "deposit"}, ("jam", "C1")),
    ("compartment.service", {"compartment": "C1", "state": "out_of_service", "why": "jam"}, ("jam", "C1")),
    ("compartment.service", {"compartment": "C1", "state": "draining", "why": "sensor"}, ("sensor", "C1")),
    ("zone.excursion.started", {"zone": "K1", "class": "chilled", "c": 9.4, "seconds": 1800}, ("temperature", "K1")),
    ("bus.unreachable", {"board": 2, "why": "silent"}, ("bus", "2")),
    ("lockout.started", {"seconds": None, "wrong_24h": 30}, ("pin_closed", "")),
    ("power.restored", {"unfinished": 1}, ("device", "power")),
    ("alert", {"why": "wrong_pins", "detail": "10 in one hour"}, ("pin_attack", "")),
    ("alert", {"why": "remote_budget", "detail": "4 remote openings in a minute"}, ("budget", "")),
    ("alert", {"why": "bad_signature", "detail": "x"}, ("security", "bad_signature")),
    ("alert", {"why": "old_list", "detail": "x"}, ("security", "old_list")),
    ("alert", {"why": "outbox_full", "detail": "10000"}, ("device", "outbox_full")),
    ("alert", {"why": "something new", "detail": ""}, ("device", "something new")),
    ("journal.lost", {"copy": "x"}, ("device", "journal")),
    ("journal.recovered", {"why": "full", "seconds": 90}, ("device", "journal_stopped")),
]


@pytest.mark.parametrize(("kind", "data", "expected"), RAISED)
def test_each_fault_is_told_once_to_every_operator(bank, device, operator, colleague, kind, data, expected):
    event = device.event(kind, **data)
    device.sync(event)
    device.sync(event)  # the bank repeats what it has not heard confirmed

    assert standing() == [(*expected, 1)]
    assert sorted(Message.objects.values_list("to", flat=True)) == [operator.email, colleague.email]
    assert "%" not in warnings.sentence(Alarm.objects.get())


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("door.left_open", {"compartment": "C1", "seconds": 60}),
        ("lockout.started", {"seconds": 30, "wrong_24h": 4}),
        ("power.restored", {"unfinished": 0}),
        ("door.opened", {"compartment": "C1", "outcome": "opened", "purpose": "deposit"}),
        ("zone.temperature", {"zone": "K1", "class": "chilled", "c": 3.9, "min": 3.5, "max": 4.2, "n": 15}),
    ],
)
def test_everyday_events_wake_nobody(bank, device, operator, kind, data):
    device.sync(device.event(kind, **data))

    assert not Alarm.objects.exists()
    assert not Message.objects.exists()


ENDED = [
    (RAISED[0], "door.closed", {"compartment": "C1"}),
    (RAISED[3], "compartment.service", {"compartment": "C1", "state": "in_service", "why": "inspected"}),
    (RAISED[5], "zone.excursion.ended", {"zone": "K1", "class": "chilled", "c": 3.9, "seconds": 2000}),
    (RAISED[6], "bus.recovered", {"board": 2, "seconds": 60}),
    (RAISED[7], "lockout.ended", {}),
]


@pytest.mark.parametrize(("begun", "kind", "data"), ENDED)
def test_what_ends_by_itself_closes_by_itself(bank, device, begun, kind, data):
    device.sync(device.event(begun[0], **begun[1]))

    device.sync(device.event(kind, **data))

    assert (standing(), Alarm.objects.get().status) == ([], "closed")


def unsure_for(device, minutes: int) -> None:
    device.clock_synced = False
    device.sync(device.event("clock.unsynced", uncertainty_ms=900_000))
    BankEvent.objects.update(received_at=timezone.now() - timedelta(minutes=minutes))
    device.sync()


def test_a_bank_that_has_just_started_may_be_unsure_of_the_time(bank, device, operator):
    unsure_for(device, minutes=4)

    assert standing() == []


def test_a_bank_that_stays_unsure_of_the_time_needs_a_person(bank, device, operator):
    unsure_for(device, minutes=6)
    device.sync()
    assert (standing(), Message.objects.count()) == ([("clock", "", 1)], 1)

    device.clock_synced = True
    device.sync()

    assert standing() == []


def test_the_same_incident_counts_and_mails_once(bank, device, operator):
    for _time in range(3):
        device.sync(device.event("door.opened", compartment="C1", outcome="jammed", purpose="deposit"))

    assert standing() == [("jam", "C1", 3)]
    assert Message.objects.count() == 1


def test_what_comes_back_at_once_is_the_same_incident(bank, device, operator):
    for _time in range(2):
        device.sync(device.event("door.left_open", compartment="C1", seconds=120))
        device.sync(device.event("door.closed", compartment="C1"))
    device.sync(device.event("door.left_open", compartment="C1", seconds=120))

    assert standing() == [("left_open", "C1", 3)]
    assert Message.objects.count() == 1


def test_a_second_break_in_is_a_second_alarm(bank, device, operator):
    device.sync(device.event("door.uncommanded_open", compartment="C1"))
    alarms.close(Alarm.objects.get(), note="vent", by=operator)

    device.sync(device.event("door.uncommanded_open", compartment="C1"))

    assert Alarm.objects.count() == 2
    assert Message.objects.count() == 2


def test_a_jam_with_goods_inside_names_the_order(bank, device, operator):
    collection = ready(bank.point, (make_sheet(), 1))

    device.sync(device.event("compartment.service", compartment="C1", state="out_of_service", why="jam"))

    assert collection.order.number in warnings.sentence(Alarm.objects.get())
    mail = Message.objects.get(kind="alarm")
    assert collection.order.number in mail.text
    assert "Consigne de la gare" in mail.subject


def test_a_silent_bank_is_missed_and_heard_again(bank, device, operator):
    silence = timezone.now() - timedelta(minutes=6)
    Bank.objects.update(last_seen_at=silence)

    alarms.watch()
    alarms.watch()

    assert standing() == [("offline", "", 1)]
    assert Alarm.objects.get().raised_at == silence
    assert Message.objects.count() == 1
    device.sync()
    assert standing() == []


def test_a_silence_that_nobody_watched_is_written_down_all_the_same(bank, device, operator):
    Bank.objects.update(last_seen_at=timezone.now() - timedelta(hours=2))

    device.sync()

    assert list(Alarm.objects.values_list("kind", "status")) == [("offline", "closed")]


def test_a_bank_that_was_never_heard_is_not_missed(bank):
    Bank.objects.update(last_seen_at=None)

    alarms.watch()

    assert not Alarm.objects.exists()


def test_reports_that_never_come_are_an_alarm(bank, device, monkeypatch):
    monkeypatch.setattr("pickup.banks.inbox.PATIENCE", timedelta(0))

    device.sync(device.event("door.closed", seq=4, compartment="C1"))

    assert standing() == [("lost", "", 1)]
    assert Alarm.objects.get().details == {"boot": 1, "first": 1, "last": 3}


def test_goods_that_nobody_clears_are_an_alarm_until_somebody_does(bank):
    collection = shift(ready(bank.point, (make_sheet(), 1)), timedelta(days=3))
    collections.expire_due()

    alarms.watch()
    alarms.watch()
    assert standing() == [("overdue", "C1", 1)]
    assert collection.order.number in warnings.sentence(Alarm.objects.get())
    collections.collect(collection.legs.get())
    alarms.watch()

    assert standing() == []


def test_an_alarm_outlives_events_that_do_not_fit(bank, device):
    device.sync(device.event("door.uncommanded_open", compartment="Z99"))

    assert BankEvent.objects.get().problem
    assert standing() == [("intrusion", "Z99", 1)]


def test_after_ten_alarms_in_an_hour_no_more_mails_are_written(bank, operator):
    for number in range(14):
        alarms.ring(bank, Alarm.Kind.INTRUSION, subject=f"C{number}")

    mails = Message.objects.order_by("pk")
    assert (Alarm.objects.count(), mails.count()) == (14, 10)
    assert ["tenth" in mail.text or "dixième" in mail.text for mail in mails] == [False] * 9 + [True]


def test_whoever_looks_after_it_says_so_with_a_note(client, operator, bank):
    alarm = alarms.ring(bank, Alarm.Kind.JAM, subject="C1")

    without = client.post(reverse("pickup:see-alarm", args=[alarm.pk]), {"note": " "})
    alarm.refresh_from_db()
    assert (without.status_code, alarm.status) == (400, "open")
    client.post(reverse("pickup:see-alarm", args=[alarm.pk]), {"note": "j’y vais"})
    client.post(reverse("pickup:see-alarm", args=[alarm.pk]), {"note": "moi aussi"})

    alarm.refresh_from_db()
    assert (alarm.status, alarm.seen_by, alarm.note) == ("seen", operator, "j’y vais")
    assert "j’y vais" in client.get(reverse("pickup:alarms")).content.decode()


def test_what_nothing_ends_is_closed_by_whoever_looked(client, operator, bank):
    alarm = alarms.ring(bank, Alarm.Kind.PIN_ATTACK)

    client.post(reverse("pickup:see-alarm", args=[alarm.pk]), {"note": "des enfants"})

    alarm.refresh_from_db()
    assert (alarm.status, alarm.note, alarm.seen_by) == ("closed", "des enfants", operator)


@pytest.mark.parametrize("kind", Alarm.Kind.values)
def test_every_alarm_has_words_even_without_details(bank, kind):
    alarm = alarms.ring(bank, kind, subject="C1")

    assert len(warnings.sentence(alarm)) > 20


nonsense = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=80),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@given(
    kind=st.sampled_from([*EventType, "command.outcome", "new.type"]),
    data=st.dictionaries(
        st.sampled_from(["compartment", "why", "seconds", "board", "zone", "class", "c", "state", "outcome", "detail"]),
        nonsense | st.sampled_from([*Alert, "jam", "out_of_service"]),
    ),
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_nonsense_from_a_bank_breaks_the_alarms(bank, kind, data):
    event = BankEvent(bank=bank, generation=0, boot_id=1, seq=1, type=kind, at=timezone.now(), data=data)

    alarm_causes.follow(event)

    assert all(warnings.sentence(alarm) for alarm in Alarm.objects.all())


def test_alarms_leave_the_doors_alone(bank, device):
    before = list(Compartment.objects.values())

    alarms.ring(bank, Alarm.Kind.JAM, subject="C1")

    assert list(Compartment.objects.values()) == before


def test_an_alarm_about_a_door_leads_to_it_and_one_of_a_zone_does_not(client, operator, bank):
    door = bank.compartments.get(label="C1")
    address = reverse("pickup:door", args=[door.pk])
    alarms.ring(bank, Alarm.Kind.TEMPERATURE, subject="C1")  # a zone may have the name of a door
    without = client.get(reverse("pickup:alarms")).content.decode()

    alarms.ring(bank, Alarm.Kind.DIFFERENCE, subject="C1", found="missing")
    with_door = client.get(reverse("pickup:alarms")).content.decode()

    assert address.removeprefix("/en") not in without
    assert address.removeprefix("/en") in with_door
