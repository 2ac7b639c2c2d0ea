"""Something was wrong at the door or with the goods."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.foundation.lifecycle import Lifecycle


class ProblemQuerySet(models.QuerySet):
    """Vocabulary of problems."""

    def open(self):
        """Nobody has answered yet."""
        return self.filter(status=Problem.Status.OPEN)

    def late(self, now: datetime | None = None):
        """The promised time has passed without an answer."""
        return self.open().filter(answer_by__lte=now or timezone.now())


class Problem(Lifecycle):
    """What a resident reported, or an operator saw for him, and the time by which a person answers: open → answered."""

    class Kind(models.TextChoices):
        DOOR_DID_NOT_OPEN = "door_did_not_open", _("A door did not open")
        SOMETHING_MISSING = "something_missing", _("Something is missing")
        WRONG_GOODS = "wrong_goods", _("These are not my goods")
        DAMAGED = "damaged", _("Goods are damaged")
        COMPARTMENT_DIRTY = "compartment_dirty", _("The compartment is dirty")

    class Status(models.TextChoices):
        OPEN = "open", _("waits for an answer")
        ANSWERED = "answered", _("answered")

    MOVES = {Status.OPEN: {Status.ANSWERED}}
    GOODS_MISSING = [Kind.SOMETHING_MISSING, Kind.WRONG_GOODS]

    collection = models.ForeignKey("pickup.Collection", on_delete=models.CASCADE, related_name="problems")
    leg = models.ForeignKey("pickup.Leg", null=True, blank=True, on_delete=models.CASCADE, related_name="problems")
    compartment = models.ForeignKey(
        "pickup.Compartment", null=True, blank=True, on_delete=models.SET_NULL, related_name="problems"
    )
    kind = models.CharField(_("problem"), max_length=20, choices=Kind)
    seen_by_operator = models.BooleanField(_("an operator looked behind the door"), default=False, editable=False)
    note = models.CharField(_("in the resident's words"), max_length=500, blank=True)
    status = models.CharField(_("status"), max_length=8, choices=Status, default=Status.OPEN)
    reported_at = models.DateTimeField(_("reported"), default=timezone.now)
    answer_by = models.DateTimeField(_("a person answers by"))
    answer = models.CharField(_("answer"), max_length=500, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = ProblemQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("reported problem")
        verbose_name_plural = _("reported problems")
        indexes = [models.Index(fields=["status", "answer_by"], name="problem_waits")]

    def __str__(self):
        return f"{self.collection_id}: {self.kind}"


class EmptyDoor(models.Model):
    """That somebody looked behind a door that the records call, or suspect to be, full, and found nothing.

    `leg`: whose goods should have been there.
    """

    compartment = models.ForeignKey("pickup.Compartment", on_delete=models.PROTECT, related_name="found_empty")
    leg = models.ForeignKey("pickup.Leg", null=True, blank=True, on_delete=models.SET_NULL, related_name="found_empty")
    why = models.CharField(_("reason"), max_length=120)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    at = models.DateTimeField(_("moment"), default=timezone.now)

    class Meta:
        ordering = ["at", "pk"]
        verbose_name = _("door found empty")
        verbose_name_plural = _("doors found empty")

    def __str__(self):
        return f"{self.compartment_id} {self.at:%Y-%m-%d %H:%M}"
