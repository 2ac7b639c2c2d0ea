"""A fault of this server while it takes a report: the report is stored, all but the faulty step is done, and the bank goes on."""

import pytest
from django.db import IntegrityError, OperationalError

from pickup.banks import effects
from pickup.models import Alarm, Bank, BankEvent
from pickup.operating import alarm_causes, alarms
from pickup.protocol.vocabulary import EventType
from tests.pickup.device import deposited
from tests.pickup.makers import confirmed, make_bank, make_sheet, parcels_of

pytestmark = pytest.mark.django_db


def ring_and_fail(event):
    alarms.ring(event.bank, Alarm.Kind.LEFT_OPEN, subject="C1")
    raise KeyError("seconds")


def ring_and_break_the_transaction(event):
    alarms.ring(event.bank, Alarm.Kind.LEFT_OPEN, subject="C1")
    Bank.objects.filter(pk=event.bank_id).update(code=make_bank("S").code)


@pytest.mark.parametrize(
    ("effect", "name"), [(ring_and_fail, KeyError), (ring_and_break_the_transaction, IntegrityError)]
)
def test_a_fault_in_the_alarms_loses_nothing_of_a_report(bank, device, monkeypatch, effect, name):
    collection = confirmed(bank.point, (make_sheet(), 1))
    left_open = device.event("door.left_open", compartment="C2", seconds=120)
    monkeypatch.setitem(alarm_causes.EFFECTS, EventType.DEPOSIT_CONFIRMED, effect)

    reply = device.sync(left_open, deposited(device, parcels_of(collection)[0]))

    assert reply.cursor == 2
    assert list(BankEvent.objects.order_by("seq").values_list("type", "problem")) == [
        ("door.left_open", ""),
        ("deposit.confirmed", f"This server failed: {name.__name__}."),
    ]
    collection.refresh_from_db()
    assert collection.status == "ready"
    assert list(Alarm.objects.values_list("kind", "subject")) == [("left_open", "C2")]


def test_a_fault_in_an_effect_raises_the_alarm_all_the_same_and_blocks_nothing(bank, device, monkeypatch):
    def fail(bank, event):
        bank.compartments.filter(label="C1").update(door="open")
        raise TypeError

    monkeypatch.setitem(effects.EFFECTS, EventType.DOOR_UNCOMMANDED_OPEN, fail)
    forced = device.event("door.uncommanded_open", compartment="C1")

    reply = device.sync(forced, device.event("door.unknown", compartment="C2"))

    assert reply.cursor == 2
    assert [event.problem for event in BankEvent.objects.order_by("seq")] == ["This server failed: TypeError.", ""]
    assert [bank.compartments.get(label=label).door for label in ("C1", "C2")] == ["closed", "unknown"]
    assert list(Alarm.objects.values_list("kind", "subject")) == [("intrusion", "C1")]


@pytest.mark.parametrize("module", [effects.EFFECTS, alarm_causes.EFFECTS])
def test_a_database_that_is_too_busy_is_no_fault_of_an_event(bank, device, monkeypatch, module):
    """As when PostgreSQL ends one of two that wait for each other: what was only unlucky is not written off."""

    def fail(*_):
        raise OperationalError("deadlock detected")

    forced = device.event("door.uncommanded_open", compartment="C1")
    with monkeypatch.context() as unlucky:
        unlucky.setitem(module, EventType.DOOR_UNCOMMANDED_OPEN, fail)
        with pytest.raises(OperationalError):
            device.post(forced)
    stored_before = BankEvent.objects.count()

    reply = device.sync(forced)

    assert (stored_before, reply.cursor, BankEvent.objects.get().problem) == (0, 1, "")
    assert bank.compartments.get(label="C1").contents == "suspect"
