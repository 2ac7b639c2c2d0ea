"""Opening hours: OpenStreetMap syntax, public holidays of the town, exceptional closures. Reads rows, writes none.

A holiday rule is one whose day selector names PH (`PH off`, `Su,PH 09:00-12:00`); without one a public holiday is a day
like any other. Public holidays come from the `holidays` library (code du travail, art. L3133-1; Alsace-Moselle and the
overseas departments by `settings.HOLIDAY_SUBDIVISION`). Times are the town's; every returned moment is UTC.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import takewhile
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from opening_hours import OpeningHours, ParserError, State

from shops.holidays import is_holiday

DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
LOOK_AHEAD_DAYS = 60
DAY_MINUTES = 24 * 60
MIDNIGHT = time(0)

Range = tuple[time, time]
_DAY = r"(?:Mo|Tu|We|Th|Fr|Sa|Su|PH)"
_DAY_SELECTOR = re.compile(rf"^(?P<days>{_DAY}(?:\s*[,-]\s*{_DAY})*)(?:\s+(?P<rest>.*))?$", re.DOTALL)


class UnreadableHours(Exception):
    """The opening hours are not written in OpenStreetMap syntax."""

    def __init__(self):
        super().__init__(_("These opening hours cannot be read. Example: Tu-Sa 09:00-12:30,14:00-19:00; PH off"))


class Interval(NamedTuple):
    """From opening to closing."""

    opens_at: datetime
    closes_at: datetime


class Rules(NamedTuple):
    """An expression taken apart: the ordinary days, and what a public holiday does (None: like any other day)."""

    ordinary: str
    on_holidays: str | None


def check(osm: str) -> None:
    """Raise `UnreadableHours` unless `osm` can be read."""
    _parsed(_rules(osm).ordinary)
    if _rules(osm).on_holidays:
        _parsed(_rules(osm).on_holidays)


def is_open(shop_or_hours, moment: datetime) -> bool:
    """Whether a shop (with its closures), or hours in OpenStreetMap syntax, are open at `moment`."""
    return any(each.opens_at <= moment < each.closes_at for each in _intervals_from(shop_or_hours, moment, days=0))


def is_paused(shop, moment: datetime) -> bool:
    """Whether the shop takes no new orders for the moment, whenever they would be collected."""
    return shop.paused_until is not None and moment < shop.paused_until


def end_of_pause(moment: datetime, minutes: int | None) -> datetime:
    """When a pause of `minutes` that begins at `moment` is over; None is the rest of the day, until midnight in the town."""
    if minutes is None:
        midnight = datetime.combine(_local_day(moment) + timedelta(days=1), MIDNIGHT)
        return _moment(midnight)
    return moment + timedelta(minutes=minutes)


def opening_intervals(hours: str, first_day: date, days: int, closures: Iterable = ()) -> list[Interval]:
    """Every interval that begins on one of `days` days from `first_day` on, oldest first.

    `closures`: rows with `first_on` and `last_on`, both days closed, or open from `opens_at` to `closes_at` instead of the
    ordinary hours. An evening past midnight makes two intervals.
    """
    rows = list(closures)
    return [
        interval
        for day in (first_day + timedelta(days=n) for n in range(days))
        for interval in _intervals_with(hours, day, [row for row in rows if row.first_on <= day <= row.last_on])
    ]


def _intervals_with(hours: str, day: date, exceptions: list) -> list[Interval]:
    """The intervals of a day to which these exceptions apply: one closure closes it."""
    if not exceptions:
        return _intervals_of_day(hours, day)
    if any(row.opens_at is None for row in exceptions):
        return []
    spans = sorted({(row.opens_at, row.closes_at) for row in exceptions})
    return [Interval(*(_moment(datetime.combine(day, end)) for end in span)) for span in _joined(spans)]


def _joined(spans: list[Range]) -> list[Range]:
    """Overlapping spans, sorted, made one: nothing opens twice."""
    joined: list[Range] = []
    for start, end in spans:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def next_open(shop_or_hours, after: datetime) -> datetime | None:
    """`after` itself when open then, else the next opening; None when there is none within 60 days."""
    interval = next(iter(_intervals_from(shop_or_hours, after)), None)
    return max(interval.opens_at, after) if interval else None


def end_of_day(shop_or_hours, moment: datetime) -> datetime:
    """When the shop's day at `moment` is over: the last closing of this day, or of the next day with opening.

    What is ordered after closing is for the next opening day. A shop that opens no more within 60 days: midnight.
    """
    interval = next(iter(_intervals_from(shop_or_hours, moment)), None)
    if interval is None:
        return end_of_pause(moment, None)
    day = _local_day(interval.opens_at)
    same_day = takewhile(lambda each: _local_day(each.opens_at) == day, _intervals_from(shop_or_hours, moment))
    return max(each.closes_at for each in same_day)


def add_open_minutes(shop_or_hours, start: datetime, minutes: int) -> datetime | None:
    """The moment at which `minutes` of opening have passed since `start`; None when that is more than 60 days ahead."""
    left = timedelta(minutes=minutes)
    for interval in _intervals_from(shop_or_hours, start):
        begin = max(interval.opens_at, start)
        if begin + left <= interval.closes_at:
            return begin + left
        left -= interval.closes_at - begin
    return None


def ready_at(shop, after: datetime, lead_minutes: int) -> datetime | None:
    """When goods ordered at `after` can be ready, with `lead_minutes` of preparation; None: not within 60 days.

    Work begins at the next opening after `after`, with a cut-off on the day that it leads to (`_work_begins`); a paused shop
    takes no orders at all (`is_paused`). Whole days of lead
    time (from 24 h on) pass on the calendar; the rest, and all of a shorter lead time, counts in minutes of opening: 60
    minutes at 18:30 with closing at 19:00 end 30 minutes after the next opening. "48 hours" therefore ends at the same
    time two days later.
    """
    begin = _work_begins(shop, after)
    if begin is None:
        return None
    days, minutes = divmod(lead_minutes, DAY_MINUTES)
    same_time = begin.astimezone(ZoneInfo(settings.TIME_ZONE)) + timedelta(
        days=days
    )  # wall time: 48 h over a change of clocks
    return add_open_minutes(shop, same_time.astimezone(UTC), minutes)


def _work_begins(shop, after: datetime) -> datetime | None:
    """When an order placed at `after` is first worked on.

    With a cut-off ("until 11:00") an order belongs to the opening day on which it still comes before that time, else to the
    next one; work begins on that day, or `cutoff_days` opening days later. Wall time: 11:00 is 11:00 in every season.
    """
    if shop.cutoff_at is None:
        return next_open(shop, after)
    local = after.astimezone(ZoneInfo(settings.TIME_ZONE))
    today, closures = local.date(), list(shop.closures.all())
    wanted = shop.cutoff_days
    for day in (today + timedelta(days=n) for n in range(LOOK_AHEAD_DAYS)):
        if day == today and local.time() >= shop.cutoff_at:
            continue
        if not opening_intervals(shop.opening_hours, day, 1, closures):
            continue
        if not wanted:
            return next_open(shop, max(after, _moment(datetime.combine(day, MIDNIGHT))))
        wanted -= 1
    return None


def parse_week(osm: str) -> dict[str, list[Range]]:
    """The ordinary week: day ("Mo" … "Su") -> ranges of local times; an end of 00:00 is midnight. Raises `UnreadableHours`.

    What a week cannot say (seasons, single dates) is left out: see `is_weekly`.
    """
    monday = date(2024, 1, 1)  # any Monday; holiday rules are not part of the ordinary week
    ordinary = _rules(osm).ordinary
    return {
        name: [(start.time(), end.time()) for start, end in _wall(ordinary, monday + timedelta(days=n))]
        for n, name in enumerate(DAYS)
    }


def format_week(
    week: dict[str, list[Range]], *, closed_on_holidays: bool = True, on_holidays: list[Range] | None = None
) -> str:
    """OpenStreetMap syntax of a week; days with the same ranges in a row are written once.

    `on_holidays`: the ranges of public holidays, if they have some of their own.
    """
    rules: list[tuple[list[str], str]] = []
    for name in DAYS:
        ranges = _written(week[name])
        if rules and rules[-1][1] == ranges and DAYS.index(rules[-1][0][-1]) + 1 == DAYS.index(name):
            rules[-1][0].append(name)
        elif ranges:
            rules.append(([name], ranges))
    written = [f"{days[0]}-{days[-1]} {text}" if len(days) > 1 else f"{days[0]} {text}" for days, text in rules]
    if on_holidays:
        return "; ".join([*(written or ["off"]), f"PH {_written(on_holidays)}"])
    if not written:
        return "off"
    return "; ".join([*written, "PH off"] if closed_on_holidays else written)


def _written(ranges: list[Range]) -> str:
    return ",".join(f"{start:%H:%M}-{'24:00' if end == MIDNIGHT else f'{end:%H:%M}'}" for start, end in ranges)


def is_weekly(osm: str) -> bool:
    """Whether a week and the ranges of public holidays say all that `osm` says."""
    rules = _rules(osm)
    again = format_week(parse_week(osm), closed_on_holidays=False)
    holidays_said = rules.on_holidays in (None, "off") or _canonical(rules.on_holidays) == _canonical(
        _written(holiday_ranges(osm)) or "off"
    )
    return holidays_said and _canonical(again) == _canonical(rules.ordinary)


def holiday_ranges(osm: str) -> list[Range]:
    """The ranges of public holidays when they have some of their own."""
    rest = _rules(osm).on_holidays
    if rest in (None, "off"):
        return []
    return [(start.time(), end.time()) for start, end in _wall(rest, date(2024, 1, 1))]


def closed_on_holidays(osm: str) -> bool:
    """Whether public holidays are days off."""
    return _rules(osm).on_holidays == "off"


@lru_cache(maxsize=512)
def _rules(osm: str) -> Rules:
    """Take the rules whose day selector names PH out of the ordinary ones."""
    ordinary, on_holidays = [], None
    for rule in filter(None, (part.strip() for part in osm.split(";"))):
        match = _DAY_SELECTOR.match(rule)
        days = [day.strip() for day in match["days"].split(",")] if match else []
        if "PH" not in days:
            ordinary.append(rule)
            continue
        rest = (match["rest"] or "00:00-24:00").strip()
        on_holidays = "off" if rest in ("off", "closed") else rest
        days.remove("PH")
        if days:
            ordinary.append(f"{','.join(days)} {rest}")
    return Rules("; ".join(ordinary) or ("off" if on_holidays else ""), on_holidays)


@lru_cache(maxsize=512)
def _parsed(rules: str) -> OpeningHours:
    try:
        return OpeningHours(rules)
    except ParserError as error:
        raise UnreadableHours from error


def _canonical(rules: str) -> str:
    return str(_parsed(rules).normalize())


def _intervals_of_day(osm: str, day: date) -> list[Interval]:
    rules = _rules(osm)
    if rules.on_holidays is not None and is_holiday(day):
        ranges = () if rules.on_holidays == "off" else _wall(rules.on_holidays, day)
    else:
        ranges = _wall(rules.ordinary, day)
    return [Interval(_moment(start), _moment(end)) for start, end in ranges]


def _moment(wall: datetime) -> datetime:
    """A local wall time as a moment in UTC, where durations are true even in the night of a change of clocks."""
    return wall.replace(tzinfo=ZoneInfo(settings.TIME_ZONE)).astimezone(UTC)


@lru_cache(maxsize=8192)
def _wall(rules: str, day: date) -> tuple[tuple[datetime, datetime], ...]:
    """Naive local ranges of `day`, cut at midnight. Read in wall time, so that a change of clocks moves no closing time."""
    begin = datetime.combine(day, MIDNIGHT)
    intervals = _parsed(rules).intervals(begin, begin + timedelta(days=1))
    return tuple((start, end) for start, end, state, _comment in intervals if state == State.OPEN)


def _intervals_from(shop_or_hours, start: datetime, *, days: int = LOOK_AHEAD_DAYS) -> Iterator[Interval]:
    """The intervals not over at `start`, lazily, of its day and the `days` after."""
    if isinstance(shop_or_hours, str):
        hours, closures = shop_or_hours, ()
    else:
        hours, closures = shop_or_hours.opening_hours, list(shop_or_hours.closures.all())
    first = _local_day(start)
    for n in range(days + 1):
        for interval in opening_intervals(hours, first + timedelta(days=n), 1, closures):
            if interval.closes_at > start:
                yield interval


def _local_day(moment: datetime) -> date:
    return moment.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
