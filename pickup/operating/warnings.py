"""Alarms in words: what is wrong, where, and what to do."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from pickup.models import Alarm, RoundCheck
from pickup.operating import sentences, words

Kind = Alarm.Kind


def sentence(alarm: Alarm) -> str:
    """One or two sentences that a person on call can act on."""
    return ALARMS[alarm.kind]({"bank": alarm.bank.point.name, "subject": alarm.subject, **alarm.details})


def found_in_words(found: str) -> str:
    """What a round found."""
    return str(dict(RoundCheck.Found.choices).get(found, found))


ALARMS: dict[str, Callable[[dict], str]] = {
    Kind.OFFLINE: lambda v: (
        _("%(bank)s has not been heard. Codes still open its doors; look at its power and its network.") % v
    ),
    Kind.LEFT_OPEN: lambda v: _("Door %(subject)s of %(bank)s stands open. Somebody has to close it.") % v,
    Kind.INTRUSION: lambda v: (
        _("Door %(subject)s of %(bank)s opened without command, with order %(inside)s inside. Go and look.") % v
        if v.get("inside")
        else _("Door %(subject)s of %(bank)s opened without command. Go and look.") % v
    ),
    Kind.JAM: lambda v: (
        _(
            "Door %(subject)s of %(bank)s does not open, and order %(inside)s is stuck behind it. "
            "Call the resident and go there."
        )
        % v
        if v.get("inside")
        else _("Door %(subject)s of %(bank)s does not open. It takes no new goods until it was inspected.") % v
    ),
    Kind.SENSOR: lambda v: (
        _("The sensor of door %(subject)s of %(bank)s is not to be trusted. Codes still open it; no new goods go in.")
        % v
    ),
    Kind.TEMPERATURE: lambda v: (
        _("%(zone)s of %(bank)s is out of its band: %(degrees)s °C. Its food is not given out.")
        % {**v, "zone": sentences.zone_in_words(v.get("class") or ""), "degrees": sentences.degrees(v.get("c"))}
    ),
    Kind.CLOCK: lambda v: (
        _("%(bank)s is not sure of the time. Residents can collect; shops need their QR code to deposit.") % v
    ),
    Kind.BUS: lambda v: _("A lock board of %(bank)s does not answer: its doors open for nobody.") % v,
    Kind.BUDGET: lambda v: _("Many doors of %(bank)s were opened from afar within a minute. Was it one of you?") % v,
    Kind.PIN_ATTACK: lambda v: _("Ten or more wrong codes were typed at %(bank)s within an hour.") % v,
    Kind.PIN_CLOSED: lambda v: (
        _(
            "The keypad of %(bank)s is closed after too many wrong codes. QR codes still open; help those without a phone."
        )
        % v
    ),
    Kind.SECURITY: lambda v: (
        _("%(bank)s: %(what)s. If this goes on, the server or the line may be attacked.")
        % {**v, "what": words.ALERTS.get(v["subject"], v["subject"])}
    ),
    Kind.LOST: lambda v: (
        _("%(bank)s: reports %(first)s to %(last)s never came. Compare its doors with the records.")
        % {"first": "?", "last": "?", **v}
    ),
    Kind.DEVICE: lambda v: _("%(bank)s: %(what)s.") % {**v, "what": words.ALERTS.get(v["subject"], v["subject"])},
    Kind.OVERDUE: lambda v: (
        _("Order %(order)s still lies in %(subject)s of %(bank)s, long after its end. Clear it.") % {"order": "?", **v}
    ),
    Kind.DIFFERENCE: lambda v: (
        _("Door %(subject)s of %(bank)s differs from the records: %(found)s.")
        % {**v, "found": found_in_words(v.get("found", ""))}
    ),
}
