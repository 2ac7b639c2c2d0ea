"""What wakes the operators: raised once per incident from what banks report, closed by what ends it or by a person.

`follow` hears every event inside the transaction that applies it, so an alarm exists exactly when its event does: nothing
depends on a worker. What is the absence of something (a silent bank, goods that nobody cleared) is found by `watch`,
from moments that stand in the database; a missed run finds it later.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from marketplace.foundation import messages
from pickup.models import Alarm, Bank, BankEvent, Leg
from pickup.models.device import UNREACHABLE_AFTER
from pickup.operating import warnings
from pickup.operating.rights import operators
from pickup.protocol.vocabulary import Alert, EventType, Outcome, Service

Kind, Status = Alarm.Kind, Alarm.Status

LEFT_OPEN_SECONDS = 120
CLOCK_PATIENCE = timedelta(minutes=5)
# Goods whose window is over are cleared the next morning; half a day later somebody has forgotten it.
CLEARED_WITHIN = timedelta(hours=18)
# What comes and goes by itself counts as one incident when it comes back within this time.
SAME_INCIDENT = timedelta(minutes=30)
FLAPPING = {Kind.OFFLINE, Kind.LEFT_OPEN, Kind.CLOCK, Kind.BUS, Kind.TEMPERATURE}
# Nothing ends these by itself: whoever has looked closes them.
MOMENTARY = {Kind.BUDGET, Kind.PIN_ATTACK, Kind.SECURITY, Kind.LOST, Kind.DEVICE, Kind.DIFFERENCE}
MOST_MAILS_PER_HOUR = 10

FAULTS = {"jam": Kind.JAM, "left_open": Kind.LEFT_OPEN, "intrusion": Kind.INTRUSION, "sensor": Kind.SENSOR}
ALERTS = {Alert.REMOTE_BUDGET: Kind.BUDGET, Alert.WRONG_PINS: Kind.PIN_ATTACK}
FORGED = {Alert.BAD_SIGNATURE, Alert.BAD_COMMAND, Alert.OLD_CSEQ, Alert.OLD_LIST, Alert.RETAINED_COMMAND}


def follow(event: BankEvent) -> None:
    """Raise or end what this event tells of. Data that make no sense raise nothing: the bank's log keeps them."""
    effect = EFFECTS.get(event.type)
    if effect is not None:
        effect(event)


def hear(bank: Bank, now: datetime) -> None:
    """The bank has spoken: its silence is over. `bank.last_seen_at` is still that of the time before."""
    if bank.last_seen_at is not None and now - bank.last_seen_at >= UNREACHABLE_AFTER:
        ring(bank, Kind.OFFLINE, at=bank.last_seen_at)  # also when nobody noticed it while it lasted
    end(bank, Kind.OFFLINE)


def compare_clocks(bank: Bank, *, right: bool) -> None:
    """With everything reported applied: the bank says whether it knows the time now.

    Each start begins unsure and asks for the time; only who is still unsure five minutes later needs a person.
    """
    if right:
        end(bank, Kind.CLOCK)
        return
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


def _word(event: BankEvent, name: str) -> str:
    """A word out of an event; empty when the bank sent something else."""
    value = event.data.get(name)
    return value if isinstance(value, str) else ""


def _number(event: BankEvent, name: str) -> int | float | None:
    value = event.data.get(name)
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _left_open(event: BankEvent) -> None:
    seconds = _number(event, "seconds") or 0
    if seconds >= LEFT_OPEN_SECONDS:
        ring(event.bank, Kind.LEFT_OPEN, subject=_word(event, "compartment"), at=event.at, seconds=seconds)


def _door_closed(event: BankEvent) -> None:
    end(event.bank, Kind.LEFT_OPEN, _word(event, "compartment"))


def _forced(event: BankEvent) -> None:
    label = _word(event, "compartment")
    ring(event.bank, Kind.INTRUSION, subject=label, at=event.at, inside=_order_inside(event.bank, label))


def _opened(event: BankEvent) -> None:
    if _word(event, "outcome") == Outcome.JAMMED:
        _jammed(event)


def _jammed(event: BankEvent) -> None:
    label = _word(event, "compartment")
    ring(event.bank, Kind.JAM, subject=label, at=event.at, inside=_order_inside(event.bank, label))


def _service(event: BankEvent) -> None:
    """The bank took a compartment out by itself, or put it back."""
    label, why = _word(event, "compartment"), _word(event, "why")
    if _word(event, "state") == Service.IN_SERVICE:
        recovered(event.bank, label)
    elif why == "jam":
        if not Alarm.objects.filter(bank=event.bank, kind=Kind.JAM, subject=label).standing().exists():
            _jammed(event)
    elif why == "left_open":
        ring(event.bank, Kind.LEFT_OPEN, subject=label, at=event.at, seconds=600)
    elif why == "sensor":
        ring(event.bank, Kind.SENSOR, subject=label, at=event.at)


def recovered(bank: Bank, label: str) -> None:
    """A compartment is in service again: its faults are over."""
    for kind in (Kind.JAM, Kind.INTRUSION, Kind.SENSOR, Kind.LEFT_OPEN):
        end(bank, kind, label)


def _excursion(event: BankEvent) -> None:
    details = {"c": _number(event, "c"), "seconds": _number(event, "seconds"), "class": _word(event, "class")}
    ring(event.bank, Kind.TEMPERATURE, subject=_word(event, "zone"), at=event.at, **details)


def _excursion_ended(event: BankEvent) -> None:
    end(event.bank, Kind.TEMPERATURE, _word(event, "zone"))


def _bus(event: BankEvent) -> None:
    board = _number(event, "board")
    ring(event.bank, Kind.BUS, subject="" if board is None else str(board), at=event.at, why=_word(event, "why"))


def _bus_recovered(event: BankEvent) -> None:
    board = _number(event, "board")
    end(event.bank, Kind.BUS, "" if board is None else str(board))


def _lockout(event: BankEvent) -> None:
    if event.data.get("seconds") is None:
        ring(event.bank, Kind.PIN_CLOSED, at=event.at, wrong=_number(event, "wrong_24h"))


def _lockout_ended(event: BankEvent) -> None:
    end(event.bank, Kind.PIN_CLOSED)


def _power(event: BankEvent) -> None:
    if unfinished := _number(event, "unfinished"):
        ring(event.bank, Kind.DEVICE, subject="power", at=event.at, unfinished=unfinished)


def _journal_lost(event: BankEvent) -> None:
    ring(event.bank, Kind.DEVICE, subject="journal", at=event.at)


def _journal_accepted(event: BankEvent) -> None:
    end(event.bank, Kind.DEVICE, "journal")


def _journal_stopped(event: BankEvent) -> None:
    ring(event.bank, Kind.DEVICE, subject="journal_stopped", at=event.at, why=_word(event, "why"))


def _alerted(event: BankEvent) -> None:
    why = _word(event, "why") or "unknown"
    kind = ALERTS.get(why) or (Kind.SECURITY if why in FORGED else Kind.DEVICE)
    subject = "" if why in ALERTS else why
    ring(event.bank, kind, subject=subject, at=event.at, detail=_word(event, "detail")[:200])


EFFECTS: dict[str, Callable[[BankEvent], None]] = {
    EventType.DOOR_LEFT_OPEN: _left_open,
    EventType.DOOR_CLOSED: _door_closed,
    EventType.DOOR_UNCOMMANDED_OPEN: _forced,
    EventType.DOOR_OPENED: _opened,
    EventType.COMPARTMENT_SERVICE: _service,
    EventType.ZONE_EXCURSION_STARTED: _excursion,
    EventType.ZONE_EXCURSION_ENDED: _excursion_ended,
    EventType.BUS_UNREACHABLE: _bus,
    EventType.BUS_RECOVERED: _bus_recovered,
    EventType.LOCKOUT_STARTED: _lockout,
    EventType.LOCKOUT_ENDED: _lockout_ended,
    EventType.POWER_RESTORED: _power,
    EventType.JOURNAL_LOST: _journal_lost,
    EventType.JOURNAL_ACCEPTED: _journal_accepted,
    EventType.JOURNAL_RECOVERED: _journal_stopped,
    EventType.ALERT: _alerted,
}


def _order_inside(bank: Bank, label: str) -> str:
    """The order whose goods lie behind this door, empty for none."""
    leg = Leg.objects.behind(bank=bank, label=label)
    return leg.values_list("collection__order__number", flat=True).first() or ""
