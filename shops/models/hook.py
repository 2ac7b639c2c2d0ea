"""Where a shop wants to hear what happens, and each call to it. Signed as https://www.standardwebhooks.com asks."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

__all__ = ["HookCall", "ShopHook"]


class ShopHookQuerySet(models.QuerySet):
    """Vocabulary of addresses."""

    def hearing(self):
        """Wanted and not switched off."""
        return self.filter(is_on=True)


class ShopHook(models.Model):
    """An address that is called when something happens. The secret signs; the one before it signs too until `old_until`."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="hooks")
    address = models.CharField(max_length=500)
    kinds = models.JSONField(default=list)  # of ShopEvent.Kind
    secret = models.CharField(max_length=80, editable=False)
    old_secret = models.CharField(max_length=80, blank=True, editable=False)
    old_until = models.DateTimeField(null=True, editable=False)
    is_on = models.BooleanField(default=True)
    succeeded_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now)

    objects = ShopHookQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return self.address

    @property
    def secrets(self) -> list[str]:
        """Those that sign now, the newest first."""
        has_old = self.old_secret and self.old_until and self.old_until > timezone.now()
        return [self.secret, self.old_secret] if has_old else [self.secret]


class HookCallQuerySet(models.QuerySet):
    """Vocabulary of calls."""

    def open(self):
        """Neither taken by the other side nor given up."""
        return self.filter(done_at=None, given_up_at=None)

    def due(self, now=None):
        """Open, of an address that is on, and their time has come; the oldest first."""
        return self.open().filter(hook__is_on=True, try_at__lte=now or timezone.now()).order_by("try_at", "pk")


class HookCall(models.Model):
    """One message to one address: written once, sent until it is taken or given up, always with the same `uuid` and body."""

    hook = models.ForeignKey(ShopHook, on_delete=models.CASCADE, related_name="calls")
    event = models.ForeignKey("shops.ShopEvent", null=True, on_delete=models.CASCADE, related_name="+")  # None: a test
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=20)
    body = models.TextField()
    created_at = models.DateTimeField(default=timezone.now)
    try_at = models.DateTimeField(default=timezone.now)
    leased_until = models.DateTimeField(null=True)  # somebody is calling at this moment
    attempts = models.PositiveSmallIntegerField(default=0)
    called_at = models.DateTimeField(null=True)
    status = models.PositiveSmallIntegerField(null=True)  # of the last answer
    answer = models.CharField(max_length=300, blank=True)  # its first characters, or why there was none
    took_ms = models.PositiveIntegerField(null=True)
    done_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)

    objects = HookCallQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hook", "event"], name="hook_call_once_per_event")]
        indexes = [
            models.Index(fields=["try_at"], condition=Q(done_at=None, given_up_at=None), name="hook_call_due"),
            models.Index(fields=["hook", "-id"], name="hook_call_log"),
        ]

    def __str__(self):
        return f"{self.kind} {self.uuid}"
