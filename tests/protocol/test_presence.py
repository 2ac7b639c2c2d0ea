"""A sensor inside a compartment sees that goods remain: nobody is believed against it."""

import pytest

from pickup.controller import snapshots
from pickup.controller.terms import State
from pickup.protocol.vocabulary import Presence, Service

from .kit import collect_pin, deposit_pin, leg_entries


@pytest.fixture
def ready(table):
    """One leg lies in A1, sealed."""
    table.apply(*leg_entries())
    table.confirm_all(table.bank.enter(deposit_pin(10)))
    return table


def test_goods_seen_inside_stop_the_completion_by_time(ready):
    """Rule 2.7: closed for 90 s, but the sensor inside says that something is still there."""
    ready.driver.presence[ready.address("A1")] = Presence.OCCUPIED
    ready.bank.enter(collect_pin())
    ready.shut("A1")
    ready.wait(100)
    occupied = ready.bank.legs.find(71).state
    ready.driver.presence[ready.address("A1")] = Presence.EMPTY
    ready.wait(1)

    assert occupied is State.SEALED
    assert ready.bank.legs.find(71).state is State.COLLECTED


def test_goods_seen_inside_after_a_claim_quarantine_the_compartment(ready):
    """The resident said "taken"; the sensor inside says that something was left."""
    ready.driver.presence[ready.address("A1")] = Presence.OCCUPIED
    visit = ready.bank.enter(collect_pin())
    ready.bank.claim(visit.session)
    while_open = ready.bank.wall.fitness("A1").svc
    ready.shut("A1")
    ready.wait(6)

    assert while_open is Service.IN_SERVICE
    assert ready.events("compartment.service") == [{"compartment": "A1", "state": "quarantined", "why": "check"}]
    assert snapshots.take(ready.bank).compartments[0].ir is Presence.OCCUPIED
