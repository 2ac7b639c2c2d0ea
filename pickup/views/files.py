"""Months, as the files of the operators are cut."""

from datetime import datetime

from django.http import Http404
from django.utils import timezone


def month_bounds(year: int, month: int) -> tuple[datetime, datetime]:
    """The first moment of a month in the town and the first after it. Raises `Http404` for a month that does not exist."""
    zone = timezone.get_current_timezone()
    try:
        return datetime(year, month, 1, tzinfo=zone), datetime(year + month // 12, month % 12 + 1, 1, tzinfo=zone)
    except (ValueError, OverflowError) as error:
        raise Http404 from error


def months_before(now: datetime) -> list[datetime]:
    """This month and the two before it, by their first day."""
    months = [now.replace(day=1)]
    for _earlier in range(2):
        last = months[-1]
        months.append(last.replace(year=last.year - (last.month == 1), month=(last.month - 2) % 12 + 1))
    return months
