"""The file under the journal: how it is opened, what a full or dying memory card looks like, what becomes of a damaged file.

WAL with `synchronous=FULL`: what a committed transaction says is still there after the plug was pulled.
"""

import logging
import shutil
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from .refused import Refused

log = logging.getLogger(__name__)

COMPANIONS = ("", "-wal", "-shm")
MOST_WAL_BYTES = 4_000_000
DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
WORDS = {
    sqlite3.SQLITE_FULL: "full",
    sqlite3.SQLITE_READONLY: "readonly",
    sqlite3.SQLITE_IOERR: "io",
    sqlite3.SQLITE_CANTOPEN: "io",
    sqlite3.SQLITE_CORRUPT: "damaged",
    sqlite3.SQLITE_NOTADB: "damaged",
}
PRIMARY_CODE = 0xFF


class JournalFailed(Refused):
    """The journal cannot be written or read. Nothing may open; `trouble` is full, readonly, io, damaged or locked."""

    def __init__(self, trouble: str) -> None:
        super().__init__("no_journal")
        self.trouble = trouble


class Connection(sqlite3.Connection):
    """A connection that says `JournalFailed` for what the memory card does, and lets our own mistakes fly."""

    trouble: str | None = None
    """What went wrong last, until somebody has tried again."""

    def execute(self, *arguments):
        """Run one statement."""
        with self._naming_trouble():
            return super().execute(*arguments)

    def executescript(self, *arguments):
        """Run several."""
        with self._naming_trouble():
            return super().executescript(*arguments)

    @contextmanager
    def _naming_trouble(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.DatabaseError as error:
            trouble = trouble_of(error)
            if trouble is None:
                raise
            self.trouble = trouble
            raise JournalFailed(trouble) from error


def trouble_of(error: sqlite3.Error) -> str | None:
    """Name what is wrong with the file, or None when the statement itself was wrong."""
    code = getattr(error, "sqlite_errorcode", None)
    if code is None or isinstance(error, sqlite3.IntegrityError | sqlite3.ProgrammingError):
        return None
    if code & PRIMARY_CODE in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return "locked"
    return WORDS.get(code & PRIMARY_CODE)


def connect(path: Path | str, schema: str) -> Connection:
    """Open or create the file; its tables come in one write, so that a new file has all or none. Raises JournalFailed."""
    db = sqlite3.connect(path, isolation_level=None, check_same_thread=False, factory=Connection)
    db.row_factory = sqlite3.Row
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=FULL")
    db.execute(f"PRAGMA journal_size_limit={MOST_WAL_BYTES}")
    db.executescript(f"BEGIN IMMEDIATE;{schema}COMMIT;")
    return db


def is_sound(path: Path, tables: Iterable[str]) -> bool:
    """Say whether an existing file is whole: its head, and every page of `tables`. Raises JournalFailed when it cannot be read."""
    try:
        db = sqlite3.connect(path)
        try:
            there = {name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            found = [db.execute(f"PRAGMA quick_check('{table}')").fetchone()[0] for table in there & set(tables)]
        finally:
            db.close()
    except sqlite3.DatabaseError as error:
        trouble = trouble_of(error)
        if trouble == "damaged":
            return False
        if trouble is None:
            raise
        raise JournalFailed(trouble) from error
    return all(answer == "ok" for answer in found)


def put_aside(path: Path) -> Path:
    """Keep a damaged file under another name, with what belongs to it, and return the name."""
    aside = path.with_name(f"{path.name}.damaged-{datetime.now(UTC):%Y%m%dT%H%M%S%f}")
    for companion in COMPANIONS:
        part = Path(f"{path}{companion}")
        if part.exists():
            shutil.move(part, f"{aside}{companion}")
    log.error("The journal was damaged. It is kept as %s.", aside)
    return aside
