"""How long ago things happened at this bank, whatever has been done to its clock since."""

import math

from .clock import STEP, Clock


class Ages:
    """Measures on the monotonic clock what happened in this start of the program, and by its date what happened before.

    So a step of the clock neither ends nor lengthens a time that somebody was promised.
    """

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self._began: dict[tuple, float] = {}

    def begin(self, *what: object) -> None:
        """Say that this has happened now."""
        self._began[what] = self.clock.mono()

    def seconds(self, *what: object, at: float) -> float:
        """Return how long ago it happened; `at` is its date in the journal.

        A date that is still to come was written by a wrong clock: for ever, so that no right lasts until then.
        """
        began = self._began.get(what)
        if began is not None:
            return self.clock.mono() - began
        age = self.clock.timestamp() - at
        return age if age >= -STEP.total_seconds() else math.inf

    def younger_than(self, seconds: float, kind: str) -> list[object]:
        """Return what of this kind happened in this start, and less than so many seconds ago."""
        since = self.clock.mono() - seconds
        return [name for (each, name), began in self._began.items() if each == kind and began >= since]

    def prune(self, seconds: float) -> None:
        """Forget what is older; its date is enough for it."""
        since = self.clock.mono() - seconds
        self._began = {what: began for what, began in self._began.items() if began >= since}
