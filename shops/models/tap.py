"""Taps of the desk that carry a key: what each did, so that it is never done twice."""

from django.db import models
from django.utils import timezone

__all__ = ["Tap"]


class Tap(models.Model):
    """One tap of one shop's desk and its answer. A phone on poor signal may send it again, and hears the same."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="taps")
    key = models.UUIDField()
    deed = models.CharField(max_length=60)
    done = models.BooleanField(default=False)
    words = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shop", "key"], name="tap_once")]

    def __str__(self):
        return f"{self.deed} {self.key}"
