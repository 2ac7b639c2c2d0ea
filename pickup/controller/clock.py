"""Time at the bank: the system's clock, corrected by signed server time, never below the last trusted time.

All durations are measured on the monotonic clock. The system's clock is read once, at the start: what happens to it later (a
jump, a summer time, somebody with a keyboard) changes nothing here. `Ticker` is the border to the real clocks; tests put a
virtual one there.
"""

import threading
import time
from datetime import UTC, datetime, timedelta
from typing import Protocol

from pickup.protocol.messages import Clock as ClockReport

UNSURE = timedelta(minutes=10)
UNSYNCED_UNCERTAINTY = timedelta(hours=24)
IMPOSSIBLE_BEFORE = datetime(2026, 1, 1, tzinfo=UTC)
LOST_UNCERTAINTY = timedelta(days=36500)
"""Of a clock that says a year in which this program did not exist: its battery is empty."""
NETWORK_UNCERTAINTY = timedelta(milliseconds=250)
STEP = timedelta(seconds=2)
REPLAY_TOLERANCE = timedelta(minutes=2)
DRIFT_PER_SECOND = timedelta(microseconds=100)
TRUSTED_TIME_FACT = "trusted_time"
RUNNING_FACT = "running_seconds"


class Ticker(Protocol):
    """The two clocks of a computer."""

    def wall(self) -> datetime:
        """Return the system's idea of the time, aware, UTC."""

    def mono(self) -> float:
        """Return seconds that only ever grow within one start of the program."""

    def wait(self, event: threading.Event, seconds: float) -> bool:
        """Wait until the event is set, `seconds` at most; say whether it is set."""


class SystemTicker:
    """The real clocks."""

    def wall(self) -> datetime:
        """Return the system time."""
        return datetime.now(UTC)

    def mono(self) -> float:
        """Return the monotonic clock."""
        return time.monotonic()

    def wait(self, event: threading.Event, seconds: float) -> bool:
        """Wait for the event."""
        return event.wait(seconds)


class Clock:
    """The time that the bank acts on."""

    def __init__(self, ticker: Ticker, floor: datetime | None = None, ran: float = 0.0) -> None:
        """Start from the system clock, but not before `floor`, the last trusted time; `ran` are the seconds of earlier starts."""
        self.ticker = ticker
        wall = ticker.wall()
        self._base = max(wall, floor) if floor else wall
        self._unsynced = UNSYNCED_UNCERTAINTY if wall >= IMPOSSIBLE_BEFORE else LOST_UNCERTAINTY
        self._base_mono = self._start_mono = ticker.mono()
        self._ran = ran
        self._floor = floor
        self._floor_mono = self._base_mono
        self._synced_mono: float | None = None
        self._took = timedelta()
        self._offset = timedelta()
        self._step: timedelta | None = None

    def mono(self) -> float:
        """Return monotonic seconds."""
        return self.ticker.mono()

    def mono_ms(self) -> int:
        """Return monotonic milliseconds."""
        return int(self.ticker.mono() * 1000)

    def running(self) -> float:
        """Return for how many seconds this bank has run in all its starts; time without power does not count.

        What was not stored when the power went (a minute at most) is missing too.
        """
        return self._ran + self.ticker.mono() - self._start_mono

    def now(self) -> datetime:
        """Return the trusted moment, UTC."""
        return self._base + timedelta(seconds=self.ticker.mono() - self._base_mono)

    def timestamp(self) -> float:
        """Return the trusted moment as seconds since 1970 UTC."""
        return self.now().timestamp()

    def learn(self, server_time: datetime, took: timedelta = timedelta()) -> None:
        """Take over a signed server time that was `took` on its way, from the question on.

        One that lies well before a time that was trusted already is an old reply, replayed.
        """
        if self._floor and server_time < self._floor - REPLAY_TOLERANCE:
            return
        learnt = max(server_time, self._floor) if self._floor else server_time
        step = learnt - self.now()
        if abs(step) >= STEP:
            self._step = step
        self._offset, self._took = server_time - self.ticker.wall(), took
        self._base = self._floor = learnt
        self._base_mono = self._floor_mono = self._synced_mono = self.ticker.mono()

    def trust(self) -> None:
        """Believe nothing before the present moment from now on. Only for a sure clock."""
        self._floor, self._floor_mono = self.now(), self.ticker.mono()

    def earliest(self) -> datetime | None:
        """Return a moment that has certainly been reached; None when no time was ever trusted.

        While the clock is sure that is now; else the last trusted moment and what has run since.
        """
        if self.is_sure():
            return self.now()
        return self._floor and self._floor + timedelta(seconds=self.ticker.mono() - self._floor_mono)

    def take_step(self) -> timedelta | None:
        """Return by how much the server has set this clock since last asked; None for less than two seconds."""
        step, self._step = self._step, None
        return step

    def is_sure(self) -> bool:
        """Say whether dates may be judged: the clock is wrong by ten minutes at most."""
        return self.uncertainty() <= UNSURE

    def uncertainty(self) -> timedelta:
        """Return how wrong this clock may be."""
        if self._synced_mono is None:
            return self._unsynced
        return NETWORK_UNCERTAINTY + self._took + DRIFT_PER_SECOND * (self.ticker.mono() - self._synced_mono)

    def report(self) -> ClockReport:
        """Return what the server is told about this clock."""
        return ClockReport(
            synced=self.is_sure(),
            offset_ms=int(self._offset.total_seconds() * 1000),
            uncertainty_ms=int(self.uncertainty().total_seconds() * 1000),
        )
