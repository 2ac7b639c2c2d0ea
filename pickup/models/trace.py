"""What the plan learns from: who was refused, how long goods stay, and how well each day went."""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class RefusalQuerySet(models.QuerySet):
    """Vocabulary of refusals."""

    def lost(self):
        """Those whose basket did not become an order at the same place all the same."""
        from pickup.models.collection import Collection

        kept = Collection.objects.filter(order__basket=models.OuterRef("basket"), point=models.OuterRef("point"))
        return self.exclude(models.Exists(kept))


class Refusal(models.Model):
    """One wish that a place could not serve, with window and sizes: without it nobody knows how good the plan could be.

    A resident who looks again with the same basket is not refused twice.
    """

    class Code(models.TextChoices):
        CLASS_FULL = "class_full", _("all compartments of this size are taken")
        LOW_DOOR_FULL = "low_door_full", _("all low compartments are taken")
        TOO_LARGE = "too_large", _("larger than every compartment")
        ZONE_OUT = "zone_out", _("this temperature is out of service")
        BANK_OUT = "bank_out", _("the locker bank does not answer")
        WINDOW_CLOSED = "window_closed", _("the time can no longer be chosen")
        HOLD_EXPIRED = "hold_expired", _("paid after the place was given away")

    point = models.ForeignKey("pickup.Point", on_delete=models.CASCADE, related_name="refusals")
    code = models.CharField(_("reason"), max_length=13, choices=Code)
    at = models.DateTimeField(_("refused"), default=timezone.now)
    basket = models.BigIntegerField(null=True, blank=True, editable=False)
    deposit_from = models.DateTimeField(_("shops may deposit from"))
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    low_door = models.BooleanField(_("low door"), default=False)
    legs = models.JSONField(_("temperature and size of each leg"), default=list)

    objects = RefusalQuerySet.as_manager()

    class Meta:
        ordering = ["-at"]
        verbose_name = _("refusal")
        verbose_name_plural = _("refusals")
        constraints = [
            models.UniqueConstraint(fields=["point", "basket", "starts_at", "code"], name="refused_once"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="refusal_window_in_order"),
        ]
        indexes = [models.Index(fields=["point", "deposit_from"])]

    def __str__(self):
        return f"{self.point}: {self.code}"


class DwellCurve(models.Model):
    """How long goods have stayed in a bank's compartments, learnt each night by `pickup.kpi.nightly`; see `pickup.dwell`."""

    bank = models.OneToOneField("pickup.Bank", on_delete=models.CASCADE, related_name="dwell")
    observed = models.PositiveIntegerField(_("stays observed"), default=0)
    rates = models.JSONField(default=dict)
    prices = models.JSONField(default=dict)
    learnt_at = models.DateTimeField(_("learnt"), default=timezone.now)

    class Meta:
        verbose_name = _("times of stay")
        verbose_name_plural = _("times of stay")

    def __str__(self):
        return f"{self.bank.code}: {self.observed}"


class BankDay(models.Model):
    """One bank's day in numbers, computed each night and the same when computed again. Counts, so that days add up.

    A day is the town's, from midnight to midnight. `period_bound` is what a planner with foreknowledge of every order and every
    collection could have accepted in the days ending with this one (docs/allocation.md).
    """

    bank = models.ForeignKey("pickup.Bank", on_delete=models.CASCADE, related_name="days")
    day = models.DateField(_("day"))
    computed_at = models.DateTimeField(_("computed"), default=timezone.now)
    accepted = models.PositiveIntegerField(_("orders accepted"), default=0)
    refused = models.PositiveIntegerField(_("orders refused for lack of room"), default=0)
    period_days = models.PositiveSmallIntegerField(_("days of the bound"), default=21)
    period_accepted = models.PositiveIntegerField(_("orders accepted in these days"), default=0)
    period_bound = models.DecimalField(
        _("orders that could have been accepted in these days"), max_digits=9, decimal_places=2, default=Decimal(0)
    )
    classes = models.JSONField(
        _("hours of each class"), default=list
    )  # [{temperature, size, occupied_h, in_service_h}]
    legs = models.PositiveIntegerField(_("legs deposited"), default=0)
    upsized = models.PositiveIntegerField(_("legs in a larger compartment than needed"), default=0)
    displaced = models.PositiveIntegerField(_("deposits that found no free compartment"), default=0)
    to_counter = models.PositiveIntegerField(_("orders that went to a counter instead"), default=0)
    openings = models.PositiveIntegerField(_("attempts to open a door"), default=0)
    openings_failed = models.PositiveIntegerField(_("attempts after which it did not open"), default=0)
    codes_accepted = models.PositiveIntegerField(_("codes accepted"), default=0)
    codes_accepted_offline = models.PositiveIntegerField(_("of them without the server"), default=0)
    visits = models.PositiveIntegerField(_("visits of residents"), default=0)
    visit_seconds = models.PositiveIntegerField(_("median visit in seconds"), null=True, blank=True)
    collected = models.PositiveIntegerField(_("orders collected"), default=0)
    within_5h = models.PositiveIntegerField(_("within 5 hours"), default=0)
    within_12h = models.PositiveIntegerField(_("within 12 hours"), default=0)
    within_24h = models.PositiveIntegerField(_("within 24 hours"), default=0)
    no_shows = models.PositiveIntegerField(_("orders not collected in time"), default=0)

    class Meta:
        ordering = ["-day"]
        verbose_name = _("day of a bank")
        verbose_name_plural = _("days of banks")
        constraints = [models.UniqueConstraint(fields=["bank", "day"], name="bank_day_once")]

    def __str__(self):
        return f"{self.bank.code} {self.day}"
