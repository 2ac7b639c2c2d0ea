"""Rate limits that count in the database, so that all web processes share them."""

import ipaddress
import math
from datetime import timedelta

from django.conf import settings
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
    return take(key, limit=limit, per=per) == 0


def take(key: str, *, limit: int, per: timedelta) -> int:
    """Count one use of `key`: 0 when it is allowed, else in how many seconds the running window ends."""
    now = timezone.now()
    with transaction.atomic():
        row, _created = RateLimit.objects.select_for_update().get_or_create(key=key, defaults={"ends_at": now + per})
        if row.ends_at <= now:
            row.used, row.ends_at = 0, now + per
        row.used += 1
        row.save(update_fields=["used", "ends_at"])
    return 0 if row.used <= limit else max(1, math.ceil((row.ends_at - now).total_seconds()))


def uncount(keys: list[str]) -> None:
    """Take back one use of each of `keys`: it was no misuse."""
    RateLimit.objects.filter(key__in=keys, used__gt=0).update(used=models.F("used") - 1)


def visitor_address(request) -> str:
    """The address to count by: what our own machines say, never a header that a visitor can write.

    Behind `TRUSTED_PROXIES` proxies the web server sees the last of them, and each has added the address that it saw to
    X-Forwarded-For; what stands further left came from the visitor. One household has one IPv6 /64 (RFC 6177): it counts
    as one address, or nobody would ever run out of new ones.
    """
    address, proxies = request.META.get("REMOTE_ADDR", ""), settings.TRUSTED_PROXIES
    forwarded = [each.strip() for each in request.headers.get("X-Forwarded-For", "").split(",") if each.strip()]
    if 0 < proxies <= len(forwarded):
        address = forwarded[-proxies]
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address[:60]
    if parsed.version == 4:
        return address
    mapped = parsed.ipv4_mapped
    return str(mapped or ipaddress.ip_network((parsed, 64), strict=False))
