"""A bank's own record is sealed every hour; here the seals are compared, so that a tail that was cut off is found.

The bank's audit binds each row to the one before. What it cannot show by itself is that its end is gone: for that each seal says
what the row of the seal before hashes to now (docs/lockers-protocol.md, section 9).
"""

from pickup.models import Bank, BankEvent
from pickup.protocol import envelope
from pickup.protocol.envelope import DEVICE_KID as KID
from pickup.protocol.errors import ProtocolError
from pickup.protocol.vocabulary import EventType


def fault(bank: Bank, event: BankEvent) -> str | None:
    """Return what is wrong with a seal, as a sentence; None when it continues the one before."""
    seal, before = event.data, _before(bank, event)
    if not _is_signed(bank, seal):
        return "The seal of this bank's record is not signed by its device."
    if before is None:
        return None
    if seal["key"] != before["key"]:
        return "This bank's record is signed with another key than before: its memory was replaced."
    if seal["n"] <= before["n"] or seal.get("before") != {"n": before["n"], "hash": before["hash"]}:
        return f"This bank's record no longer has the row {before['n']} that it reported: something was cut off or changed."
    return None


def _before(bank: Bank, event: BankEvent) -> dict | None:
    """The last seal that this identity of the bank reported, right or wrong: each fault is told once."""
    earlier = BankEvent.objects.filter(bank=bank, generation=event.generation, type=EventType.AUDIT_SEALED)
    earlier = earlier.exclude(pk=event.pk).exclude(applied_at=None).order_by("-boot_id", "-seq").first()
    return earlier.data if earlier and _is_signed(bank, earlier.data) else None


def _is_signed(bank: Bank, seal: dict) -> bool:
    try:
        keys = envelope.read_public_keys({KID: seal["key"]})
        content = {"bank": bank.code, "n": seal["n"], "hash": seal["hash"], "at": seal["sealed_at"], "kid": KID}
        envelope.verify({**content, "sig": seal["sig"]}, keys)
    except (ProtocolError, KeyError, TypeError, ValueError):
        return False
    return isinstance(seal["n"], int)
