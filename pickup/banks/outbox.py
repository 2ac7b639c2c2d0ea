"""Commands to banks: written as rows, signed and repeated with each reply until a final answer is stored."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from pickup.banks import keys
from pickup.banks.bridge.nudges import nudge
from pickup.models import Bank, BankCommand, Compartment, Leg
from pickup.protocol import envelope
from pickup.protocol.commands import Command, life_of
from pickup.protocol.messages import MAX_COMMANDS
from pickup.protocol.vocabulary import CommandType


@transaction.atomic
def send(bank: Bank, kind: CommandType, data: dict, *, reason: str, by=None, note: str = "") -> BankCommand:
    """Owe the bank a command; it is fetched with the next sync, or sent by the bridge. `cseq` rises by one under the bank's lock."""
    bank = Bank.objects.select_for_update().get(pk=bank.pk)
    bank.cseq += 1
    bank.save(update_fields=["cseq"])
    nudge()
    now = timezone.now()
    return BankCommand.objects.create(
        bank=bank,
        type=str(kind),
        command_id=envelope.new_ulid(now),
        cseq=bank.cseq,
        issued_at=now,
        not_after=now + life_of(kind),
        by=by,
        reason=reason,
        note=note,
        data=data,
    )


def set_service(compartment: Compartment, state: str, *, why: str, by=None) -> BankCommand:
    """Tell the bank that a compartment is blocked, or in service again."""
    data = {"compartment": compartment.label, "state": state, "why": why or None}
    return send(compartment.bank, CommandType.COMPARTMENT_SERVICE, data, reason="service", by=by, note=why)


def open_to_clear(compartment: Compartment, leg: Leg, *, by, note: str) -> BankCommand:
    """Open one door of uncollected goods. They move to the counter once the bank has reported the last of their doors open."""
    data = {"compartment": compartment.label, "leg": leg.pk}
    return send(compartment.bank, CommandType.DOOR_OPEN, data, reason="clear", by=by, note=note)


def unanswered(bank: Bank, now: datetime) -> tuple[dict, ...]:
    """The signed envelopes of all commands that still wait for a final answer, lowest number first."""
    key, kid = keys.signing_key()
    rows = BankCommand.objects.filter(bank=bank).select_related("bank").unanswered(now)[:MAX_COMMANDS]
    return tuple(envelope_of(row).sign(key, kid) for row in rows)


def envelope_of(row: BankCommand) -> Command:
    """The command as it goes over the wire, each time under a new name of the transmission."""
    return Command(
        type=row.type,
        command_id=row.command_id,
        bank=row.bank.code,
        cseq=row.cseq,
        issued_at=row.issued_at,
        not_after=row.not_after,
        actor={"kind": "operator" if row.by_id else "system", "ref": str(row.by_id or "")},
        reason=row.reason,
        data=row.data,
    )
