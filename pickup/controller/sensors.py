"""What one door sensor is believed to say: three failed readings, half a second of settling, and no more than that.

            read closed for 0.5 s, or 3 readings failed
    open ----------------------------------------------> closed | unknown
    closed --read open, at once after a pulse, else for 0.5 s--> open

A reading that takes itself back within half a second is a flap; three flaps in a minute make the sensor suspect.
"""

from collections import deque
from enum import StrEnum

from pickup.protocol.vocabulary import Door

SETTLE_SECONDS = 0.5
FAILED_READS = 3
MOST_FLAPS = 3
FLAP_WINDOW_SECONDS = 60.0


class Change(StrEnum):
    """What a reading changed."""

    OPENED = "opened"
    CLOSED = "closed"
    FOUND_OPEN = "found_open"
    """Open at the first reading, or still open after a time without readings: no edge."""
    LOST = "lost"
    SUSPECT = "suspect"


class Sensor:
    """One door's sensor."""

    def __init__(self) -> None:
        self.state = Door.UNKNOWN
        self._known: Door | None = None
        self._failed = 0
        self._doubt_since: float | None = None
        self._flaps: deque[float] = deque(maxlen=MOST_FLAPS)

    def read(self, said: Door, now: float, *, expected: bool) -> Change | None:
        """Take one reading. `expected`: the lock was pulsed in the last seconds, so an opening is believed at once."""
        if said is Door.UNKNOWN:
            return self._miss()
        self._failed = 0
        if self.state is Door.UNKNOWN:
            return self._find(said)
        if said is self.state:
            return self._take_back(now)
        if said is Door.OPEN and expected:
            return self._turn(said)
        if self._doubt_since is None:
            self._doubt_since = now
        return self._turn(said) if now - self._doubt_since >= SETTLE_SECONDS else None

    def _miss(self) -> Change | None:
        self._failed += 1
        if self._failed < FAILED_READS or self.state is Door.UNKNOWN:
            return None
        self.state, self._doubt_since = Door.UNKNOWN, None
        return Change.LOST

    def _find(self, said: Door) -> Change | None:
        before, self._known, self.state = self._known, said, said
        if said is Door.OPEN:
            return Change.OPENED if before is Door.CLOSED else Change.FOUND_OPEN
        return Change.CLOSED if before is Door.OPEN else None

    def _turn(self, said: Door) -> Change:
        self.state = self._known = said
        self._doubt_since = None
        return Change.OPENED if said is Door.OPEN else Change.CLOSED

    def _take_back(self, now: float) -> Change | None:
        if self._doubt_since is None:
            return None
        self._doubt_since = None
        self._flaps.append(now)
        if len(self._flaps) < MOST_FLAPS or now - self._flaps[0] > FLAP_WINDOW_SECONDS:
            return None
        self._flaps.clear()
        return Change.SUSPECT
