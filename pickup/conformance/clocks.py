"""Time of a rehearsal: steered, so that ten minutes pass in a moment, or real, for a controller that cannot be steered."""

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

from .papers import START


class RehearsalClock(Protocol):
    """How a rehearsal lets time pass."""

    def now(self) -> datetime:
        """Return the true time, the server's."""

    def advance(self, seconds: float) -> None:
        """Let time pass."""

    def settings(self) -> dict:
        """What the controller's configuration says about it."""


class SteeredClock:
    """The file that a controller with `steered_clock` reads its two clocks from: monotonic seconds and seconds since 1970."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.seconds = 0.0
        self.fault = timedelta()
        """How wrong the bank's own system clock is."""
        self._write()

    def now(self) -> datetime:
        """Return the true time."""
        return START + timedelta(seconds=self.seconds)

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self.seconds += seconds
        self._write()

    def go_wrong(self, fault: timedelta) -> None:
        """Set the bank's system clock wrong."""
        self.fault = fault
        self._write()

    def settings(self) -> dict:
        """The entry for the controller's configuration."""
        return {"steered_clock": str(self.file)}

    def _write(self) -> None:
        unfinished = self.file.with_suffix(".new")
        wall = (self.now() + self.fault).timestamp()
        unfinished.write_text(f"{self.seconds:.6f} {wall:.6f}", encoding="ascii")
        unfinished.replace(self.file)


class RealClock:
    """The clock of this computer."""

    def now(self) -> datetime:
        """Return the time."""
        return datetime.now(UTC)

    def advance(self, seconds: float) -> None:
        """Sleep."""
        time.sleep(seconds)

    def settings(self) -> dict:
        """Nothing to configure."""
        return {}
