"""A door's sensor that misses readings or contradicts itself: when it is believed, and what becomes of its compartment."""

import pytest

from pickup.controller.terms import State
from pickup.protocol.vocabulary import CommandType, Door, Service

from .kit import collect_pin, deposit_pin, leg_entries


@pytest.fixture
def ready(table):
    """One leg lies in A1, sealed."""
    table.apply(*leg_entries())
    table.confirm_all(table.bank.enter(deposit_pin(10)))
    return table


def outcomes(table):
    """How the attempts at doors ended, in order."""
    return [data["outcome"] for data in table.events("door.opened")]


def test_one_missed_reading_does_not_condemn_the_sensor(ready):
    ready.driver.cut.add(ready.address("A1"))
    ready.driver.jammed.add(ready.address("A1"))
    ready.bank.enter(collect_pin())
    ready.driver.cut.clear()
    ready.driver.force(ready.address("A1"))
    ready.wait(1)

    assert outcomes(ready)[-1] == "opened"
    assert ready.bank.wall.fitness("A1").svc is Service.IN_SERVICE


def test_flapping_sensor_drains_the_compartment_and_is_believed_no_more(ready):
    """S11: the door counts as unknown, a valid code still opens it, and only a claim completes."""
    ready.driver.flapping.add(ready.address("A1"))
    ready.wait(10)
    ready.driver.flapping.clear()
    ready.wait(2)
    pulses = ready.pulses()

    visit = ready.bank.enter(collect_pin())
    ready.shut("A1")
    ready.wait(95)

    assert ready.bank.doors.state("A1") is Door.UNKNOWN
    assert ready.events("compartment.service") == [{"compartment": "A1", "state": "draining", "why": "sensor"}]
    assert ready.pulses() == [*pulses, "A1"]
    assert outcomes(ready)[-1] == "opened_unverified"
    assert ready.bank.legs.find(71).state is State.SEALED
    ready.bank.claim(visit.session)
    assert ready.bank.legs.find(71).state is State.COLLECTED


def test_suspect_sensor_is_trusted_again_after_somebody_saw_a_cycle(table):
    table.driver.flapping.add(table.address("A1"))
    table.wait(10)
    table.driver.flapping.clear()
    too_early = table.command(CommandType.COMPARTMENT_SERVICE, "service", compartment="A1", state="in_service")
    table.order(too_early)

    table.order(table.command(reason="service", compartment="A1"))
    table.wait(1)
    table.shut("A1")
    table.order(table.command(CommandType.COMPARTMENT_SERVICE, "service", compartment="A1", state="in_service"))

    assert [(outcome, reason) for _, outcome, reason, _ in table.responses() if outcome] == [
        ("refused", "needs_inspection"),
        ("opened", None),
        ("done", None),
    ]
    assert table.bank.doors.state("A1") is Door.CLOSED


def test_lesser_fault_does_not_hide_a_graver_one(table):
    table.bank.wall.take_out("A1", Service.OUT_OF_SERVICE, "jam")
    table.bank.wall.take_out("A1", Service.DRAINING, "sensor")
    table.bank.wall.take_out("A1", Service.QUARANTINED, "intrusion")

    assert (table.bank.wall.fitness("A1").svc, table.bank.wall.fitness("A1").why) == (Service.OUT_OF_SERVICE, "jam")
    assert len(table.events("compartment.service")) == 1
