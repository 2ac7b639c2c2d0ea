"""What all boards on a serial line have in common: rounds of reading, patience with the dead, rest for the coils."""

from abc import abstractmethod
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from pickup.protocol.vocabulary import Door, Presence

from .base import BoardState, CommError, Denial, Driver, Feedback, HardwareRefusal, Trouble
from .line import Line
from .outage import Outage

OF_THE_PORT = {Trouble.ABSENT, Trouble.IO, Trouble.PERMISSION}
COIL_WINDOW_SECONDS = 60.0


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What one board said, by the address of the lock. What it did not say is not in here."""

    doors: Mapping[int, Door] = field(default_factory=dict)
    presence: Mapping[int, Presence] = field(default_factory=dict)


class LineDriver(Driver):
    """A driver of boards that answer requests on one line. One dead board never stops the others."""

    def __init__(self, settings: Mapping, addresses: Iterable[int], line: Line) -> None:
        self.line = line
        self.addresses = tuple(addresses)
        self.pulse_ms = int(settings.get("pulse_ms", 500))
        self.feedback = Feedback(settings.get("feedback_type", Feedback.DOOR_CLOSING))
        self.boards = sorted({self.board_of(address) for address in self.addresses})
        self._outages = {board: Outage() for board in self.boards}
        self._port = Outage()
        self._presence: dict[int, Presence] = {}
        self._pulsed: dict[int, deque[float]] = {address: deque() for address in self.addresses}

    @abstractmethod
    def board_of(self, address: int) -> int:
        """Return the board that a lock hangs on."""

    @abstractmethod
    def read_board(self, board: int) -> Reading:
        """Ask one board for all its sensors. Raises CommError."""

    @abstractmethod
    def pulse(self, address: int, pulse_ms: int) -> None:
        """Send one pulse and take the acknowledgement. Raises CommError or HardwareRefusal."""

    def open(self, address: int, pulse_ms: int | None = None) -> None:
        """Pulse one lock, whatever is thought of its board: whoever waits there may find it alive again."""
        length = min(pulse_ms or self.pulse_ms, self.capabilities.max_pulse_ms)
        self._spare_coil(address, length)
        with self._watching(self.board_of(address)):
            self.pulse(address, length)

    def read_doors(self) -> dict[int, Door]:
        """Ask every board that is worth asking."""
        doors = dict.fromkeys(self.addresses, Door.UNKNOWN)
        self._presence = dict.fromkeys(self.addresses, Presence.UNKNOWN) if self.capabilities.ir else {}
        for board in self.boards:
            if not self._worth_asking(board):
                continue
            try:
                with self._watching(board):
                    reading = self.read_board(board)
            except HardwareRefusal:
                continue
            except CommError as error:
                if error.trouble in OF_THE_PORT:
                    break
                continue
            doors |= {address: door for address, door in reading.doors.items() if address in doors}
            self._presence |= {address: seen for address, seen in reading.presence.items() if address in self._presence}
        return doors

    def read_presence(self) -> dict[int, Presence]:
        """Return what the sensors inside said in the last round."""
        return dict(self._presence)

    def board_states(self) -> list[BoardState]:
        """Return the port and the boards; while the port is gone nothing is known of the boards."""
        port = BoardState(board=None, trouble=self._port.trouble)
        if self._port.trouble:
            return [port]
        known = [(board, outage) for board, outage in self._outages.items() if outage.known]
        return [port, *(BoardState(board=board, trouble=outage.trouble) for board, outage in known)]

    def all_off(self) -> None:
        """Boards that end their pulses by themselves have nothing to switch off."""

    def close(self) -> None:
        """Take the current off and let go of the port."""
        self.all_off()
        self.line.close()

    def sees(self, bit: bool) -> Door:
        """Return what a bit of a door's input means on this bus."""
        closed = bit if self.feedback is Feedback.DOOR_CLOSING else not bit
        return Door.CLOSED if closed else Door.OPEN

    def _worth_asking(self, board: int) -> bool:
        now = self.mono()
        came_back = self._port.trouble is Trouble.ABSENT and Path(self.line.port).exists()
        port = came_back or self._port.worth_asking(now)
        return port and self._outages[board].worth_asking(now)

    @contextmanager
    def _watching(self, board: int) -> Iterator[None]:
        """Note whether port and board answer to what is done inside."""
        now, outage = self.mono(), self._outages.get(board, Outage())
        try:
            yield
        except CommError as error:
            if error.trouble in OF_THE_PORT:
                self._port.failed(error, now)
            else:
                self._port.answered()
                outage.failed(error, now)
            raise
        except HardwareRefusal:
            self._note_answer(outage)
            raise
        self._note_answer(outage)

    def _note_answer(self, outage: Outage) -> None:
        self._port.answered()
        outage.answered()

    def _spare_coil(self, address: int, length_ms: int) -> None:
        """Refuse a pulse that would keep the coil under current for more than its share of a minute."""
        now, pulsed = self.mono(), self._pulsed.setdefault(address, deque())
        while pulsed and now - pulsed[0] > COIL_WINDOW_SECONDS:
            pulsed.popleft()
        if (len(pulsed) + 1) * length_ms / 1000 > self.capabilities.duty_cycle * COIL_WINDOW_SECONDS:
            raise HardwareRefusal(Denial.COOLDOWN)
        pulsed.append(now)
