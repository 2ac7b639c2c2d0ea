"""The journal's record of attempts to open a door: written before the pulse, closed with the outcome."""

from pickup.protocol.vocabulary import Outcome

from .actuation import Actuation, recalled
from .clock import Clock
from .journal import Journal


class Attempts:
    """The table `actuations`."""

    def __init__(self, journal: Journal, clock: Clock) -> None:
        self.journal = journal
        self.clock = clock

    def write(self, actuation: Actuation) -> None:
        """Put the attempt on disk."""
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

    def write_outcome(self, actuation: Actuation) -> None:
        """Note how the attempt ended."""
        self.journal.db.execute("UPDATE actuations SET outcome = ? WHERE id = ?", (actuation.outcome, actuation.id))

    def cut_short(self) -> list[Actuation]:
        """Close every attempt that a restart left open, and return them, oldest first."""
        rows = self.journal.db.execute("SELECT * FROM actuations WHERE outcome IS NULL ORDER BY at").fetchall()
        found = [recalled(row, Outcome.UNKNOWN_AFTER_RESTART) for row in rows]
        for actuation in found:
            self.write_outcome(actuation)
        return found

    def last_at(self, compartment: str) -> Actuation | None:
        """Return the last attempt at a door, if it is over."""
        query = "SELECT * FROM actuations WHERE compartment = ? ORDER BY at DESC LIMIT 1"
        row = self.journal.db.execute(query, (compartment,)).fetchone()
        return recalled(row, Outcome(row["outcome"])) if row and row["outcome"] else None
