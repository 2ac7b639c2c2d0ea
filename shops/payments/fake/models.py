"""What the fake Stripe remembers. Amounts in cents; ids look like Stripe's with `demo` in them. Never holds a card number."""

import secrets

from django.db import models
from django.db.models import F, Q, Sum
from django.utils import timezone


def new_id(prefix: str) -> str:
    """An id in Stripe's manner, such as `pi_demo_3f…`."""
    return f"{prefix}_demo_{secrets.token_hex(12)}"


class Thing(models.Model):
    """An object of the API: its id, its birth and the metadata it carries."""

    PREFIX = ""

    id = models.CharField(primary_key=True, max_length=64)
    created_at = models.DateTimeField(default=timezone.now)
    metadata = models.JSONField(default=dict)

    class Meta:
        abstract = True
        ordering = ["-created_at", "-id"]

    def __str__(self):
        return self.id

    def save(self, *args, **kwargs):
        if not self.id:
            self.id = new_id(self.PREFIX)
            kwargs["force_insert"] = True
        super().save(*args, **kwargs)


class Account(Thing):
    """A shop's recipient account (v2): `capability` is the status of its `stripe_transfers`."""

    PREFIX = "acct"

    display_name = models.CharField(max_length=100, blank=True)
    contact_email = models.CharField(max_length=254, blank=True)
    capability = models.CharField(max_length=12, default="restricted")

    @property
    def balance(self) -> int:
        """Cents that transfers brought, less reversals and payouts."""
        sent = self.transfers.aggregate(sum=Sum(F("amount") - F("reversed")))["sum"] or 0
        return sent - (self.payouts.aggregate(sum=Sum("amount"))["sum"] or 0)


class Payout(Thing):
    """Money that left a shop's balance for its bank."""

    PREFIX = "po"

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="payouts")
    amount = models.BigIntegerField()


class AccountLink(Thing):
    """A single-use way to the onboarding page."""

    PREFIX = "alnk"

    account = models.ForeignKey(Account, on_delete=models.CASCADE)
    return_url = models.TextField()
    refresh_url = models.TextField()
    used = models.BooleanField(default=False)


class Intent(Thing):
    """A PaymentIntent with manual capture."""

    PREFIX = "pi"
    OPEN = ("requires_payment_method", "requires_action")

    amount = models.BigIntegerField()
    status = models.CharField(max_length=24, default="requires_payment_method")
    capturable = models.BigIntegerField(default=0)
    received = models.BigIntegerField(default=0)
    transfer_group = models.CharField(max_length=100, blank=True)
    last_error = models.JSONField(null=True)
    cancellation_reason = models.CharField(max_length=40, blank=True)


class Session(Thing):
    """A Checkout Session with its hosted page."""

    PREFIX = "cs_test"

    intent = models.OneToOneField(Intent, on_delete=models.CASCADE, related_name="session")
    status = models.CharField(max_length=8, default="open")
    lines = models.JSONField()
    success_url = models.TextField()
    cancel_url = models.TextField(blank=True)
    customer_email = models.CharField(max_length=254, blank=True)
    client_reference_id = models.CharField(max_length=200, blank=True)
    locale = models.CharField(max_length=8, default="auto")
    expires_at = models.DateTimeField()


class Charge(Thing):
    """The hold on a card, and later the debit. `captured` is what was debited."""

    PREFIX = "ch"

    intent = models.OneToOneField(Intent, on_delete=models.CASCADE, related_name="charge")
    amount = models.BigIntegerField()
    captured = models.BigIntegerField(default=0)
    refunded = models.BigIntegerField(default=0)
    brand = models.CharField(max_length=12, default="visa")
    last4 = models.CharField(max_length=4, default="4242")
    capture_before = models.DateTimeField()

    class Meta(Thing.Meta):
        constraints = [
            models.CheckConstraint(condition=Q(captured__lte=F("amount")), name="fake_captured_bounds"),
            models.CheckConstraint(condition=Q(refunded__lte=F("captured")), name="fake_refunded_bounds"),
        ]


class Refund(Thing):
    """Money sent back to a card."""

    PREFIX = "re"

    charge = models.ForeignKey(Charge, on_delete=models.CASCADE, related_name="refunds")
    amount = models.BigIntegerField()
    status = models.CharField(max_length=10, default="succeeded")


class Dispute(Thing):
    """The cardholder asks his bank to take a debit back."""

    PREFIX = "du"
    OPEN = "needs_response"

    charge = models.OneToOneField(Charge, on_delete=models.CASCADE, related_name="dispute")
    amount = models.BigIntegerField()
    status = models.CharField(max_length=20, default=OPEN)


class Transfer(Thing):
    """Money sent to a shop's account; `source` is the charge it was drawn from."""

    PREFIX = "tr"

    destination = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="transfers")
    amount = models.BigIntegerField()
    reversed = models.BigIntegerField(default=0)
    source = models.ForeignKey(Charge, null=True, on_delete=models.CASCADE, related_name="transfers")
    transfer_group = models.CharField(max_length=100, blank=True, db_index=True)
    description = models.CharField(max_length=200, blank=True)

    class Meta(Thing.Meta):
        constraints = [
            models.CheckConstraint(condition=Q(reversed__lte=F("amount")), name="fake_reversed_bounds"),
        ]


class Reversal(Thing):
    """Money taken back from a shop's account."""

    PREFIX = "trr"

    transfer = models.ForeignKey(Transfer, on_delete=models.CASCADE, related_name="reversals")
    amount = models.BigIntegerField()


class BalanceTransaction(Thing):
    """A movement of the platform's balance: `net = amount − fee`, available from `available_at`."""

    PREFIX = "txn"

    kind = models.CharField(max_length=20)
    source = models.CharField(max_length=64, db_index=True)
    amount = models.BigIntegerField()
    fee = models.BigIntegerField(default=0)
    available_at = models.DateTimeField()


class Event(Thing):
    """Something that happened, as it looked at that moment; `body` is what is signed and delivered."""

    PREFIX = "evt"

    kind = models.CharField(max_length=120)
    body = models.JSONField()


class DeliveryQuerySet(models.QuerySet):
    """Vocabulary of deliveries."""

    def due(self, now=None):
        return self.filter(delivered_at=None, attempts__lt=8, try_at__lte=now or timezone.now()).order_by(
            "try_at", "pk"
        )


class Delivery(models.Model):
    """One webhook to be posted."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="deliveries")
    try_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    delivered_at = models.DateTimeField(null=True)

    objects = DeliveryQuerySet.as_manager()

    def __str__(self):
        return f"{self.event_id} ({self.attempts})"


class Idempotency(models.Model):
    """The first answer to a key, 500s included."""

    key = models.CharField(primary_key=True, max_length=255)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    body = models.JSONField()
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self):
        return self.key


class Fault(models.Model):
    """A trouble ordered for the next `left` calls whose path contains `where` (all when empty)."""

    class Kind(models.TextChoices):
        TIMEOUT_BEFORE = "timeout_before", "timeout before"
        TIMEOUT_AFTER = "timeout_after", "timeout after"
        SERVER_ERROR = "server_error", "500"
        RATE_LIMIT = "rate_limit", "429"
        WEBHOOK_DROPPED = "webhook_dropped", "webhook dropped"
        WEBHOOK_TWICE = "webhook_twice", "webhook twice"
        WEBHOOK_LATE = "webhook_late", "webhook a minute late"
        DECLINE = "decline", "card declined"
        THREE_D_SECURE_FAILS = "3ds_fails", "3-D Secure fails"

    kind = models.CharField(max_length=16, choices=Kind)
    where = models.CharField(max_length=60, blank=True)
    left = models.PositiveSmallIntegerField(default=1)

    def __str__(self):
        return f"{self.kind} {self.where} × {self.left}"

    @classmethod
    def strikes(cls, kind: str, path: str = "") -> bool:
        """Whether this trouble was ordered here; uses one of it up."""
        for fault in cls.objects.filter(kind=kind, left__gt=0).order_by("pk"):
            if fault.where in path and cls.objects.filter(pk=fault.pk, left__gt=0).update(left=F("left") - 1):
                return True
        return False
