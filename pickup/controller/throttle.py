"""Limits that no credential can talk its way around: wrong PINs, and openings per time.

RFC 4226 section 7.3 for the delays. A success ends the delay, but the counts of the last hour and day go
on, so that the holder of one code cannot try others for ever.
"""

import math
from dataclasses import dataclass

from pickup.protocol.vocabulary import Alert, EventType

from .clock import RUNNING_FACT, Clock
from .journal import Journal

FREE_TRIES = 3
DELAYS = (30, 60, 120, 300)
QUIET_SECONDS = 30 * 60
ALERT_PER_HOUR = 10
CLOSED_PER_DAY = 30
HOUR, DAY = 3600, 24 * 3600
QR_PAUSE_SECONDS = 1.0
SAME_MOMENT = 60.0
"""An opening that lies further ahead was written with a wrong clock, which has been set back since."""


@dataclass(frozen=True)
class Waiting:
    """The PIN channel does not listen now. `seconds` is None when it is closed for long."""

    seconds: int | None


class PinThrottle:
    """Counts wrong PINs at this keypad, over restarts.

    In seconds that the bank has run: setting its clock neither ends a delay nor prolongs it, and a power cut gains nothing.
    """

    def __init__(self, journal: Journal, clock: Clock) -> None:
        self.journal = journal
        self.clock = clock

    def waiting(self) -> Waiting | None:
        """Return how long the keypad still waits, or None when it listens."""
        if self._count(DAY) >= CLOSED_PER_DAY:
            return Waiting(None)
        rest = min(float(self.journal.fact("pin_delay_until", 0)) - self.clock.running(), DELAYS[-1])
        return Waiting(math.ceil(rest)) if rest > 0 else None

    def channel(self) -> str:
        """Return open, delayed or closed, for the snapshot."""
        waiting = self.waiting()
        if waiting is None:
            return "open"
        return "closed" if waiting.seconds is None else "delayed"

    def wrong(self) -> None:
        """Count one wrong PIN; the delay starts with the third in a row."""
        now = self.clock.running()
        with self.journal.transaction():
            self.journal.remember(RUNNING_FACT, now)
            in_a_row = self._in_a_row(now) + 1
            self.journal.remember("pin_in_a_row", in_a_row)
            self.journal.remember("pin_last_wrong", now)
            self.journal.db.execute("DELETE FROM wrong_pins WHERE at <= ?", (now - DAY,))
            self.journal.db.execute("INSERT INTO wrong_pins VALUES (?)", (now,))
            delay = delay_after(in_a_row)
            if delay:
                self.journal.remember("pin_delay_until", now + delay)
            self._report(delay)

    def right(self) -> None:
        """End the delay after a valid PIN; the counts of the hour and the day stay."""
        if self.journal.fact("pin_in_a_row", 0):
            with self.journal.transaction():
                self.journal.remember("pin_in_a_row", 0)
                self.journal.remember("pin_delay_until", 0)

    def tick(self) -> None:
        """Report the end of a lock-out."""
        if self.journal.fact("pin_locked", False) and self.waiting() is None:
            with self.journal.transaction():
                self.journal.remember("pin_locked", False)
                self.journal.emit(EventType.LOCKOUT_ENDED)

    def _in_a_row(self, now: float) -> int:
        quiet = now - float(self.journal.fact("pin_last_wrong", 0))
        return 0 if quiet >= QUIET_SECONDS else int(self.journal.fact("pin_in_a_row", 0))

    def _report(self, delay: int) -> None:
        per_day = self._count(DAY)
        if self._count(HOUR) == ALERT_PER_HOUR:
            self.journal.emit(EventType.ALERT, why=Alert.WRONG_PINS, detail=f"{ALERT_PER_HOUR} in one hour")
        closed = per_day >= CLOSED_PER_DAY
        if delay or closed:
            self.journal.remember("pin_locked", True)
            seconds = None if closed else delay
            self.journal.emit(EventType.LOCKOUT_STARTED, seconds=seconds, wrong_24h=per_day)

    def _count(self, seconds: int) -> int:
        since = self.clock.running() - seconds
        query = "SELECT COUNT(*) FROM wrong_pins WHERE at > ?"
        return self.journal.db.execute(query, (since,)).fetchone()[0]


def delay_after(wrong_in_a_row: int) -> int:
    """Return the seconds to wait after so many wrong PINs in a row: 0, 0, 30, 60, 120, 300, 300…"""
    if wrong_in_a_row < FREE_TRIES:
        return 0
    return DELAYS[min(wrong_in_a_row - FREE_TRIES, len(DELAYS) - 1)]


class ScanPause:
    """Takes one QR code a second at most; there is nothing to guess, so there is no lock-out."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self._last = float("-inf")

    def allows(self) -> bool:
        """Say whether a scan may be judged now, and count it if so."""
        now = self.clock.mono()
        if now - self._last < QR_PAUSE_SECONDS:
            return False
        self._last = now
        return True


class OpenBudget:
    """How many doors may be opened in a time, by the server and by people at the bank.

    Somebody with a service token at the bank may raise the server's limits for an hour; two doors at once stay the most.
    """

    REMOTE_PER_MINUTE = 6
    REMOTE_PER_HOUR = 20
    REMOTE_OPEN_AT_ONCE = 2
    REMOTE_ALARM_PER_MINUTE = 4
    RAISED_TIMES = 3
    RAISED_SECONDS = HOUR
    LOCAL_PER_DOOR_IN_TEN_MINUTES = 8
    LOCAL_PER_HOUR = 120

    def __init__(self, journal: Journal, clock: Clock) -> None:
        self.journal = journal
        self.clock = clock

    def allows_remote(self, *, open_now: int) -> bool:
        """Say whether one more opening by the server is within the limits."""
        times = self.RAISED_TIMES if self.raised() else 1
        return (
            self.remote_in(60) < self.REMOTE_PER_MINUTE * times
            and self.remote_in(HOUR) < self.REMOTE_PER_HOUR * times
            and open_now < self.REMOTE_OPEN_AT_ONCE
        )

    def raise_remote(self) -> None:
        """Let the server open more for an hour."""
        self.journal.remember("remote_raised_until", self.clock.timestamp() + self.RAISED_SECONDS)

    def raised(self) -> bool:
        """Say whether the server may open more just now."""
        rest = float(self.journal.fact("remote_raised_until", 0)) - self.clock.timestamp()
        return 0 < rest <= self.RAISED_SECONDS

    def remote_in(self, seconds: int) -> int:
        """Return how many openings the server ordered within the last seconds."""
        return self._count("remote = 1 AND at > ?", seconds)

    def allows_local(self, compartment: str) -> bool:
        """Say whether somebody at the bank may have this door opened once more."""
        per_door = self._count("remote = 0 AND at > ? AND compartment = ?", 600, compartment)
        return (
            per_door < self.LOCAL_PER_DOOR_IN_TEN_MINUTES
            and self._count("remote = 0 AND at > ?", HOUR) < self.LOCAL_PER_HOUR
        )

    def _count(self, condition: str, seconds: int, *more: object) -> int:
        now = self.clock.timestamp()
        query = f"SELECT COUNT(*) FROM actuations WHERE at < ? AND {condition}"  # noqa: S608 conditions are written above
        return self.journal.db.execute(query, (now + SAME_MOMENT, now - seconds, *more)).fetchone()[0]
