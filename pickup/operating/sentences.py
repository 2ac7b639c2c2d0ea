"""Events, refusals and orders in words that the help desk can read out. No code and no status name reaches a person."""

from collections.abc import Callable

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from pickup.models import BankCommand, BankEvent
from pickup.operating import faults, words
from pickup.protocol.vocabulary import EventType, Outcome
from shops.models import Temperature


def event(row: BankEvent, *, shops: dict[int, str] | None = None) -> str:
    """What happened, as one sentence. `shops` gives names to the numbers of shops."""
    said = EVENTS.get(row.type)
    data = _Data(row.data, shops or {})
    return said(data) if said else _("the bank reported: %(type)s") % {"type": row.type}


def command(row: BankCommand) -> str:
    """What the bank was told, and what became of it, as one sentence."""
    said = words.COMMANDS.get(row.type, gettext_lazy("an order to the bank concerning %(door)s"))
    what = str(said) % {"door": row.data.get("compartment") or "–"}
    return _("%(what)s: %(outcome)s") % {"what": what, "outcome": outcome(row)}


def outcome(row: BankCommand) -> str:
    """What became of an order."""
    if row.outcome == Outcome.REFUSED:
        reason = row.detail.get("reason", "")
        return _("refused, %(reason)s") % {"reason": words.REFUSALS.get(reason, reason)}
    if row.outcome:
        return str(words.OUTCOMES.get(row.outcome, row.outcome))
    return _("no answer yet") if row.is_alive() else _("ran out before the bank fetched it")


class _Data:
    """The data of an event, read without trust: what is not of the expected kind is left out."""

    def __init__(self, data: dict, shops: dict[int, str]):
        self.data, self.shops = data, shops

    def word(self, name: str) -> str:
        value = self.data.get(name)
        return value if isinstance(value, str) else ""

    def number(self, name: str) -> int | float | None:
        value = self.data.get(name)
        return value if isinstance(value, int | float) and not isinstance(value, bool) else None

    @property
    def door(self) -> str:
        return self.word("compartment") or "?"

    @property
    def shop(self) -> str:
        number = self.number("shop")
        return self.shops.get(number) or (_("shop number %(number)s") % {"number": number} if number else _("a shop"))


def _accepted(data: _Data) -> str:
    qr = data.word("kind") == "qr"
    if data.word("purpose") == "deposit":
        text = _("QR code of %(shop)s accepted") if qr else _("code of %(shop)s accepted")
        text %= {"shop": data.shop}
    elif data.word("purpose") == "collect":
        text = _("QR code of the resident accepted") if qr else _("code of the resident accepted")
    elif data.word("purpose") == "share":
        text = _("QR code of the person sent accepted") if qr else _("code of the person sent accepted")
    else:
        text = _("service code accepted")
    return _("%(text)s, offline") % {"text": text} if data.data.get("offline") is True else text


def _rejected(data: _Data) -> str:
    why = words.REJECTED.get(data.word("why"), gettext_lazy("code refused"))
    where = _("scanned at the bank") if data.word("kind") == "qr" else _("typed at the keypad")
    return f"{why}, {where}"


def _opened(data: _Data) -> str:
    outcome_, door = data.word("outcome"), data.door
    purpose = words.OPENED_FOR.get(data.word("purpose"), gettext_lazy("for an unknown reason"))
    values = {"door": door, "purpose": purpose}
    if data.word("purpose") == "deposit" and data.number("shop"):
        values["purpose"] = _("with the code of %(shop)s") % {"shop": data.shop}
    if outcome_ in words.NOT_OPENED:
        return str(words.NOT_OPENED[outcome_]) % values
    if outcome_ == Outcome.OPENED_UNVERIFIED:
        text = _("door %(door)s probably opened (it cannot be seen) %(purpose)s") % values
    else:
        text = _("door %(door)s opened %(purpose)s") % values
    return _("%(text)s, offline") % {"text": text} if data.data.get("offline") is True else text


def _deposited(data: _Data) -> str:
    values = {"shop": data.shop, "door": data.door}
    if data.data.get("verified") is False:
        return _("%(shop)s says that the goods are in %(door)s; the door was not seen to move") % values
    return _("%(shop)s has put the goods into %(door)s") % values


def _larger(data: _Data) -> str:
    values = {"shop": data.shop, "old": data.word("from") or "?", "new": data.word("to")}
    if not values["new"]:
        return _("%(shop)s asked for a larger compartment than %(old)s; none was free") % values
    return _("%(shop)s moved the goods from %(old)s to the larger %(new)s") % values


def _left_open(data: _Data) -> str:
    return _("door %(door)s has been open for %(time)s") % {"door": data.door, "time": lasting(data.number("seconds"))}


def _lockout(data: _Data) -> str:
    if (seconds := data.number("seconds")) is None:
        return _("keypad closed after many wrong codes; QR codes still open")
    return _("keypad pauses for %(time)s after wrong codes") % {"time": lasting(seconds)}


def _service(data: _Data) -> str:
    if data.word("state") == "in_service":
        return _("compartment %(door)s is in service again") % {"door": data.door}
    return _("the bank has blocked %(door)s: %(why)s") % {
        "door": data.door,
        "why": faults.in_words(data.word("why")) or "–",
    }


def _zone(data: _Data) -> str:
    zone = zone_in_words(data.word("class"))
    if (low := data.number("min")) is None or (high := data.number("max")) is None:
        return _("%(zone)s: the probe could not be read") % {"zone": zone}
    return _("%(zone)s: between %(low)s and %(high)s °C in the last quarter of an hour") % {
        "zone": zone,
        "low": degrees(low),
        "high": degrees(high),
    }


def _excursion(data: _Data) -> str:
    return _("%(zone)s out of its band: %(c)s °C") % {
        "zone": zone_in_words(data.word("class")),
        "c": degrees(data.number("c")),
    }


def _excursion_ended(data: _Data) -> str:
    return _("%(zone)s in its band again, after %(time)s") % {
        "zone": zone_in_words(data.word("class")),
        "time": lasting(data.number("seconds")),
    }


def _outcome(data: _Data) -> str:
    if data.word("phase") == "accepted":
        return _("the bank has taken an order")
    if data.word("outcome") == Outcome.REFUSED:
        detail = data.data.get("detail")
        reason = str(detail.get("reason", "")) if isinstance(detail, dict) else ""
        return _("order refused by the bank: %(reason)s") % {"reason": words.REFUSALS.get(reason, reason or "–")}
    return _("order to the bank: %(outcome)s") % {"outcome": words.OUTCOMES.get(data.word("outcome"), "–")}


def _power(data: _Data) -> str:
    if unfinished := data.number("unfinished"):
        return _("the bank was restarted while doors were opening (%(number)s)") % {"number": unfinished}
    return _("the bank was restarted")


def _service_left(data: _Data) -> str:
    return _("the visit with the service code is over, %(number)s doors were opened") % {
        "number": data.number("openings") or 0
    }


def _alert(data: _Data) -> str:
    return str(words.ALERTS.get(data.word("why"), gettext_lazy("the bank asks somebody to look at it")))


EVENTS: dict[str, Callable[[_Data], str]] = {
    EventType.CREDENTIAL_ACCEPTED: _accepted,
    EventType.CREDENTIAL_REJECTED: _rejected,
    EventType.DOOR_OPENED: _opened,
    EventType.DOOR_CLOSED: lambda data: _("door %(door)s closed") % {"door": data.door},
    EventType.DOOR_LEFT_OPEN: _left_open,
    EventType.DOOR_UNCOMMANDED_OPEN: lambda data: _("door %(door)s opened without command") % {"door": data.door},
    EventType.DOOR_UNKNOWN: lambda data: _("door %(door)s can no longer be seen") % {"door": data.door},
    EventType.DEPOSIT_CONFIRMED: _deposited,
    EventType.DEPOSIT_DECLINED: lambda data: _("%(shop)s has put nothing in") % {"shop": data.shop},
    EventType.DEPOSIT_LARGER: _larger,
    EventType.DEPOSIT_MOVED: lambda data: _("goods were moved to another compartment"),
    EventType.DEPOSIT_WRONG_DOOR: lambda data: _("a bag was nearly put behind the wrong door"),
    EventType.CLAIM: lambda data: _("the resident says at the bank: taken"),
    EventType.CLAIM_TIMEOUT: lambda data: _("door opened, closed, and not opened again: taken"),
    EventType.REMARK: lambda data: str(
        words.REMARKS.get(data.word("code"), gettext_lazy("the resident remarked something at the bank"))
    ),
    EventType.LOCKOUT_STARTED: _lockout,
    EventType.LOCKOUT_ENDED: lambda data: _("keypad takes codes again"),
    EventType.COMPARTMENT_SERVICE: _service,
    EventType.ZONE_TEMPERATURE: _zone,
    EventType.ZONE_EXCURSION_STARTED: _excursion,
    EventType.ZONE_EXCURSION_ENDED: _excursion_ended,
    EventType.BUS_UNREACHABLE: lambda data: _("a lock board does not answer"),
    EventType.BUS_RECOVERED: lambda data: _("the lock board answers again"),
    EventType.LIST_APPLIED: lambda data: _("list number %(number)s in force") % {"number": data.number("list_seq")},
    EventType.CLOCK_UNSYNCED: lambda data: _("the bank is not sure of the time"),
    EventType.CLOCK_STEPPED: lambda data: _("the bank has set its clock"),
    EventType.POWER_RESTORED: _power,
    EventType.SERVICE_ENTERED: lambda data: _("somebody came with a service code"),
    EventType.SERVICE_LEFT: _service_left,
    EventType.SERVICE_BUDGET: lambda data: _("somebody at the bank allowed more remote openings for an hour"),
    EventType.AUDIT_SEALED: lambda data: _("the bank has sealed its journal"),
    EventType.JOURNAL_LOST: lambda data: str(words.ALERTS["journal"]),
    EventType.JOURNAL_RECOVERED: lambda data: str(words.ALERTS["journal_stopped"]),
    EventType.JOURNAL_ACCEPTED: lambda data: _("the new journal of the bank was accepted"),
    EventType.ALERT: _alert,
    "command.outcome": _outcome,
}


def zone_in_words(temperature: str) -> str:
    """“Zone chilled”."""
    label = dict(Temperature.choices).get(temperature)
    return _("Zone %(temperature)s") % {"temperature": label} if label else _("A zone")


def degrees(value: float | None) -> str:
    """One decimal, as the reader writes it; a question mark without a reading."""
    return "?" if value is None else number_format(value, decimal_pos=1)


def lasting(seconds: float | None) -> str:
    """“30 seconds”, “2 minutes”, “3 hours”."""
    number = round(seconds or 0)
    if number < 60:
        return ngettext("%(number)s second", "%(number)s seconds", number) % {"number": number}
    minutes = round(number / 60)
    if minutes < 60:
        return ngettext("%(number)s minute", "%(number)s minutes", minutes) % {"number": minutes}
    hours = round(minutes / 60)
    return ngettext("%(number)s hour", "%(number)s hours", hours) % {"number": hours}
