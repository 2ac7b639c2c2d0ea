"""Signed commands of the server, and the order in which a bank checks them.

A resend keeps `command_id` and `cseq`; only `message_id` names the transmission.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from . import envelope, fields
from .errors import BadMessage, WrongVersion
from .vocabulary import CommandType

OPEN_LIFE = timedelta(seconds=30)
NOTICE_LIFE = timedelta(hours=24)


@dataclass(frozen=True, kw_only=True)
class Command:
    """One order of the server to one bank. `cseq` rises with every new command of that bank."""

    type: str
    command_id: str
    bank: str
    cseq: int
    issued_at: datetime
    not_after: datetime
    actor: dict
    """`{"kind": resident|shop|operator|system, "ref": opaque text}`; never a name."""
    reason: str
    data: dict = field(default_factory=dict)
    message_id: str = field(default_factory=envelope.new_ulid)

    def sign(self, key: Ed25519PrivateKey, kid: str) -> dict:
        """Return the signed envelope."""
        document = {
            "v": envelope.VERSION,
            "type": self.type,
            "message_id": self.message_id,
            "command_id": self.command_id,
            "bank": self.bank,
            "cseq": self.cseq,
            "issued_at": envelope.to_text(self.issued_at),
            "not_after": envelope.to_text(self.not_after),
            "actor": self.actor,
            "reason": self.reason,
            "data": self.data,
        }
        return envelope.sign(document, key, kid)


def life_of(kind: CommandType) -> timedelta:
    """Return how long a command of this type may wait: openings 30 s, notices 24 h."""
    immediate = {CommandType.DOOR_OPEN, CommandType.DOOR_LOCATE}
    return OPEN_LIFE if kind in immediate else NOTICE_LIFE


def read(value: object, bank: str) -> Command:
    """Read an envelope without trusting it; raises WrongVersion or BadMessage.

    Only `verify` makes it trustworthy.
    """
    source = fields.document(value, "The command")
    if not envelope.is_ours(source):
        raise WrongVersion("The command is of another version of TLP.")
    if source.get("bank") != bank:
        raise BadMessage("The command is for another bank.")
    return Command(
        type=fields.text(source, "type", longest=60),
        message_id=fields.text(source, "message_id", longest=40),
        command_id=fields.text(source, "command_id", longest=40),
        bank=bank,
        cseq=fields.number(source, "cseq", least=1),
        issued_at=fields.moment(source, "issued_at"),
        not_after=fields.moment(source, "not_after"),
        actor=dict(fields.document(source.get("actor"), "actor")),
        reason=fields.text(source, "reason", longest=60),
        data=dict(fields.document(source.get("data"), "data")),
    )


def verify(value: Mapping, keys: Mapping[str, Ed25519PublicKey]) -> None:
    """Raise UnknownKey or BadSignature unless the server signed this envelope."""
    envelope.verify(value, keys)
