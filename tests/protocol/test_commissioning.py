"""Walking along a new wall with a person: what is wrong is found, and nobody's goods are opened."""

import time

import pytest

from pickup.controller import config as configuration
from pickup.controller.bus import ThreadedBus
from pickup.controller.commissioning import Commissioning, Verdict
from pickup.controller.drivers.base import Feedback
from pickup.controller.drivers.simulator import Simulator
from pickup.controller.program import make_driver, open_bank
from pickup.protocol.vocabulary import Door, Presence

from .kit import VirtualTicker, deposit_pin, leg_entries, settings


class Walk:
    """A technician in front of a simulated wall, who shuts each door that is open and answers what is asked."""

    def __init__(self, table):
        self.table = table
        self.said = []
        self.answers = {}

    def ask(self, question):
        """Answer as told for the door in question; else "yes", and the door that was expected."""
        return next((answer for words, answer in self.answers.items() if words in question), self._usual(question))

    def _usual(self, question):
        return "y" if "may it open" in question else ""

    def rest(self, seconds):
        """Time passes; whoever stands there shuts the doors."""
        self.table.ticker.seconds += seconds
        for address in self.table.bank.doors.addresses.values():
            if self.said and self.said[-1].startswith("Please shut"):
                self.table.driver.push_shut(address)

    def along(self, *compartments):
        """Walk, and return compartment -> verdict."""
        walk = Commissioning(self.table.bank, ask=self.ask, say=self.said.append, rest=self.rest)
        return {finding.compartment: finding.verdict for finding in walk.walk(compartments)}


@pytest.fixture
def walk(table):
    return Walk(table)


def test_good_doors_are_proved_one_after_the_other_and_recorded(table, walk):
    verdicts = walk.along("A1", "A2", "F1")

    assert set(verdicts.values()) == {Verdict.GOOD}
    assert table.pulses() == ["A1", "A2", "F1"]
    assert [data["purpose"] for data in table.events("door.opened")] == ["service"] * 3
    assert table.driver.located == [table.address(name) for name in ("A1", "A2", "F1")]
    assert walk.said[-1] == "3 of 8 doors proved."


def test_adapter_that_is_not_there_is_not_said_to_answer(tmp_path):
    """On the threads and with the driver of a real wall, as `check` runs them."""
    source = settings(tmp_path) | {"driver": {"kind": "kerong_cu16", "port": str(tmp_path / "gone")}}
    config = configuration.read(source)
    bank = open_bank(config, make_driver(config), bus_kind=ThreadedBus)
    said = []

    Commissioning(bank, ask=lambda question: "q", say=said.append, rest=time.sleep).walk(["A1"])
    bank.doors.bus.stop()

    assert said[0] == "The bus: absent (is the adapter plugged in, and is that its name?)"


def test_door_with_goods_is_never_opened(table, walk):
    table.apply(*leg_entries())
    table.confirm_all(table.bank.enter(deposit_pin(10)))
    table.driver.presence[table.address("A2")] = Presence.OCCUPIED
    pulses = table.pulses()

    verdicts = walk.along("A1", "A2")

    assert verdicts == {"A1": Verdict.OCCUPIED, "A2": Verdict.OCCUPIED}
    assert table.pulses() == pulses


def test_door_that_the_server_has_named_for_a_leg_is_never_opened(table, walk):
    table.apply(*leg_entries(compartment="A3"))

    assert walk.along("A3") == {"A3": Verdict.OCCUPIED}
    assert table.pulses() == []


def test_no_is_respected_and_stopping_is_possible(table, walk):
    walk.answers = {"Is A1": "n", "Is A3": "q"}

    assert walk.along("A1", "A2", "A3", "A4") == {"A1": Verdict.SKIPPED, "A2": Verdict.GOOD}
    assert table.pulses() == ["A2"]


@pytest.mark.parametrize(
    ("fault", "answer", "verdict"),
    [
        ("jammed", "-", Verdict.CLOSED),
        ("cut", "", Verdict.BLIND),
        ("silent", "", Verdict.SILENT),
        ("busy", "", Verdict.SILENT),
        (None, "a2", Verdict.WRONG_DOOR),
    ],
)
def test_fault_is_named(table, walk, fault, answer, verdict):
    if fault:
        getattr(table.driver, fault).add(table.address("A1"))
    walk.answers = {"Which door opened": answer}

    assert walk.along("A1") == {"A1": verdict}
    assert any(line.startswith("NOT IN ORDER A1") for line in walk.said)


class Reversed(Simulator):
    """A wall whose sensors mean the opposite."""

    def _sensor(self, address):
        return {Door.OPEN: Door.CLOSED, Door.CLOSED: Door.OPEN}[super()._sensor(address)]


class Still(Simulator):
    """A wall whose sensors are stuck at closed."""

    def _sensor(self, address):
        return Door.CLOSED


class StuckOpen(Simulator):
    """A wall whose sensors are stuck at open."""

    def _sensor(self, address):
        return Door.OPEN


class Sensorless(Simulator):
    """A wall without door sensors."""

    capabilities = Simulator.capabilities.__class__(feedback=Feedback.NONE)

    def _sensor(self, address):
        return Door.UNKNOWN


@pytest.mark.parametrize(
    ("wall", "verdict"),
    [
        (Reversed, Verdict.REVERSED),
        (Still, Verdict.STILL),
        (StuckOpen, Verdict.NOT_SHUT),
        (Sensorless, Verdict.NO_SENSOR),
    ],
)
def test_polarity_and_sensors_are_proved(tmp_path, wall, verdict):
    table = type("Wall", (), {})()
    table.ticker = VirtualTicker()
    config = configuration.read(settings(tmp_path))
    table.driver = wall({}, [box.address for box in config.compartments])
    table.bank = open_bank(config, table.driver, table.ticker)

    assert Walk(table).along("A1") == {"A1": verdict}


def test_closing_that_is_not_seen_is_told(table, walk):
    walk.rest = lambda seconds: setattr(table.ticker, "seconds", table.ticker.seconds + seconds)

    assert walk.along("A1") == {"A1": Verdict.NOT_SEEN_SHUT}
