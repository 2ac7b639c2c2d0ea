"""All doors of the wall: what their sensors say, and the one way to open one (`asking` says how an attempt goes).

The journal knows of every attempt before the lock does; an attempt that a restart cut short is never made
again. Nothing here waits: `tick` is called every half second, and whenever somebody looks.
"""

from collections.abc import Callable, Iterable

from pickup.protocol.configs import Compartment
from pickup.protocol.vocabulary import Door, Outcome, Presence

from .actuation import Actuation, Listener, OpenFor
from .asking import Asking
from .attempts import Attempts
from .bus import Bus, Sight
from .clock import Clock
from .drivers.base import BoardState, Feedback
from .journal import Journal
from .sensors import Change, Sensor
from .watches import OpenDoors, SilentBoards

LATE_EDGE_SECONDS = 10.0
FAILING_SECONDS = 60.0
FAILURES = {Outcome.FAILED_COMM, Outcome.REFUSED}


class Doors:
    """All doors of the wall: what they are doing, and the only way to open one."""

    def __init__(self, compartments: Iterable[Compartment], bus: Bus, journal: Journal, clock: Clock) -> None:
        self.addresses = {compartment.id: compartment.address for compartment in compartments}
        self.bus = bus
        self.driver = bus.driver
        self.journal = journal
        self.attempts = Attempts(journal, clock)
        self.clock = clock
        self.listener: Listener
        self.distrusts: Callable[[str], bool] = lambda compartment: False
        """Says whether the sensor of a compartment is out of service."""
        self.sensors = {compartment: Sensor() for compartment in self.addresses}
        self.sight = Sight(number=-1, at=clock.mono())
        self._running: dict[str, Actuation] = {}
        self._last: dict[str, Actuation] = {}
        self._open = OpenDoors()
        self._silent = SilentBoards()
        self._asking = Asking(self)
        self._locating: list[tuple] = []
        self._began = False

    def recover(self) -> list[Actuation]:
        """Take the outputs off, read the doors, and return the attempts that a restart cut short.

        They get the outcome `unknown_after_restart` and no second pulse.
        """
        if not self._began:
            self.bus.start()
            self._began = True
        self._running.clear()
        unfinished = self.attempts.cut_short()
        self._last.update({actuation.compartment: actuation for actuation in unfinished})
        self._look()
        return unfinished

    # What is known

    def state(self, compartment: str) -> Door:
        """Return what the door is believed to be; `unknown` while its sensor is out of service."""
        return Door.UNKNOWN if self.distrusts(compartment) else self.sensors[compartment].state

    def stands_open(self, compartment: str) -> bool:
        """Say whether the sensor sees the door open."""
        return self.state(compartment) is Door.OPEN

    def left_open(self, seconds: float) -> list[str]:
        """Return the doors that have been standing open for so long."""
        return self._open.longer_than(seconds, self.clock.mono())

    def presence(self, compartment: str) -> Presence | None:
        """Return what the sensor inside says; None without one."""
        return self.sight.presence.get(self.addresses[compartment])

    def busy(self, compartment: str) -> bool:
        """Say whether an attempt to open this door is under way."""
        return compartment in self._running

    def any_busy(self) -> bool:
        """Say whether an attempt to open any door is under way."""
        return bool(self._running)

    def failing(self, compartment: str) -> bool:
        """Say whether the board would not open this door when last asked, within the last minute."""
        last = self._last.get(compartment)
        recent = last is not None and self.clock.mono() - last.asked_at < FAILING_SECONDS
        return recent and last.outcome in FAILURES

    def blind_sensor(self, compartment: str) -> bool:
        """Say whether this door's own sensor tells nothing, while others on the bus are read."""
        if self.driver.capabilities.feedback is Feedback.NONE or self.sensors[compartment].state is not Door.UNKNOWN:
            return False
        return any(state is not Door.UNKNOWN for state in self.sight.doors.values())

    def open_by_server(self) -> int:
        """Return how many doors stand open, or are opening, on the server's order."""
        standing = [self._last.get(name) for name in self._open]
        last = [*self._running.values(), *(actuation for actuation in standing if actuation)]
        return len({actuation.compartment for actuation in last if actuation.remote})

    # What is done

    def open(self, actuation: Actuation) -> None:
        """Write the attempt down, then ask for the pulse. Its outcome comes through the listener.

        While an attempt at the same door is under way there is no second one: its outcome counts for both.
        Raises RuntimeError inside a transaction: the attempt would not be on disk before the pulse.
        """
        if self.journal.db.in_transaction:
            raise RuntimeError("A door must not be opened before the journal is written.")
        if self.busy(actuation.compartment):
            return
        self.attempts.write(actuation)
        actuation.was_open = self.stands_open(actuation.compartment)
        self._running[actuation.compartment] = actuation
        self._last[actuation.compartment] = actuation
        self._asking.ask(actuation)
        self.tick()

    def locate(self, compartment: str, told: Callable[[bool], None]) -> None:
        """Make a door show itself; `told` hears, now or soon, whether the board did."""
        self._locating.append((self.bus.locate(self.addresses[compartment]), told))
        self._hear_located()

    def tick(self) -> None:
        """Look at all sensors once and move every attempt on."""
        self._look()
        for actuation in list(self._running.values()):
            self._asking.move_on(actuation)
        self._watch_open_doors()
        self._hear_located()

    # Sensors

    def _look(self) -> None:
        sight = self.bus.look()
        if sight.number == self.sight.number:
            return
        self.sight = sight
        for compartment, address in self.addresses.items():
            said = sight.doors.get(address, Door.UNKNOWN)
            change = self.sensors[compartment].read(said, sight.at, expected=self._expected(compartment))
            if change:
                self._react(compartment, change)
        self._watch_boards(sight.boards)

    def _expected(self, compartment: str) -> bool:
        last, now = self._last.get(compartment), self.clock.mono()
        return last is not None and now - last.stirred_at(now) <= LATE_EDGE_SECONDS

    def _react(self, compartment: str, change: Change) -> None:
        if change is Change.SUSPECT:
            self._open.forget(compartment)
            self.listener.sensor_suspect(compartment)
        elif change is Change.LOST:
            self._open.forget(compartment)
            self.listener.sensor_lost(compartment)
        elif self.distrusts(compartment) and not self._in_service_work(compartment):
            self._open.forget(compartment)
        elif change is Change.CLOSED:
            self._open.forget(compartment)
            self.listener.door_closed(compartment, self._last.get(compartment))
        else:
            self._open.opened(compartment, self.clock.mono())
            if change is Change.OPENED:
                self._edge_open(compartment)
            elif compartment not in self._last:
                self._recall(compartment)

    def _in_service_work(self, compartment: str) -> bool:
        """Somebody on site tries the door out: then even a suspect sensor is listened to."""
        last = self._last.get(compartment)
        return last is not None and last.purpose is OpenFor.SERVICE

    def _edge_open(self, compartment: str) -> None:
        running, last = self._running.get(compartment), self._last.get(compartment)
        if running:
            running.open_ms = int((self.clock.mono() - running.asked_at) * 1000)
            self.end(running, Outcome.OPENED)
        elif last is None or not self._expected(compartment):
            self.listener.forced(compartment)
        elif last.outcome is Outcome.OPENED:
            self.listener.opened_again(compartment, last)
        else:
            last.late = True
            self.end(last, Outcome.OPENED)

    def _recall(self, compartment: str) -> None:
        """Remember who opened a door that was open when the program started."""
        last = self.attempts.last_at(compartment)
        if last:
            self._last[compartment] = last

    def _watch_open_doors(self) -> None:
        for compartment, seconds in self._open.warnings(self.clock.mono()):
            self.listener.left_open(compartment, seconds)

    def _watch_boards(self, boards: Iterable[BoardState]) -> None:
        for state in self._silent.lost(boards, self.clock.mono()):
            self.listener.board_lost(state)
        for board, seconds in self._silent.found(boards, self.clock.mono()):
            self.listener.board_found(board, seconds)

    # Attempts

    def end(self, actuation: Actuation, outcome: Outcome) -> None:
        """Close an attempt with its outcome, once it is on disk."""
        actuation.outcome = outcome
        actuation.retry_at = None
        self._running.pop(actuation.compartment, None)
        with self.journal.transaction():
            self.attempts.write_outcome(actuation)
            self.listener.attempt_ended(actuation)

    def _hear_located(self) -> None:
        answered = [each for each in self._locating if each[0].done()]
        self._locating = [each for each in self._locating if not each[0].done()]
        for future, told in answered:
            told(future.exception() is None)
