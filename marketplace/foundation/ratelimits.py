"""Rate limits that count in the database, so that all web processes share them."""

from datetime import timedelta

from django.db import models, transaction
from django.utils import timezone


class RateLimit(models.Model):
    """How often `key` was used in the running window."""

    key = models.CharField(max_length=160, unique=True)
    used = models.PositiveIntegerField(default=0)
    ends_at = models.DateTimeField()

    def __str__(self):
        return f"{self.key}: {self.used}"


def allow(key: str, *, limit: int, per: timedelta) -> bool:
    """Count one use of `key`; False when it was used more than `limit` times in the running window."""
    now = timezone.now()
    with transaction.atomic():
        RateLimit.objects.get_or_create(key=key, defaults={"ends_at": now + per})
        row = RateLimit.objects.select_for_update().get(key=key)
        if row.ends_at <= now:
            row.used, row.ends_at = 0, now + per
        row.used += 1
        row.save(update_fields=["used", "ends_at"])
        return row.used <= limit


def visitor_address(request) -> str:
    """The address to count by: what the web server says, never a header that a visitor can write."""
    return request.META.get("REMOTE_ADDR", "")
