"""Which events of a bank raise an alarm, and which end it. Heard inside the transaction that applies the event."""

from collections.abc import Callable

from pickup.models import Alarm, Bank, BankEvent, Leg
from pickup.operating.alarms import end, ring
from pickup.protocol.vocabulary import Alert, EventType, Outcome, Service

Kind = Alarm.Kind

LEFT_OPEN_SECONDS = 120
ALERTS = {Alert.REMOTE_BUDGET: Kind.BUDGET, Alert.WRONG_PINS: Kind.PIN_ATTACK}
FORGED = {Alert.BAD_SIGNATURE, Alert.BAD_COMMAND, Alert.OLD_CSEQ, Alert.OLD_LIST, Alert.RETAINED_COMMAND}


def follow(event: BankEvent) -> None:
    """Raise or end what this event tells of. Data that make no sense raise nothing: the bank's log keeps them."""
    effect = EFFECTS.get(event.type)
    if effect is not None:
        effect(event)


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
        _in_service_again(event.bank, label)
    elif why == "jam":
        if not Alarm.objects.filter(bank=event.bank, kind=Kind.JAM, subject=label).standing().exists():
            _jammed(event)
    elif why == "left_open":
        ring(event.bank, Kind.LEFT_OPEN, subject=label, at=event.at, seconds=600)
    elif why == "sensor":
        ring(event.bank, Kind.SENSOR, subject=label, at=event.at)


def _in_service_again(bank: Bank, label: str) -> None:
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
