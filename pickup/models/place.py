"""Where residents collect."""

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from shops import hours


def validate_hours(value: str) -> None:
    """Opening hours in OpenStreetMap syntax."""
    try:
        hours.check(value)
    except hours.UnreadableHours as error:
        raise ValidationError(str(error)) from error


class PointQuerySet(models.QuerySet):
    """Vocabulary of points."""

    def active(self):
        """Shown and offered."""
        return self.filter(is_active=True)

    def with_doors_counted(self):
        """With `doors`, and `low_doors` that can be reached seated; both 0 at counters."""
        low = models.Count("bank__compartments", filter=models.Q(bank__compartments__is_low=True))
        return self.annotate(doors=models.Count("bank__compartments"), low_doors=low)

    def counters(self):
        """Where a person hands over."""
        return self.filter(kind=Point.Kind.COUNTER)

    def served_by(self, user):
        """The counters at which `user` may hand over: all for staff, else those hosted by a shop where they work."""
        counters = self.active().counters()
        if user.is_staff:
            return counters
        return counters.filter(host_shop__staff__user=user, host_shop__staff__is_active=True)


class Point(models.Model):
    """A place in the town: a locker bank, or a counter with people."""

    class Kind(models.TextChoices):
        COUNTER = "counter", _("counter")
        BANK = "bank", _("locker bank")

    kind = models.CharField(_("kind"), max_length=7, choices=Kind)
    name = models.CharField(_("name"), max_length=100)
    slug = models.SlugField(_("address of the page"), max_length=60, unique=True)
    street = models.CharField(_("street and number"), max_length=160)
    postcode = models.CharField(_("postcode"), max_length=5)
    town = models.CharField(_("town"), max_length=80)
    latitude = models.DecimalField(max_digits=8, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    opening_hours = models.CharField(
        _("opening hours"),
        max_length=255,
        default="24/7",
        validators=[validate_hours],
        help_text=_("In OpenStreetMap syntax."),
    )
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    access = models.TextField(_("how to get in"), blank=True)
    parking = models.CharField(_("parking"), max_length=200, blank=True)
    accessibility = models.TextField(
        _("accessibility"),
        blank=True,
        help_text=_(
            "Ramp, height of keypad, scanner and doors, light: what somebody in a wheelchair or with a cane wants to know."
        ),
    )
    host_shop = models.ForeignKey(
        "shops.Shop",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="points",
        verbose_name=_("host shop"),
    )
    step_free = models.BooleanField(_("step-free"), default=True)
    is_active = models.BooleanField(_("active"), default=True)
    window_capacity = models.PositiveIntegerField(
        _("orders per window"), null=True, blank=True, help_text=_("Counters only. Empty: without limit.")
    )

    objects = PointQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("collection point")
        verbose_name_plural = _("collection points")

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return f"{reverse('pickup:points')}#{self.slug}"

    @property
    def is_counter(self) -> bool:
        return self.kind == self.Kind.COUNTER

    @property
    def address(self) -> str:
        return f"{self.street}, {self.postcode} {self.town}"
