"""Whether the bank can write its journal. While it cannot, nothing opens, and the page says so.

* A full, read-only or failing memory card: everything waits, and every five seconds one write is tried. When it works again the
  bank begins a new boot, as after a power cut: attempts under way end as `unknown_after_restart`, the doors are read anew.
* A file found damaged at the start: it is kept under another name, and an empty journal begins. What lies behind the doors is
  then known to the server alone, so nothing opens but for service, until somebody has looked at the doors and accepts it.
"""

import logging
from pathlib import Path
from typing import TYPE_CHECKING

from pickup.protocol.vocabulary import EventType

from . import database
from .database import JournalFailed
from .journal import TABLES, Journal

if TYPE_CHECKING:
    from .bank import Bank

log = logging.getLogger(__name__)

RETRY_SECONDS = 5.0
LOST_FACT = "lost_journal"
BOOT_NAME = "boot_id"


class Health:
    """The state of one bank's memory."""

    def __init__(self, bank: "Bank") -> None:
        self.bank = bank
        self.journal = bank.journal
        self._ill_since: float | None = None
        self._next_try = 0.0

    def trouble(self) -> str | None:
        """Return full, readonly, io, damaged, locked or lost; None when all is well."""
        if self.journal.db.trouble:
            return self.journal.db.trouble
        return "lost" if self.journal.fact(LOST_FACT) else None

    def is_well(self) -> bool:
        """Say whether the journal can be written; tries it again when it could not."""
        trouble, now = self.journal.db.trouble, self.bank.clock.mono()
        if trouble is None:
            return True
        if self._ill_since is None:
            log.error("The journal cannot be written: %s. Nothing opens.", trouble)
            self._ill_since, self._next_try = now, now + RETRY_SECONDS
        if now < self._next_try:
            return False
        self._next_try = now + RETRY_SECONDS
        return self._begin_anew(trouble)

    def report_loss(self) -> None:
        """Tell the server at each start that an empty journal waits to be accepted."""
        copy = self.journal.fact(LOST_FACT)
        if copy:
            self.journal.emit(EventType.JOURNAL_LOST, copy=copy)

    def accept(self) -> None:
        """Somebody has looked at the doors: an empty journal is trusted from now on."""
        with self.journal.transaction():
            self.journal.remember(LOST_FACT, None)
            self.journal.emit(EventType.JOURNAL_ACCEPTED)

    def _begin_anew(self, trouble: str) -> bool:
        self.journal.db.trouble = None
        try:
            with self.journal.transaction():
                self.bank.start()
                seconds = int(self.bank.clock.mono() - self._ill_since)
                self.journal.emit(EventType.JOURNAL_RECOVERED, why=trouble, seconds=seconds)
        except JournalFailed:
            return False
        log.warning("The journal can be written again after %d s.", seconds)
        self._ill_since = None
        return True


def open_journal(folder: Path, name: str) -> Journal:
    """Open the journal; one that is damaged is put aside, and the number of boots goes on all the same. Raises JournalFailed."""
    path = folder / name
    if not path.exists() or database.is_sound(path, TABLES):
        return Journal(path)
    aside = database.put_aside(path)
    journal = Journal(path)
    with journal.transaction():
        journal.remember("boot_id", _boots(folder))
        journal.remember(LOST_FACT, aside.name)
    return journal


def note_boot(folder: Path, boot_id: int) -> None:
    """Keep the number of boots beside the journal: the server refuses one that goes backwards."""
    try:
        fresh = folder / f"{BOOT_NAME}.new"
        fresh.write_text(str(boot_id), encoding="ascii")
        fresh.replace(folder / BOOT_NAME)
    except OSError as error:
        log.warning("The number of this boot cannot be kept: %s", error)


def _boots(folder: Path) -> int:
    try:
        return int((folder / BOOT_NAME).read_text(encoding="ascii"))
    except (OSError, ValueError):
        return 0
