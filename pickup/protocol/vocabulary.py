"""The words that both sides use: purposes, sizes, temperatures, outcomes, events, commands."""

from enum import StrEnum


class Purpose(StrEnum):
    """What a credential is for."""

    DEPOSIT = "deposit"
    COLLECT = "collect"
    SERVICE = "service"
    SHARE = "share"
    """Collecting, by somebody whom the resident has sent; can be withdrawn."""


class Size(StrEnum):
    """Size classes, nested: goods of one class fit any compartment of the same or a later one."""

    S = "S"
    M = "M"
    L = "L"


class Temperature(StrEnum):
    """Temperature classes: +15 to +25, up to +8 (or +4), and -18 degrees Celsius or colder."""

    AMBIENT = "ambient"
    CHILLED = "chilled"
    FROZEN = "frozen"


class Service(StrEnum):
    """The service axis of a compartment."""

    IN_SERVICE = "in_service"
    DRAINING = "draining"
    OUT_OF_SERVICE = "out_of_service"
    QUARANTINED = "quarantined"


class Door(StrEnum):
    """What the sensor says."""

    OPEN = "open"
    CLOSED = "closed"
    UNKNOWN = "unknown"


class Presence(StrEnum):
    """What the sensor inside a compartment says; `unknown` also stands for a sensor that cannot be read."""

    OCCUPIED = "occupied"
    EMPTY = "empty"
    UNKNOWN = "unknown"


class Outcome(StrEnum):
    """How an attempt to open ended. `refused` carries its reason in `detail.reason`."""

    OPENED = "opened"
    OPENED_UNVERIFIED = "opened_unverified"
    JAMMED = "jammed"
    FAILED_COMM = "failed_comm"
    REFUSED = "refused"
    EXPIRED = "expired"
    DUPLICATE = "duplicate"
    DONE = "done"
    UNKNOWN_AFTER_RESTART = "unknown_after_restart"


class Phase(StrEnum):
    """A command is answered by one `accepted` and exactly one `final`; a refusal only `final`."""

    ACCEPTED = "accepted"
    FINAL = "final"


class CommandType(StrEnum):
    """Commands of the server. There is no open-all and no reset, by design."""

    DOOR_OPEN = "door.open"
    DOOR_LOCATE = "door.locate"
    LIST_CHANGED = "list.changed"
    CONFIG_APPLY = "config.apply"
    COMPARTMENT_SERVICE = "compartment.service"


class EventType(StrEnum):
    """What a bank reports by itself. The data of each is listed in `docs/lockers-protocol.md`."""

    CREDENTIAL_ACCEPTED = "credential.accepted"
    CREDENTIAL_REJECTED = "credential.rejected"
    DOOR_OPENED = "door.opened"
    DOOR_CLOSED = "door.closed"
    DOOR_LEFT_OPEN = "door.left_open"
    DOOR_UNCOMMANDED_OPEN = "door.uncommanded_open"
    DOOR_UNKNOWN = "door.unknown"
    DEPOSIT_CONFIRMED = "deposit.confirmed"
    DEPOSIT_DECLINED = "deposit.declined"
    DEPOSIT_LARGER = "deposit.larger"
    DEPOSIT_MOVED = "deposit.moved"
    DEPOSIT_WRONG_DOOR = "deposit.wrong_door"
    CLAIM = "claim"
    CLAIM_TIMEOUT = "claim.timeout"
    REMARK = "remark"
    LOCKOUT_STARTED = "lockout.started"
    LOCKOUT_ENDED = "lockout.ended"
    COMPARTMENT_SERVICE = "compartment.service"
    ZONE_TEMPERATURE = "zone.temperature"
    ZONE_EXCURSION_STARTED = "zone.excursion.started"
    ZONE_EXCURSION_ENDED = "zone.excursion.ended"
    BUS_UNREACHABLE = "bus.unreachable"
    BUS_RECOVERED = "bus.recovered"
    LIST_APPLIED = "list.applied"
    CLOCK_STEPPED = "clock.stepped"
    CLOCK_UNSYNCED = "clock.unsynced"
    AUDIT_SEALED = "audit.sealed"
    JOURNAL_RECOVERED = "journal.recovered"
    JOURNAL_LOST = "journal.lost"
    JOURNAL_ACCEPTED = "journal.accepted"
    POWER_RESTORED = "power.restored"
    SERVICE_ENTERED = "service.entered"
    SERVICE_LEFT = "service.left"
    SERVICE_BUDGET = "service.budget"
    ALERT = "alert"


class MoreRoom(StrEnum):
    """What a bank does for goods that do not fit: carry all to a larger door, or take one more door beside."""

    MOVE = "move"
    BESIDE = "beside"


class Alert(StrEnum):
    """Reasons of an `alert` event: somebody should look."""

    BAD_SIGNATURE = "bad_signature"
    OLD_CSEQ = "old_cseq"
    OLD_LIST = "old_list"
    OUTBOX_FULL = "outbox_full"
    BAD_COMMAND = "bad_command"
    REMOTE_BUDGET = "remote_budget"
    WRONG_PINS = "wrong_pins"
    BUS_PERMISSION = "bus_permission"
    BAD_CONFIG = "bad_config"
    RETAINED_COMMAND = "retained_command"
