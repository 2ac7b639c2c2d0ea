"""A wall without a wall: doors in memory that open when pulsed, and break when asked to."""

import threading
import time
from collections.abc import Iterable, Mapping

from pickup.protocol.vocabulary import Door, Presence

from .base import BoardState, Capabilities, CommError, Denial, Driver, Feedback, HardwareRefusal, Trouble

LOCKS_PER_BOARD = 16
LONGEST_DELAY_SECONDS = 10.0
GOOD_TEMPERATURES = {"chilled": 3.0, "frozen": -19.0}


class Simulator(Driver):
    """The doors of a bank, all closed at first. A person, or a test, closes them again.

    Lock 1 to 15 hang on board 0, 16 to 31 on board 1 and so on.
    """

    capabilities = Capabilities(feedback=Feedback.DOOR_CLOSING, ir=True, locate=True, temperatures=True)

    def __init__(self, settings: Mapping, addresses: Iterable[int]) -> None:
        """`settings` may name `jammed`, `silent` and `cut` addresses to start with, and `temperatures` by zone."""
        self._lock = threading.Lock()
        self._open = dict.fromkeys(addresses, False)
        self._reads = 0
        self.pulses: list[int] = []
        self.located: list[int] = []
        self.jammed = set(settings.get("jammed", ()))
        """Locks that click but do not let go."""
        self.silent = set(settings.get("silent", ()))
        """Locks that neither answer nor open."""
        self.mute = set(settings.get("mute", ()))
        """Locks that open without an answer coming back."""
        self.busy = set(settings.get("busy", ()))
        """Locks whose board says that it will not pulse now."""
        self.cut = set(settings.get("cut", ()))
        """Doors whose sensor cable is cut."""
        self.flapping = set(settings.get("flapping", ()))
        """Doors whose sensor says something else at each reading."""
        self.dead_boards = set(settings.get("dead_boards", ()))
        self.presence: dict[int, Presence] = {}
        """What the sensors inside say; a compartment that is not named has none."""
        self.temperatures: dict[str, float] = GOOD_TEMPERATURES | settings.get("temperatures", {})
        """Probe -> degrees Celsius; a probe that is not named cannot be read."""
        self.delay_seconds = float(settings.get("delay_seconds", 0))
        """How late every answer comes."""

    def open(self, address: int, pulse_ms: int | None = None) -> None:
        """Pulse one lock."""
        self._answer_late()
        with self._lock:
            self._check_reachable(address)
            if address in self.busy:
                raise HardwareRefusal(Denial.BUSY)
            self.pulses.append(address)
            if address not in self.jammed:
                self._open[address] = True
            if address in self.mute:
                raise CommError(f"No answer from lock {address}.")

    def read_doors(self) -> dict[int, Door]:
        """Return what the sensors say."""
        self._answer_late()
        with self._lock:
            self._reads += 1
            return {address: self._sensor(address) for address in self._open}

    def read_presence(self) -> dict[int, Presence]:
        """Return what the sensors inside say."""
        with self._lock:
            return {
                address: Presence.UNKNOWN if self._unreachable(address) else presence
                for address, presence in self.presence.items()
            }

    def read_temperatures(self) -> dict[str, float]:
        """Return the temperatures that were set."""
        return dict(self.temperatures)

    def board_states(self) -> list[BoardState]:
        """Return the boards of the addresses."""
        boards = sorted({board_of(address) for address in self._open})
        return [
            BoardState(board=board, trouble=Trouble.SILENT if board in self.dead_boards else None) for board in boards
        ]

    def locate(self, address: int) -> None:
        """Note that the door showed itself."""
        self._check_reachable(address)
        self.located.append(address)

    def all_off(self) -> None:
        """Nothing is under current in memory."""

    def push_shut(self, address: int) -> None:
        """Close a door, as a person does."""
        with self._lock:
            self._open[address] = False

    def force(self, address: int) -> None:
        """Open a door with a crowbar."""
        with self._lock:
            self._open[address] = True

    def is_open(self, address: int) -> bool:
        """Say whether the door really stands open, whatever its sensor says."""
        return self._open[address]

    def _answer_late(self) -> None:
        if self.delay_seconds:
            time.sleep(min(self.delay_seconds, LONGEST_DELAY_SECONDS))

    def _unreachable(self, address: int) -> bool:
        return address in self.silent or board_of(address) in self.dead_boards

    def _check_reachable(self, address: int) -> None:
        if self._unreachable(address):
            raise CommError(f"No answer from lock {address}.")

    def _sensor(self, address: int) -> Door:
        if address in self.cut or self._unreachable(address):
            return Door.UNKNOWN
        seen_open = self._open[address] ^ (address in self.flapping and self._reads % 2 == 0)
        return Door.OPEN if seen_open else Door.CLOSED


def board_of(address: int) -> int:
    """Return the board that a simulated lock hangs on."""
    return address // LOCKS_PER_BOARD
