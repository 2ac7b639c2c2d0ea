"""The doors that a leg has beside its own: when its goods do not fit one compartment, or are being carried over.

Until a shopkeeper has said that everything was carried, the goods may be behind both doors, so the resident's
code opens both. `shop` is set where one shop keeps its goods apart from the others.
"""

import sqlite3

from .clock import Clock
from .journal import Journal


class MoreDoors:
    """The table `more_doors` of the journal."""

    def __init__(self, journal: Journal, clock: Clock) -> None:
        self.journal = journal
        self.clock = clock

    def add(self, leg: int, compartment: str, shop: int | None = None) -> None:
        """Give the leg one more door; whatever was known of that compartment is over."""
        self.journal.db.execute(
            "INSERT OR REPLACE INTO more_doors (compartment, leg, shop) VALUES (?, ?, ?)", (compartment, leg, shop)
        )

    def of(self, leg: int) -> list[str]:
        """Return the compartments, in the order in which they were added."""
        return [row["compartment"] for row in self._rows("leg = ?", leg)]

    def of_shop(self, leg: int, shop: int) -> str | None:
        """Return the compartment that a shop has to itself, if any."""
        return next((row["compartment"] for row in self._rows("leg = ? AND shop = ?", leg, shop)), None)

    def legs(self) -> dict[str, int]:
        """Return compartment -> leg, over all."""
        return {row["compartment"]: row["leg"] for row in self._rows("1")}

    def drop(self, compartment: str) -> None:
        """Take a door away from its leg: it is empty."""
        self.journal.db.execute("DELETE FROM more_doors WHERE compartment = ?", (compartment,))

    def drop_all(self, leg: int) -> None:
        """Take all of them away: the leg is over."""
        self.journal.db.execute("DELETE FROM more_doors WHERE leg = ?", (leg,))

    def holds(self, leg: int, compartment: str) -> bool:
        """Say whether this is one of them."""
        return compartment in self.of(leg)

    def opened(self, compartment: str) -> None:
        """Note an opening edge; an earlier closing no longer counts."""
        now = self.clock.timestamp()
        self._set(compartment, "opened_at = ?, closed_at = NULL", now)

    def closed(self, compartment: str) -> None:
        """Note a closing edge."""
        self._set(compartment, "closed_at = ?", self.clock.timestamp())

    def reopening(self, compartment: str) -> None:
        """Note that the door is about to be opened for the resident."""
        self._set(compartment, "closed_at = NULL")

    def all_closed_since(self, leg: int, moment: float) -> bool:
        """Say whether each was opened and then closed at that moment or before (rule 2.7)."""
        return all(
            row["opened_at"] and row["closed_at"] and row["closed_at"] <= moment for row in self._rows("leg = ?", leg)
        )

    def _rows(self, condition: str, *values: object) -> list[sqlite3.Row]:
        query = f"SELECT * FROM more_doors WHERE {condition} ORDER BY rowid"  # noqa: S608 conditions are written above
        return self.journal.db.execute(query, values).fetchall()

    def _set(self, compartment: str, change: str, *values: object) -> None:
        query = f"UPDATE more_doors SET {change} WHERE compartment = ?"  # noqa: S608 changes are written above
        self.journal.db.execute(query, (*values, compartment))
