"""Money at the payment border: integer cents, EUR. The rules and diagrams are in docs/payments.md.

Our tables hold the intent, Stripe holds the money. Everything owed to Stripe is an `Operation`, committed before the call.
"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.foundation.lifecycle import Lifecycle

__all__ = ["Instance", "LedgerEntry", "Operation", "Payment", "Refund", "RefundLine", "Transfer", "WebhookEvent"]


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


class PaymentQuerySet(models.QuerySet):
    """Vocabulary of payments."""

    def live(self):
        """Not ended: may still become money, or is money."""
        return self.exclude(status__in=Payment.ENDED)

    def unsettled(self):
        """Waiting for something that happens at Stripe or at the bank."""
        Status = Payment.Status
        return self.filter(status__in=[Status.SESSION_OPEN, Status.CAPTURING, Status.AUTHORISED])


class Payment(Lifecycle):
    """One attempt of one order to be paid.

    new → session_open → authorised → capturing → captured → part_refunded → refunded;
    ends: abandoned, failed, canceled (by us), hold_expired (by the bank).
    """

    class Status(models.TextChoices):
        NEW = "new", _("not started")
        SESSION_OPEN = "session_open", _("payment page open")
        AUTHORISED = "authorised", _("amount held")
        CAPTURING = "capturing", _("being debited")
        CAPTURED = "captured", _("debited")
        PART_REFUNDED = "part_refunded", _("partly refunded")
        REFUNDED = "refunded", _("refunded")
        ABANDONED = "abandoned", _("abandoned")
        FAILED = "failed", _("failed")
        CANCELED = "canceled", _("hold released")
        HOLD_EXPIRED = "hold_expired", _("hold expired")

    MOVES = {
        Status.NEW: {Status.SESSION_OPEN, Status.FAILED, Status.CANCELED, Status.ABANDONED},
        Status.SESSION_OPEN: {Status.AUTHORISED, Status.ABANDONED, Status.CANCELED, Status.FAILED},
        Status.AUTHORISED: {Status.CAPTURING, Status.CANCELED, Status.HOLD_EXPIRED},
        Status.CAPTURING: {Status.CAPTURED, Status.HOLD_EXPIRED, Status.FAILED},
        Status.CAPTURED: {Status.PART_REFUNDED, Status.REFUNDED},
        Status.PART_REFUNDED: {Status.REFUNDED},
    }
    ENDED = [Status.ABANDONED, Status.FAILED, Status.CANCELED, Status.HOLD_EXPIRED]
    TAKEN = [Status.CAPTURED, Status.PART_REFUNDED, Status.REFUNDED]

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    order = models.ForeignKey("order.Order", on_delete=models.PROTECT, related_name="payments")
    status = models.CharField(_("status"), max_length=13, choices=Status, default=Status.NEW)
    amount = models.BigIntegerField(_("amount to hold, in cents"))
    captured = models.BigIntegerField(_("debited, in cents"), default=0)
    refunded = models.BigIntegerField(_("refunded, in cents"), default=0)
    fee = models.BigIntegerField(_("processing fee by our table, in cents"), default=0)
    fee_charged = models.BigIntegerField(_("processing fee that Stripe took, in cents"), null=True, blank=True)
    language = models.CharField(max_length=8, default="fr")
    expires_at = models.DateTimeField(_("to be paid by"))
    session_expires_at = models.DateTimeField(null=True, blank=True)
    session_id = models.CharField(max_length=120, blank=True)
    session_url = models.TextField(blank=True)
    intent_id = models.CharField(max_length=64, blank=True)
    charge_id = models.CharField(max_length=64, blank=True)
    capture_before = models.DateTimeField(null=True, blank=True)
    card_brand = models.CharField(max_length=20, blank=True)
    card_last4 = models.CharField(max_length=4, blank=True)
    decline_code = models.CharField(_("last refusal of the bank"), max_length=60, blank=True)
    attention = models.CharField(_("needs a person"), max_length=200, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    checked_at = models.DateTimeField(_("last compared with Stripe"), default=timezone.now)

    objects = PaymentQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        constraints = [
            models.UniqueConstraint(
                fields=["order"],
                condition=~Q(status__in=["abandoned", "failed", "canceled", "hold_expired"]),
                name="one_live_payment_per_order",
            ),
            models.UniqueConstraint(fields=["session_id"], condition=~Q(session_id=""), name="payment_session_once"),
            models.UniqueConstraint(fields=["intent_id"], condition=~Q(intent_id=""), name="payment_intent_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_amount_positive"),
            models.CheckConstraint(
                condition=Q(captured__gte=0, captured__lte=F("amount")), name="payment_captured_bounds"
            ),
            models.CheckConstraint(
                condition=Q(refunded__gte=0, refunded__lte=F("captured")), name="payment_refunded_bounds"
            ),
        ]
        indexes = [models.Index(fields=["status", "checked_at"])]

    def __str__(self):
        return f"{self.order.number} ({self.status})"

    @property
    def has_ended(self) -> bool:
        """Whether this attempt can no longer become money."""
        return self.status in self.ENDED


class Transfer(Lifecycle):
    """What one shop order earns its shop: frozen at capture, sent at hand-over.

    none → due → sending → sent → part_reversed → reversed; blocked with a reason, and back to due.
    A reversal is an `Operation`; what cannot be reversed is `debt`, netted from the shop's next transfers.
    """

    class Status(models.TextChoices):
        NONE = "none", _("waits for the hand-over")
        DUE = "due", _("due")
        SENDING = "sending", _("being sent")
        SENT = "sent", _("sent")
        PART_REVERSED = "part_reversed", _("partly taken back")
        REVERSED = "reversed", _("taken back")
        BLOCKED = "blocked", _("blocked")

    MOVES = {
        Status.NONE: {Status.DUE},
        Status.DUE: {Status.SENDING, Status.SENT, Status.BLOCKED},
        Status.SENDING: {Status.SENT, Status.BLOCKED},
        Status.BLOCKED: {Status.DUE},
        Status.SENT: {Status.PART_REVERSED, Status.REVERSED},
        Status.PART_REVERSED: {Status.REVERSED},
    }
    PAID_OUT = [Status.SENT, Status.PART_REVERSED, Status.REVERSED]

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="transfers")
    shop_order = models.OneToOneField("shops.ShopOrder", on_delete=models.PROTECT, related_name="transfer")
    status = models.CharField(_("status"), max_length=13, choices=Status, default=Status.NONE)
    gross = models.BigIntegerField(_("goods, in cents"))
    returned = models.BigIntegerField(_("refunded by the shop, in cents"), default=0)
    commission_bps = models.PositiveIntegerField()
    fee_share = models.BigIntegerField(_("share of the processing fee, in cents"))
    commission = models.BigIntegerField(_("commission, in cents"), default=0)
    fee_kept = models.BigIntegerField(_("fee kept, in cents"), default=0)
    from_charge = models.BooleanField(_("drawn from the resident's payment"), default=True)
    amount = models.BigIntegerField(_("sent, in cents"), default=0)
    netted = models.BigIntegerField(_("kept for an older debt, in cents"), default=0)
    reversed = models.BigIntegerField(_("taken back, in cents"), default=0)
    debt = models.BigIntegerField(_("could not be taken back, in cents"), default=0)
    transfer_id = models.CharField(max_length=64, blank=True)
    blocked_code = models.CharField(max_length=60, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("transfer")
        verbose_name_plural = _("transfers")
        constraints = [
            models.UniqueConstraint(fields=["transfer_id"], condition=~Q(transfer_id=""), name="transfer_id_once"),
            models.CheckConstraint(
                condition=Q(gross__gte=0, fee_share__gte=0, commission__gte=0), name="transfer_positive"
            ),
            models.CheckConstraint(
                condition=Q(returned__gte=0, returned__lte=F("gross")), name="transfer_returned_bounds"
            ),
            models.CheckConstraint(
                condition=Q(amount__gte=0, netted__gte=0, gross__gte=F("amount") + F("netted")),
                name="transfer_amount_bounds",
            ),
            models.CheckConstraint(
                condition=Q(reversed__gte=0, reversed__lte=F("amount")), name="transfer_reversed_bounds"
            ),
            models.CheckConstraint(
                condition=Q(debt__gte=0, debt__lte=F("amount") + F("netted") - F("reversed")),
                name="transfer_debt_bounds",
            ),
        ]

    def __str__(self):
        return f"{self.shop_order.number} ({self.status})"

    @property
    def earned(self) -> int:
        """Cents of goods the shop keeps: sold less refunded at its own cost."""
        return self.gross - self.returned


class Refund(Lifecycle):
    """Money back to the resident's card: due → done, or failed (then a person pays by bank transfer)."""

    class Status(models.TextChoices):
        DUE = "due", _("on its way")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")

    MOVES = {Status.DUE: {Status.DONE, Status.FAILED}, Status.DONE: {Status.FAILED}}

    class Reason(models.TextChoices):
        STOCK = "stock", _("out of stock")
        WEIGHT = "weight", _("weighed less")
        QUALITY = "quality", _("damaged, wrong or missing")
        WITHDRAWAL = "withdrawal", _("withdrawal")
        NO_SHOW_COURTESY = "no_show_courtesy", _("not collected, refunded")
        LOCKER = "locker", _("locker fault")
        GOODWILL = "goodwill", _("goodwill")
        DISPUTE = "dispute", _("disputed with the bank")
        DUPLICATE = "duplicate", _("paid without a valid order")

    class Bearer(models.TextChoices):
        SHOP = "shop", _("the shop")
        OPERATOR = "operator", _("the operator")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="refunds")
    shop_order = models.ForeignKey(
        "shops.ShopOrder", on_delete=models.PROTECT, null=True, blank=True, related_name="refunds"
    )
    status = models.CharField(_("status"), max_length=6, choices=Status, default=Status.DUE)
    amount = models.BigIntegerField(_("amount, in cents"))
    reason = models.CharField(_("reason"), max_length=16, choices=Reason)
    bearer = models.CharField(_("borne by"), max_length=8, choices=Bearer)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    refund_id = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("refund")
        verbose_name_plural = _("refunds")
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="refund_amount_positive"),
            models.UniqueConstraint(fields=["refund_id"], condition=~Q(refund_id=""), name="refund_id_once"),
        ]

    def __str__(self):
        return f"{self.payment.order.number}: {self.amount} c ({self.status})"


class RefundLine(models.Model):
    """How many pieces of a line were refunded, for how many cents."""

    refund = models.ForeignKey(Refund, on_delete=models.CASCADE, related_name="lines")
    line = models.ForeignKey("shops.ShopOrderLine", on_delete=models.PROTECT, related_name="refund_lines")
    quantity = models.PositiveIntegerField()
    amount = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["refund", "line"], name="refund_line_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0, amount__gte=0), name="refund_line_positive"),
        ]

    def __str__(self):
        return f"{self.quantity} × {self.line.title}"


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
    payment = models.ForeignKey(Payment, null=True, on_delete=models.PROTECT, related_name="operations")
    refund = models.ForeignKey(Refund, null=True, on_delete=models.PROTECT, related_name="operations")
    transfer = models.ForeignKey(Transfer, null=True, on_delete=models.PROTECT, related_name="operations")
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

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="entries")
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
