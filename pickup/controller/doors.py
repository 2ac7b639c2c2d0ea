"""Opening one door: pulse, acknowledgement, edge. An acknowledgement is not an open door.

    pulsing --ack--> watching --edge within 3 s--> opened
       |                 | sensor unknown, or open already --> opened_unverified
       | no answer       | no edge --> one more pulse --> jammed
       +--> again after 1 s, three times --> failed_comm

The journal knows of every attempt before the lock does; an attempt that a restart cut short is never made
again. Nothing here waits: `tick` is called every half second, and whenever somebody looks.
"""

import sqlite3
from collections.abc import Iterable

from pickup.protocol.vocabulary import Door, Outcome

from .actuation import Actuation, Listener, recalled
from .clock import Clock
from .config import Compartment
from .drivers.base import CommError, Driver, HardwareRefusal
from .journal import Journal

EDGE_SECONDS = 3.0
RETRY_SECONDS = 1.0
MOST_PULSES = 2
MOST_COMM_ERRORS = 3
LATE_EDGE_SECONDS = 10.0
DEBOUNCE_SECONDS = 0.5
FAILED_READS = 3
LEFT_OPEN_SECONDS = (60, 120, 600)


class Doors:
    """All doors of the wall: what they are doing, and the only way to open one."""

    def __init__(self, compartments: Iterable[Compartment], driver: Driver, journal: Journal, clock: Clock) -> None:
        self.addresses = {compartment.id: compartment.address for compartment in compartments}
        self.driver = driver
        self.journal = journal
        self.clock = clock
        self.listener: Listener
        self.states = dict.fromkeys(self.addresses, Door.UNKNOWN)
        self._running: dict[str, Actuation] = {}
        self._last: dict[str, Actuation] = {}
        self._opened_at: dict[str, float] = {}
        self._warned: dict[str, int] = {}
        self._closing_at: dict[str, float] = {}
        self._failed_reads = dict.fromkeys(self.addresses, 0)

    def recover(self) -> list[Actuation]:
        """Take the outputs off, read the doors, and return the attempts that a restart cut short.

        They get the outcome `unknown_after_restart` and no second pulse.
        """
        self.driver.all_off()
        now = self.clock.mono()
        for compartment, state in self._read().items():
            self.states[compartment] = state
            if state is Door.OPEN:
                self._opened_at[compartment] = now
                self._recall(compartment)
        return [self._cut_short(row) for row in self._unfinished()]

    def state(self, compartment: str) -> Door:
        """Return what the sensor of a door last said."""
        return self.states[compartment]

    def stands_open(self, compartment: str) -> bool:
        """Say whether the sensor sees the door open."""
        return self.states[compartment] is Door.OPEN

    def busy(self, compartment: str) -> bool:
        """Say whether an attempt to open this door is under way."""
        return compartment in self._running

    def open_by_server(self) -> int:
        """Return how many doors stand open, or are opening, on the server's order."""
        standing = [self._last.get(name) for name in self._opened_at]
        last = [*self._running.values(), *(actuation for actuation in standing if actuation)]
        return len({actuation.compartment for actuation in last if actuation.remote})

    def open(self, actuation: Actuation) -> None:
        """Write the attempt down, then pulse. Its outcome comes through the listener.

        Raises RuntimeError inside a transaction: the attempt would not be on disk before the pulse.
        """
        if self.journal.db.in_transaction:
            raise RuntimeError("A door must not be opened before the journal is written.")
        with self.journal.transaction():
            self.journal.db.execute(
                "INSERT INTO actuations (id, compartment, leg, purpose, shop, remote, command_id, message_id, at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    actuation.id,
                    actuation.compartment,
                    actuation.leg,
                    actuation.purpose,
                    actuation.shop,
                    actuation.remote,
                    actuation.command_id,
                    actuation.message_id,
                    self.clock.timestamp(),
                ),
            )
        actuation.was_open = self.states[actuation.compartment] is Door.OPEN
        self._running[actuation.compartment] = actuation
        self._last[actuation.compartment] = actuation
        self._pulse(actuation)
        self.tick()

    def locate(self, compartment: str) -> bool:
        """Make a door show itself; say whether the board answered."""
        try:
            self.driver.locate(self.addresses[compartment])
        except CommError:
            return False
        return True

    def tick(self) -> None:
        """Read all sensors once and move every attempt on."""
        for compartment, state in self._read().items():
            self._see(compartment, state)
        for actuation in list(self._running.values()):
            self._move_on(actuation)
        self._watch_open_doors()

    def _read(self) -> dict[str, Door]:
        try:
            found = self.driver.read_doors()
        except CommError:
            found = {}
        return {name: found.get(address, Door.UNKNOWN) for name, address in self.addresses.items()}

    def _see(self, compartment: str, state: Door) -> None:
        if state is Door.UNKNOWN:
            self._miss(compartment)
            return
        self._failed_reads[compartment] = 0
        before = self.states[compartment]
        if state is Door.OPEN:
            self._closing_at.pop(compartment, None)
            self.states[compartment] = Door.OPEN
            if before is not Door.OPEN:
                self._edge_open(compartment)
        elif before is Door.OPEN:
            self._settle(compartment)
        else:
            self.states[compartment] = Door.CLOSED

    def _miss(self, compartment: str) -> None:
        self._failed_reads[compartment] += 1
        if self._failed_reads[compartment] == FAILED_READS and self.states[compartment] is not Door.UNKNOWN:
            self.states[compartment] = Door.UNKNOWN
            self._opened_at.pop(compartment, None)
            self._closing_at.pop(compartment, None)
            self.listener.sensor_lost(compartment)

    def _edge_open(self, compartment: str) -> None:
        now = self.clock.mono()
        self._opened_at[compartment] = now
        self._warned[compartment] = 0
        running = self._running.get(compartment)
        last = self._last.get(compartment)
        if running:
            running.open_ms = int((now - running.pulsed_at) * 1000)
            self._end(running, Outcome.OPENED)
        elif last and last.pulses and now - last.pulsed_at <= LATE_EDGE_SECONDS:
            last.late = last.outcome is not Outcome.OPENED
            if last.late:
                self._end(last, Outcome.OPENED)
        else:
            self.listener.forced(compartment)

    def _settle(self, compartment: str) -> None:
        now = self.clock.mono()
        since = self._closing_at.setdefault(compartment, now)
        if now - since < DEBOUNCE_SECONDS:
            return
        self.states[compartment] = Door.CLOSED
        self._closing_at.pop(compartment)
        self._opened_at.pop(compartment, None)
        self.listener.door_closed(compartment, self._last.get(compartment))

    def _move_on(self, actuation: Actuation) -> None:
        now = self.clock.mono()
        if actuation.next_pulse is not None:
            if now >= actuation.next_pulse:
                self._pulse(actuation)
        elif actuation.was_open or self.unreadable(actuation.compartment):
            self._end(actuation, Outcome.OPENED_UNVERIFIED)
        elif now - actuation.pulsed_at >= EDGE_SECONDS:
            if actuation.pulses < MOST_PULSES:
                self._pulse(actuation)
            else:
                self._end(actuation, Outcome.JAMMED)

    def unreadable(self, compartment: str) -> bool:
        """Say whether the sensor of a door tells nothing now."""
        return self.states[compartment] is Door.UNKNOWN or self._failed_reads[compartment] > 0

    def _pulse(self, actuation: Actuation) -> None:
        actuation.next_pulse = None
        try:
            self.driver.open(self.addresses[actuation.compartment])
        except (CommError, HardwareRefusal):
            actuation.comm_errors += 1
            actuation.next_pulse = self.clock.mono() + RETRY_SECONDS
            if actuation.comm_errors >= MOST_COMM_ERRORS:
                self._end(actuation, Outcome.FAILED_COMM)
            return
        actuation.pulses += 1
        actuation.pulsed_at = self.clock.mono()

    def _end(self, actuation: Actuation, outcome: Outcome) -> None:
        actuation.outcome = outcome
        self._running.pop(actuation.compartment, None)
        with self.journal.transaction():
            self._write_outcome(actuation.id, outcome)
            self.listener.attempt_ended(actuation)

    def _watch_open_doors(self) -> None:
        now = self.clock.mono()
        for compartment, since in self._opened_at.items():
            warned = self._warned.get(compartment, 0)
            if warned < len(LEFT_OPEN_SECONDS) and now - since >= LEFT_OPEN_SECONDS[warned]:
                self._warned[compartment] = warned + 1
                self.listener.left_open(compartment, LEFT_OPEN_SECONDS[warned])

    def _unfinished(self) -> list[sqlite3.Row]:
        return self.journal.db.execute("SELECT * FROM actuations WHERE outcome IS NULL ORDER BY at").fetchall()

    def _recall(self, compartment: str) -> None:
        """Remember who opened a door that was open when the program started."""
        query = "SELECT * FROM actuations WHERE compartment = ? ORDER BY at DESC LIMIT 1"
        row = self.journal.db.execute(query, (compartment,)).fetchone()
        if row and row["outcome"]:
            self._last[compartment] = recalled(row, Outcome(row["outcome"]))

    def _cut_short(self, row: sqlite3.Row) -> Actuation:
        actuation = recalled(row, Outcome.UNKNOWN_AFTER_RESTART)
        self._write_outcome(actuation.id, Outcome.UNKNOWN_AFTER_RESTART)
        self._last[actuation.compartment] = actuation
        return actuation

    def _write_outcome(self, actuation_id: str, outcome: Outcome) -> None:
        self.journal.db.execute("UPDATE actuations SET outcome = ? WHERE id = ?", (outcome, actuation_id))
