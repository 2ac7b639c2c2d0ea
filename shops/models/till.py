"""What a shop's till is let do, what it was answered, and what happens in the shop for it to hear of."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

__all__ = ["ShopEvent", "TillAnswer", "TillKey"]


class TillKeyQuerySet(models.QuerySet):
    """Vocabulary of keys."""

    def valid(self):
        """Not withdrawn."""
        return self.filter(revoked_at=None)


class TillKey(models.Model):
    """A secret with which a program of one shop speaks to the API. Only its SHA-256 is kept: it has 256 random bits."""

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="till_keys")
    name = models.CharField(_("name"), max_length=60)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    hint = models.CharField(max_length=4, editable=False)
    may_stock = models.BooleanField(_("may read products and set stock and prices"), default=True)
    may_orders = models.BooleanField(_("may read orders"), default=False)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = TillKeyQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(may_stock=True) | Q(may_orders=True), name="till_key_may_something")
        ]

    def __str__(self):
        return f"{self.name} (…{self.hint})"


class TillAnswer(models.Model):
    """The answer to a call that carried an idempotency key: the same call once more hears it again and changes nothing."""

    till_key = models.ForeignKey(TillKey, on_delete=models.CASCADE, related_name="answers")
    key = models.CharField(max_length=80)
    fingerprint = models.CharField(max_length=64)  # SHA-256 of the body
    answer = models.JSONField(null=True)
    at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["till_key", "key"], name="till_answer_once")]

    def __str__(self):
        return self.key


class ShopEventQuerySet(models.QuerySet):
    """Vocabulary of events."""

    def unnumbered(self):
        """Committed since somebody last looked, oldest first."""
        return self.filter(position=None).order_by("pk")


class ShopEvent(models.Model):
    """Something happened to an order or a product of one shop.

    Written in the transaction of what happened, without a position. The position comes afterwards, to committed rows only, by
    one numberer at a time (`shops.tills.events`): whoever has read up to a position has missed nothing below it.
    """

    class Kind(models.TextChoices):
        PLACED = "order.placed", _("a paid order has come")
        ACCEPTED = "order.accepted", _("accepted, whole or in part")
        REFUSED = "order.refused", _("refused, by the shop or by its silence")
        CHANGED = "order.changed", _("the resident answered to goods offered instead")
        READY = "order.ready", _("packed")
        CANCELLED = "order.cancelled", _("cancelled by the resident, or the payment was lost")
        COLLECTED = "order.collected", _("the resident has the goods")
        MISSING = "order.missing", _("never came to the collection point")
        NOT_COLLECTED = "order.not_collected", _("nobody came")
        SOLD_OUT = "product.sold_out", _("an order took the last piece")

    shop = models.ForeignKey("shops.Shop", on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=20, choices=Kind)
    shop_order = models.ForeignKey("shops.ShopOrder", null=True, on_delete=models.CASCADE, related_name="events")
    sheet = models.ForeignKey("shops.ProductSheet", null=True, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    position = models.PositiveBigIntegerField(null=True)

    objects = ShopEventQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "position"], name="event_position_once"),
            models.CheckConstraint(
                condition=Q(shop_order__isnull=False, sheet=None) | Q(shop_order=None, sheet__isnull=False),
                name="event_is_about_one_thing",
            ),
        ]
        indexes = [models.Index(fields=["shop", "id"], condition=Q(position=None), name="event_unnumbered")]

    def __str__(self):
        return f"{self.kind} {self.position or ''}"
