"""What operators of the demonstration find at its banks: an afternoon of events, two days of cold, a blocked door, a round."""

from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from pickup.banks import inbox
from pickup.collections import cold
from pickup.models import Bank, BankEvent, Compartment, RoundCheck, ZoneRecord
from pickup.operating import acting, rounds
from pickup.protocol.messages import Clock, Event, SyncRequest
from shops.models import Temperature

# Minutes ago, event, data: as the bank itself would have reported them.
AFTERNOON: list[tuple[int, str, dict]] = [
    (410, "power.restored", {"unfinished": 0}),
    (402, "list.applied", {"etag": "demo", "list_seq": 1}),
    (333, "credential.rejected", {"kind": "pin", "why": "unknown"}),
    (332, "credential.rejected", {"kind": "pin", "why": "not_yet"}),
    (251, "credential.accepted", {"kind": "qr", "purpose": "service", "offline": False}),
    (250, "door.opened", {"compartment": "B2", "leg": None, "purpose": "service", "outcome": "opened"}),
    (248, "door.left_open", {"compartment": "B2", "seconds": 120}),
    (246, "door.closed", {"compartment": "B2", "leg": None}),
    (95, "credential.rejected", {"kind": "qr", "why": "foreign"}),
    (70, "credential.rejected", {"kind": "pin", "why": "unknown"}),
    (69, "lockout.started", {"seconds": 30, "wrong_24h": 4}),
    (68, "lockout.ended", {}),
    (40, "alert", {"why": "wrong_pins", "detail": "10 in one hour"}),
]
DIRTY, BROKEN = "A2", "B4"
USUAL_C = {Temperature.CHILLED: 3.2, Temperature.FROZEN: -19.0}
MEASURED_QUARTERS = 2 * 24 * 4


def fill() -> None:
    """Live through the afternoon at the largest bank. Nothing when it has told something already."""
    if BankEvent.objects.exists():
        return
    now = timezone.now()
    operator = get_user_model().objects.filter(is_superuser=True).first()
    bank = max(Bank.objects.select_related("point"), key=lambda each: each.compartments.count())
    _report(bank, now)
    for each in Bank.objects.all():
        _measure(each, now)
    broken = Compartment.objects.select_related("bank").get(bank=bank, label=BROKEN)
    acting.block(broken, why="serrure à changer", by=operator)
    _walk(bank, operator)


@transaction.atomic
def _report(bank: Bank, now: datetime) -> None:
    bank = Bank.objects.select_for_update().get(pk=bank.pk)
    events = tuple(
        Event(seq=seq, boot_id=1, type=kind, at=now - timedelta(minutes=ago), mono_ms=0, data=data)
        for seq, (ago, kind, data) in enumerate(AFTERNOON, start=1)
    )
    clock = Clock(synced=True, offset_ms=0, uncertainty_ms=250)
    report = SyncRequest(bank=bank.code, boot_id=1, clock=clock, list_etag=None, snapshot=None, events=events)
    inbox.take(bank, report)
    BankEvent.objects.filter(bank=bank).update(received_at=F("at"))  # told as it happened


def _measure(bank: Bank, now: datetime) -> None:
    """Two days of the probes, quarter by quarter, up to this one."""
    wander = Random(f"the cold of {bank.code}")  # noqa: S311  weather, no secret
    first = now.replace(minute=now.minute // 15 * 15, second=0, microsecond=0) - cold.RECORD
    records = []
    for zone in bank.zones.exclude(temperature=Temperature.AMBIENT):
        for quarter in range(MEASURED_QUARTERS):
            middle = Decimal(str(round(USUAL_C[zone.temperature] + wander.gauss(0, 0.4), 1)))
            spread = Decimal(str(round(wander.uniform(0.1, 0.6), 1)))
            low, high = middle - spread, middle + spread
            records.append(ZoneRecord(zone=zone, at=first - quarter * cold.RECORD, min_c=low, max_c=high, count=90))
    ZoneRecord.objects.bulk_create(records)


def _walk(bank: Bank, operator) -> None:
    """This week's round: all as recorded, but for one door that wants cleaning."""
    walk = rounds.begin(bank, by=operator)
    for row in rounds.worksheet(walk):
        dirty = row.compartment.label == DIRTY
        found = RoundCheck.Found.DIRTY if dirty else RoundCheck.Found.AGREES
        rounds.check(walk, row.compartment, found=found, by=operator)
    rounds.finish(walk)
