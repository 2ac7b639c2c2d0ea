"""Shops that had a door opened and went without an answer: their goods may be inside, although nobody has said so."""

from .journal import Journal


class Unanswered:
    """The table `unanswered`."""

    def __init__(self, journal: Journal) -> None:
        self.journal = journal

    def __contains__(self, leg: int) -> bool:
        return bool(self.journal.db.execute("SELECT 1 FROM unanswered WHERE leg = ?", (leg,)).fetchone())

    def add(self, leg: int, shop: int) -> None:
        """A door of a leg in the book has opened for this shop."""
        self.journal.db.execute(
            "INSERT OR IGNORE INTO unanswered SELECT leg, ? FROM legs WHERE leg = ?",
            (shop, leg),
        )

    def answered(self, leg: int, shop: int) -> None:
        """The shop has said what it did."""
        self.journal.db.execute("DELETE FROM unanswered WHERE leg = ? AND shop = ?", (leg, shop))

    def drop_all(self, leg: int) -> None:
        """The leg is forgotten."""
        self.journal.db.execute("DELETE FROM unanswered WHERE leg = ?", (leg,))

    def prune(self) -> None:
        """Drop what belongs to no leg of the book any more."""
        self.journal.db.execute("DELETE FROM unanswered WHERE leg NOT IN (SELECT leg FROM legs)")
