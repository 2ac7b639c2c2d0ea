"""Days as people write them."""

from datetime import date

from django.utils.formats import date_format, get_format
from django.utils.translation import get_language


def written(day: date, pattern: str = "DATE_FORMAT") -> str:
    """As Django's `date_format` writes a date or datetime, but French says "1er décembre", not "1 décembre"."""
    pattern = get_format(pattern)
    if day.day == 1 and get_language() == "fr":
        pattern = pattern.replace("j F", r"j\e\r F")
    return date_format(day, pattern)
