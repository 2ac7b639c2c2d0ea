"""The sync exchange: what a bank sends, what the server answers, and how both are read.

Documents are plain JSON objects on the wire and frozen dataclasses in the programs. Reading
raises a ProtocolError that names the field and knows its HTTP status.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from . import envelope, fields
from .errors import BadMessage, TooLarge, WrongVersion
from .vocabulary import Door, Outcome, Phase, Presence, Service, Temperature

SYNC_PATH = "/tlp/1/sync"
AUTHLIST_PATH = "/tlp/1/authlist"
BANK_HEADER = "X-Bank"
MAX_BODY_BYTES = 1_000_000
MAX_ITEMS = 200
MAX_COMMANDS = 50
MAX_COMPARTMENTS = 400
MAX_ZONES = 20


@dataclass(frozen=True, kw_only=True)
class Clock:
    """What the bank thinks of its own clock."""

    synced: bool
    offset_ms: int
    """Server time minus the bank's own clock, as last measured."""
    uncertainty_ms: int

    @classmethod
    def read(cls, value: object) -> "Clock":
        """Read `clock`; raises BadMessage."""
        source = fields.document(value, "clock")
        return cls(
            synced=fields.flag(source, "synced"),
            offset_ms=fields.number(source, "offset_ms", least=-(10**12), most=10**12),
            uncertainty_ms=fields.number(source, "uncertainty_ms", most=10**12),
        )


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something the bank did or saw. `(bank, boot_id, seq)` names it for ever."""

    seq: int
    boot_id: int
    type: str
    at: datetime
    mono_ms: int
    """The bank's monotonic clock: distances within one boot are exact even if `at` is not."""
    data: dict

    def as_document(self) -> dict:
        """Return the event for the wire."""
        return {**asdict(self), "at": envelope.to_text(self.at)}

    @classmethod
    def read(cls, value: object) -> "Event":
        """Read one event; raises BadMessage. Unknown types are read, for the server to keep."""
        source = fields.document(value, "An event")
        return cls(
            seq=fields.number(source, "seq", least=1),
            boot_id=fields.number(source, "boot_id", least=1),
            type=fields.text(source, "type", longest=60),
            at=fields.moment(source, "at"),
            mono_ms=fields.number(source, "mono_ms"),
            data=dict(fields.document(source.get("data"), "data")),
        )


@dataclass(frozen=True, kw_only=True)
class Response:
    """What became of a command. It shares the numbering `seq` with the events."""

    seq: int
    boot_id: int
    at: datetime
    mono_ms: int
    message_id: str
    command_id: str
    phase: Phase
    outcome: Outcome | None
    """Null in the phase `accepted`."""
    duplicate: bool
    """True when the command had been known before and nothing was done again."""
    detail: dict
    """`reason` of a refusal; `attempts` (pulses) and `open_ms` of an opening."""

    def as_document(self) -> dict:
        """Return the outcome for the wire."""
        return {**asdict(self), "at": envelope.to_text(self.at), "type": "command.outcome"}

    @classmethod
    def read(cls, value: object) -> "Response":
        """Read one outcome; raises BadMessage."""
        source = fields.document(value, "A response")
        return cls(
            seq=fields.number(source, "seq", least=1),
            boot_id=fields.number(source, "boot_id", least=1),
            at=fields.moment(source, "at"),
            mono_ms=fields.number(source, "mono_ms"),
            message_id=fields.text(source, "message_id", longest=40),
            command_id=fields.text(source, "command_id", longest=40),
            phase=fields.choice(source, "phase", Phase),
            outcome=fields.optional(fields.choice, source, "outcome", Outcome),
            duplicate=fields.flag(source, "duplicate"),
            detail=dict(fields.document(source.get("detail"), "detail")),
        )


@dataclass(frozen=True, kw_only=True)
class CompartmentState:
    """One compartment in the snapshot."""

    id: str
    door: Door
    svc: Service
    why: str | None
    """Why it is not in service: jam, left_open, intrusion, sensor, temp, check, operator."""
    leg: int | None
    """The leg whose goods are, or are going to be, behind this door."""
    ir: Presence | None
    """Presence sensor; null without one."""

    @classmethod
    def read(cls, value: object) -> "CompartmentState":
        """Read one compartment; raises BadMessage."""
        source = fields.document(value, "A compartment")
        return cls(
            id=fields.text(source, "id", longest=20),
            door=fields.choice(source, "door", Door),
            svc=fields.choice(source, "svc", Service),
            why=fields.optional(fields.text, source, "why", longest=40),
            leg=fields.optional(fields.number, source, "leg", least=1),
            ir=fields.optional(fields.choice, source, "ir", Presence),
        )


@dataclass(frozen=True, kw_only=True)
class ZoneState:
    """One zone of compartments that share a temperature and a probe, in the snapshot."""

    id: str
    temperature: Temperature
    """Called `class` on the wire."""
    c: float | None
    """Degrees Celsius, one decimal; null when the probe cannot be read."""
    ok: bool
    """True only when the zone is known to be in its band; a probe that cannot be read is not."""

    def as_document(self) -> dict:
        """Return the zone for the wire."""
        return {"id": self.id, "class": self.temperature, "c": self.c, "ok": self.ok}

    @classmethod
    def read(cls, value: object) -> "ZoneState":
        """Read one zone; raises BadMessage."""
        source = fields.document(value, "A zone")
        return cls(
            id=fields.text(source, "id", longest=20),
            temperature=fields.choice(source, "class", Temperature),
            c=fields.optional(fields.decimal, source, "c", least=-100, most=150),
            ok=fields.flag(source, "ok"),
        )


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """`state.full`: the bank as it is now. Later snapshots replace earlier ones."""

    fw: str
    """Name and version of the controller program."""
    pin_channel: str
    """open, delayed (waiting after wrong PINs) or closed (30 wrong in 24 h)."""
    compartments: tuple[CompartmentState, ...]
    zones: tuple[ZoneState, ...] = ()

    def as_document(self) -> dict:
        """Return the snapshot for the wire."""
        return {**asdict(self), "zones": [zone.as_document() for zone in self.zones]}

    @classmethod
    def read(cls, value: object) -> "Snapshot":
        """Read the snapshot; raises BadMessage."""
        source = fields.document(value, "snapshot")
        return cls(
            fw=fields.text(source, "fw", longest=60),
            pin_channel=fields.text(source, "pin_channel", longest=20),
            compartments=fields.items(source, "compartments", CompartmentState.read, most=MAX_COMPARTMENTS),
            zones=fields.items({"zones": [], **source}, "zones", ZoneState.read, most=MAX_ZONES),
        )


@dataclass(frozen=True, kw_only=True)
class SyncRequest:
    """Body of `POST /tlp/1/sync`."""

    bank: str
    boot_id: int
    clock: Clock
    list_etag: str | None
    snapshot: Snapshot | None
    """Null when nothing has changed since the last one that was answered."""
    events: tuple[Event, ...] = ()
    responses: tuple[Response, ...] = ()

    def as_document(self) -> dict:
        """Return the body for the wire."""
        return {
            "v": envelope.VERSION,
            "bank": self.bank,
            "boot_id": self.boot_id,
            "clock": asdict(self.clock),
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
        if source.get("v") != envelope.VERSION:
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
        )


def _check_count(source: Mapping) -> None:
    lists = [source.get("events"), source.get("responses")]
    if sum(len(items) for items in lists if isinstance(items, list)) > MAX_ITEMS:
        raise TooLarge(f"At most {MAX_ITEMS} events and responses in one request.")


@dataclass(frozen=True, kw_only=True)
class SyncReply:
    """Answer to a sync: signed as a whole, for the bank takes its time from it."""

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

    def sign(self, key: Ed25519PrivateKey, kid: str) -> dict:
        """Return the signed body for the wire."""
        document = {
            "v": envelope.VERSION,
            "type": "sync",
            "bank": self.bank,
            "boot_id": self.boot_id,
            "cursor": self.cursor,
            "list_etag": self.list_etag,
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
        if source.get("v") != envelope.VERSION or source.get("type") != "sync":
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
        )


def _command_document(value: object) -> dict:
    return dict(fields.document(value, "A command"))
