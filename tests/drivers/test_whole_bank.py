"""The whole controller over emulated boards: a code opens a door, and nobody waits for a board that is dead."""

import time

import pytest

from pickup.conformance.boards.kerong import KerongBoards
from pickup.controller import config as configuration
from pickup.controller import drivers
from pickup.controller.bus import ThreadedBus
from pickup.controller.program import open_bank
from pickup.protocol.vocabulary import Door
from tests.protocol.kit import START, collect_pin, deposit_pin, leg_entries, settings, signed_list

from .conftest import settings_of


class Ticker:
    """The clocks of this computer, at the hour of the test's list."""

    def wall(self):
        return START

    def mono(self):
        return time.monotonic()


@pytest.fixture
def boards():
    return KerongBoards(0, 1)


@pytest.fixture
def bank(tmp_path, plug, boards):
    """Doors A1 to A5 on board 0, the others on board 1; one leg lies in A1."""
    source = settings(tmp_path / "state")
    for number, box in enumerate(source["compartments"]):
        box["address"] = number if number < 5 else 16 + number - 5
    source["driver"] = settings_of(plug(boards), kind="kerong_cu16", ir=True)
    config = configuration.read(source)
    driver = drivers.make(config.driver, [box.address for box in config.compartments])
    bank = open_bank(config, driver, Ticker(), bus_kind=ThreadedBus)
    bank.access.apply(signed_list(*leg_entries()))
    visit = bank.enter(deposit_pin(10))
    until(bank, lambda: visit.current.opened)
    bank.deposit(visit.session, "deposited")
    bank.finish(visit.session)
    boards.open.clear()
    until(bank, lambda: bank.doors.state("A1") is Door.CLOSED)
    boards.pulses.clear()
    yield bank
    bank.doors.bus.stop()


def until(bank, condition, seconds=5.0):
    """Tick on until something is true; say whether it became so."""
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        bank.tick()
        time.sleep(0.01)
    return condition()


def test_code_opens_the_door_and_its_closing_is_seen(bank, boards):
    visit = bank.enter(collect_pin())

    assert until(bank, lambda: visit.current.door == "open")
    boards.open.clear()
    assert until(bank, lambda: visit.current.door == "closed")
    assert boards.pulses == [0]


def test_dead_board_does_not_hold_up_the_screen_nor_the_other_board(bank, boards):
    boards.dead.add(1)
    until(bank, lambda: bank.doors.state("F1") is Door.UNKNOWN)
    waited = []

    for _ in range(20):
        began = time.monotonic()
        bank.tick()
        waited.append(time.monotonic() - began)
        time.sleep(0.01)
    visit = bank.enter(collect_pin())

    assert max(waited) < 0.15
    assert until(bank, lambda: visit.current.door == "open")
    assert boards.pulses == [0]


def test_answer_that_gets_lost_costs_no_second_pulse(bank, boards):
    boards.no_ack = True

    visit = bank.enter(collect_pin())

    assert until(bank, lambda: visit.current.door == "open")
    until(bank, lambda: False, seconds=1.5)
    assert boards.pulses == [0]
