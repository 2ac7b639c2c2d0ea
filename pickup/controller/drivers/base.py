"""What every lock board must be able to do. There is no way to open all doors at once.

A driver speaks to one bus. `docs/drivers.md` says how to write one, how it is found, and how it proves itself.
"""

import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from pickup.protocol.vocabulary import Door, Presence


class Trouble(StrEnum):
    """What is wrong with a bus or a board, as `bus.unreachable` says it."""

    SILENT = "silent"
    GARBLED = "garbled"
    ABSENT = "absent"
    IO = "io"
    PERMISSION = "permission"


class CommError(Exception):
    """The board did not answer, or answered nonsense: whether the lock was pulsed is not known."""

    def __init__(self, text: str, trouble: Trouble = Trouble.SILENT) -> None:
        super().__init__(text)
        self.trouble = trouble


class Denial(StrEnum):
    """Why a board will not pulse now."""

    COOLDOWN = "cooldown"
    BUSY = "busy"


class HardwareRefusal(Exception):
    """The board, or the driver for its sake, will not pulse now: the lock was not pulsed."""

    def __init__(self, denial: Denial) -> None:
        super().__init__(denial)
        self.denial = denial


class Feedback(StrEnum):
    """What a set bit of a door's input means; proven at commissioning, for boards differ."""

    DOOR_CLOSING = "door_closing"
    DOOR_OPENING = "door_opening"
    NONE = "none"
    """No inputs: a door is never known to be closed, hence never offered; for attended use only."""


@dataclass(frozen=True, kw_only=True)
class Capabilities:
    """What the boards on a bus can do."""

    feedback: Feedback
    ir: bool = False
    """Presence sensors inside the compartments."""
    led: bool = False
    locate: bool = False
    """A door can show itself without opening."""
    temperatures: bool = False
    max_pulse_ms: int = 1000
    duty_cycle: float = 0.1
    """Share of the time that a solenoid may be under current."""
    unsolicited: bool = False
    """The boards report changes by themselves."""


@dataclass(frozen=True, kw_only=True)
class BoardState:
    """Whether a board can be reached; `board` is None for the bus as a whole."""

    board: int | None
    trouble: Trouble | None
    """None while it answers."""


class Driver(ABC):
    """A bus with lock boards. Every call ends within 20 s, and two threads may call at once: one mutex guards the bus."""

    mono: Callable[[], float] = staticmethod(time.monotonic)
    """The seconds by which boards and coils rest; whoever uses the driver may set another clock."""

    @property
    @abstractmethod
    def capabilities(self) -> Capabilities:
        """Return what the boards can do."""

    @abstractmethod
    def open(self, address: int, pulse_ms: int | None = None) -> None:
        """Pulse one lock once. Returning means "acknowledged", not "opened".

        Raises CommError or HardwareRefusal; never tries twice by itself.
        """

    @abstractmethod
    def read_doors(self) -> dict[int, Door]:
        """Return what the sensors say now; `unknown` for a door that cannot be read. Raises CommError when nothing can."""

    @abstractmethod
    def all_off(self) -> None:
        """Take the current from every output, at start and stop: best effort for each board, never raises."""

    def read_presence(self) -> dict[int, Presence]:
        """Return what the sensors inside say, of the same moment as the last `read_doors`; empty without any."""
        return {}

    def read_temperatures(self) -> dict[str, float]:
        """Return probe -> degrees Celsius, only of probes that can be read now."""
        return {}

    def board_states(self) -> list[BoardState]:
        """Return the boards that this bus talks to; a board of which nothing is known yet is left out."""
        return []

    def find_boards(self) -> list[int] | None:
        """Ask who is on the line, for commissioning; None when boards cannot be asked all at once. Raises CommError."""
        return None

    def locate(self, address: int) -> None:
        """Make one door show itself (light, tap of the lock) without opening it. Raises CommError or HardwareRefusal."""
        raise CommError(f"The board of lock {address} cannot show a door.")

    def close(self) -> None:
        """Take the current off and let go of the bus. The driver may be used again: it opens the bus itself."""
        self.all_off()
