"""How often something that does not answer is asked again: three times, then once a minute, and never not at all."""

from .base import CommError, Trouble

BUDGET = 3
COOL_DOWN_SECONDS = 60.0


class Outage:
    """The patience with one board, or with the port."""

    def __init__(self) -> None:
        self.trouble: Trouble | None = None
        """What is wrong, once the budget is spent."""
        self.known = False
        """It has answered, or failed for good, at least once."""
        self._failures = 0
        self._rests_until = float("-inf")

    def worth_asking(self, now: float) -> bool:
        """Say whether it is time to ask. A person who waits for a door is reason enough to ask all the same."""
        return now >= self._rests_until

    def answered(self) -> None:
        """The outage, if there was one, is over."""
        self.known = True
        self.trouble = None
        self._failures = 0
        self._rests_until = float("-inf")

    def failed(self, error: CommError, now: float) -> None:
        """It did not answer; when that was once too often, it rests for a minute."""
        self._failures += 1
        if self._failures < BUDGET:
            return
        self.known = True
        self.trouble = error.trouble
        self._rests_until = now + COOL_DOWN_SECONDS
