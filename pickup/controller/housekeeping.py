"""What must be done from time to time so that the bank's memory stays right and small.

Every minute, as with each event, the time is stored, so that no start begins before it. Every hour the audit is sealed and the seal
reported. Once a day what is old is dropped, but only while the clock is sure: a wrong date must not empty the book.
"""

from typing import TYPE_CHECKING

from pickup.protocol.vocabulary import Alert, EventType

from .audit import SEAL_SECONDS, device_key

if TYPE_CHECKING:
    from .bank import Bank

TIME_SECONDS = 60
FIRST_SECONDS = 600
DAY = 24 * 3600
COMMAND_DAYS = 7
MOST_UNSENT = 100_000
"""About 30 MB, three months of a busy bank: more is dropped from the old end. The audit still has it."""


class Housekeeping:
    """Called with every tick; knows what is due."""

    def __init__(self, bank: "Bank") -> None:
        self.bank = bank
        self.journal = bank.journal
        self.clock = bank.clock
        self.key = device_key(bank.config.state_dir)
        self._due = dict.fromkeys(("time", "seal", "day"), 0.0)

    def start(self) -> None:
        """Begin a boot: the first seal is made soon, so that the server hears of a tail that was cut off."""
        now = self.clock.mono()
        self._due = {"time": now, "seal": now + FIRST_SECONDS, "day": now + FIRST_SECONDS}

    def tick(self) -> None:
        """Do what is due."""
        self._report_step()
        if self._is_due("time", TIME_SECONDS):
            self.store_time()
        if self._is_due("seal", SEAL_SECONDS):
            self.seal()
        if self._is_due("day", DAY):
            self.tidy()

    def store_time(self) -> None:
        """Store how long the bank has run, and the time; a sure clock goes below it no more."""
        if self.clock.is_sure():
            self.clock.trust()
        with self.journal.transaction():
            self.journal.remember_time()

    def seal(self) -> None:
        """Sign the newest row of the audit and report it."""
        with self.journal.transaction():
            seal = self.journal.audit.seal(self.key, bank=self.bank.config.bank, at=self.clock.now())
            if seal:
                self.journal.emit(EventType.AUDIT_SEALED, **seal)

    def tidy(self) -> None:
        """Drop what nobody asks for any more, and bring the log of writes back into the file."""
        with self.journal.transaction():
            self._bound_outbox()
            if self.clock.is_sure():
                now = self.clock.timestamp()
                self.bank.legs.prune()
                self.journal.audit.cut(self.clock.now())
                self.journal.db.execute("DELETE FROM commands WHERE received_at < ?", (now - COMMAND_DAYS * DAY,))
        self.journal.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def _bound_outbox(self) -> None:
        count = self.journal.db.execute("SELECT COUNT(*) FROM outbox").fetchone()[0]
        if count <= MOST_UNSENT:
            return
        many = count - MOST_UNSENT
        self.journal.db.execute(
            "DELETE FROM outbox WHERE (boot_id, seq) IN"
            " (SELECT boot_id, seq FROM outbox ORDER BY boot_id, seq LIMIT ?)",
            (many,),
        )
        self.journal.emit(EventType.ALERT, why=Alert.OUTBOX_FULL, detail=f"{many} reports dropped")

    def _report_step(self) -> None:
        step = self.clock.take_step()
        if step is not None:
            self.journal.emit(EventType.CLOCK_STEPPED, by_ms=int(step.total_seconds() * 1000))

    def _is_due(self, name: str, pause: float) -> bool:
        now = self.clock.mono()
        if now < self._due[name]:
            return False
        self._due[name] = now + pause
        return True
