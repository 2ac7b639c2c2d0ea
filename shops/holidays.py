"""The public holidays of the town: code du travail, art. L3133-1; Alsace-Moselle and the overseas departments by
`settings.HOLIDAY_SUBDIVISION`.
"""

from datetime import date
from functools import lru_cache

import holidays
from django.conf import settings


def public_holidays(year: int) -> dict[date, str]:
    """The public holidays of the town with their names in the language of the law."""
    return dict(_calendar(year, settings.HOLIDAY_SUBDIVISION or None))


def is_holiday(day: date) -> bool:
    """Whether the town has a public holiday on this day."""
    return day in _calendar(day.year, settings.HOLIDAY_SUBDIVISION or None)


@lru_cache(maxsize=16)
def _calendar(year: int, subdivision: str | None) -> dict[date, str]:
    return dict(holidays.France(years=year, subdiv=subdivision, language="fr"))
