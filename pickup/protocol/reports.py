"""What a bank says about itself: its clock, what happened, what became of commands, how doors and computer are."""

from dataclasses import asdict, dataclass
from datetime import datetime

from . import envelope, fields
from .vocabulary import Door, Outcome, Phase, Presence, Service, Temperature

MAX_COMPARTMENTS = 400
MAX_ZONES = 20
LONGEST_MS = 10**15
"""30,000 years: a clock without a battery says 1970, and must be able to say how wrong that is."""


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
            offset_ms=fields.number(source, "offset_ms", least=-LONGEST_MS, most=LONGEST_MS),
            uncertainty_ms=fields.number(source, "uncertainty_ms", most=LONGEST_MS),
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
class Health:
    """How the bank's computer is."""

    fw: str
    """Name and version of the controller program."""
    queue: int
    """Events and outcomes that the server has not confirmed."""
    uptime_s: int
    free_mb: int | None
    """Free disk space where the journal lies."""

    @classmethod
    def read(cls, value: object) -> "Health":
        """Read `health`; raises BadMessage."""
        source = fields.document(value, "health")
        return cls(
            fw=fields.text(source, "fw", longest=60),
            queue=fields.number(source, "queue"),
            uptime_s=fields.number(source, "uptime_s"),
            free_mb=fields.optional(fields.number, source, "free_mb"),
        )
