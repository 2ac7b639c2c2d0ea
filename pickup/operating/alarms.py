"""What wakes the operators: raised once per incident from what banks report, closed by what ends it or by a person.

`alarm_causes` hears every event inside the transaction that applies it, so an alarm exists exactly when its event does:
nothing depends on a worker. What is the absence of something (a silent bank, goods that nobody cleared) is found by `watch`,
from moments that stand in the database; a missed run finds it later.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from marketplace.foundation import messages
from pickup.models import Alarm, Bank, Leg
from pickup.models.device import UNREACHABLE_AFTER
from pickup.operating import warnings
from pickup.operating.rights import operators
from pickup.protocol.vocabulary import EventType

Kind, Status = Alarm.Kind, Alarm.Status

CLOCK_PATIENCE = timedelta(minutes=5)
# Goods whose window is over are cleared the next morning; half a day later somebody has forgotten it.
CLEARED_WITHIN = timedelta(hours=18)
# What comes and goes by itself counts as one incident when it comes back within this time.
SAME_INCIDENT = timedelta(minutes=30)
FLAPPING = {Kind.OFFLINE, Kind.LEFT_OPEN, Kind.CLOCK, Kind.BUS, Kind.TEMPERATURE}
# Nothing ends these by itself: whoever has looked closes them.
MOMENTARY = {Kind.BUDGET, Kind.PIN_ATTACK, Kind.SECURITY, Kind.LOST, Kind.DEVICE, Kind.DIFFERENCE}
# Their subject is the label of a compartment.
ABOUT_DOORS = {Kind.LEFT_OPEN, Kind.INTRUSION, Kind.JAM, Kind.SENSOR, Kind.OVERDUE, Kind.DIFFERENCE}
MOST_MAILS_PER_HOUR = 10


def hear(banks: Collection[Bank], now: datetime) -> None:
    """These banks have spoken: their silence is over. `bank.last_seen_at` is still that of the time before."""
    for bank in banks:
        if bank.last_seen_at is not None and now - bank.last_seen_at >= UNREACHABLE_AFTER:
            ring(bank, Kind.OFFLINE, at=bank.last_seen_at)  # also when nobody noticed it while it lasted
    _end_at_all(banks, Kind.OFFLINE)


def compare_clocks(right: dict[Bank, bool]) -> None:
    """With everything reported applied: these banks say whether they know the time now.

    Each start begins unsure and asks for the time; only who is still unsure five minutes later needs a person.
    """
    _end_at_all([bank for bank, is_right in right.items() if is_right], Kind.CLOCK)
    for bank in (bank for bank, is_right in right.items() if not is_right):
        _doubt_clock(bank)


def _doubt_clock(bank: Bank) -> None:
    told = bank.events.filter(
        type=EventType.CLOCK_UNSYNCED,
        generation=bank.generation,
        boot_id=bank.boot_id,
        received_at__lte=timezone.now() - CLOCK_PATIENCE,
    ).order_by("-received_at")
    if (event := told.first()) and not Alarm.objects.filter(bank=bank, kind=Kind.CLOCK).standing().exists():
        ring(bank, Kind.CLOCK, at=event.at)


def lost(bank: Bank, boot_id: int, first: int, last: int) -> None:
    """Reports of the bank never came."""
    ring(bank, Kind.LOST, boot=boot_id, first=first, last=last)


def watch(now: datetime | None = None) -> None:
    """Find what is missing: banks that say nothing, goods that nobody cleared. May run at any time, and twice."""
    now = now or timezone.now()
    for bank in Bank.objects.filter(point__is_active=True).exclude(last_seen_at=None):
        with transaction.atomic():
            bank = Bank.objects.select_for_update().get(pk=bank.pk)
            if not bank.is_reachable(now):
                ring(bank, Kind.OFFLINE, at=bank.last_seen_at)
            _watch_overdue(bank, now)


@transaction.atomic
def ring(bank: Bank, kind: str, *, subject: str = "", at: datetime | None = None, **details) -> Alarm:
    """Raise an alarm, once: while it stands, the same again only counts. The operators get a mail with the first."""
    at, now = at or timezone.now(), timezone.now()
    known = Alarm.objects.filter(bank=bank, kind=kind, subject=subject[:40])
    alarm = known.standing().first()
    if alarm is None and kind in FLAPPING:
        alarm = known.filter(closed_at__gt=now - SAME_INCIDENT).first()
    if alarm is None:
        alarm = Alarm.objects.create(
            bank=bank, kind=kind, subject=subject[:40], details=details, raised_at=at, last_at=at
        )
        _mail(alarm, now)
    elif kind != Kind.OFFLINE or alarm.status == Status.CLOSED:  # silence does not happen again every minute
        if alarm.status == Status.CLOSED:
            alarm.move(Status.OPEN)
        Alarm.objects.filter(pk=alarm.pk).update(
            times=F("times") + 1, last_at=max(at, alarm.last_at), details=alarm.details | details, closed_at=None
        )
    return alarm


def end(bank: Bank, kind: str, subject: str | None = None) -> None:
    """It is over; nobody needs to do anything. `None`: whatever it concerned."""
    standing = Alarm.objects.filter(bank=bank, kind=kind).standing()
    for alarm in standing if subject is None else standing.filter(subject=subject[:40]):
        alarm.move(Status.CLOSED, closed_at=timezone.now())


def _end_at_all(banks: Collection[Bank], kind: str) -> None:
    for alarm in Alarm.objects.filter(bank__in=banks, kind=kind).standing():
        alarm.move(Status.CLOSED, closed_at=timezone.now())


@transaction.atomic
def see(alarm: Alarm, *, note: str, by) -> bool:
    """Somebody looks after it, and says what they do. What nothing ends by itself is closed with that.

    False when somebody else was faster.
    """
    now = timezone.now()
    if alarm.status != Status.OPEN or not alarm.move(
        Status.SEEN, by=by, reason=note, seen_by=by, seen_at=now, note=note
    ):
        return False
    if alarm.kind in MOMENTARY:
        alarm.move(Status.CLOSED, by=by, reason=note, closed_at=now)
    return True


@transaction.atomic
def close(alarm: Alarm, *, note: str, by) -> bool:
    """A person says that it is over. False when it was."""
    now = timezone.now()
    if alarm.status == Status.CLOSED:
        return False
    return alarm.move(Status.CLOSED, by=by, reason=note, closed_at=now, note=note, seen_by=by, seen_at=now)


def _watch_overdue(bank: Bank, now: datetime) -> None:
    inside = Leg.objects.filter(
        compartment__bank=bank, status__in=Leg.INSIDE, collection__ends_at__lte=now - CLEARED_WITHIN
    ).select_related("compartment", "collection__order")
    late = {leg.compartment.label: leg for leg in inside}
    for label, leg in late.items():
        if not Alarm.objects.filter(bank=bank, kind=Kind.OVERDUE, subject=label).standing().exists():
            ring(bank, Kind.OVERDUE, subject=label, at=now, order=leg.collection.order.number)
    for alarm in Alarm.objects.filter(bank=bank, kind=Kind.OVERDUE).standing().exclude(subject__in=late):
        alarm.move(Status.CLOSED, closed_at=now)


def _mail(alarm: Alarm, now: datetime) -> None:
    """One mail to each operator; a storm of alarms stops writing after the tenth of an hour, the page shows all."""
    recent = Alarm.objects.filter(bank=alarm.bank, raised_at__gt=now - timedelta(hours=1)).count()
    if recent > MOST_MAILS_PER_HOUR:
        return
    context = {
        "alarm": alarm,
        "sentence": partial(warnings.sentence, alarm),
        "link": f"{settings.SITE_URL}{reverse('pickup:alarms')}",
        "is_last": recent == MOST_MAILS_PER_HOUR,
    }
    for operator in operators().exclude(email=""):
        key = f"alarm:{alarm.pk}:{operator.pk}"
        messages.owe("alarm", key=key, to=operator.email, language=settings.LANGUAGE_CODE, context=context)
