"""A shop's part of an order: the unit of access, stock, VAT, withdrawal and money."""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.foundation.lifecycle import Lifecycle


class ShopOrderQuerySet(models.QuerySet):
    """Vocabulary of shop orders. The desk starts every query with `of(shop)`."""

    def of(self, shop):
        return self.filter(shop=shop)

    def paid(self):
        """Of orders whose payment stands: the only ones that a shop sees."""
        return self.filter(paid_at__isnull=False)

    def unanswered(self):
        return self.paid().filter(status=ShopOrder.Status.AWAITING)

    def late(self, now=None):
        """Unanswered past their deadline: silence refuses."""
        return self.unanswered().filter(answer_by__lte=now or timezone.now())


class ShopOrder(Lifecycle):
    """One shop's lines of one order.

    awaiting → confirmed | partly | refused → ready → collected | no_show → closed
    awaiting, confirmed, partly, ready → cancelled, while nothing was debited
    confirmed, partly, ready → missing: the goods never came to the collection point
    """

    class Status(models.TextChoices):
        AWAITING = "awaiting", _("new")
        CONFIRMED = "confirmed", _("being prepared")
        PARTLY = "partly", _("being prepared, in part")
        REFUSED = "refused", _("refused")
        READY = "ready", _("ready to deposit")
        COLLECTED = "collected", _("collected")
        MISSING = "missing", _("did not come")
        NO_SHOW = "no_show", _("not collected")
        CLOSED = "closed", _("closed")
        CANCELLED = "cancelled", _("cancelled")

    MOVES = {
        Status.AWAITING: {Status.CONFIRMED, Status.PARTLY, Status.REFUSED, Status.CANCELLED},
        Status.CONFIRMED: {Status.READY, Status.REFUSED, Status.CANCELLED, Status.MISSING},
        Status.PARTLY: {Status.READY, Status.REFUSED, Status.CANCELLED, Status.MISSING},
        Status.READY: {Status.COLLECTED, Status.NO_SHOW, Status.CANCELLED, Status.MISSING},
        Status.COLLECTED: {Status.CLOSED},
        Status.NO_SHOW: {Status.CLOSED},
    }
    ENDED = {Status.REFUSED, Status.COLLECTED, Status.MISSING, Status.NO_SHOW, Status.CLOSED, Status.CANCELLED}

    order = models.ForeignKey("order.Order", on_delete=models.PROTECT, related_name="shop_orders")
    shop = models.ForeignKey("shops.Shop", on_delete=models.PROTECT, related_name="shop_orders")
    number = models.CharField(_("number"), max_length=40, unique=True)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.AWAITING)
    ordered_total = models.DecimalField(_("ordered"), max_digits=9, decimal_places=2)
    confirmed_total = models.DecimalField(_("confirmed"), max_digits=9, decimal_places=2, null=True, blank=True)
    commission_bps = models.PositiveIntegerField(_("commission in hundredths of a percent"))
    bags = models.PositiveSmallIntegerField(_("bags"), default=0)
    answer_by = models.DateTimeField(_("to answer by"))
    deposit_by = models.DateTimeField(_("to deposit by"))
    created_at = models.DateTimeField(default=timezone.now)
    paid_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    ready_at = models.DateTimeField(null=True, blank=True)
    collected_at = models.DateTimeField(null=True, blank=True)

    objects = ShopOrderQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("shop order")
        verbose_name_plural = _("shop orders")
        constraints = [
            models.UniqueConstraint(fields=["order", "shop"], name="shop_order_once"),
            models.CheckConstraint(condition=Q(ordered_total__gte=0), name="shop_order_total_positive"),
            models.CheckConstraint(
                condition=Q(confirmed_total__isnull=True)
                | Q(confirmed_total__gte=0, confirmed_total__lte=F("ordered_total")),
                name="shop_order_confirmed_bounds",
            ),
        ]
        indexes = [models.Index(fields=["shop", "status", "deposit_by"])]

    def __str__(self):
        return self.number

    @property
    def total(self) -> Decimal:
        """Euros the shop is owed for goods: what it confirmed, else what was ordered."""
        return self.ordered_total if self.confirmed_total is None else self.confirmed_total


class ShopOrderLine(models.Model):
    """A line as the shop reads it, with its answer and its end. A snapshot: later changes of the product do not reach it.

    Stock and money follow from the outcome, which is written once (`shops.orders.lines`). A promised line holds its pieces.
    """

    class Outcome(models.TextChoices):
        PROMISED = "promised", _("promised")
        CANCELLED = "cancelled", _("not supplied")
        GIVEN = "given", _("handed over")
        MISSING = "missing", _("did not come")
        LATE = "late", _("came after its refund")
        RETURNED = "returned", _("not collected, back at the shop")
        SPOILED = "spoiled", _("not collected, does not keep")
        RUINED = "ruined", _("spoiled in the locker")

    # The resident paid and has nothing for it: every cent goes back.
    REFUNDED = [Outcome.MISSING, Outcome.LATE, Outcome.RETURNED]
    # The shop did its part: it is paid.
    EARNED = [Outcome.GIVEN, Outcome.SPOILED, Outcome.RUINED]

    shop_order = models.ForeignKey(ShopOrder, on_delete=models.CASCADE, related_name="lines")
    line = models.OneToOneField("order.Line", on_delete=models.PROTECT, related_name="shop_line")
    sheet = models.ForeignKey("shops.ProductSheet", null=True, on_delete=models.SET_NULL, related_name="+")
    title = models.CharField(max_length=255)
    quantity = models.PositiveIntegerField()
    unit_price = models.DecimalField(max_digits=9, decimal_places=2)
    vat_rate = models.DecimalField(max_digits=4, decimal_places=2)
    temperature = models.CharField(max_length=7)
    volume_l = models.DecimalField(max_digits=8, decimal_places=2)
    keeps = models.BooleanField(_("can be sold again"), default=True)
    accepted_quantity = models.PositiveIntegerField(null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=9, choices=Outcome, default=Outcome.PROMISED)
    refusal = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(accepted_quantity__isnull=True) | Q(accepted_quantity__lte=F("quantity")),
                name="line_accepted_bounds",
            ),
        ]

    def __str__(self):
        return f"{self.quantity} × {self.title}"

    @property
    def ordered_total(self) -> Decimal:
        return self.unit_price * self.quantity

    @property
    def supplied_quantity(self) -> int:
        """Pieces that the shop will give; those ordered until it has answered."""
        return self.quantity if self.accepted_quantity is None else self.accepted_quantity

    @property
    def accepted_total(self) -> Decimal:
        """Euros of what the shop will give; the ordered total until it has answered."""
        return self.unit_price * self.supplied_quantity

    @property
    def has_failed(self) -> bool:
        """Whether the resident paid for these goods and does not have them, or has them only by chance."""
        return self.outcome in (*self.REFUNDED, self.Outcome.SPOILED, self.Outcome.RUINED)

    @property
    def refused_quantity(self) -> int:
        return 0 if self.accepted_quantity is None else self.quantity - self.accepted_quantity
