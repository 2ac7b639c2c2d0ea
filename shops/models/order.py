"""A shop's part of an order: the unit of access, stock, VAT, withdrawal and money."""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.foundation.lifecycle import Lifecycle
from shops import weights


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


class BagSize(models.TextChoices):
    """The largest bag of a shop order, by the height of compartment that it needs standing or lying."""

    SMALL = "small", _("flat, up to 8 cm high")
    MEDIUM = "medium", _("ordinary, up to 19 cm high")
    LARGE = "large", _("high, up to 41 cm")

    @property
    def height_cm(self) -> int:
        """How high it is at most."""
        return {self.SMALL: 8, self.MEDIUM: 19, self.LARGE: 41}[self]


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
    bag_size = models.CharField(_("size of the largest bag"), max_length=6, choices=BagSize, blank=True)
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

    @property
    def to_weigh(self) -> list["ShopOrderLine"]:
        """Accepted lines of goods sold by weight that nobody has weighed yet; the debit waits for them."""
        if self.status == self.Status.AWAITING:
            return []
        return [line for line in self.lines.all() if line.needs_weight]


class ShopOrderLineQuerySet(models.QuerySet):
    """Vocabulary of lines."""

    def unweighed(self):
        """Accepted goods sold by weight, still without a weight."""
        return self.filter(
            price_per_kg__isnull=False,
            weighed_g=None,
            accepted_quantity__gt=0,
            outcome=ShopOrderLine.Outcome.PROMISED,
        )

    def offered(self):
        """Goods offered instead of others, about which the resident has not said anything yet."""
        return self.filter(replaces__isnull=False, accepted_quantity=None, outcome=ShopOrderLine.Outcome.PROMISED)


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
        RUINED = "ruined", _("spoiled or lost in the locker")

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
    price_per_kg = models.DecimalField(max_digits=7, decimal_places=2, null=True, blank=True)
    expected_g = models.PositiveIntegerField(_("usual weight of a piece in grams"), null=True, blank=True)
    weighed_g = models.PositiveIntegerField(_("weight in grams"), null=True, blank=True)
    weight_assumed = models.BooleanField(_("charged at the usual weight"), default=False)
    vat_rate = models.DecimalField(max_digits=4, decimal_places=2)
    temperature = models.CharField(max_length=7)
    volume_l = models.DecimalField(max_digits=8, decimal_places=2)
    keeps = models.BooleanField(_("can be sold again"), default=True)
    accepted_quantity = models.PositiveIntegerField(null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=9, choices=Outcome, default=Outcome.PROMISED)
    refusal = models.CharField(max_length=200, blank=True)
    replaces = models.OneToOneField(
        "self", null=True, blank=True, editable=False, on_delete=models.PROTECT, related_name="replacement"
    )
    offered_until = models.DateTimeField(_("the resident answers by"), null=True, blank=True, editable=False)

    objects = ShopOrderLineQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(weighed_g__isnull=True) | Q(price_per_kg__isnull=False), name="line_weighed_has_its_price"
            ),
            models.CheckConstraint(
                condition=Q(accepted_quantity__isnull=True) | Q(accepted_quantity__lte=F("quantity")),
                name="line_accepted_bounds",
            ),
            models.CheckConstraint(
                condition=Q(replaces__isnull=True) | Q(offered_until__isnull=False), name="line_offered_has_its_end"
            ),
        ]

    def __str__(self):
        return f"{self.quantity} × {self.title}"

    @property
    def ordered_total(self) -> Decimal:
        """Euros of what was ordered; of goods sold by weight the most that they may cost."""
        return self.unit_price * self.quantity

    @property
    def by_weight(self) -> bool:
        return self.price_per_kg is not None

    @property
    def awaits_weight(self) -> bool:
        """Whether its price is still the most that it may cost."""
        return self.by_weight and self.weighed_g is None and bool(self.supplied_quantity)

    @property
    def expected_total_g(self) -> int:
        """What all pieces that the shop gives usually weigh together."""
        return self.expected_g * self.supplied_quantity

    @property
    def given(self) -> str:
        """The goods that the shop gives, in words."""
        return f"{self.supplied_quantity} × {self.title}"

    @property
    def needs_weight(self) -> bool:
        """Whether the shop has accepted goods sold by weight and not weighed them yet."""
        promised = self.outcome == self.Outcome.PROMISED and bool(self.accepted_quantity)
        return self.by_weight and self.weighed_g is None and promised

    @property
    def usual_price(self) -> Decimal:
        """What a piece usually costs: by weight, one of the usual weight."""
        return weights.price_of(self.expected_g, per_kg=self.price_per_kg) if self.by_weight else self.unit_price

    @property
    def supplied_quantity(self) -> int:
        """Pieces that the shop will give; those ordered until it has answered."""
        return self.quantity if self.accepted_quantity is None else self.accepted_quantity

    @property
    def accepted_total(self) -> Decimal:
        """Euros of what the shop will give; the ordered total until it has answered.

        Goods sold by weight cost their real weight, and never more than the ceiling of their pieces, which they cost
        until they are weighed.
        """
        most = self.unit_price * self.supplied_quantity
        if self.weighed_g is None:
            return most
        return min(most, weights.price_of(self.weighed_g, per_kg=self.price_per_kg))

    @property
    def at_ceiling(self) -> bool:
        """Whether the real weight costs more than the resident was told: the shop gives the rest."""
        weighed = self.weighed_g is not None and weights.price_of(self.weighed_g, per_kg=self.price_per_kg)
        return weighed > self.unit_price * self.supplied_quantity

    @property
    def is_offered(self) -> bool:
        """Whether it is offered instead of other goods and the resident has not answered yet."""
        open_ = self.accepted_quantity is None and self.outcome == self.Outcome.PROMISED
        return self.replaces_id is not None and open_

    @property
    def replaced_total(self) -> Decimal:
        """Euros of the pieces that it stands in for; of goods sold by weight the most that they would have cost."""
        return self.replaces.unit_price * self.quantity

    @property
    def was_declined(self) -> bool:
        """Whether it was offered instead of other goods and not taken."""
        return self.replaces_id is not None and self.accepted_quantity == 0

    @property
    def has_failed(self) -> bool:
        """Whether the resident paid for these goods and does not have them, or has them only by chance."""
        return self.outcome in (*self.REFUNDED, self.Outcome.SPOILED, self.Outcome.RUINED)

    @property
    def refused_quantity(self) -> int:
        return 0 if self.accepted_quantity is None else self.quantity - self.accepted_quantity
