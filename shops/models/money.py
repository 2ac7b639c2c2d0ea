"""Money at the payment border: integer cents, EUR. The rules and diagrams are in docs/payments.md.

Our tables hold the intent, Stripe holds the money; what is owed to Stripe and said by it is in `outbox.py`.
"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.foundation.lifecycle import Lifecycle

__all__ = ["Payment", "Refund", "RefundLine", "Transfer"]


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
    dispute_fee = models.BigIntegerField(_("fee of a lost dispute, in cents"), default=0)
    disputed = models.BooleanField(_("disputed with the bank"), default=False)
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


class RefundQuerySet(models.QuerySet):
    """Vocabulary of refunds."""

    def promised(self):
        """On their way, done, or done and rejected by the bank: then a person pays them out. Their cents are not ours."""
        return self.exclude(status=Refund.Status.FAILED, refund_id="")


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

    objects = RefundQuerySet.as_manager()

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

    @property
    def is_of_dispute(self) -> bool:
        """Whether the resident's bank took it: then Stripe knows a dispute and no refund."""
        return self.reason == self.Reason.DISPUTE and ":" in self.refund_id

    @property
    def has_left(self) -> bool:
        """Whether its cents are promised to the resident; see `RefundQuerySet.promised`."""
        return self.status != self.Status.FAILED or self.refund_id != ""


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
