"""Time that a bank took from residents is given back: the published rule.

A bank that could not be reached, or could not open, for more than half an hour within somebody's time to collect gives this
person as much time more, rounded up to the next evening on which the place is open. Food that does not keep is not kept for
it. All follows from moments in the database, so it does not matter when, or how often, it is worked out.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from pickup.collections.keeping import evening_end, keeps_beyond
from pickup.collections.moving import lock, move, prolong, standing
from pickup.models import Bank, Collection, Extension, Outage
from pickup.models.device import UNREACHABLE_AFTER

Status = Collection.Status
TOLERATED = timedelta(minutes=30)
# An end that passed longer ago is not moved any more: the goods were taken to a counter, or should have been.
LOOK_BACK = timedelta(days=14)
CONCERNED = [Status.CONFIRMED, Status.DEPOSITING, Status.READY, Status.PARTIAL_READY, Status.OVERDUE, Status.DISPUTED]

Span = tuple[datetime, datetime]


def hear(bank: Bank, now: datetime) -> None:
    """The bank has spoken: write down the silence before. `bank.last_seen_at` is still that of the time before."""
    if bank.last_seen_at is not None and now - bank.last_seen_at >= UNREACHABLE_AFTER:
        Outage.objects.get_or_create(
            bank=bank, kind=Outage.Kind.SILENT, started_at=bank.last_seen_at, defaults={"ended_at": now}
        )


def begin(bank: Bank, at: datetime) -> None:
    """None of its lock boards answers any more."""
    if not Outage.objects.filter(bank=bank, kind=Outage.Kind.BUS, ended_at=None).exists():
        Outage.objects.get_or_create(bank=bank, kind=Outage.Kind.BUS, started_at=at)


def end(bank: Bank, at: datetime) -> None:
    """The lock boards answer again."""
    Outage.objects.filter(bank=bank, kind=Outage.Kind.BUS, ended_at=None, started_at__lte=at).update(ended_at=at)


def spans(bank: Bank, start: datetime, end: datetime, *, now: datetime) -> list[Span]:
    """The times without the bank between `start` and `end`, merged, oldest first; the present one lasts until `now`."""
    found = [
        (outage.started_at, outage.ended_at or now) for outage in Outage.objects.filter(bank=bank).touching(start, end)
    ]
    if bank.last_seen_at is not None and now - bank.last_seen_at >= UNREACHABLE_AFTER:
        found.append((bank.last_seen_at, now))
    return _merged((max(a, start), min(b, end)) for a, b in found if a < end and b > start)


def make_up(now: datetime | None = None) -> int:
    """Give everybody concerned the time that is due; the number of collections that end later now."""
    now = now or timezone.now()
    silent = Q(last_seen_at__lte=now - TOLERATED)
    noted = Q(outages__in=Outage.objects.touching(now - LOOK_BACK, now))
    banks = Bank.objects.filter(silent | noted).distinct()
    concerned = Collection.objects.filter(
        point__bank__in=banks, status__in=CONCERNED, starts_at__lte=now, ends_at__gt=now - LOOK_BACK
    )
    return sum(_make_up_for_one(collection, now) for collection in concerned)


def end_with_outages(collection: Collection, now: datetime) -> datetime | None:
    """The end that is due by the outages so far; None when the promised one stands. A pure function of moments.

    The time given back lies in the bank's time too: what goes wrong then is given back as well.
    """
    bank = collection.point.bank
    promised, counted_from = _promised(collection)
    end = collection.ends_at
    while True:
        lost = sum((b - a for a, b in spans(bank, counted_from, end, now=now) if b - a > TOLERATED), start=timedelta())
        due = evening_end(collection.point, promised + lost) if lost else None
        if due is None or due <= end:
            return end if end > collection.ends_at else None
        end = due


def _promised(collection: Collection) -> Span:
    """The end that was promised or asked for, and from when on outages count against it."""
    extensions = list(collection.extensions.all())
    asked = [each for each in extensions if each.reason == Extension.Reason.RESIDENT]
    if asked:
        return asked[-1].new_end, max(asked[-1].at, collection.starts_at)
    return (extensions[0].previous_end if extensions else collection.ends_at), collection.starts_at


@transaction.atomic
def _make_up_for_one(collection: Collection, now: datetime) -> bool:
    """Whether this one ends later now."""
    collection = lock(collection)
    if collection.status not in CONCERNED or collection.point.is_counter:
        return False
    due = end_with_outages(collection, now)
    if due is None or not keeps_beyond(collection, due):
        return False
    prolong(collection, due, reason=Extension.Reason.OUTAGE)
    if collection.status == Status.OVERDUE and due > now:
        move(collection, standing(collection, now), reason="outage")
    return True


def make_up_for(collection: Collection, now: datetime) -> None:
    """The same for one collection, whose order is locked, before anything is added to its end."""
    _make_up_for_one(collection, now)
    collection.refresh_from_db()


def _merged(found: Iterable[Span]) -> list[Span]:
    merged: list[Span] = []
    for a, b in sorted(found):
        if merged and a <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(b, merged[-1][1]))
        else:
            merged.append((a, b))
    return merged
