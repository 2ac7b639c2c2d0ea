"""Searches that found nothing to buy. A shop reads what the town wants; nobody can read who wanted it.

Kept are words of letters only, four at most: no address, number or name with a number comes in. A word is shown from the third
visitor on. That a visitor counts once a day is known from a mark in the cache, a keyed hash that is gone after a day.
"""

import re
from datetime import date, timedelta

from django.core.cache import cache
from django.db.models import F, Max, Sum
from django.utils import timezone
from django.utils.crypto import salted_hmac

from shops.models import UnmetSearch

PLAIN = re.compile(r"[^\W\d_]{2,}(?:[ '’-][^\W\d_]+){0,3}")
LONGEST = 40
ONCE_SECONDS = 24 * 3600
KEPT_DAYS = 90
LEAST_SHOWN = 3


def note(query: str, *, key: str, visitor: str) -> bool:
    """Count a search that found neither product nor shop. False when it is not counted.

    `key`: the folded words; `visitor`: whatever tells two visitors apart, kept nowhere.
    """
    words = " ".join(query.lower().split())
    if not PLAIN.fullmatch(words) or len(words) > LONGEST or not 0 < len(key) <= LONGEST:
        return False
    if not cache.add(f"unmet:{salted_hmac('unmet search', f'{visitor}|{key}').hexdigest()}", 1, ONCE_SECONDS):
        return False
    today = timezone.localdate()
    row, _created = UnmetSearch.objects.get_or_create(key=key, on=today, defaults={"words": words})
    UnmetSearch.objects.filter(pk=row.pk).update(times=F("times") + 1)
    return True


def wanted(*, first: date, last: date, most: int = 20) -> list[tuple[str, int]]:
    """(words, times) of the days from `first` to `last`, the most wanted first; nothing that fewer than three looked for."""
    rows = UnmetSearch.objects.filter(on__range=(first, last)).values("key")
    counted = rows.annotate(label=Max("words"), number=Sum("times")).filter(number__gte=LEAST_SHOWN)
    return list(counted.order_by("-number", "key").values_list("label", "number")[:most])


def forget() -> int:
    """Delete what is older than 90 days; returns how many rows."""
    oldest = timezone.localdate() - timedelta(days=KEPT_DAYS)
    return UnmetSearch.objects.filter(on__lt=oldest).delete()[0]
