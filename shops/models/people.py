"""Who may act for a shop besides its people at their own phones, and what was done: tablets, mandates, deeds."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shops.models.shop import Shop, ShopStaff

SHA256_DIGITS = 64


class Tablet(models.Model):
    """A device that stands in the shop and is signed in for it: its people say with a PIN who they are.

    It never gives more than `most_role`, whoever taps; an owner's rights need the owner's password.
    """

    class Most(models.TextChoices):
        HELPER = ShopStaff.Role.HELPER, _("orders, prices and stock")
        MANAGER = ShopStaff.Role.MANAGER, _("also products and opening hours")

    shop = models.ForeignKey(Shop, on_delete=models.CASCADE, related_name="tablets")
    name = models.CharField(_("where it stands"), max_length=60)
    most_role = models.CharField(_("what it may be used for"), max_length=10, choices=Most, default=Most.HELPER)
    idle_minutes = models.PositiveSmallIntegerField(
        _("locks itself after"), default=5, validators=[MinValueValidator(1), MaxValueValidator(120)]
    )
    secret_hash = models.CharField(max_length=SHA256_DIGITS, unique=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    added_at = models.DateTimeField(_("set up"), default=timezone.now)
    ended_at = models.DateTimeField(_("signed out"), null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("shared tablet")
        verbose_name_plural = _("shared tablets")

    def __str__(self):
        return f"{self.name} ({self.shop})"


class MandateQuerySet(models.QuerySet):
    """Vocabulary of mandates."""

    def running(self, today=None):
        """In force on this day."""
        day = today or timezone.localdate()
        return self.filter(ended_at=None, until_on__gte=day)


class Mandate(models.Model):
    """An owner lets the association act for the shop: the words agreed to, until when. Written once; only its end is added."""

    shop = models.ForeignKey(Shop, on_delete=models.CASCADE, related_name="mandates")
    text = models.TextField()
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    given_name = models.CharField(max_length=210)
    given_at = models.DateTimeField(default=timezone.now)
    until_on = models.DateField(_("until"))
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = MandateQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("mandate of the association")
        verbose_name_plural = _("mandates of the association")
        constraints = [
            models.UniqueConstraint(fields=["shop"], condition=Q(ended_at=None), name="mandate_once"),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("given_at")), name="mandate_ends_after_its_beginning"
            ),
        ]

    def __str__(self):
        return f"{self.shop}: {self.given_at:%Y-%m-%d} – {self.until_on}"


class Deed(models.Model):
    """What somebody did at the desk besides orders and products, which have histories of their own. Append-only."""

    class Kind(models.TextChoices):
        PAUSE = "pause", _("paused")
        RESUME = "resume", _("takes orders again")
        PROFILE = "profile", _("changed the shop page")
        HOURS = "hours", _("changed the weekly hours")
        CLOSURE = "closure", _("planned a closure or opening")
        NO_CLOSURE = "no_closure", _("removed a closure or opening")
        PERSON = "person", _("invited")
        ROLE = "role", _("changed the role of")
        NO_PERSON = "no_person", _("let go")
        PIN = "pin", _("chose a new PIN")
        TABLET = "tablet", _("set up the tablet")
        NO_TABLET = "no_tablet", _("signed out the tablet")
        LOCKED = "locked", _("too many wrong PINs at the tablet")
        MANDATE = "mandate", _("gave the association a mandate")
        NO_MANDATE = "no_mandate", _("ended the mandate of the association")
        PICTURES = "pictures", _("changed the pictures")

    shop = models.ForeignKey(Shop, on_delete=models.CASCADE, related_name="deeds")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind)
    detail = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["shop", "at"], name="deed_of_shop")]

    def __str__(self):
        return f"{self.get_kind_display()} {self.detail}"
