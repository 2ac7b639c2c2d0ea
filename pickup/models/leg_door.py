"""The doors that a leg has beside its own: goods that did not fit one compartment, or that a shop keeps apart."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class LegDoor(models.Model):
    """One more compartment behind which goods of a leg may be. The row goes when the door is empty."""

    leg = models.ForeignKey("pickup.Leg", on_delete=models.CASCADE, related_name="more_doors")
    compartment = models.OneToOneField("pickup.Compartment", on_delete=models.PROTECT, related_name="more_of")

    class Meta:
        ordering = ["pk"]
        verbose_name = _("further door")
        verbose_name_plural = _("further doors")

    def __str__(self):
        return f"{self.leg_id}: {self.compartment_id}"
