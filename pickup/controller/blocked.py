"""Food that is not handed out any more, because it was too warm for too long; a person decides what becomes of it."""

from .clock import Clock
from .journal import Journal


class BlockedLegs:
    """The table `blocked_legs`."""

    def __init__(self, journal: Journal, clock: Clock) -> None:
        self.journal = journal
        self.clock = clock

    def __contains__(self, leg: int) -> bool:
        return bool(self.journal.db.execute("SELECT 1 FROM blocked_legs WHERE leg = ?", (leg,)).fetchone())

    def add(self, leg: int) -> None:
        """Hand this leg out no more."""
        self.journal.db.execute("INSERT OR IGNORE INTO blocked_legs VALUES (?, ?)", (leg, self.clock.timestamp()))

    def remove(self, leg: int) -> None:
        """Somebody has looked at it and found it in order."""
        self.journal.db.execute("DELETE FROM blocked_legs WHERE leg = ?", (leg,))

    def prune(self, since: float) -> None:
        """Drop what was blocked before that moment and is gone from the book."""
        self.journal.db.execute("DELETE FROM blocked_legs WHERE at < ? AND leg NOT IN (SELECT leg FROM legs)", (since,))
