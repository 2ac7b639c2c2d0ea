"""Opening hours in words: whether a shop is open now, and its week."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from marketplace.foundation import days
from shops import hours
from shops.models import Closure, Shop


@dataclass(frozen=True)
class Opening:
    """How a shop stands at this moment."""

    open: bool
    sentence: str


def now_at(shop: Shop, moment: datetime) -> Opening:
    """Open or closed at `moment`, and when it opens next. Reads `shop.closures`: prefetch them for lists."""
    try:
        if hours.is_open(shop, moment):
            return Opening(True, _("Open until %(time)s") % {"time": _closing_time(shop, moment)})
        begin = hours.next_open(shop, moment)
    except hours.UnreadableHours:
        return Opening(False, _("Opening hours on request"))
    if begin is None:
        return Opening(False, _("Closed for a long time"))
    local = timezone.localtime(begin)
    if local.date() == timezone.localtime(moment).date():
        return Opening(False, _("Closed, opens at %(time)s") % {"time": time_format(local, "H:i")})
    if local.date() == timezone.localtime(moment).date() + timedelta(days=1):
        return Opening(False, _("Closed, opens tomorrow at %(time)s") % {"time": time_format(local, "H:i")})
    day = day_name(local)
    return Opening(False, _("Closed, opens %(day)s at %(time)s") % {"day": day, "time": time_format(local, "H:i")})


def pause_at(shop: Shop, moment: datetime) -> str:
    """That the shop takes no orders at `moment`, and until when; "" when it does."""
    if not hours.is_paused(shop, moment):
        return ""
    end = timezone.localtime(shop.paused_until)
    words = {"shop": shop.name, "time": time_format(end, "H:i"), "day": day_name(end, now=moment)}
    today = timezone.localtime(moment).date()
    if end.date() == today:
        return _("%(shop)s takes no new orders until %(time)s.") % words
    if end.date() == today + timedelta(days=1) and end.time() == hours.MIDNIGHT:
        return _("%(shop)s takes no new orders today.") % words
    return _("%(shop)s takes no new orders until %(day)s, %(time)s.") % words


def pauses_at(shops: Iterable[Shop], moment: datetime) -> list[str]:
    """The sentence of each shop that takes no orders at `moment`."""
    return sorted(filter(None, (pause_at(shop, moment) for shop in shops)))


def cutoff(shop: Shop) -> str:
    """Until when one orders for which day; "" when orders come at any time."""
    if shop.cutoff_at is None:
        return ""
    words = {"time": time_format(shop.cutoff_at, "H:i"), "count": shop.cutoff_days}
    if shop.cutoff_days == 0:
        return _("Order by %(time)s and it is ready the same day.") % words
    if shop.cutoff_days == 1:
        return _("Order by %(time)s and it is ready on the next opening day.") % words
    return _("Order by %(time)s and it is ready %(count)s opening days later.") % words


def day_name(moment: datetime, *, now: datetime | None = None) -> str:
    """The day as it stands inside a sentence: "mardi 24 novembre"; seen from `now`, the next two are "today" and "tomorrow"."""
    if now is not None:
        away = (moment.date() - timezone.localtime(now).date()).days
        if away in (0, 1):
            return _("tomorrow") if away else _("today")
    return days.written(moment, "l j F")


def week(place) -> list[tuple[str, str]]:
    """The week of a shop or point, Monday first, equal days joined; empty if unreadable.

    Pairs such as ("Tuesday to Friday", "09:00 – 12:30, 14:00 – 19:00") or ("Sunday", "closed").
    """
    try:
        ranges_of_days = hours.parse_week(place.opening_hours)
    except hours.UnreadableHours:
        return []
    runs = groupby(range(7), key=lambda number: _ranges(ranges_of_days[hours.DAYS[number]]))
    return [(_days(list(numbers)), ranges or pgettext("hours of a day", "closed")) for ranges, numbers in runs]


def _days(numbers: list[int]) -> str:
    """The name of one weekday, or of a run of them."""
    first, last = str(WEEKDAYS[numbers[0]]), str(WEEKDAYS[numbers[-1]])
    if len(numbers) == 1:
        return first
    text = _("%(first)s and %(last)s") if len(numbers) == 2 else _("%(first)s to %(last)s")
    return text % {"first": first, "last": last}


def coming_closures(shop: Shop, moment: datetime) -> list[Closure]:
    """Exceptional closures and openings that are not over, the next first."""
    today = timezone.localtime(moment).date()
    return [closure for closure in shop.closures.all() if closure.last_on >= today]


def _closing_time(shop: Shop, moment: datetime) -> str:
    """When the interval ends that `moment` lies in."""
    today = hours.opening_intervals(shop.opening_hours, timezone.localdate(moment), 1, shop.closures.all())
    closes_at = next(interval.closes_at for interval in today if interval.opens_at <= moment < interval.closes_at)
    return time_format(timezone.localtime(closes_at), "H:i")


def _ranges(ranges: list[hours.Range]) -> str:
    return ", ".join(f"{start:%H:%M} – {'24:00' if end == hours.MIDNIGHT else f'{end:%H:%M}'}" for start, end in ranges)
