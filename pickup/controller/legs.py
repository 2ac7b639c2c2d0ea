"""The goods behind the doors, as this bank knows them: which leg is where, and how far it has come.

depositing --all expected parcels are in--> sealed --claim or rule 2.7--> collected
    |                                         |
    +--nothing was put in--> (forgotten)      +--cleared by an operator--> cleared
"""

import json
from collections.abc import Iterable

from pickup.protocol.authlist import AuthEntry, AuthList
from pickup.protocol.vocabulary import Purpose, Temperature

from .ages import Ages
from .blocked import BlockedLegs
from .clock import Clock
from .journal import Journal
from .more_doors import MoreDoors
from .terms import Leg, State, Terms
from .unanswered import Unanswered

GRACE_SECONDS = 15 * 60
TIMEOUT_SECONDS = 90
LONGEST_STAY_SECONDS = 72 * 3600
KEEP_SECONDS = 30 * 24 * 3600


class Legs:
    """The book of legs and parcels in the journal."""

    def __init__(self, journal: Journal, clock: Clock) -> None:
        self.journal = journal
        self.clock = clock
        self.ages = Ages(clock)
        self.more = MoreDoors(journal, clock)
        self.blocked = BlockedLegs(journal, clock)
        self.unanswered = Unanswered(journal)

    def find(self, leg: int) -> Leg | None:
        """Return one leg, or None if the bank has never handled it."""
        row = self.journal.db.execute("SELECT * FROM legs WHERE leg = ?", (leg,)).fetchone()
        return Leg.of_row(row) if row else None

    def of_reservation(self, reservation: int) -> list[Leg]:
        """Return the legs of a reservation, frozen goods last."""
        rows = self.journal.db.execute("SELECT * FROM legs WHERE reservation = ?", (reservation,))
        return sorted(map(Leg.of_row, rows), key=lambda leg: (leg.temperature is Temperature.FROZEN, leg.leg))

    def all(self) -> list[Leg]:
        """Return every leg that the book still holds."""
        return [Leg.of_row(row) for row in self.journal.db.execute("SELECT * FROM legs ORDER BY leg")]

    def taken_compartments(self) -> dict[str, int]:
        """Return compartment -> leg for all that are not free."""
        holding = {leg.leg: leg.compartment for leg in self.all() if self._holds_compartment(leg)}
        more = {compartment: leg for compartment, leg in self.more.legs().items() if leg in holding}
        return {**{compartment: leg for leg, compartment in holding.items()}, **more}

    def goods_at(self, compartment: str) -> int | None:
        """Return the leg whose goods are, or may be, in this compartment; what was collected is gone, grace or not."""
        leg = self.taken_compartments().get(compartment)
        return None if leg is None or self.find(leg).state is State.COLLECTED else leg

    def in_grace(self, leg: Leg) -> bool:
        """Say whether the resident may open once more although the leg is collected."""
        return leg.state is State.COLLECTED and min(self._seconds_since_the_end(leg)) <= GRACE_SECONDS

    def doors_of(self, leg: Leg) -> list[str]:
        """Return all compartments that the goods of a leg may be in, its own first."""
        return [leg.compartment, *self.more.of(leg.leg)]

    def bind(self, terms: Terms, compartment: str, state: State = State.DEPOSITING) -> Leg:
        """Write down that this leg is, or will be, in this compartment."""
        self.journal.db.execute(
            "INSERT INTO legs (leg, reservation, temperature, size, low, own_compartment, expected, pin_mac,"
            " hard_exp, taught, compartment, state) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                terms.leg,
                terms.reservation,
                terms.temperature,
                terms.size,
                terms.low,
                terms.own_compartment,
                terms.expected,
                terms.pin_mac,
                terms.hard_exp,
                terms.taught,
                compartment,
                state,
            ),
        )
        return self.find(terms.leg)

    def move(self, leg: int, compartment: str) -> None:
        """Say that the leg's own compartment is another one."""
        self.more.drop(compartment)
        self._set(leg, compartment=compartment)

    def leave(self, leg: Leg, compartment: str) -> bool:
        """Say that one of several compartments of a leg is empty; False when it has no other."""
        others = [door for door in self.doors_of(leg) if door != compartment]
        if not others:
            return False
        if compartment == leg.compartment:
            self.move(leg.leg, others[0])
        else:
            self.more.drop(compartment)
        return True

    def forget(self, leg: int) -> None:
        """Drop a leg that holds no goods, which frees its compartment."""
        self.journal.db.execute("DELETE FROM legs WHERE leg = ?", (leg,))
        self.more.drop_all(leg)
        self.unanswered.drop_all(leg)

    def may_hold_goods(self, leg: int) -> bool:
        """Say whether a shop has put something in, or went from the open door without saying so."""
        return bool(self.shops_inside(leg)) or leg in self.unanswered

    def shops_inside(self, leg: int) -> dict[int, float]:
        """Return shop -> moment of its deposit."""
        rows = self.journal.db.execute("SELECT shop, at FROM parcels WHERE leg = ?", (leg,))
        return {row["shop"]: row["at"] for row in rows}

    def put_in(self, leg: int, shop: int) -> int:
        """Note the parcel of a shop and return how many are inside now."""
        now = self.clock.timestamp()
        if self.journal.db.execute("INSERT OR IGNORE INTO parcels VALUES (?, ?, ?)", (leg, shop, now)).rowcount:
            self.ages.begin("parcel", (leg, shop))
        self.journal.db.execute("INSERT OR IGNORE INTO stays VALUES (?, ?, ?)", (leg, now, self.clock.running()))
        return len(self.shops_inside(leg))

    def seconds_left(self, leg: Leg) -> float | None:
        """Return how long goods with a final end may still stay, counted while the bank ran; None when that is not known.

        The stay agreed at the first deposit, less the running time since: a wrong date cannot shorten or lengthen it. Without
        power nothing is counted; that is what the log of the zone is for.
        """
        row = self.journal.db.execute("SELECT at, running FROM stays WHERE leg = ?", (leg.leg,)).fetchone()
        if row is None or leg.hard_exp is None:
            return None
        agreed = min(leg.hard_exp - row["at"], LONGEST_STAY_SECONDS)
        return agreed - (self.clock.running() - row["running"])

    def seal_if_complete(self, leg: Leg) -> bool:
        """Seal the leg when all that it waits for is inside; say whether it was sealed now."""
        inside = len(self.shops_inside(leg.leg))
        if leg.state is not State.DEPOSITING or not 0 < leg.expected <= inside:
            return False
        self._set(leg.leg, state=State.SEALED)
        return True

    def opened(self, leg: int, compartment: str) -> None:
        """Note an opening edge; an earlier closing no longer counts."""
        if self.more.holds(leg, compartment):
            return self.more.opened(compartment)
        return self._set(leg, opened_at=self.clock.timestamp(), closed_at=None)

    def closed(self, leg: int, compartment: str) -> None:
        """Note a closing edge."""
        self.ages.begin("closed", leg)
        if self.more.holds(leg, compartment):
            return self.more.closed(compartment)
        return self._set(leg, closed_at=self.clock.timestamp())

    def reopening(self, leg: int, compartment: str) -> None:
        """Note that the door is about to be opened for the resident: the 90 s begin anew."""
        if self.more.holds(leg, compartment):
            return self.more.reopening(compartment)
        return self._set(leg, closed_at=None)

    def remarked(self, leg: int) -> None:
        """Note that the resident found something wrong: no completion without a claim."""
        self._set(leg, remarked=True)

    def complete(self, leg: int, state: State = State.COLLECTED) -> None:
        """Note that the goods are gone."""
        self.ages.begin("done", leg)
        self._set(leg, state=state, done_at=self.clock.timestamp())

    def lately_collected(self, seconds: int) -> list[Leg]:
        """Return legs that have been collected for so long, and still hold their compartment."""
        rows = self.journal.db.execute(
            "SELECT * FROM legs WHERE state = ? AND (done_at >= ? OR leg IN (SELECT value FROM json_each(?)))",
            (
                State.COLLECTED,
                self.clock.timestamp() - GRACE_SECONDS,
                json.dumps(self.ages.younger_than(GRACE_SECONDS, "done")),
            ),
        )
        return [
            leg
            for leg in map(Leg.of_row, rows)
            if self.in_grace(leg) and min(self._seconds_since_the_end(leg)) >= seconds
        ]

    def due_for_timeout(self) -> list[Leg]:
        """Return sealed legs that were opened, then closed, 90 s ago or longer (rule 2.7).

        A step of the clock shortens nothing: closings of this start are measured on the monotonic clock too.
        """
        since = self.clock.timestamp() - TIMEOUT_SECONDS
        rows = self.journal.db.execute(
            "SELECT * FROM legs WHERE state = ? AND NOT remarked AND opened_at IS NOT NULL AND closed_at <= ?",
            (State.SEALED, since),
        )
        return [
            leg
            for leg in map(Leg.of_row, rows)
            if self.more.all_closed_since(leg.leg, since)
            and self.ages.seconds("closed", leg.leg, at=leg.closed_at) >= TIMEOUT_SECONDS
        ]

    def follow(self, authlist: AuthList) -> None:
        """Take over what a new list says of the legs here; some are sealed by it, empty ones forgotten."""
        by_leg = _by_leg(authlist.entries)
        for leg in self.all():
            entries = by_leg.get(leg.leg)
            if leg.state not in (State.DEPOSITING, State.SEALED):
                continue
            if entries:
                self._update(leg, entries)
                self.seal_if_complete(self.find(leg.leg))
            elif not leg.taught and leg.state is State.DEPOSITING and not self.shops_inside(leg.leg):
                self.forget(leg.leg)

    def prune(self) -> None:
        """Drop what was over a month ago."""
        self.ages.prune(KEEP_SECONDS)
        since = self.clock.timestamp() - KEEP_SECONDS
        self.journal.db.execute("DELETE FROM legs WHERE done_at < ?", (since,))
        self.journal.db.execute("DELETE FROM parcels WHERE at < ? AND leg NOT IN (SELECT leg FROM legs)", (since,))
        self.journal.db.execute("DELETE FROM more_doors WHERE leg NOT IN (SELECT leg FROM legs)")
        self.journal.db.execute("DELETE FROM stays WHERE at < ? AND leg NOT IN (SELECT leg FROM legs)", (since,))
        self.blocked.prune(since)
        self.unanswered.prune()
        self.journal.db.execute("DELETE FROM consumed WHERE at < ?", (since,))
        self.journal.db.execute("DELETE FROM actuations WHERE at < ?", (since,))

    def _holds_compartment(self, leg: Leg) -> bool:
        return leg.state in (State.DEPOSITING, State.SEALED) or self.in_grace(leg)

    def _seconds_since_the_end(self, leg: Leg) -> list[float]:
        """Return how long ago a collected leg was completed and, unless its door is open again, closed."""
        ends = (("done", leg.done_at), ("closed", leg.closed_at))
        return [self.ages.seconds(what, leg.leg, at=at) for what, at in ends if at is not None]

    def _update(self, leg: Leg, entries: list[AuthEntry]) -> None:
        collect = next((entry for entry in entries if entry.purpose is Purpose.COLLECT), None)
        expected = (collect or entries[0]).parcels_expected
        self._set(leg.leg, taught=False, expected=expected)
        if collect:
            self._set(leg.leg, pin_mac=collect.pin_mac, hard_exp=collect.hard_exp)

    def _set(self, leg: int, **values: object) -> None:
        names = ", ".join(f"{name} = ?" for name in values)
        self.journal.db.execute(
            f"UPDATE legs SET {names} WHERE leg = ?",  # noqa: S608 the names are written in this file
            (*values.values(), leg),
        )


def _by_leg(entries: Iterable[AuthEntry]) -> dict[int, list[AuthEntry]]:
    found: dict[int, list[AuthEntry]] = {}
    for entry in entries:
        found.setdefault(entry.leg, []).append(entry)
    return found
