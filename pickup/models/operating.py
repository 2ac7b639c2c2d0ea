"""What the people who run the lockers write down: alarms, requests to open, reconciliation rounds."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.foundation.lifecycle import Lifecycle
from pickup.models.device import Compartment

ROUND_EVERY = timedelta(days=7)


def _person(verbose_name: str = "", *, null: bool = True, related_name: str = "+", **more):
    """Who did it; the name goes when the record is a year old."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=verbose_name,
        null=null,
        blank=null,
        on_delete=models.SET_NULL,
        related_name=related_name,
        **more,
    )


class AlarmQuerySet(models.QuerySet):
    """Vocabulary of alarms."""

    def standing(self):
        """Not over: somebody should look, or is looking."""
        return self.exclude(status=Alarm.Status.CLOSED)

    def unseen(self):
        """Nobody has said "I am looking"."""
        return self.filter(status=Alarm.Status.OPEN)


class Alarm(Lifecycle):
    """One incident at one bank: open → seen → closed. Who sees it says so; what ends by itself closes by itself.

    `subject` is the compartment, the zone or the kind of alert; of one subject no two alarms of a kind stand at once.
    """

    class Status(models.TextChoices):
        OPEN = "open", _("open")
        SEEN = "seen", _("somebody is looking")
        CLOSED = "closed", _("closed")

    class Kind(models.TextChoices):
        OFFLINE = "offline", _("bank offline")
        LEFT_OPEN = "left_open", _("door left open")
        INTRUSION = "intrusion", _("door opened without command")
        JAM = "jam", _("door jammed")
        SENSOR = "sensor", _("sensor suspect")
        TEMPERATURE = "temperature", _("temperature out of band")
        CLOCK = "clock", _("clock not synchronised")
        BUS = "bus", _("lock board silent")
        BUDGET = "budget", _("many remote openings")
        PIN_ATTACK = "pin_attack", _("many wrong codes")
        PIN_CLOSED = "pin_closed", _("keypad closed")
        SECURITY = "security", _("order refused by the bank")
        LOST = "lost", _("reports lost")
        DEVICE = "device", _("trouble in the bank's computer")
        OVERDUE = "overdue", _("goods not cleared")
        DIFFERENCE = "difference", _("otherwise than recorded")

    MOVES = {
        Status.OPEN: {Status.SEEN, Status.CLOSED},
        Status.SEEN: {Status.CLOSED},
        Status.CLOSED: {Status.OPEN},  # the same thing again, a few minutes later
    }

    bank = models.ForeignKey("pickup.Bank", on_delete=models.PROTECT, related_name="alarms")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    subject = models.CharField(_("concerns"), max_length=40, blank=True)
    status = models.CharField(_("status"), max_length=6, choices=Status, default=Status.OPEN)
    details = models.JSONField(default=dict, blank=True)
    times = models.PositiveIntegerField(_("times"), default=1)
    raised_at = models.DateTimeField(_("since"), default=timezone.now)
    last_at = models.DateTimeField(_("last time"), default=timezone.now)
    seen_by = _person(_("seen by"))
    seen_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)

    objects = AlarmQuerySet.as_manager()

    class Meta:
        ordering = ["-last_at", "-pk"]
        verbose_name = _("alarm")
        verbose_name_plural = _("alarms")
        constraints = [
            models.UniqueConstraint(
                fields=["bank", "kind", "subject"], condition=~Q(status="closed"), name="alarm_stands_once"
            )
        ]
        indexes = [models.Index(fields=["status", "-last_at"], name="alarm_by_status")]

    def __str__(self):
        return f"{self.bank_id} {self.kind} {self.subject} ({self.status})"


class OpeningRequestQuerySet(models.QuerySet):
    """Vocabulary of requests."""

    def waiting(self, now=None):
        """Not answered, and still within their ten minutes."""
        return self.filter(status=OpeningRequest.Status.ASKED, expires_at__gt=now or timezone.now())


class OpeningRequest(Lifecycle):
    """To open an occupied compartment from afar takes two people, each with a reason: asked → approved or declined.

    It runs out by itself after ten minutes.
    """

    LIFE = timedelta(minutes=10)

    class Status(models.TextChoices):
        ASKED = "asked", _("waits for a second person")
        APPROVED = "approved", _("approved")
        DECLINED = "declined", _("declined")

    MOVES = {Status.ASKED: {Status.APPROVED, Status.DECLINED}}

    compartment = models.ForeignKey(Compartment, on_delete=models.PROTECT, related_name="opening_requests")
    leg = models.ForeignKey("pickup.Leg", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    status = models.CharField(_("status"), max_length=8, choices=Status, default=Status.ASKED)
    why = models.CharField(_("reason"), max_length=120)
    asked_by = _person(_("asked by"))
    asked_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    answered_by = _person(_("answered by"))
    answer = models.CharField(_("reason of the second person"), max_length=120, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    command = models.OneToOneField(
        "pickup.BankCommand", null=True, blank=True, on_delete=models.PROTECT, related_name="request"
    )

    objects = OpeningRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("request to open")
        verbose_name_plural = _("requests to open")
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_by=None) | Q(asked_by=None) | ~Q(answered_by=F("asked_by")),
                name="opening_needs_two_people",
            ),
            models.CheckConstraint(condition=Q(command=None) | Q(status="approved"), name="opening_needs_an_approval"),
        ]

    def __str__(self):
        return f"{self.compartment}: {self.why} ({self.status})"

    def runs(self, now=None) -> bool:
        """Whether it can still be answered."""
        return self.status == self.Status.ASKED and (now or timezone.now()) < self.expires_at


class Round(models.Model):
    """One walk along the wall, door by door, to compare what is inside with what the records say."""

    bank = models.ForeignKey("pickup.Bank", on_delete=models.PROTECT, related_name="rounds")
    begun_by = _person(_("by"))
    begun_at = models.DateTimeField(_("begun"), default=timezone.now)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("reconciliation round")
        verbose_name_plural = _("reconciliation rounds")
        constraints = [
            models.UniqueConstraint(fields=["bank"], condition=Q(ended_at=None), name="one_round_at_a_time"),
        ]

    def __str__(self):
        return f"{self.bank_id} {self.begun_at:%Y-%m-%d}"

    def get_absolute_url(self):
        return reverse("pickup:round", args=[self.pk])


class RoundCheck(models.Model):
    """What was behind one door on one round."""

    class Found(models.TextChoices):
        AGREES = "agrees", _("agrees")
        NOT_EMPTY = "not_empty", _("not empty")
        MISSING = "missing", _("empty though goods are expected")
        DIRTY = "dirty", _("dirty")

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="checks")
    compartment = models.ForeignKey(Compartment, on_delete=models.PROTECT, related_name="checks")
    expected = models.CharField(_("expected"), max_length=120)
    found = models.CharField(_("found"), max_length=9, choices=Found)
    by = _person(_("by"))
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("check of a compartment")
        verbose_name_plural = _("checks of compartments")
        constraints = [models.UniqueConstraint(fields=["round", "compartment"], name="compartment_checked_once")]

    def __str__(self):
        return f"{self.compartment}: {self.found}"


class ServiceCodeQuerySet(models.QuerySet):
    """Vocabulary of service codes."""

    def revoked(self, now=None):
        """Withdrawn before their end, which has not come: a bank has to be told."""
        return self.filter(revoked_at__isnull=False, expires_at__gt=now or timezone.now())


class ServiceCode(models.Model):
    """That somebody was given a code to open doors on site, and why. The code itself is kept nowhere."""

    bank = models.ForeignKey("pickup.Bank", on_delete=models.PROTECT, related_name="service_codes")
    leg = models.ForeignKey("pickup.Leg", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    jti = models.CharField(max_length=12, unique=True, editable=False)
    why = models.CharField(_("reason"), max_length=120)
    by = _person(_("by"))
    given_at = models.DateTimeField(_("given"), default=timezone.now)
    expires_at = models.DateTimeField(_("until"))
    revoked_at = models.DateTimeField(pgettext_lazy("service code", "withdrawn"), null=True, blank=True)
    revoked_by = _person(pgettext_lazy("service code", "withdrawn by"))

    objects = ServiceCodeQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("service code")
        verbose_name_plural = _("service codes")

    def __str__(self):
        return f"{self.bank_id} {self.given_at:%Y-%m-%d %H:%M}"


class CodeReading(models.Model):
    """That an operator has seen a resident's code, to say it to somebody without a screen, and why."""

    collection = models.ForeignKey("pickup.Collection", on_delete=models.CASCADE, related_name="code_readings")
    why = models.CharField(_("reason"), max_length=120)
    by = _person(_("by"))
    at = models.DateTimeField(_("moment"), default=timezone.now)

    class Meta:
        ordering = ["at", "pk"]
        verbose_name = _("reading of a code")
        verbose_name_plural = _("readings of codes")

    def __str__(self):
        return f"{self.collection_id} {self.at:%Y-%m-%d %H:%M}"


class PaperList(models.Model):
    """That an operator has printed who has goods in a bank, because it was dead, and why."""

    bank = models.ForeignKey("pickup.Bank", on_delete=models.PROTECT, related_name="paper_lists")
    why = models.CharField(_("reason"), max_length=120)
    by = _person(_("by"))
    at = models.DateTimeField(_("moment"), default=timezone.now)
    doors = models.PositiveIntegerField(_("doors with goods"))

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("emergency list")
        verbose_name_plural = _("emergency lists")

    def __str__(self):
        return f"{self.bank_id} {self.at:%Y-%m-%d %H:%M}"
