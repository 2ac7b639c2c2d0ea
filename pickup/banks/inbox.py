"""What a bank sends: stored exactly once, applied in the order in which it happened.

An item that cannot be applied is kept with its reason and never blocks the next. `(boot_id, seq)` is without gaps: what lies
above a gap waits for the missing item, for two minutes at most; then it counts as lost.
"""

import logging
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime, timedelta
from functools import partial

from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone

from marketplace.foundation.lifecycle import ForbiddenMove
from pickup.banks import effects, rows, snapshots, starts
from pickup.collections import outages
from pickup.errors import PickupError
from pickup.models import Bank, BankEvent
from pickup.operating import alarm_causes, alarms
from pickup.protocol.errors import ProtocolError
from pickup.protocol.messages import Event, Response, SyncRequest
from shops.orders import OrderError

logger = logging.getLogger(__name__)
PATIENCE = timedelta(minutes=2)
LONGEST_PROBLEM = 300
OUTCOME = BankEvent.OUTCOME
NO_DATABASE = (OperationalError, InterfaceError)
"""It is away, or too busy with others: the same may succeed in a moment."""
UNFIT = (PickupError, OrderError, ProtocolError, ForbiddenMove, effects.Unknown)
"""The event does not fit what we know."""
Report = tuple[Bank, SyncRequest]
HEARD = ["boot_id", "cursor", "last_seen_at", "said", "snapshot_taken", "applied_config", "applied_etag"]


def take(bank: Bank, request: SyncRequest) -> None:
    """Store and apply a whole request; `bank` is locked and carries the new cursor afterwards.

    Raises `BootWentBackwards` or `NumbersTwice`, with nothing stored, when another computer has the bank's identity.
    """
    starts.check(bank, request)
    take_all([(bank, request)])


def take_all(reports: list[Report]) -> None:
    """The same for many banks, one request of each that `starts.check` lets pass, with hardly more statements than for one."""
    now, banks = timezone.now(), [bank for bank, _ in reports]
    for bank in banks:
        outages.hear(bank, now)
    alarms.hear(banks, now)
    news = [(bank, request.snapshot) for bank, request in reports if _hear(bank, request, now)]
    BankEvent.objects.bulk_create([row for report in reports for row in _rows(*report, now)], ignore_conflicts=True)
    due = _due(banks, now)
    rows.save(banks, HEARD)
    effects.settle_commands([event for event in due if event.type == OUTCOME])
    for event in due:
        if event.type != OUTCOME:
            _apply(event.bank, event)
    alarms.compare_clocks({bank: request.clock.synced for bank, request in reports})
    for bank, snapshot in news:
        snapshots.read(bank, snapshot)


def _is_newest(bank: Bank, request: SyncRequest) -> bool:
    """Whether the snapshot was not overtaken by a later one on the other transport; a broker keeps old ones."""
    if request.mono_ms is None:
        return True
    taken = [bank.generation, request.boot_id, request.mono_ms]
    if taken < bank.snapshot_taken:
        return False
    bank.snapshot_taken = taken
    return True


def _hear(bank: Bank, request: SyncRequest, now: datetime) -> bool:
    """What the bank and its computer say of themselves; whether there is news of its doors."""
    if request.boot_id > bank.boot_id:
        bank.boot_id, bank.cursor = request.boot_id, 0
    bank.last_seen_at, bank.said = now, bank.said | _said(request)
    if request.cfg_hash is not None:
        bank.applied_config = request.cfg_hash
    if request.list_etag is not None:
        bank.applied_etag = request.list_etag
    return request.snapshot is not None and _is_newest(bank, request)


def _said(request: SyncRequest) -> dict:
    """What the bank's computer says of itself."""
    health = {"health": asdict(request.health)} if request.health else {}
    return {"clock": asdict(request.clock), **health}


def _rows(bank: Bank, request: SyncRequest, now: datetime) -> list[BankEvent]:
    events = [_row(bank, event.type, event, event.data, now) for event in request.events]
    return events + [_row(bank, OUTCOME, response, _outcome(response), now) for response in request.responses]


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


def _due(banks: list[Bank], now: datetime) -> list[BankEvent]:
    """Move the cursors over what is stored; the events that can be applied now, in their order within each bank."""
    waiting: dict[int, list[BankEvent]] = {bank.pk: [] for bank in banks}
    known = {bank.pk: bank for bank in banks}
    for event in BankEvent.objects.filter(bank__in=banks).waiting():
        event.bank = known[event.bank_id]
        waiting[event.bank_id].append(event)
    for bank in banks:
        bank.cursor = _cursor(bank, waiting[bank.pk], now)
    return [event for bank in banks for event in waiting[bank.pk] if _is_due(bank, event)]


def _cursor(bank: Bank, waiting: list[BankEvent], now: datetime) -> int:
    """Up to where everything of the present boot is stored; nothing above the cursor was applied before."""
    cursor = bank.cursor
    for event in waiting:
        seq = event.seq
        if _start(event) != _start(bank) or seq <= cursor:
            continue
        if seq != cursor + 1 and now - event.received_at < PATIENCE:
            break
        if seq != cursor + 1:
            logger.error("Bank %s: events %s to %s of boot %s are lost.", bank.code, cursor + 1, seq - 1, bank.boot_id)
            alarms.lost(bank, bank.boot_id, cursor + 1, seq - 1)
        cursor = seq
    return cursor


def _is_due(bank: Bank, event: BankEvent) -> bool:
    """Of earlier boots all, of the present one what lies below the cursor."""
    return _start(event) < _start(bank) or event.seq <= bank.cursor


def _start(one: Bank | BankEvent) -> tuple[int, int]:
    return one.generation, one.boot_id


def _apply(bank: Bank, event: BankEvent) -> None:
    """Draw the conclusions and raise the alarm, each for itself: what one of them cannot do is noted and stops nothing else."""
    troubles = [
        _trouble(event, partial(effects.apply, bank, event)),
        _trouble(event, partial(alarm_causes.follow, event)),
    ]
    event.problem = " ".join(filter(None, troubles))[:LONGEST_PROBLEM]
    event.applied_at = timezone.now()
    event.save(update_fields=["applied_at", "problem"])


def _trouble(event: BankEvent, step: Callable[[], None]) -> str:
    """Take a step; why it failed, and then nothing of it stays. A database that is away is no fault of the event and is raised."""
    try:
        with transaction.atomic():
            step()
    except NO_DATABASE:
        raise
    except UNFIT as error:
        logger.warning("Bank %s: %s cannot be applied: %s", event.bank.code, event, error)
        return str(error) or type(error).__name__
    except Exception as error:  # a fault of ours: the bank could else never again report anything
        logger.exception("Bank %s: %s met a fault of this server.", event.bank.code, event)
        return f"This server failed: {type(error).__name__}."
    return ""
