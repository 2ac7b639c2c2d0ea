"""Opening hours in words: is the shop open, until when, when again, and its week as a table."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _

from shops import hours
from shops.models import Shop


@dataclass(frozen=True)
class Opening:
    """What a chip says: `text` is complete, `is_open` only its colour."""

    is_open: bool
    text: str


@dataclass(frozen=True)
class Day:
    """A row of the table of hours."""

    name: str
    ranges: list[str]
    is_today: bool


def opening(shop: Shop, now: datetime) -> Opening:
    """The shop at this moment. Reads its closures, which lists prefetch."""
    if hours.is_open(shop, now):
        return Opening(True, _("Open until %(time)s") % {"time": _clock(_closes_at(shop, now))})
    opens_at = hours.next_open(shop, now)
    if opens_at is None:
        return Opening(False, _("Closed at the moment"))
    days = (timezone.localdate(opens_at) - timezone.localdate(now)).days
    words = {"time": _clock(opens_at), "day": _day_name(opens_at, days)}
    if days == 0:
        return Opening(False, _("Closed, opens at %(time)s") % words)
    if days == 1:
        return Opening(False, _("Closed, opens tomorrow at %(time)s") % words)
    return Opening(False, _("Closed, opens %(day)s at %(time)s") % words)


def week(shop: Shop, now: datetime) -> list[Day]:
    """The ordinary week, Monday first; a day without ranges is closed."""
    today = timezone.localdate(now).weekday()
    ranges = hours.parse_week(shop.opening_hours)
    return [
        Day(str(WEEKDAYS[n]), [f"{time_format(start)} – {time_format(end)}" for start, end in ranges[name]], n == today)
        for n, name in enumerate(hours.DAYS)
    ]


def coming_closures(shop: Shop, now: datetime) -> list:
    """Exceptional closures that are not over, within two months."""
    today = timezone.localdate(now)
    until = today + timedelta(days=hours.LOOK_AHEAD_DAYS)
    return [closure for closure in shop.closures.all() if closure.last_on >= today and closure.first_on <= until]


def _closes_at(shop: Shop, now: datetime) -> datetime:
    """The end of the interval that `now` lies in."""
    today = hours.opening_intervals(shop.opening_hours, timezone.localdate(now), 1, shop.closures.all())
    return next(interval.closes_at for interval in today if interval.opens_at <= now < interval.closes_at)


def _clock(moment: datetime) -> str:
    return time_format(timezone.localtime(moment))


def _day_name(moment: datetime, days: int) -> str:
    """The weekday within a week, else the date."""
    return date_format(timezone.localtime(moment), "l" if days < 7 else "j F")
