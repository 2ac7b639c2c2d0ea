"""What a lock can do wrong, and what a restart may not do again."""

import pytest

from pickup.controller.bank import Refused
from pickup.controller.terms import State
from pickup.protocol.vocabulary import Door, Service

from .kit import collect_pin, deposit_pin, leg_entries


class PowerCut(BaseException):
    """The plug was pulled."""


@pytest.fixture
def ready(table):
    """One leg lies in A1, sealed."""
    table.apply(*leg_entries())
    table.confirm_all(table.bank.enter(deposit_pin(10)))
    return table


def cut_power_at_the_pulse(table, monkeypatch, *, pulsed):
    """Make the next pulse the last thing that this start of the program does."""
    real = table.driver.open

    def open_and_die(address):
        if pulsed:
            real(address)
        raise PowerCut

    monkeypatch.setattr(table.driver, "open", open_and_die)


@pytest.mark.parametrize("pulsed", [False, True])
def test_attempt_cut_short_is_never_made_again(ready, monkeypatch, pulsed):
    """S4: killed after the journal was written, before or after the pulse, before the acknowledgement."""
    with monkeypatch.context() as patch:
        cut_power_at_the_pulse(ready, patch, pulsed=pulsed)
        with pytest.raises(PowerCut):
            ready.bank.enter(collect_pin())
    pulses = ready.pulses()

    ready.restart()
    ready.wait(30)

    assert ready.pulses() == pulses
    assert ready.events("power.restored")[-1] == {"unfinished": 1}
    assert [data["outcome"] for data in ready.events("door.opened")] == ["opened", "unknown_after_restart"]
    assert ready.bank.legs.find(71).state is State.SEALED
    ready.bank.enter(collect_pin())
    assert ready.pulses() == [*pulses, "A1"]


def test_command_cut_short_is_answered_after_the_restart_and_not_repeated(ready, monkeypatch):
    """S4 for an order of the server, which sends it again."""
    command = ready.command(compartment="A1", leg=71)
    with monkeypatch.context() as patch:
        cut_power_at_the_pulse(ready, patch, pulsed=True)
        with pytest.raises(PowerCut):
            ready.order(command)
    pulses = ready.pulses()

    ready.restart()
    ready.order(command)
    ready.wait(10)

    assert ready.pulses() == pulses
    assert ready.responses() == [
        ("accepted", None, None, False),
        ("final", "unknown_after_restart", None, False),
        ("final", "unknown_after_restart", None, True),
    ]


def test_door_left_open_over_a_power_cut_completes_after_it_was_shut(ready, monkeypatch):
    """S21: outputs stay off, the open door is reported, and its closing still counts."""
    with monkeypatch.context() as patch:
        cut_power_at_the_pulse(ready, patch, pulsed=True)
        with pytest.raises(PowerCut):
            ready.bank.enter(collect_pin())

    ready.restart()
    state = ready.bank.doors.state("A1")
    ready.shut("A1")
    ready.wait(95)

    assert state is Door.OPEN
    assert ready.events("claim.timeout") == [{"reservation": 1, "leg": 71, "compartments": ["A1"]}]


def test_jam_of_an_empty_door_moves_the_deposit_to_another(table):
    """S10, empty."""
    table.apply(*leg_entries())
    table.driver.jammed.add(table.address("A1"))

    visit = table.bank.enter(deposit_pin(10))
    table.wait(8)

    assert table.pulses() == ["A1", "A1", "A2"]
    assert (visit.current.compartment, visit.current.door) == ("A2", "open")
    assert table.bank.wall.fitness("A1").svc is Service.OUT_OF_SERVICE
    table.confirm_all(visit)
    assert table.bank.enter(collect_pin()).current.compartment == "A2"


def test_jam_of_an_occupied_door_keeps_the_reservation(ready):
    """S10, occupied."""
    ready.driver.jammed.add(ready.address("A1"))

    visit = ready.bank.enter(collect_pin())
    ready.wait(8)

    assert ready.pulses() == ["A1", "A1", "A1"]
    assert visit.current.door == "stuck"
    assert ready.events("door.opened")[-1]["outcome"] == "jammed"
    assert ready.events("compartment.service") == [{"compartment": "A1", "state": "out_of_service", "why": "jam"}]
    with pytest.raises(Refused):
        ready.bank.claim(visit.session)
    assert ready.bank.legs.find(71).state is State.SEALED


def test_second_pulse_comes_three_seconds_later_and_not_a_third(ready):
    ready.driver.jammed.add(ready.address("A1"))
    ready.bank.enter(collect_pin())
    counts = []

    for _ in range(4):
        counts.append(len(ready.pulses()) - 1)
        ready.wait(2)

    assert counts == [1, 1, 2, 2]


def test_door_that_opens_late_is_no_intrusion(ready):
    ready.driver.jammed.add(ready.address("A1"))
    visit = ready.bank.enter(collect_pin())
    ready.wait(8)

    ready.driver.force(ready.address("A1"))
    ready.wait(1)

    assert visit.current.door == "open"
    assert [data["outcome"] for data in ready.events("door.opened")][-2:] == ["jammed", "opened"]
    assert ready.events("door.uncommanded_open") == []


def test_cut_sensor_still_opens_and_drains_the_compartment(ready):
    """S11."""
    ready.driver.cut.add(ready.address("A1"))
    ready.wait(3)

    visit = ready.bank.enter(collect_pin())

    assert ready.pulses()[-1] == "A1"
    assert ready.driver.is_open(ready.address("A1"))
    assert visit.current.door == "open"
    assert ready.events("door.opened")[-1]["outcome"] == "opened_unverified"
    assert ready.bank.wall.fitness("A1").svc is Service.DRAINING
    assert ready.events("door.unknown") == [{"compartment": "A1"}]


def test_unverified_opening_completes_by_claim_only(ready):
    ready.driver.cut.add(ready.address("A1"))
    visit = ready.bank.enter(collect_pin())
    ready.shut("A1")
    ready.wait(110)

    before = ready.bank.legs.find(71).state
    ready.bank.claim(visit.session)

    assert before is State.SEALED
    assert ready.bank.legs.find(71).state is State.COLLECTED


def test_silent_board_is_asked_three_times_a_second_apart(ready):
    ready.driver.silent.add(ready.address("A1"))
    pulses = ready.pulses()

    visit = ready.bank.enter(collect_pin())
    after_one_second = visit.current.door
    ready.wait(3)

    assert after_one_second == "opening"
    assert visit.current.door == "stuck"
    assert ready.events("door.opened")[-1]["outcome"] == "failed_comm"
    assert ready.pulses() == pulses


def test_open_door_warns_and_is_quarantined_after_ten_minutes(ready):
    """S12."""
    ready.bank.enter(collect_pin())

    ready.wait(11 * 60, step=5)

    assert [data["seconds"] for data in ready.events("door.left_open")] == [60, 120, 600]
    assert ready.bank.wall.fitness("A1").svc is Service.QUARANTINED
    assert ready.bank.legs.find(71).state is State.SEALED


def test_forced_door_is_quarantined(table):
    """S13."""
    table.driver.force(table.address("C1"))

    table.wait(1)

    assert table.events("door.uncommanded_open") == [{"compartment": "C1"}]
    assert table.bank.wall.fitness("C1").svc is Service.QUARANTINED
    assert table.pulses() == []


def test_no_pulse_without_a_written_attempt(table):
    with table.journal.transaction(), pytest.raises(RuntimeError):
        table.bank.doors.open(None)

    assert table.pulses() == []
