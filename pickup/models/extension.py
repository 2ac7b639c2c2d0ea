"""More time to collect."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Extension(models.Model):
    """One later end of one collection, and why. Append-only: together they are the history of the promise."""

    class Reason(models.TextChoices):
        RESIDENT = "resident", _("the resident asked")
        OUTAGE = "outage", _("the bank was out of order")

    collection = models.ForeignKey("pickup.Collection", on_delete=models.CASCADE, related_name="extensions")
    previous_end = models.DateTimeField(_("end before"))
    new_end = models.DateTimeField(_("new end"))
    reason = models.CharField(_("reason"), max_length=8, choices=Reason)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(_("given on"), default=timezone.now)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("extension")
        verbose_name_plural = _("extensions")
        constraints = [
            models.CheckConstraint(condition=Q(new_end__gt=F("previous_end")), name="extension_is_later"),
        ]

    def __str__(self):
        return f"{self.collection_id}: {self.previous_end} → {self.new_end}"
