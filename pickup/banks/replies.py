"""What a bank is told about its report: what it may forget, the time, and the names of its list and its configuration."""

from django.utils import timezone

from pickup.models import Bank
from pickup.protocol.messages import SyncReply, SyncRequest

NEXT_MS = 2000
QUIET_NEXT_MS = 4000


def confirmation(bank: Bank, request: SyncRequest, **more) -> SyncReply:
    """The reply to a request that was stored; `bank` is as `inbox.take` left it.

    Who reports nothing gets nothing confirmed: whether it is the computer that reported before was not seen.
    """
    items = (*request.events, *request.responses)
    values = {
        "bank": bank.code,
        "generation": bank.generation,
        "boot_id": request.boot_id,
        "cursor": bank.cursor if items else 0,
        "stored": tuple((item.boot_id, item.seq) for item in items if item.boot_id < request.boot_id),
        "list_etag": bank.list_etag or "none",
        "cfg_hash": bank.config_hash or None,
        "echo_ms": request.mono_ms,
        "server_time": timezone.now(),
        "next_ms": NEXT_MS,
    }
    return SyncReply(**values | more)


def notice(bank: Bank) -> SyncReply:
    """Word of a new list or configuration. It confirms nothing: nobody knows which computer hears it."""
    return SyncReply(
        bank=bank.code,
        generation=bank.generation,
        boot_id=max(bank.boot_id, 1),
        cursor=0,
        list_etag=bank.list_etag or "none",
        cfg_hash=bank.config_hash or None,
        server_time=timezone.now(),
        next_ms=NEXT_MS,
    )
