"""The bank's memory: one SQLite file, synced to disk before anything moves.

All callers hold the bank's lock; the connection is shared by the threads of the program.
"""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pickup.protocol.messages import Event, Response
from pickup.protocol.vocabulary import EventType, Outcome, Phase

from . import audit, database
from .audit import Audit
from .clock import RUNNING_FACT, TRUSTED_TIME_FACT, Clock

SCHEMA = """
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS outbox (
    boot_id INTEGER NOT NULL, seq INTEGER NOT NULL, kind TEXT NOT NULL, document TEXT NOT NULL,
    PRIMARY KEY (boot_id, seq)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS commands (
    command_id TEXT PRIMARY KEY, received_at REAL NOT NULL, outcome TEXT, detail TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS actuations (
    id TEXT PRIMARY KEY, compartment TEXT NOT NULL, leg INTEGER, purpose TEXT NOT NULL, shop INTEGER,
    remote INTEGER NOT NULL, command_id TEXT, message_id TEXT, at REAL NOT NULL, outcome TEXT
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS actuations_at ON actuations (at);
CREATE TABLE IF NOT EXISTS compartments (
    id TEXT PRIMARY KEY, svc TEXT NOT NULL, why TEXT, cycled INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS legs (
    leg INTEGER PRIMARY KEY, reservation INTEGER NOT NULL, temperature TEXT NOT NULL, size TEXT NOT NULL,
    low INTEGER NOT NULL, own_compartment INTEGER NOT NULL, expected INTEGER NOT NULL, pin_mac TEXT,
    hard_exp INTEGER, taught INTEGER NOT NULL, compartment TEXT NOT NULL, state TEXT NOT NULL,
    remarked INTEGER NOT NULL DEFAULT 0, opened_at REAL, closed_at REAL, done_at REAL
);
CREATE UNIQUE INDEX IF NOT EXISTS one_leg_per_compartment ON legs (compartment)
    WHERE state IN ('depositing', 'sealed');
CREATE TABLE IF NOT EXISTS parcels (
    leg INTEGER NOT NULL, shop INTEGER NOT NULL, at REAL NOT NULL, PRIMARY KEY (leg, shop)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS more_doors (
    compartment TEXT PRIMARY KEY, leg INTEGER NOT NULL, shop INTEGER, opened_at REAL, closed_at REAL
);
CREATE TABLE IF NOT EXISTS unanswered (leg INTEGER NOT NULL, shop INTEGER NOT NULL, PRIMARY KEY (leg, shop)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS stays (leg INTEGER PRIMARY KEY, at REAL NOT NULL, running REAL NOT NULL);
CREATE TABLE IF NOT EXISTS blocked_legs (leg INTEGER PRIMARY KEY, at REAL NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS consumed (jti TEXT PRIMARY KEY, at REAL NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS wrong_pins (at REAL NOT NULL);
"""
TABLES = (
    "facts",
    "outbox",
    "commands",
    "actuations",
    "compartments",
    "legs",
    "parcels",
    "stays",
    "consumed",
    "wrong_pins",
)
"""What must be readable before anything may open. The audit is checked on demand: it is long."""


class Journal:
    """Numbered outbox, single facts, and the connection for the tables of the other rooms."""

    def __init__(self, path: Path | str, clock: Clock | None = None) -> None:
        """Open or create the file at `path`. A clock must be set before events are written."""
        self.db = database.connect(path, SCHEMA + audit.SCHEMA)
        self.audit = Audit(self.db)
        self.clock = clock
        self.boot_id = 0
        self.news = threading.Event()

    def close(self) -> None:
        """Close the file."""
        self.db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit all writes inside together; an inner transaction joins the outer one."""
        if self.db.in_transaction:
            yield
            return
        self.db.execute("BEGIN IMMEDIATE")
        try:
            yield
            self.db.execute("COMMIT")
        except BaseException:
            if self.db.in_transaction:
                self.db.execute("ROLLBACK")
            raise

    def fact(self, name: str, default: object = None) -> object:
        """Return a single remembered value."""
        row = self.db.execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchone()
        return json.loads(row["value"]) if row else default

    def remember(self, name: str, value: object) -> None:
        """Keep a single value under a name."""
        self.db.execute("INSERT OR REPLACE INTO facts VALUES (?, ?)", (name, json.dumps(value)))

    def remember_time(self) -> None:
        """Keep how long the bank has run, and the moment that has certainly been reached: no start begins before it."""
        self.remember(RUNNING_FACT, self.clock.running())
        earliest = self.clock.earliest()
        if earliest:
            self.remember(TRUSTED_TIME_FACT, earliest.timestamp())

    def begin_boot(self) -> int:
        """Raise the boot number, start the numbering of events anew, and return the number."""
        with self.transaction():
            self.boot_id = int(self.fact("boot_id", 0)) + 1
            self.remember("boot_id", self.boot_id)
            self.remember("seq", 0)
        return self.boot_id

    def emit(self, kind: EventType, /, **data: object) -> None:
        """Put an event into the outbox."""
        with self.transaction():
            event = Event(
                seq=self._next_seq(),
                boot_id=self.boot_id,
                type=kind,
                at=self.clock.now(),
                mono_ms=self.clock.mono_ms(),
                data=data,
            )
            self._put("event", event)

    def respond(
        self,
        message_id: str,
        command_id: str,
        *,
        phase: Phase,
        outcome: Outcome | None = None,
        duplicate: bool = False,
        detail: dict | None = None,
    ) -> None:
        """Put the answer to a command into the outbox."""
        with self.transaction():
            response = Response(
                seq=self._next_seq(),
                boot_id=self.boot_id,
                at=self.clock.now(),
                mono_ms=self.clock.mono_ms(),
                message_id=message_id,
                command_id=command_id,
                phase=phase,
                outcome=outcome,
                duplicate=duplicate,
                detail=detail or {},
            )
            self._put("response", response)

    def unsent(self, most: int, *, after: tuple[int, int] = (0, 0)) -> tuple[tuple[Event, ...], tuple[Response, ...]]:
        """Return the oldest events and responses of the outbox above `(boot_id, seq)`, together at most `most`."""
        query = "SELECT kind, document FROM outbox WHERE (boot_id, seq) > (?, ?) ORDER BY boot_id, seq LIMIT ?"
        rows = self.db.execute(query, (*after, most)).fetchall()
        documents = [(row["kind"], json.loads(row["document"])) for row in rows]
        events = tuple(Event.read(document) for kind, document in documents if kind == "event")
        responses = tuple(Response.read(document) for kind, document in documents if kind == "response")
        return events, responses

    def unsent_count(self) -> int:
        """Return how many items the server has not confirmed."""
        return self.db.execute("SELECT count(*) FROM outbox").fetchone()[0]

    def forget_up_to(self, cursor: int) -> None:
        """Drop what the server has stored of the present boot."""
        self.db.execute("DELETE FROM outbox WHERE boot_id = ? AND seq <= ?", (self.boot_id, cursor))

    def forget_earlier_boot(self, boot_id: int, seq: int) -> None:
        """Drop one item of an earlier boot that the server has stored."""
        if boot_id < self.boot_id:
            self.db.execute("DELETE FROM outbox WHERE boot_id = ? AND seq = ?", (boot_id, seq))

    def _next_seq(self) -> int:
        seq = int(self.fact("seq", 0)) + 1
        self.remember("seq", seq)
        return seq

    def _put(self, kind: str, item: Event | Response) -> None:
        document = item.as_document()
        self.db.execute("INSERT INTO outbox VALUES (?, ?, ?, ?)", (item.boot_id, item.seq, kind, json.dumps(document)))
        self.audit.append(document)
        self.remember_time()
        self.news.set()
