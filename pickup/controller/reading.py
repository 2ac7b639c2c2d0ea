"""`python -m pickup.controller audit --config FILE`: the bank's record in plain words, or whether it is whole.

Reads the journal beside the running controller and changes nothing.
"""

import argparse
import json
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pickup.protocol import sentences

from . import audit
from .audit import Audit, Head
from .config import Config
from .program import JOURNAL_NAME


class NoRecord(Exception):
    """There is nothing to read; the text says why."""


def add_options(parser: argparse._ArgumentGroup) -> None:
    """Say what the command understands."""
    parser.add_argument("--verify", action="store_true", help="say whether a row was changed, taken out or moved")
    parser.add_argument("--expect", type=_head, metavar="N:HASH", help="a row that the server was told, with its hash")
    parser.add_argument("--since", type=int, default=1, metavar="N", help="begin with this row")
    parser.add_argument("--language", choices=sentences.LANGUAGES, default="en")


def run(config: Config, options: argparse.Namespace) -> int:
    """Print; return 0, or 1 when the record is not whole, or 2 when there is none."""
    try:
        with _record(config) as record:
            return _verify(record, config, options.expect) if options.verify else _print(record, options)
    except NoRecord as error:
        print(error, file=sys.stderr)
        return 2


def _print(record: Audit, options: argparse.Namespace) -> int:
    for row in record.rows(options.since):
        document = json.loads(row["document"])
        is_event = "data" in document
        told = document["data"] if is_event else document
        print(f"{row['n']:>8}  {row['at'][:19]}Z  {sentences.sentence(document['type'], told, options.language)}")
    return 0


def _verify(record: Audit, config: Config, expect: Head | None) -> int:
    key = audit.device_key(config.state_dir).public_key()
    found = audit.faults(record, key, expect=expect)
    head = record.head()
    print("\n".join(found) if found else f"The record is whole up to row {head.n}: {head.hash}")
    return 1 if found else 0


@contextmanager
def _record(config: Config) -> Iterator[Audit]:
    path = config.state_dir / JOURNAL_NAME
    if not path.exists():
        raise NoRecord(f"There is no journal at {path}.")
    db = sqlite3.connect(f"{Path(path).resolve().as_uri()}?mode=ro", uri=True)
    db.row_factory = sqlite3.Row
    try:
        yield Audit(db)
    except sqlite3.DatabaseError as error:
        raise NoRecord(f"The journal at {path} cannot be read: {error}") from error
    finally:
        db.close()


def _head(text: str) -> Head:
    number, _, digest = text.partition(":")
    return Head(n=int(number), hash=digest)
