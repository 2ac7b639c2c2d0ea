"""What one shop puts into a collection."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.foundation.lifecycle import Lifecycle
from pickup.models.collection import Leg


class Parcel(Lifecycle):
    """The goods of one shop in one leg. Its deposit code is the shop's own, the same in all legs of the collection.

    expected → deposited | missing (its goods are refunded) | withdrawn; a bank may report a missing one all the same
    deposited → ruined (food that got too warm, goods that are gone: refunded too)
    """

    class Status(models.TextChoices):
        EXPECTED = "expected", _("expected")
        DEPOSITED = "deposited", _("deposited")
        MISSING = "missing", _("did not come")
        WITHDRAWN = "withdrawn", _("withdrawn")
        RUINED = "ruined", _("spoiled or lost in the locker")

    MOVES = {
        Status.EXPECTED: {Status.DEPOSITED, Status.MISSING, Status.WITHDRAWN},
        Status.MISSING: {Status.DEPOSITED},
        Status.DEPOSITED: {Status.RUINED},
    }

    leg = models.ForeignKey(Leg, on_delete=models.CASCADE, related_name="parcels")
    shop_order = models.ForeignKey("shops.ShopOrder", on_delete=models.PROTECT, related_name="parcels")
    status = models.CharField(_("status"), max_length=9, choices=Status, default=Status.EXPECTED)
    code_version = models.PositiveSmallIntegerField(default=1, editable=False)
    pin_mac = models.CharField(max_length=20, blank=True, editable=False)
    deposited_at = models.DateTimeField(_("deposited"), null=True, blank=True)
    verified = models.BooleanField(
        _("the door was seen"), default=True, help_text=_("No: nobody saw the door open and close at the deposit.")
    )
    deposited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["leg", "shop_order"], name="parcel_once")]
        indexes = [models.Index(fields=["pin_mac"], name="parcel_code")]

    def __str__(self):
        return f"{self.shop_order} ({self.status})"
