"""The wall in front of the controller under test: doors, locks, sensors and boards, and what can happen to them.

It lives in the kit's process, so that its doors stay as they are when the controller is killed, and so that every pulse is
counted by somebody else than the program that is judged. A maker who tests his own boards implements `Wall` for them.
"""

import contextlib
import json
import socketserver
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from pickup.protocol.vocabulary import Door

from .papers import ADDRESSES, COLD

LOCKS_PER_BOARD = 3
BOARDS = {name: (address - 1) // LOCKS_PER_BOARD + 1 for name, address in ADDRESSES.items()}


@dataclass(frozen=True, kw_only=True)
class Traits:
    """What the boards of a wall are like. What they cannot tell is not asked of the controller."""

    sensors: bool = True
    """Each door has a sensor. Without any, only scenarios are played that ask nothing of a door."""
    cut_is_told: bool = True
    """A cut sensor cable is told from an open door."""
    outputs_stay: bool = True
    """An output that is on stays on, so the controller must switch all off when it starts."""


class Wall(Protocol):
    """Hands at the doors. Compartments go by their names, boards by their numbers from 1."""

    traits: Traits
    addresses: Mapping[str, int]
    """Where the driver finds the lock of each compartment."""
    pulses: list[str]
    """The compartments whose lock got a pulse, in order."""
    at_pulse: Callable[[], None] | None
    """Called when a lock has had its pulse, before the board acknowledges it."""
    at_request: Callable[[], None] | None
    """Called when a board is asked for a pulse; while this is set, no lock gets one."""
    offs: int
    """How often outputs were switched off."""
    dangers: list[str]
    """What was asked of a board and never may be, in a sentence each."""

    def settings(self) -> dict:
        """The `driver` entry of the controller's configuration, and `probes` unless the driver reads them."""

    def shut(self, compartment: str) -> None:
        """Push a door shut."""

    def force(self, compartment: str) -> None:
        """Open a door with a crowbar."""

    def is_open(self, compartment: str) -> bool:
        """Say whether the door really stands open."""

    def jam(self, compartment: str) -> None:
        """Let the lock click without letting go, until `free`."""

    def free(self, compartment: str) -> None:
        """Let the lock work again."""

    def cut_sensor(self, compartment: str) -> None:
        """Cut the cable of the door's sensor."""

    def silence(self, board: int) -> None:
        """Let a board answer nothing more, until `wake`."""

    def wake(self, board: int) -> None:
        """Let the board answer again."""

    def warm(self, zone: str, celsius: float) -> None:
        """Set the temperature of a zone."""

    def close(self) -> None:
        """Take the wall down."""


class SimulatedWall:
    """The wall that speaks the driver `socket_wall`; it needs no folder."""

    traits = Traits()
    addresses = ADDRESSES

    def __init__(self, folder: Path | None = None) -> None:
        self.pulses: list[str] = []
        self.at_pulse: Callable[[], None] | None = None
        self.at_request: Callable[[], None] | None = None
        self.offs = 0
        self.dangers: list[str] = []
        self._names = {address: name for name, address in ADDRESSES.items()}
        self._open: set[str] = set()
        self._jammed: set[str] = set()
        self._cut: set[str] = set()
        self._silent: set[int] = set()
        self._temperatures = dict(COLD)
        self._lock = threading.Lock()
        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), type("Bound", (_Line,), {"wall": self}))
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def settings(self) -> dict:
        """The `driver` entry of the controller's configuration; the driver reads the probes too."""
        return {"driver": {"kind": "socket_wall", "port": self.port}}

    def shut(self, compartment: str) -> None:
        """Push a door shut."""
        with self._lock:
            self._open.discard(compartment)

    def force(self, compartment: str) -> None:
        """Open a door with a crowbar."""
        with self._lock:
            self._open.add(compartment)

    def is_open(self, compartment: str) -> bool:
        """Say whether the door really stands open."""
        return compartment in self._open

    def jam(self, compartment: str) -> None:
        """Let the lock click without letting go."""
        self._jammed.add(compartment)

    def free(self, compartment: str) -> None:
        """Let the lock work again."""
        self._jammed.discard(compartment)

    def cut_sensor(self, compartment: str) -> None:
        """Cut the cable of the door's sensor."""
        self._cut.add(compartment)

    def silence(self, board: int) -> None:
        """Let a board answer nothing more."""
        self._silent.add(board)

    def wake(self, board: int) -> None:
        """Let the board answer again."""
        self._silent.discard(board)

    def warm(self, zone: str, celsius: float) -> None:
        """Set the temperature of a zone."""
        self._temperatures[zone] = celsius

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()

    def answer(self, request: dict) -> dict:
        """Do what the controller's driver asks."""
        if request["do"] == "read":
            return self._read()
        if request["do"] == "off":
            self.offs += 1
            return {}
        compartment = self._names[request["address"]]
        if BOARDS[compartment] in self._silent:
            return {"error": f"Board {BOARDS[compartment]} does not answer."}
        if request["do"] == "open":
            self._pulse(compartment)
        return {}

    def _pulse(self, compartment: str) -> None:
        if self.at_request:
            self.at_request()
            return
        with self._lock:
            self.pulses.append(compartment)
            if compartment not in self._jammed:
                self._open.add(compartment)
        if self.at_pulse:
            self.at_pulse()

    def _read(self) -> dict:
        with self._lock:
            doors = {str(address): self._sensor(name) for name, address in ADDRESSES.items()}
        return {"doors": doors, "temperatures": self._temperatures}

    def _sensor(self, compartment: str) -> Door:
        if compartment in self._cut or BOARDS[compartment] in self._silent:
            return Door.UNKNOWN
        return Door.OPEN if compartment in self._open else Door.CLOSED


class _Line(socketserver.StreamRequestHandler):
    wall: SimulatedWall

    def handle(self) -> None:
        """Answer line by line until the driver hangs up."""
        with contextlib.suppress(OSError):
            for line in self.rfile:
                self.wfile.write(json.dumps(self.wall.answer(json.loads(line))).encode() + b"\n")
