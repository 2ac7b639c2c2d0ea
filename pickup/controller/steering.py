"""A clock that somebody else steers: ten minutes pass in a moment, for rehearsals such as the conformance kit.

The configuration accepts it only for a bank without real doors whose server is on this very computer.
"""

import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

LOOK_SECONDS = 0.002


class SteeredTicker:
    """Both clocks of a computer, read from a file that holds two numbers.

    The first is the monotonic clock in seconds, the second what the system clock shows, in seconds since 1970 UTC.
    Whoever steers replaces the file in one step.
    """

    def __init__(self, file: Path) -> None:
        self.file = file

    def wall(self) -> datetime:
        """Return what the system clock shows."""
        return datetime.fromtimestamp(0, UTC) + timedelta(seconds=self._read()[1])

    def mono(self) -> float:
        """Return the monotonic clock."""
        return self._read()[0]

    def wait(self, event: threading.Event, seconds: float) -> bool:
        """Wait until the event is set or the steered clock has gone on by so many seconds."""
        end = self.mono() + seconds
        while not event.is_set() and self.mono() < end:
            time.sleep(LOOK_SECONDS)
        return event.is_set()

    def _read(self) -> tuple[float, float]:
        mono, wall = self.file.read_text(encoding="ascii").split()
        return float(mono), float(wall)


def steer(file: Path, *, mono: float, wall: datetime) -> None:
    """Set both clocks of whoever reads this file."""
    unfinished = file.with_suffix(".new")
    unfinished.write_text(f"{mono:.6f} {wall.timestamp():.6f}", encoding="ascii")
    unfinished.replace(file)
