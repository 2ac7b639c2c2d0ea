"""How cold it was: the log of a zone's probe, and the times out of its band."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class ZoneRecord(models.Model):
    """A quarter of an hour of one probe, up to `at`. Without readings (`count` 0) nobody can say how cold it was."""

    zone = models.ForeignKey("pickup.Zone", on_delete=models.CASCADE, related_name="records")
    at = models.DateTimeField(_("until"))
    min_c = models.DecimalField(_("coldest in °C"), max_digits=4, decimal_places=1, null=True)
    max_c = models.DecimalField(_("warmest in °C"), max_digits=4, decimal_places=1, null=True)
    count = models.PositiveIntegerField(_("readings"))

    class Meta:
        ordering = ["at"]
        verbose_name = _("record of a zone")
        verbose_name_plural = _("log of the zones")
        constraints = [models.UniqueConstraint(fields=["zone", "at"], name="zone_record_once")]

    def __str__(self):
        return f"{self.zone_id} {self.at}: {self.min_c} to {self.max_c}"


class Excursion(models.Model):
    """A time out of the zone's band, or without a reading, that was too long for food."""

    zone = models.ForeignKey("pickup.Zone", on_delete=models.CASCADE, related_name="excursions")
    started_at = models.DateTimeField(_("from"))
    ended_at = models.DateTimeField(_("until"), null=True, blank=True)
    min_c = models.DecimalField(_("coldest in °C"), max_digits=4, decimal_places=1, null=True)
    max_c = models.DecimalField(_("warmest in °C"), max_digits=4, decimal_places=1, null=True)

    class Meta:
        ordering = ["-started_at"]
        verbose_name = _("excursion")
        verbose_name_plural = _("excursions")
        constraints = [
            models.UniqueConstraint(fields=["zone"], condition=Q(ended_at=None), name="one_excursion_lasts"),
        ]

    def __str__(self):
        return f"{self.zone_id}: {self.started_at} → {self.ended_at}"
