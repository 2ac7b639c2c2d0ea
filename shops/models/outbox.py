"""What we keep of our talk with Stripe: calls owed, words received, and the ledger of what both meant."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

__all__ = ["Instance", "LedgerEntry", "Operation", "WebhookEvent"]


class Instance(models.Model):
    """The one row that says for ever whether this installation moves real money. Written at first setup."""

    class Mode(models.TextChoices):
        DEMO = "demo", _("demonstration")
        LIVE = "live", _("live")

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    mode = models.CharField(max_length=4, choices=Mode)
    set_up_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="instance_is_one_row")]

    def __str__(self):
        return self.mode


class OperationQuerySet(models.QuerySet):
    """Vocabulary of owed calls."""

    def due(self, now=None):
        """To be tried now, oldest first."""
        return self.filter(status=Operation.Status.DUE, try_at__lte=now or timezone.now()).order_by("try_at", "pk")

    def open(self):
        """Owed and without a definite answer."""
        return self.filter(status=Operation.Status.DUE)


class Operation(models.Model):
    """One call owed to Stripe. Committed before the call; its key never changes, so a repeated call is the same call."""

    class Kind(models.TextChoices):
        SESSION = "session", _("open the payment page")
        EXPIRE = "expire", _("close the payment page")
        CAPTURE = "capture", _("debit")
        CANCEL = "cancel", _("release the hold")
        REFUND = "refund", _("refund")
        TRANSFER = "transfer", _("pay the shop")
        REVERSAL = "reversal", _("take back from the shop")
        ACCOUNT = "account", _("open the shop's account")

    class Status(models.TextChoices):
        DUE = "due", _("owed")
        DONE = "done", _("done")
        REFUSED = "refused", _("refused")
        REPLACED = "replaced", _("replaced by a new attempt")
        STOPPED = "stopped", _("stopped: needs a person")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    key = models.CharField(max_length=100, unique=True)
    kind = models.CharField(max_length=8, choices=Kind)
    status = models.CharField(max_length=8, choices=Status, default=Status.DUE)
    payment = models.ForeignKey("shops.Payment", null=True, on_delete=models.PROTECT, related_name="operations")
    refund = models.ForeignKey("shops.Refund", null=True, on_delete=models.PROTECT, related_name="operations")
    transfer = models.ForeignKey("shops.Transfer", null=True, on_delete=models.PROTECT, related_name="operations")
    shop = models.ForeignKey("shops.Shop", null=True, on_delete=models.PROTECT, related_name="operations")
    amount = models.BigIntegerField(null=True)
    result_id = models.CharField(max_length=120, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    look_first = models.BooleanField(default=False)
    error = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    try_at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True)

    objects = OperationQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            *(
                models.UniqueConstraint(
                    fields=[owner], condition=Q(kind=kind, status__in=["due", "done"]), name=f"one_{kind}"
                )
                for kind, owner in [
                    ("session", "payment"),
                    ("expire", "payment"),
                    ("capture", "payment"),
                    ("cancel", "payment"),
                    ("refund", "refund"),
                    ("transfer", "transfer"),
                    ("account", "shop"),
                ]
            ),
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | Q(amount__gt=0), name="operation_amount_positive"
            ),
        ]
        indexes = [models.Index(fields=["try_at"], condition=Q(status="due"), name="operation_due")]

    def __str__(self):
        return f"{self.kind} {self.uuid} ({self.status})"


class LedgerQuerySet(models.QuerySet):
    """Entries are written once: neither changed nor deleted in bulk."""

    def update(self, **kwargs):
        raise TypeError("Ledger entries are never changed.")

    def delete(self):
        raise TypeError("Ledger entries are never deleted.")


class LedgerEntry(models.Model):
    """One side of one posting, in signed cents; the entries of a posting add up to zero. See `payments/ledger.py`."""

    payment = models.ForeignKey("shops.Payment", on_delete=models.PROTECT, related_name="entries")
    source_type = models.CharField(max_length=10)
    source_id = models.BigIntegerField()
    account = models.CharField(max_length=24)
    amount = models.BigIntegerField()
    at = models.DateTimeField(default=timezone.now)

    objects = LedgerQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["source_type", "source_id", "account"], name="ledger_posted_once"),
        ]
        indexes = [models.Index(fields=["account"])]

    def __str__(self):
        return f"{self.account} {self.amount:+d} ({self.source_type} {self.source_id})"

    def save(self, *args, **kwargs):
        if self.pk:
            raise TypeError("Ledger entries are never changed.")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise TypeError("Ledger entries are never deleted.")


class WebhookEventQuerySet(models.QuerySet):
    """Vocabulary of events."""

    def due(self, now=None):
        return self.filter(done_at=None, try_at__lte=now or timezone.now()).order_by("pk")


class WebhookEvent(models.Model):
    """A signed word from Stripe that something happened: only ids are kept, the object is read again."""

    event_id = models.CharField(max_length=100, unique=True)
    kind = models.CharField(max_length=120)
    object_id = models.CharField(max_length=120)
    intent_id = models.CharField(max_length=64, blank=True)
    op_id = models.CharField(max_length=40, blank=True)
    received_at = models.DateTimeField(default=timezone.now)
    try_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=300, blank=True)

    objects = WebhookEventQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["try_at"], condition=Q(done_at=None), name="webhook_due")]

    def __str__(self):
        return f"{self.kind} {self.event_id}"
