"""The bus in its own threads: a slow, hanging or failing driver never holds up the bank, and no pulse comes late."""

import threading
import time

import pytest

from pickup.controller.bus import InlineBus, ThreadedBus
from pickup.controller.drivers.base import CommError, Trouble
from pickup.controller.drivers.simulator import Simulator
from pickup.protocol.vocabulary import Door


class Gated(Simulator):
    """Boards that answer only while the gate is open."""

    def __init__(self):
        super().__init__({}, [1, 2])
        self.gate = threading.Event()
        self.gate.set()
        self.asked = threading.Event()
        self.broken = False

    def open(self, address, pulse_ms=None):
        self.asked.set()
        self.gate.wait(5)
        super().open(address, pulse_ms)

    def read_doors(self):
        if self.broken:
            raise ZeroDivisionError
        return super().read_doors()


@pytest.fixture
def driver():
    return Gated()


@pytest.fixture
def bus(driver):
    made = ThreadedBus(driver, time.monotonic)
    made.start()
    yield made
    driver.gate.set()
    made.stop()


def until(condition, seconds=3.0):
    """Wait until something is true; say whether it became so."""
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.005)
    return condition()


def test_first_look_is_there_after_the_start(bus):
    assert bus.look().doors == {1: Door.CLOSED, 2: Door.CLOSED}


def test_pulse_is_answered_and_the_doors_are_looked_at_soon_after(bus, driver):
    asked = time.monotonic()
    answered = bus.pulse(1).result(timeout=1)

    assert driver.pulses == [1]
    assert asked <= answered <= time.monotonic()
    assert until(lambda: bus.look().doors[1] is Door.OPEN, 0.4)


def test_asking_does_not_wait_for_a_hanging_board_and_looking_goes_on(bus, driver):
    driver.gate.clear()
    before = bus.look().number

    asked = time.monotonic()
    answer = bus.pulse(1)
    waited = time.monotonic() - asked

    assert waited < 0.05
    assert not answer.done()
    assert until(lambda: bus.look().number > before + 2)
    driver.gate.set()
    assert answer.result(timeout=1)


def test_pulse_that_was_given_up_before_its_turn_is_never_sent(bus, driver):
    driver.gate.clear()
    first, second = bus.pulse(1), bus.pulse(2)

    given_up = second.cancel()
    driver.gate.set()
    first.result(timeout=1)
    bus.locate(1).result(timeout=1)

    assert given_up
    assert driver.pulses == [1]


def test_pulse_whose_turn_comes_too_late_is_dropped(driver):
    now = [0.0]
    bus = ThreadedBus(driver, lambda: now[0])
    bus.start()
    driver.gate.clear()
    first, second = bus.pulse(1), bus.pulse(2)
    driver.asked.wait(1)
    now[0] = 6.0

    driver.gate.set()

    with pytest.raises(CommError):
        second.result(timeout=1)
    assert first.done()
    assert driver.pulses == [1]
    bus.stop()


def test_error_of_the_board_reaches_who_asked(bus, driver):
    driver.silent.add(1)

    with pytest.raises(CommError):
        bus.pulse(1).result(timeout=1)


def test_driver_with_a_bug_makes_doors_unknown_and_is_looked_through_again(bus, driver):
    driver.broken = True
    assert until(lambda: bus.look().doors == {})
    broken = bus.look()
    driver.broken = False

    assert [state.trouble for state in broken.boards] == [Trouble.IO]
    assert until(lambda: bus.look().doors.get(1) is Door.CLOSED)


def test_bus_that_shows_nothing_new_for_three_seconds_is_blind(driver):
    now = [0.0]
    bus = ThreadedBus(driver, lambda: now[0])
    bus._show(bus._take())
    seen = bus.look()
    now[0] = 3.5

    blind = bus.look()

    assert seen.doors
    assert blind.doors == {}
    assert blind.number > seen.number
    assert bus.look().number == blind.number
    now[0] = 4.1
    assert bus.look().number > blind.number


def test_inline_bus_does_everything_at_once(driver):
    bus = InlineBus(driver, time.monotonic)

    assert bus.pulse(1).done()
    assert bus.look().doors[1] is Door.OPEN
