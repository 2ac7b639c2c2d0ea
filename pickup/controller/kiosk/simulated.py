"""The simulated wall from outside: its page closes doors and breaks things, and so do the conformance tests.

Every address but the first is a POST with a JSON body; `on` may be left out, which turns a fault over.

    GET  /api/simulator                                               what really is, and what was pulsed
    POST /api/simulator/close        {"compartment": "A1"}
    POST /api/simulator/force        {"compartment": "A1"}            a crowbar
    POST /api/simulator/fault        {"compartment": "A1", "kind": "jam", "on": true}
    POST /api/simulator/board        {"board": 1, "dead": true}
    POST /api/simulator/presence     {"compartment": "A1", "value": "occupied" | "empty" | "unknown" | null}
    POST /api/simulator/temperature  {"zone": "F1", "c": -12.5 | null}
    POST /api/simulator/delay        {"seconds": 0.3}
"""

from collections.abc import Callable
from http import HTTPStatus

from pickup.controller.bank import Bank
from pickup.controller.drivers.simulator import LONGEST_DELAY_SECONDS, Simulator, board_of
from pickup.protocol import fields
from pickup.protocol.errors import BadMessage
from pickup.protocol.vocabulary import Presence

from . import documents
from .requests import BadRequest


class SimulatedWall:
    """What the page of the simulated wall may ask for."""

    def __init__(self, bank: Bank, driver: Simulator) -> None:
        self.bank = bank
        self.driver = driver
        self.faults: dict[str, set[int]] = {
            "jam": driver.jammed,
            "silent": driver.silent,
            "mute": driver.mute,
            "busy": driver.busy,
            "cut": driver.cut,
            "flap": driver.flapping,
        }

    def acts(self) -> dict[str, Callable[[str, dict], dict]]:
        """Return address -> what it does."""
        named = {
            "close": self._close,
            "force": self._force,
            "fault": self._fault,
            "board": self._board,
            "presence": self._presence,
            "temperature": self._temperature,
            "delay": self._delay,
        }
        return {f"/api/simulator/{name}": _reading_fields(act) for name, act in named.items()}

    def document(self) -> dict:
        """Return what really is, beside what the sensors say."""
        boxes = {box["id"]: box for box in documents.wall(self.bank)["compartments"]}
        with self.bank.lock:
            taken = self.bank.legs.taken_compartments()
            for name, box in boxes.items():
                address = self.bank.doors.addresses[name]
                box["open"] = self.driver.is_open(address)
                box["sensor"] = self.bank.doors.state(name)
                box["board"] = board_of(address)
                box["pulses"] = self.driver.pulses.count(address)
                box["presence"] = self.driver.presence.get(address)
                box["faults"] = [kind for kind, addresses in self.faults.items() if address in addresses]
                box["taken"] = name in taken
                box["service"] = self.bank.wall.fitness(name).svc
        return {
            "name": self.bank.config.name,
            "compartments": list(boxes.values()),
            "dead_boards": sorted(self.driver.dead_boards),
            "temperatures": dict(self.driver.temperatures),
            "delay_seconds": self.driver.delay_seconds,
        }

    def _close(self, body: dict) -> None:
        self.driver.push_shut(self._address(body))

    def _force(self, body: dict) -> None:
        self.driver.force(self._address(body))

    def _fault(self, body: dict) -> None:
        kind = self.faults.get(fields.text(body, "kind"))
        if kind is None:
            raise BadRequest(HTTPStatus.BAD_REQUEST)
        _turn(kind, self._address(body), fields.optional(fields.flag, body, "on"))

    def _board(self, body: dict) -> None:
        _turn(self.driver.dead_boards, fields.number(body, "board"), fields.optional(fields.flag, body, "dead"))

    def _presence(self, body: dict) -> None:
        address, value = self._address(body), fields.optional(fields.choice, body, "value", Presence)
        if value is None:
            self.driver.presence.pop(address, None)
        else:
            self.driver.presence[address] = value

    def _temperature(self, body: dict) -> None:
        zone, degrees = fields.text(body, "zone", longest=20), _degrees(body)
        if degrees is None:
            self.driver.temperatures.pop(zone, None)
        else:
            self.driver.temperatures[zone] = degrees

    def _delay(self, body: dict) -> None:
        self.driver.delay_seconds = fields.decimal(body, "seconds", least=0, most=LONGEST_DELAY_SECONDS)

    def _address(self, body: dict) -> int:
        address = self.bank.doors.addresses.get(fields.text(body, "compartment", longest=20))
        if address is None:
            raise BadRequest(HTTPStatus.NOT_FOUND)
        return address


def _degrees(body: dict) -> float | None:
    return fields.optional(fields.decimal, body, "c", least=-100, most=150)


def _turn(fault: set[int], place: int, on: bool | None) -> None:
    if on is None:
        on = place not in fault
    if on:
        fault.add(place)
    else:
        fault.discard(place)


def _reading_fields(act: Callable[[dict], None]) -> Callable[[str, dict], dict]:
    def answer(_: str, body: dict) -> dict:
        try:
            act(body)
        except BadMessage as error:
            raise BadRequest(HTTPStatus.BAD_REQUEST) from error
        return {}

    return answer
