"""The sync exchange: what a bank sends, what the server answers, and how both are read.

Documents are plain JSON objects on the wire and frozen dataclasses in the programs. Reading
raises a ProtocolError that names the field and knows its HTTP status.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from . import envelope, fields, wire
from .errors import BadMessage, TooLarge, WrongVersion
from .reports import Clock, CompartmentState, Event, Health, Response, Snapshot, ZoneState

SYNC_PATH = "/tlp/1/sync"
AUTHLIST_PATH = "/tlp/1/authlist"
CONFIG_PATH = "/tlp/1/config"
BANK_HEADER = "X-Bank"
MAX_BODY_BYTES = wire.MOST_BYTES
MAX_ITEMS = 200
MAX_COMMANDS = 50
__all__ = [
    "Clock",
    "CompartmentState",
    "Connection",
    "Event",
    "Health",
    "Response",
    "Snapshot",
    "SyncReply",
    "SyncRequest",
    "ZoneState",
]


@dataclass(frozen=True, kw_only=True)
class SyncRequest:
    """What a bank reports: body of `POST /tlp/1/sync`, and in parts the messages on `rsp`, `evt`, `state` and `hb`."""

    bank: str
    boot_id: int
    """The start that is running now; items of earlier starts carry their own."""
    clock: Clock
    list_etag: str | None
    snapshot: Snapshot | None
    """Null when nothing has changed since the last one that was answered."""
    events: tuple[Event, ...] = ()
    responses: tuple[Response, ...] = ()
    generation: int | None = None
    """Which identity of the bank speaks. HTTPS knows it from the secret; over MQTT it is required."""
    cfg_hash: str | None = None
    """Names the configuration in force."""
    mono_ms: int | None = None
    """The bank's monotonic clock at sending; the reply returns it, so that the bank knows how old the reply is."""
    health: Health | None = None

    def as_document(self) -> dict:
        """Return the body for the wire."""
        return {
            "v": envelope.VERSION,
            "bank": self.bank,
            "generation": self.generation,
            "boot_id": self.boot_id,
            "mono_ms": self.mono_ms,
            "clock": asdict(self.clock),
            "health": asdict(self.health) if self.health else None,
            "cfg_hash": self.cfg_hash,
            "list_etag": self.list_etag,
            "snapshot": self.snapshot.as_document() if self.snapshot else None,
            "events": [event.as_document() for event in self.events],
            "responses": [response.as_document() for response in self.responses],
        }

    @classmethod
    def read(cls, value: object, bank: str) -> "SyncRequest":
        """Read the body sent by the authenticated `bank`.

        Raises WrongVersion (426), TooLarge (413) or BadMessage (400).
        """
        source = fields.document(value, "The body")
        if not envelope.is_ours(source):
            raise WrongVersion("This server speaks TLP version 1.")
        if source.get("bank") != bank:
            raise BadMessage("bank must be the one that the secret belongs to.")
        _check_count(source)
        return cls(
            bank=bank,
            boot_id=fields.number(source, "boot_id", least=1),
            clock=Clock.read(source.get("clock")),
            list_etag=fields.optional(fields.text, source, "list_etag", longest=80),
            snapshot=None if source.get("snapshot") is None else Snapshot.read(source["snapshot"]),
            events=fields.items(source, "events", Event.read, most=MAX_ITEMS),
            responses=fields.items(source, "responses", Response.read, most=MAX_ITEMS),
            generation=fields.optional(fields.number, source, "generation"),
            cfg_hash=fields.optional(fields.text, source, "cfg_hash", longest=80),
            mono_ms=fields.optional(fields.number, source, "mono_ms"),
            health=None if source.get("health") is None else Health.read(source["health"]),
        )


def _check_count(source: Mapping) -> None:
    lists = [source.get("events"), source.get("responses")]
    if sum(len(items) for items in lists if isinstance(items, list)) > MAX_ITEMS:
        raise TooLarge(f"At most {MAX_ITEMS} events and responses in one request.")


@dataclass(frozen=True, kw_only=True)
class SyncReply:
    """Answer to a sync: signed as a whole, for the bank takes its time from it and forgets what it confirms.

    Over HTTPS it is the body of the answer, over MQTT a message on `cmd`, where the commands come one by one.
    """

    bank: str
    boot_id: int
    """The boot that `cursor` counts for: the one of the request."""
    cursor: int
    """Highest `seq` of this boot up to which everything is stored; 0 when nothing is."""
    list_etag: str
    server_time: datetime
    next_ms: int
    """The bank should ask again after so many milliseconds (at most 15 000)."""
    commands: tuple[dict, ...] = ()
    """Signed command envelopes, lowest `cseq` first."""
    generation: int | None = None
    """The identity that is answered: boots of an earlier one may have had the same numbers."""
    cfg_hash: str | None = None
    """Names the configuration that the bank should have; null when the server has none to offer."""
    echo_ms: int | None = None
    """`mono_ms` of the request."""
    stored: tuple[tuple[int, int], ...] = ()
    """`[boot_id, seq]` of items of earlier boots that are stored. Over HTTPS a 200 says that of the whole request."""

    def sign(self, key: Ed25519PrivateKey, kid: str) -> dict:
        """Return the signed body for the wire."""
        document = {
            "v": envelope.VERSION,
            "type": "sync",
            "bank": self.bank,
            "generation": self.generation,
            "boot_id": self.boot_id,
            "cursor": self.cursor,
            "stored": [list(pair) for pair in self.stored],
            "cfg_hash": self.cfg_hash,
            "list_etag": self.list_etag,
            "echo_ms": self.echo_ms,
            "server_time": envelope.to_text(self.server_time),
            "next_ms": self.next_ms,
            "commands": list(self.commands),
        }
        return envelope.sign(document, key, kid)

    @classmethod
    def read(cls, value: object, keys: Mapping[str, Ed25519PublicKey], bank: str) -> "SyncReply":
        """Return the reply if it is signed, well formed and meant for this bank.

        Raises UnknownKey, BadSignature, WrongVersion or BadMessage. The commands inside are
        signed once more, each for itself, and are not judged here.
        """
        source = fields.document(value, "The reply")
        envelope.verify(source, keys)
        if not envelope.is_ours(source) or source.get("type") != "sync":
            raise WrongVersion("This is not a sync reply of TLP/1.")
        if source.get("bank") != bank:
            raise BadMessage("The reply is for another bank.")
        return cls(
            bank=bank,
            boot_id=fields.number(source, "boot_id", least=1),
            cursor=fields.number(source, "cursor"),
            list_etag=fields.text(source, "list_etag", longest=80),
            server_time=fields.moment(source, "server_time"),
            next_ms=fields.number(source, "next_ms", most=15_000),
            commands=fields.items(source, "commands", _command_document, most=MAX_COMMANDS),
            generation=fields.optional(fields.number, source, "generation"),
            cfg_hash=fields.optional(fields.text, source, "cfg_hash", longest=80),
            echo_ms=fields.optional(fields.number, source, "echo_ms"),
            stored=fields.optional(fields.items, source, "stored", _boot_and_seq, most=MAX_ITEMS) or (),
        )


def _command_document(value: object) -> dict:
    return dict(fields.document(value, "A command"))


def _boot_and_seq(value: object) -> tuple[int, int]:
    if not isinstance(value, list) or len(value) != 2:
        raise BadMessage("stored must list pairs of boot_id and seq.")
    pair = dict(zip(("boot_id", "seq"), value, strict=True))
    return fields.number(pair, "boot_id", least=1), fields.number(pair, "seq", least=1)


@dataclass(frozen=True, kw_only=True)
class Connection:
    """Retained on `conn`: whether the bank is there. `online: false` is the last will, so it has no moment."""

    bank: str
    generation: int
    boot_id: int
    online: bool

    def as_document(self) -> dict:
        """Return the message for the wire."""
        return {"v": envelope.VERSION, "type": "conn", **asdict(self)}

    @classmethod
    def read(cls, value: object, bank: str) -> "Connection":
        """Read a message on the topic of `bank`; raises WrongVersion or BadMessage."""
        source = fields.document(value, "The message")
        if not envelope.is_ours(source) or source.get("type") != "conn":
            raise WrongVersion("This is not a connection message of TLP/1.")
        if source.get("bank") != bank:
            raise BadMessage("The message is about another bank.")
        return cls(
            bank=bank,
            generation=fields.number(source, "generation"),
            boot_id=fields.number(source, "boot_id", least=1),
            online=fields.flag(source, "online"),
        )
