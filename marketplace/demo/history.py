"""Some weeks before the demonstration began: invented stays, refusals and events of its banks, counted as the night counts real ones.

Only the figures of each day are kept. No order, no money and no record belongs to them; the page of the figures says so.
"""

from bisect import bisect_left
from datetime import date, datetime, timedelta

from django.utils import timezone

from marketplace.demo.lives import Lives
from pickup.kpi import counting, nightly
from pickup.kpi.counting import Happened, Records
from pickup.models import Bank, BankDay

DAYS = 21
# Stays reach back as far as the bound of the first day looks.
LIVED_DAYS = DAYS + nightly.PERIOD_DAYS


def remember(now: datetime | None = None) -> int:
    """Write the days before those that the night still counts again; the number written. Nothing where a bank has days."""
    now = now or timezone.now()
    last = timezone.localtime(now).date() - timedelta(days=nightly.RECOUNTED_DAYS + 1)
    rows = [row for bank in Bank.objects.filter(days=None) for row in _days(bank, last, now)]
    BankDay.objects.bulk_create(rows)
    return len(rows)


def _days(bank: Bank, last: date, now: datetime) -> list[BankDay]:
    doors = nightly.doors_of(bank)
    lives = Lives(bank.code, doors)
    for back in range(LIVED_DAYS, -1, -1):
        lives.live(nightly.bounds(last - timedelta(days=back))[0])
    events = sorted(lives.events, key=lambda event: event.at)
    return [_day(bank, lives, events, doors, last - timedelta(days=back), now) for back in range(DAYS - 1, -1, -1)]


def _day(bank: Bank, lives: Lives, events: list[Happened], doors: dict, day: date, now: datetime) -> BankDay:
    since, until = nightly.bounds(day)
    period = nightly.bounds(day - timedelta(days=nightly.PERIOD_DAYS - 1))[0]
    first, after = (bisect_left(events, moment, key=lambda event: event.at) for moment in (since, until))
    records = Records(
        lays=[lay for lay in lives.lays if lay.start < until and lay.left >= period],
        refused=[each for each in lives.refused if period <= each.starts_at < until],
        events=events[first:after],
        doors=doors,
        in_service=_hours(doors, (until - since) / counting.HOUR),
        to_counter=sum(since <= moment < until for moment in lives.cleared),
        no_shows=sum(since <= moment < until for moment in lives.overdue),
    )
    numbers = counting.day_in_numbers(records, period=period, since=since, until=until, now=now)
    return BankDay(bank=bank, day=day, computed_at=now, period_days=nightly.PERIOD_DAYS, **numbers)


def _hours(doors: dict[str, dict[str, int]], hours: float) -> dict[tuple[str, str], float]:
    """No door was ever blocked."""
    return {
        (temperature, size): number * hours for temperature, sizes in doors.items() for size, number in sizes.items()
    }
