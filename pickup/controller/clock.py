"""Time at the bank: the system's clock, corrected by signed server time, never stepping back.

All durations are measured on the monotonic clock. `Ticker` is the border to the real clocks;
tests put a virtual one there.
"""

import threading
import time
from datetime import UTC, datetime, timedelta
from typing import Protocol

from pickup.protocol.messages import Clock as ClockReport

UNSURE = timedelta(minutes=10)
UNSYNCED_UNCERTAINTY = timedelta(hours=24)
NETWORK_UNCERTAINTY = timedelta(milliseconds=250)
DRIFT_PER_SECOND = timedelta(microseconds=100)


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

    def __init__(self, ticker: Ticker, floor: datetime | None = None) -> None:
        """Start from the system clock, but not before `floor`, the last trusted time."""
        self.ticker = ticker
        wall = ticker.wall()
        self._base = max(wall, floor) if floor else wall
        self._base_mono = ticker.mono()
        self._floor = floor
        self._synced_mono: float | None = None
        self._offset = timedelta()

    def mono(self) -> float:
        """Return monotonic seconds."""
        return self.ticker.mono()

    def mono_ms(self) -> int:
        """Return monotonic milliseconds."""
        return int(self.ticker.mono() * 1000)

    def now(self) -> datetime:
        """Return the trusted moment, UTC."""
        return self._base + timedelta(seconds=self.ticker.mono() - self._base_mono)

    def timestamp(self) -> float:
        """Return the trusted moment as seconds since 1970 UTC."""
        return self.now().timestamp()

    def learn(self, server_time: datetime) -> None:
        """Take over a signed server time, unless it lies before one that was trusted already."""
        if self._floor and server_time < self._floor:
            return
        self._offset = server_time - self.ticker.wall()
        self._base = self._floor = server_time
        self._base_mono = self._synced_mono = self.ticker.mono()

    def uncertainty(self) -> timedelta:
        """Return how wrong this clock may be."""
        if self._synced_mono is None:
            return UNSYNCED_UNCERTAINTY
        return NETWORK_UNCERTAINTY + DRIFT_PER_SECOND * (self.ticker.mono() - self._synced_mono)

    def report(self) -> ClockReport:
        """Return what the server is told about this clock."""
        return ClockReport(
            synced=self.uncertainty() <= UNSURE,
            offset_ms=int(self._offset.total_seconds() * 1000),
            uncertainty_ms=int(self.uncertainty().total_seconds() * 1000),
        )
