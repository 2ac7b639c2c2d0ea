"""The simulated wall from outside: every fault that its page, or a conformance test, can cause."""

import threading

import pytest

from pickup.controller.kiosk.server import KioskServer
from pickup.protocol.vocabulary import Door, Presence

from .test_kiosk import Browser


@pytest.fixture
def browser(table):
    """A tab on the page of a running kiosk."""
    server = KioskServer(table.bank, table.driver)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield Browser(server.address)
    server.stop()
    thread.join(2)


def box(browser, compartment):
    """What the simulator says of one compartment."""
    return next(each for each in browser.get("/api/simulator")[1]["compartments"] if each["id"] == compartment)


@pytest.mark.parametrize("kind", ["jam", "silent", "mute", "busy", "cut", "flap"])
def test_fault_is_caused_asked_for_twice_and_turned_over(browser, kind):
    browser.post("/api/simulator/fault", {"compartment": "A1", "kind": kind, "on": True})
    browser.post("/api/simulator/fault", {"compartment": "A1", "kind": kind, "on": True})
    caused = box(browser, "A1")["faults"]
    browser.post("/api/simulator/fault", {"compartment": "A1", "kind": kind})

    assert caused == [kind]
    assert box(browser, "A1")["faults"] == []
    assert box(browser, "A2")["faults"] == []


def test_door_is_forced_and_shut(table, browser):
    browser.post("/api/simulator/force", {"compartment": "A1"})
    forced = box(browser, "A1")["open"]
    browser.post("/api/simulator/close", {"compartment": "A1"})

    assert forced
    assert not box(browser, "A1")["open"]
    assert table.pulses() == []


def test_dead_board_is_seen_by_the_doors(table, browser):
    browser.post("/api/simulator/board", {"board": 0, "dead": True})
    table.wait(3)
    dead = table.bank.doors.state("A1")
    browser.post("/api/simulator/board", {"board": 0, "dead": False})
    table.wait(1)

    assert (dead, table.bank.doors.state("A1")) == (Door.UNKNOWN, Door.CLOSED)


def test_presence_and_temperature_are_set_and_taken_away(table, browser):
    address = table.address("A1")
    browser.post("/api/simulator/presence", {"compartment": "A1", "value": "occupied"})
    browser.post("/api/simulator/temperature", {"zone": "F1", "c": -12.5})
    presence, degrees = table.driver.read_presence(), table.driver.read_temperatures()["F1"]
    browser.post("/api/simulator/presence", {"compartment": "A1", "value": None})
    browser.post("/api/simulator/temperature", {"zone": "F1", "c": None})

    assert (presence, degrees) == ({address: Presence.OCCUPIED}, -12.5)
    assert table.driver.read_presence() == {}
    assert "F1" not in table.driver.read_temperatures()


def test_delay_is_bounded(table, browser):
    accepted = browser.post("/api/simulator/delay", {"seconds": 0.01})[0]
    refused = browser.post("/api/simulator/delay", {"seconds": 3600})[0]

    assert (accepted, refused) == (200, 400)
    assert table.driver.delay_seconds == 0.01


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("fault", {"compartment": "A1", "kind": "melt"}, 400),
        ("fault", {"compartment": "A1"}, 400),
        ("fault", {"compartment": "Z9", "kind": "jam"}, 404),
        ("fault", {"compartment": "A1", "kind": "jam", "on": "yes"}, 400),
        ("force", {"compartment": "Z9"}, 404),
        ("board", {"board": -1}, 400),
        ("presence", {"compartment": "A1", "value": "full"}, 400),
        ("temperature", {"zone": "F1", "c": "cold"}, 400),
        ("temperature", {"zone": "F1", "c": True}, 400),
        ("delay", {"seconds": -1}, 400),
    ],
)
def test_nonsense_is_refused_and_changes_nothing(browser, path, body, status):
    before = browser.get("/api/simulator")[1]

    answered, _ = browser.post(f"/api/simulator/{path}", body)

    assert answered == status
    assert browser.get("/api/simulator")[1] == before
