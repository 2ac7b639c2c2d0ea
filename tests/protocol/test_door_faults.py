"""Boards that do not answer, doors that open late or by force: nothing is pulsed twice for nothing."""

from concurrent.futures import Future

import pytest

from pickup.controller.bank import Refused
from pickup.controller.bus import InlineBus
from pickup.controller.drivers.base import BoardState, Trouble
from pickup.controller.terms import State
from pickup.protocol.vocabulary import CommandType, Door, Service

from .kit import collect_pin, deposit_pin, leg_entries


@pytest.fixture
def ready(table):
    """One leg lies in A1, sealed."""
    table.apply(*leg_entries())
    table.confirm_all(table.bank.enter(deposit_pin(10)))
    return table


class HeldBus(InlineBus):
    """A bus whose driver hangs in a pulse until it is let go."""

    def __init__(self, driver, mono):
        super().__init__(driver, mono)
        self.held = []

    def ask(self, act):
        future = Future()
        future.set_running_or_notify_cancel()
        self.held.append((future, act))
        return future

    def let_go(self):
        """Do what was asked for."""
        for future, act in self.held:
            self._do(future, act)
        self.held.clear()


def outcomes(table):
    """How the attempts at doors ended, in order."""
    return [data["outcome"] for data in table.events("door.opened")]


def test_door_that_opens_without_an_answer_is_not_pulsed_again(ready):
    """The board pulsed and its answer got lost: the door is read before any further pulse."""
    ready.driver.mute.add(ready.address("A1"))
    pulses = ready.pulses()

    visit = ready.bank.enter(collect_pin())
    ready.wait(5)

    assert ready.pulses() == [*pulses, "A1"]
    assert outcomes(ready)[-1] == "opened"
    assert visit.current.door == "open"


def unread(table, monkeypatch):
    """The line is disturbed whenever door A1 is looked at."""
    read, door = table.driver.read_doors, table.address("A1")
    monkeypatch.setattr(table.driver, "read_doors", lambda: read() | {door: Door.UNKNOWN})


def test_look_that_did_not_read_the_door_allows_no_pulse_after_a_lost_answer(ready, monkeypatch):
    pulse, pulses = ready.driver.open, ready.pulses()
    ready.driver.mute.add(ready.address("A1"))
    monkeypatch.setattr(ready.driver, "open", lambda *rest: (unread(ready, monkeypatch), pulse(*rest)))

    ready.bank.enter(collect_pin())
    ready.wait(2, step=2)
    monkeypatch.undo()
    ready.wait(3)

    assert ready.pulses() == [*pulses, "A1"]
    assert outcomes(ready)[-1] == "opened"


def test_look_that_did_not_read_the_door_does_not_prove_a_jam(ready, monkeypatch):
    door, pulses = ready.address("A1"), ready.pulses()
    ready.driver.jammed.add(door)

    ready.bank.enter(collect_pin())
    ready.wait(2.5)
    ready.driver.force(door)
    unread(ready, monkeypatch)
    ready.wait(1)
    monkeypatch.undo()
    ready.wait(3)

    assert ready.pulses() == [*pulses, "A1"]
    assert outcomes(ready)[-1] == "opened"


def test_answer_lost_and_sensor_cut_is_asked_three_times_and_no_more(ready):
    ready.driver.mute.add(ready.address("A1"))
    ready.driver.cut.add(ready.address("A1"))
    ready.wait(3)
    pulses = ready.pulses()

    ready.bank.enter(collect_pin())
    ready.wait(10)

    assert ready.pulses() == [*pulses, "A1", "A1", "A1"]
    assert outcomes(ready)[-1] == "failed_comm"


def test_busy_board_refuses_and_is_not_asked_again(ready):
    ready.driver.busy.add(ready.address("A1"))
    pulses = ready.pulses()

    visit = ready.bank.enter(collect_pin())
    ready.wait(5)
    refused = outcomes(ready)[-1], visit.current.door
    ready.driver.busy.clear()
    ready.bank.reopen(visit.session)

    assert refused == ("refused", "stuck")
    assert ready.pulses() == [*pulses, "A1"]
    assert visit.current.door == "open"


def test_order_of_the_server_learns_why_the_board_refused(table):
    table.driver.busy.add(table.address("A1"))

    table.order(table.command(reason="service", compartment="A1"))

    assert table.responses() == [("accepted", None, None, False), ("final", "refused", "busy", False)]


@pytest.mark.parametrize("fault", ["silent", "busy"])
def test_deposit_goes_to_another_door_when_the_board_does_not_open_the_first(table, fault):
    table.apply(*leg_entries())
    getattr(table.driver, fault).add(table.address("A1"))
    table.wait(1)

    visit = table.bank.enter(deposit_pin(10))
    table.wait(6)

    assert (visit.current.compartment, visit.current.door) == ("A2", "open")
    assert table.pulses() == ["A2"]


def test_dead_board_is_reported_and_found_again(ready):
    """S22, on the wall of one board."""
    ready.driver.dead_boards.add(0)
    ready.wait(3)
    dead = ready.bank.doors.state("A1")
    visit = ready.bank.enter(collect_pin())
    ready.wait(5)
    failed = outcomes(ready)[-1]
    ready.driver.dead_boards.clear()
    ready.wait(2)
    ready.bank.reopen(visit.session)

    assert (dead, failed) == (Door.UNKNOWN, "failed_comm")
    assert ready.events("bus.unreachable") == [{"board": 0, "why": "silent"}]
    assert ready.events("bus.recovered") == [{"board": 0, "seconds": 8}]
    assert outcomes(ready)[-1] == "opened"
    assert ready.bank.wall.fitness("A1").svc is Service.IN_SERVICE


def test_port_without_permission_raises_an_alert(table, monkeypatch):
    state = BoardState(board=None, trouble=Trouble.PERMISSION)
    monkeypatch.setattr(table.driver, "board_states", lambda: [state])

    table.wait(3)

    assert table.events("bus.unreachable") == [{"board": None, "why": "permission"}]
    assert [data["why"] for data in table.events("alert")] == ["bus_permission"]


def test_door_that_springs_open_again_is_not_collected_behind_the_residents_back(ready):
    ready.bank.enter(collect_pin())
    ready.shut("A1")
    ready.driver.force(ready.address("A1"))
    ready.wait(100)
    sprung = ready.bank.legs.find(71).state
    ready.shut("A1")
    ready.wait(91)

    assert sprung is State.SEALED
    assert ready.events("door.uncommanded_open") == []
    assert ready.bank.legs.find(71).state is State.COLLECTED


def test_second_order_for_a_door_that_is_opening_gives_no_second_pulse(ready):
    ready.driver.jammed.add(ready.address("A1"))
    visit = ready.bank.enter(collect_pin())
    pulses = ready.pulses()

    ready.bank.reopen(visit.session)
    ready.bank.reopen(visit.session)

    assert ready.pulses() == pulses
    ready.driver.force(ready.address("A1"))
    ready.wait(1)
    assert visit.current.door == "open"


def test_remote_attempt_under_way_also_serves_the_person_at_the_door(ready):
    ready.driver.jammed.add(ready.address("A1"))
    ready.order(ready.command(compartment="A1", leg=71))
    pulses = ready.pulses()

    visit = ready.bank.enter(collect_pin())
    ready.driver.force(ready.address("A1"))
    ready.wait(1)

    assert ready.pulses() == pulses
    assert visit.current.door == "open"


def test_locating_on_a_dead_board_fails_in_words(table):
    table.driver.silent.add(table.address("A1"))

    table.order(table.command(CommandType.DOOR_LOCATE, "service", compartment="A1"))

    assert table.responses() == [("final", "failed_comm", None, False)]


def test_jammed_visit_cannot_be_claimed(ready):
    ready.driver.busy.add(ready.address("A1"))
    visit = ready.bank.enter(collect_pin())

    with pytest.raises(Refused):
        ready.bank.claim(visit.session)

    assert ready.bank.legs.find(71).state is State.SEALED


def test_door_that_was_open_when_the_power_failed_is_watched_and_not_pulsed(ready):
    """S21: reported open, then the rules for doors left open; no intrusion, no pulse."""
    ready.bank.enter(collect_pin())
    pulses = ready.pulses()

    ready.restart()
    state = ready.bank.doors.state("A1")
    ready.wait(125, step=5)

    assert state is Door.OPEN
    assert ready.pulses() == pulses
    assert [data["seconds"] for data in ready.events("door.left_open")] == [60, 120]
    assert ready.events("door.uncommanded_open") == []


def test_door_that_opens_without_an_order_alarms_also_while_its_neighbour_is_opened(ready):
    """S13."""
    ready.bank.enter(collect_pin())
    ready.driver.force(ready.address("A2"))
    ready.wait(1)

    assert ready.events("door.uncommanded_open") == [{"compartment": "A2"}]
    assert ready.bank.wall.fitness("A1").svc is Service.IN_SERVICE


def test_door_forced_while_its_board_was_dead_alarms_when_it_is_seen_again(ready):
    ready.wait(10)
    ready.driver.dead_boards.add(0)
    ready.wait(3)
    ready.driver.force(ready.address("A1"))
    ready.driver.dead_boards.clear()
    ready.wait(1)

    assert ready.events("door.uncommanded_open") == [{"compartment": "A1"}]
    assert ready.bank.wall.fitness("A1").svc is Service.QUARANTINED


def test_pulse_that_hangs_is_given_up_and_its_late_opening_is_no_intrusion(ready):
    bus = ready.bank.doors.bus = HeldBus(ready.driver, ready.bank.clock.mono)
    visit = ready.bank.enter(collect_pin())
    ready.wait(19)
    waiting = visit.current.door
    ready.wait(2)
    given_up = visit.current.door, outcomes(ready)[-1]
    ready.wait(20)

    bus.let_go()
    ready.wait(1)

    assert (waiting, given_up) == ("opening", ("stuck", "failed_comm"))
    assert outcomes(ready)[-1] == "opened"
    assert ready.events("door.uncommanded_open") == []


def test_door_that_is_forced_after_a_refusal_alarms(ready):
    """A board that said "busy" has not pulsed: who opened the door, then?"""
    ready.wait(10)
    ready.driver.busy.add(ready.address("A1"))
    ready.bank.enter(collect_pin())

    ready.driver.force(ready.address("A1"))
    ready.wait(1)

    assert ready.events("door.uncommanded_open") == [{"compartment": "A1"}]
    assert outcomes(ready)[-1] == "refused"
