"""Times of collection by the clock alone: evenings at lockers, opening hours of counters. Times are the town's."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.conf import settings

from pickup import errors
from pickup.models import Point
from pickup.packing import ALL_DAYS
from shops import hours

EVENING = time(19)
LATEST_EVENING = time(21)
AMBIENT_END = time(19)
COLD_END = time(10)
DEPOSIT_MARGIN = timedelta(minutes=30)
SHORTEST = timedelta(minutes=30)
COUNTER_DAYS_OFFERED = 3
LOOK_AHEAD_DAYS = 14


@dataclass(frozen=True)
class Window:
    """A time to collect at a point, `[starts_at, ends_at)`."""

    point_id: int
    starts_at: datetime
    ends_at: datetime

    @property
    def key(self) -> str:
        """What a form sends back; read by `parse`."""
        return f"{self.point_id}-{int(self.starts_at.timestamp())}-{int(self.ends_at.timestamp())}"

    @classmethod
    def parse(cls, key: str) -> "Window":
        """Read a key; raises `WindowClosed` when it is none."""
        try:
            point, starts, ends = (int(part) for part in key.split("-"))
            return cls(point, datetime.fromtimestamp(starts, UTC), datetime.fromtimestamp(ends, UTC))
        except (ValueError, OverflowError, OSError) as error:
            raise errors.WindowClosed from error

    @property
    def weekday(self) -> int:
        """The day in the town on which it begins: goods are handed over then, or put into the locker. 0 for Monday."""
        return _local(self.starts_at).weekday()

    @property
    def deposit_by(self) -> datetime:
        """When every shop must have deposited."""
        return self.starts_at - DEPOSIT_MARGIN


@dataclass(frozen=True, kw_only=True)
class Evening:
    """One evening at a locker bank: `whole` until its goods must leave, `short` until the next morning (None: no sooner)."""

    whole: Window
    short: Window | None

    @property
    def windows(self) -> list[Window]:
        """What may be offered, the longer first."""
        return [self.whole, self.short] if self.short else [self.whole]


def evenings(
    point: Point, *, now: datetime, earliest: datetime, cold: bool, dwell_hours: int | None
) -> Iterable[Evening]:
    """The evenings of a bank, the soonest first: until 19:00 of the next day, cold goods until 10:00, none longer than it keeps."""
    for start, morning, end in _evening_times(now, earliest, cold, dwell_hours):
        yield Evening(
            whole=Window(point.pk, start, end), short=Window(point.pk, start, morning) if morning < end else None
        )


@lru_cache(maxsize=16)
def _evening_times(
    now: datetime, earliest: datetime, cold: bool, dwell_hours: int | None
) -> tuple[tuple[datetime, datetime, datetime], ...]:
    """Start, next morning and end of the evenings to come: the same for all banks of one page."""
    times = []
    for days in range(LOOK_AHEAD_DAYS):
        start = max(town_time(now, EVENING, days=days), earliest)
        if start > town_time(now, LATEST_EVENING, days=days):
            continue
        morning = town_time(start, COLD_END, days=1)
        end = morning if cold else town_time(start, AMBIENT_END, days=1)
        if dwell_hours is not None:
            end = min(end, start + timedelta(hours=dwell_hours))
        times.append((start, morning, end))
    return tuple(times)


def deposit_from(point: Point, window: Window, now: datetime) -> datetime:
    """From when the shops may deposit, and a door is therefore reserved."""
    if point.is_counter:
        return min(now, window.starts_at)
    lead = timedelta(hours=point.bank.deposit_lead_hours)
    return min(max(now, window.starts_at - lead), window.starts_at)


def counter_windows(point: Point, earliest: datetime, *, days: frozenset[int] = ALL_DAYS) -> Iterable[Window]:
    """What is left of the opening hours of a counter on its next three days, from `earliest` on, on these weekdays only."""
    closures = point.host_shop.closures.all() if point.host_shop else ()
    first_day = _local(earliest).date()
    found = []
    for interval in hours.opening_intervals(point.opening_hours, first_day, LOOK_AHEAD_DAYS, closures):
        start = max(interval.opens_at.astimezone(UTC), earliest.astimezone(UTC))
        if interval.closes_at - start < SHORTEST or _local(start).weekday() not in days:
            continue
        if interval.opens_at.date() not in found:
            found.append(interval.opens_at.date())
        if len(found) > COUNTER_DAYS_OFFERED:
            return
        yield Window(point.pk, start, interval.closes_at.astimezone(UTC))


def _local(moment: datetime) -> datetime:
    return moment.astimezone(ZoneInfo(settings.TIME_ZONE))


def town_time(moment: datetime, clock: time, *, days: int = 0) -> datetime:
    """`clock` in the town, `days` after the day of `moment`, in UTC."""
    day = _local(moment).date() + timedelta(days=days)
    return datetime.combine(day, clock, ZoneInfo(settings.TIME_ZONE)).astimezone(UTC)
