"""When a bank could not be reached or could not open."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class OutageQuerySet(models.QuerySet):
    """Vocabulary of outages."""

    def touching(self, start: datetime, end: datetime):
        """Not over at `start`, and begun before `end`."""
        return self.filter(Q(ended_at=None) | Q(ended_at__gt=start), started_at__lt=end)


class Outage(models.Model):
    """One time without the bank. A silence is written when it is over; the present one follows from the last contact."""

    class Kind(models.TextChoices):
        SILENT = "silent", _("not heard")
        BUS = "bus", _("no lock board answered")

    bank = models.ForeignKey("pickup.Bank", on_delete=models.CASCADE, related_name="outages")
    kind = models.CharField(_("kind"), max_length=6, choices=Kind)
    started_at = models.DateTimeField(_("from"))
    ended_at = models.DateTimeField(_("until"), null=True, blank=True)

    objects = OutageQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at"]
        verbose_name = _("outage")
        verbose_name_plural = _("outages")
        constraints = [
            models.UniqueConstraint(fields=["bank", "kind", "started_at"], name="outage_once"),
            models.UniqueConstraint(fields=["bank", "kind"], condition=Q(ended_at=None), name="one_outage_lasts"),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("started_at")), name="outage_ends_after_it_starts"
            ),
        ]

    def __str__(self):
        return f"{self.bank_id} {self.kind}: {self.started_at} → {self.ended_at}"
