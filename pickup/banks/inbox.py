"""What a bank sends: stored exactly once, applied in the order in which it happened.

An item that cannot be applied is kept with its reason and never blocks the next. `(boot_id, seq)` is without gaps: what lies
above a gap waits for the missing item, for two minutes at most; then it counts as lost.
"""

import logging
from dataclasses import asdict
from datetime import datetime, timedelta

from django.db import DatabaseError, transaction
from django.utils import timezone

from marketplace.foundation.lifecycle import ForbiddenMove
from pickup.banks import effects, snapshots
from pickup.collections import outages
from pickup.errors import PickupError
from pickup.models import Bank, BankEvent
from pickup.operating import alarms
from pickup.protocol.errors import BootWentBackwards, ProtocolError
from pickup.protocol.messages import Event, Response, SyncRequest
from shops.orders import OrderError

logger = logging.getLogger(__name__)
PATIENCE = timedelta(minutes=2)
OUTCOME = "command.outcome"


def take(bank: Bank, request: SyncRequest) -> None:
    """Store and apply a whole request; `bank` is locked and carries the new cursor afterwards.

    Raises `BootWentBackwards`, with nothing stored, when the bank's boot number is lower than one seen before.
    """
    if request.boot_id < bank.boot_id:
        raise BootWentBackwards("The boot number is lower than one seen before: an operator must look at this bank.")
    now = timezone.now()
    if request.boot_id > bank.boot_id:
        bank.boot_id, bank.cursor = request.boot_id, 0
    outages.hear(bank, now)
    alarms.hear(bank, now)
    bank.last_seen_at, bank.said = now, bank.said | _said(request)
    _store(bank, request, now)
    bank.cursor = _cursor(bank, now)
    bank.save(update_fields=["boot_id", "cursor", "last_seen_at", "said"])
    applicable = _applicable(bank)
    effects.settle_commands(bank, [event for event in applicable if event.type == OUTCOME])
    for event in applicable:
        if event.type != OUTCOME:
            _apply(bank, event)
    alarms.compare_clocks(bank, right=request.clock.synced)
    if request.snapshot is not None and _is_newest(bank, request):
        snapshots.read(bank, request.snapshot)
    if request.cfg_hash is not None and request.cfg_hash != bank.applied_config:
        bank.applied_config = request.cfg_hash
        bank.save(update_fields=["applied_config"])
    if request.list_etag is not None and request.list_etag != bank.applied_etag:
        bank.applied_etag = request.list_etag
        bank.save(update_fields=["applied_etag"])


def _is_newest(bank: Bank, request: SyncRequest) -> bool:
    """Whether the snapshot was not overtaken by a later one on the other transport; a broker keeps old ones."""
    if request.mono_ms is None:
        return True
    taken = [bank.generation, request.boot_id, request.mono_ms]
    if taken < bank.snapshot_taken:
        return False
    bank.snapshot_taken = taken
    bank.save(update_fields=["snapshot_taken"])
    return True


def _said(request: SyncRequest) -> dict:
    """What the bank's computer says of itself."""
    health = {"health": asdict(request.health)} if request.health else {}
    return {"clock": asdict(request.clock), **health}


def _store(bank: Bank, request: SyncRequest, now: datetime) -> None:
    rows = [_row(bank, event.type, event, event.data, now) for event in request.events]
    rows += [_row(bank, OUTCOME, response, _outcome(response), now) for response in request.responses]
    BankEvent.objects.bulk_create(rows, ignore_conflicts=True)


def _row(bank: Bank, kind: str, item: Event | Response, data: dict, now: datetime) -> BankEvent:
    return BankEvent(
        bank=bank,
        generation=bank.generation,
        boot_id=item.boot_id,
        seq=item.seq,
        type=kind,
        at=item.at,
        data=data,
        received_at=now,
    )


def _outcome(response: Response) -> dict:
    return {
        "command_id": response.command_id,
        "phase": response.phase,
        "outcome": response.outcome,
        "duplicate": response.duplicate,
        "detail": response.detail,
    }


def _cursor(bank: Bank, now: datetime) -> int:
    """Up to where everything of the present boot is stored."""
    cursor = bank.cursor
    present = BankEvent.objects.filter(bank=bank, generation=bank.generation, boot_id=bank.boot_id)
    for seq, received_at in present.filter(seq__gt=cursor).order_by("seq").values_list("seq", "received_at"):
        if seq != cursor + 1 and now - received_at < PATIENCE:
            break
        if seq != cursor + 1:
            logger.error("Bank %s: events %s to %s of boot %s are lost.", bank.code, cursor + 1, seq - 1, bank.boot_id)
            alarms.lost(bank, bank.boot_id, cursor + 1, seq - 1)
        cursor = seq
    return cursor


def _applicable(bank: Bank) -> list[BankEvent]:
    """Of earlier boots all, of the present one what lies below the cursor."""
    present = (bank.generation, bank.boot_id)
    return [
        event
        for event in bank.events.waiting()
        if (event.generation, event.boot_id) < present or event.seq <= bank.cursor
    ]


def _apply(bank: Bank, event: BankEvent) -> None:
    try:
        with transaction.atomic():
            effects.apply(bank, event)
    except (PickupError, OrderError, ProtocolError, ForbiddenMove, effects.Unknown, DatabaseError) as error:
        logger.warning("Bank %s: %s cannot be applied: %s", bank.code, event, error)
        event.problem = str(error)[:300] or type(error).__name__
    alarms.follow(event)
    event.applied_at = timezone.now()
    event.save(update_fields=["applied_at", "problem"])
