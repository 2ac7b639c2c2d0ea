"""The bank's own record of what happened and what it refused: append-only, each row bound to the one before it.

    hash = SHA-256(prev_hash . n . document)

so that a row that is changed, taken out or moved breaks the chain. Every hour the newest row is sealed with the device's key,
and the server is told its number and hash: a tail that is cut off is missing there. Rows go with the event they record, in one
transaction. After 18 months they are dropped, up to a seal, which then holds the chain's end.
"""

import hashlib
import json
import os
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from pickup.protocol import envelope
from pickup.protocol.envelope import DEVICE_KID as KID
from pickup.protocol.errors import BadMessage, ProtocolError
from pickup.protocol.vocabulary import EventType

GENESIS = "0" * 64
KEEP = timedelta(days=548)
SEAL_SECONDS = 3600
KEY_NAME = "device.key"
NOT_KEPT = {EventType.ZONE_TEMPERATURE, EventType.AUDIT_SEALED}
"""Readings are nobody's deed and go to the zone log of the server; a seal stands beside the rows."""

SCHEMA = """
CREATE TABLE IF NOT EXISTS audit (
    n INTEGER PRIMARY KEY, at TEXT NOT NULL, document TEXT NOT NULL, prev_hash TEXT NOT NULL, hash TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS audit_seals (n INTEGER PRIMARY KEY, document TEXT NOT NULL);
CREATE TRIGGER IF NOT EXISTS audit_is_not_changed BEFORE UPDATE ON audit
    BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
CREATE TRIGGER IF NOT EXISTS audit_is_cut_at_a_seal BEFORE DELETE ON audit
    WHEN old.n > (SELECT COALESCE(MAX(CAST(value AS INTEGER)), 0) FROM facts WHERE name = 'audit_cut')
    BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
"""


@dataclass(frozen=True, kw_only=True)
class Head:
    """The newest row."""

    n: int
    hash: str


class Audit:
    """The chain in the journal's file."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db

    def append(self, document: dict) -> None:
        """Write one event or answer down. The caller's transaction holds it together with the deed."""
        if document["type"] in NOT_KEPT:
            return
        head = self.head()
        text = json.dumps(document, sort_keys=True, ensure_ascii=False)
        self.db.execute(
            "INSERT INTO audit VALUES (?, ?, ?, ?, ?)",
            (head.n + 1, document["at"], text, head.hash, link(head.hash, head.n + 1, text)),
        )

    def head(self) -> Head:
        """Return the newest row, or what the newest seal says when there is none."""
        row = self.db.execute("SELECT n, hash FROM audit ORDER BY n DESC LIMIT 1").fetchone()
        if row:
            return Head(n=row["n"], hash=row["hash"])
        seal = self.last_seal()
        return Head(n=seal["n"], hash=seal["hash"]) if seal else Head(n=0, hash=GENESIS)

    def hash_of(self, n: int) -> str | None:
        """Return the hash of a row as it is now; None when it is not there."""
        row = self.db.execute("SELECT hash FROM audit WHERE n = ?", (n,)).fetchone()
        return row["hash"] if row else None

    def last_seal(self) -> dict | None:
        """Return the newest seal."""
        row = self.db.execute("SELECT document FROM audit_seals ORDER BY n DESC LIMIT 1").fetchone()
        return json.loads(row["document"]) if row else None

    def seal(self, key: Ed25519PrivateKey, *, bank: str, at: datetime) -> dict | None:
        """Sign the newest row; None when it is sealed already. The caller reports it to the server."""
        head, before = self.head(), self.last_seal()
        if head.n == (before["n"] if before else 0):
            return None
        content = {"bank": bank, "n": head.n, "hash": head.hash, "at": envelope.to_text(at)}
        seal = envelope.sign(content, key, KID)
        self.db.execute("INSERT INTO audit_seals VALUES (?, ?)", (head.n, json.dumps(seal)))
        return {
            "n": head.n,
            "hash": head.hash,
            "sealed_at": content["at"],
            "sig": seal["sig"],
            "key": envelope.public_text(key),
            "before": {"n": before["n"], "hash": self.hash_of(before["n"])} if before else None,
        }

    def cut(self, now: datetime) -> int:
        """Drop what is older than 18 months, up to a seal that stays; return how many rows went."""
        old = envelope.to_text(now - KEEP)
        row = self.db.execute("SELECT MAX(n) FROM audit WHERE at < ?", (old,)).fetchone()
        seal = self.db.execute("SELECT MAX(n) FROM audit_seals WHERE n <= ?", (row[0] or 0,)).fetchone()[0]
        if not seal:
            return 0
        self.db.execute("INSERT OR REPLACE INTO facts VALUES ('audit_cut', ?)", (seal,))
        gone = self.db.execute("DELETE FROM audit WHERE n <= ?", (seal,)).rowcount
        self.db.execute("DELETE FROM audit_seals WHERE n < ?", (seal,))
        return gone

    def rows(self, since: int = 0) -> Iterator[sqlite3.Row]:
        """Return the rows in order."""
        return self.db.execute("SELECT * FROM audit WHERE n >= ? ORDER BY n", (since,))


def link(prev_hash: str, n: int, document: str) -> str:
    """Return the hash of a row."""
    return hashlib.sha256(f"{prev_hash}\n{n}\n{document}".encode()).hexdigest()


def device_key(folder: Path) -> Ed25519PrivateKey:
    """Return the device's own key, made at the first start and readable by its user alone."""
    path = folder / KEY_NAME
    if not path.exists():
        fresh = path.with_suffix(".new")
        fresh.unlink(missing_ok=True)
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(envelope.new_private_key())
            file.flush()
            os.fsync(file.fileno())
        fresh.rename(path)
    return envelope.read_private_key(path.read_text(encoding="ascii"))


def faults(audit: Audit, key: Ed25519PublicKey, *, expect: Head | None = None) -> list[str]:
    """Return a sentence for everything that is wrong with the chain; empty when it holds.

    `expect` is a head that the server was told: the only witness of a tail that was cut off together with its seals.
    """
    found: list[str] = []
    seals = {row["n"]: json.loads(row["document"]) for row in audit.db.execute("SELECT * FROM audit_seals ORDER BY n")}
    found += [f"The seal of row {n} was not made by this device." for n, seal in seals.items() if not _made(seal, key)]
    last = None
    for row in audit.rows():
        found += _faults_of(row, last or _start(row["n"], seals))
        if row["n"] in seals and seals[row["n"]]["hash"] != row["hash"]:
            found.append(f"Row {row['n']} is not the row that was sealed.")
        last = Head(n=row["n"], hash=row["hash"])
    end = last.n if last else 0
    if seals and max(seals) > end and not (last is None and len(seals) == 1):
        found.append(f"Rows {end + 1} to {max(seals)} are missing at the end.")
    if expect and (audit.hash_of(expect.n) or seals.get(expect.n, {}).get("hash")) != expect.hash:
        found.append(f"Row {expect.n} is not the row that the server was told.")
    return found


def _start(n: int, seals: dict[int, dict]) -> Head:
    """What the first row has to follow: nothing, or the seal at which the rows before it were dropped."""
    first = seals.get(n - 1)
    return Head(n=n - 1, hash=first["hash"]) if first else Head(n=0, hash=GENESIS)


def _faults_of(row: sqlite3.Row, before: Head) -> list[str]:
    n = row["n"]
    if n != before.n + 1:
        gap = f"Row {n - 1} is missing." if n == before.n + 2 else f"Rows {before.n + 1} to {n - 1} are missing."
        return [gap, *_changed(row)]
    follows = [] if row["prev_hash"] == before.hash else [f"Row {n} does not follow row {n - 1}."]
    return [*follows, *_changed(row)]


def _changed(row: sqlite3.Row) -> list[str]:
    good = row["hash"] == link(row["prev_hash"], row["n"], row["document"])
    good = good and json.loads(row["document"])["at"] == row["at"]
    return [] if good else [f"Row {row['n']} was changed."]


def _made(seal: dict, key: Ed25519PublicKey) -> bool:
    try:
        envelope.verify(seal, {KID: key})
    except (ProtocolError, BadMessage):
        return False
    return True
