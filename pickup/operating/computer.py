"""What a bank's own computer says of itself, in words: contact, list, clock, program, keypad, zones."""

from datetime import datetime

from django.utils.formats import number_format
from django.utils.timesince import timesince
from django.utils.translation import gettext as _

from pickup.models import Bank


def facts(bank: Bank, now: datetime) -> list[tuple[str, str]]:
    """What the bank's computer last said of itself, as (what, words)."""
    seen, health = bank.snapshot, bank.said.get("health") or {}
    heard = _("%(time)s ago") % {"time": ago(bank.last_seen_at, now)} if bank.last_seen_at else _("Never heard of yet.")
    zones = [_zone(zone) for zone in bank.zones.all()]
    return [
        (_("Last contact"), heard),
        (_("Start of the program"), _("number %(boot)s") % {"boot": bank.boot_id} if bank.boot_id else "–"),
        (_("List in force"), _list(bank)),
        (_("Orders waiting for the bank"), str(bank.owed)),
        (_("Reports still at the bank"), str(health.get("queue", "–"))),
        (_("Reports waiting for a missing one"), str(bank.stuck)),
        (_("Clock"), _clock(bank.said.get("clock"))),
        (_("Program"), str(seen.get("fw") or "–")),
        (_("Keypad"), KEYPAD.get(seen.get("pin_channel", ""), lambda: "–")()),
        *zones,
    ]


KEYPAD = {
    "open": lambda: _("takes codes"),
    "delayed": lambda: _("waits after wrong codes"),
    "closed": lambda: _("closed after wrong codes; QR codes still open"),
}


def _zone(zone) -> tuple[str, str]:
    words = (
        _("no reading yet") if zone.last_c is None else _("%(degrees)s °C") % {"degrees": number_format(zone.last_c, 1)}
    )
    if not zone.in_service:
        words = _("%(words)s, out of service") % {"words": words}
    return (_("Zone %(temperature)s") % {"temperature": zone.get_temperature_display()}, words)


def _list(bank: Bank) -> str:
    if bank.list_etag == bank.applied_etag:
        return _("number %(number)s, the newest") % {"number": bank.list_seq}
    return _("the newest (number %(number)s) has not arrived yet") % {"number": bank.list_seq}


def _clock(clock: dict | None) -> str:
    if not clock:
        return "–"
    seconds = round(clock.get("uncertainty_ms", 0) / 1000)
    return (
        _("right to within %(seconds)s s") % {"seconds": max(1, seconds)}
        if clock.get("synced")
        else _("not synchronised")
    )


def warnings(bank: Bank) -> list[str]:
    """What belongs to the head of the page."""
    warnings = []
    if bank.snapshot.get("pin_channel") == "closed":
        warnings.append(_("keypad closed after wrong codes"))
    if bank.list_etag != bank.applied_etag:
        warnings.append(_("newest list not yet there"))
    return warnings


def ago(moment: datetime, now: datetime) -> str:
    """“3 minutes”, never finer: a page that says the same needs no new drawing."""
    if (now - moment).total_seconds() < 60:
        return _("less than a minute")
    return timesince(moment, now, depth=1)
