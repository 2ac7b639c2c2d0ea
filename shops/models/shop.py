"""A shop of the town centre and the people who work there."""

import uuid
from decimal import Decimal

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from oscar.core.loading import get_model
from stdnum.fr import siret as siret_number

from marketplace.foundation.lifecycle import Lifecycle
from shops import hours
from shops.signals import shop_changed


def validate_siret(value: str) -> None:
    """Fourteen digits; in a live instance also the check key (demo shops carry invented numbers that fail it)."""
    if not (value.isascii() and value.isdigit() and len(value) == 14):  # one number is one text
        raise ValidationError(_("A SIRET number has 14 digits."))
    if settings.INSTANCE_MODE == "live" and not siret_number.is_valid(value):
        raise ValidationError(_("This SIRET number is not valid: please check its digits."))


class ShopQuerySet(models.QuerySet):
    """Vocabulary of shops."""

    def public(self):
        """Shown on the site."""
        return self.filter(status=Shop.Status.OPEN)

    def selling(self):
        """Shown and able to be paid: nothing of the others is on sale."""
        return self.public().filter(transfers_active=True)

    def of(self, user):
        """The shops where `user` works."""
        return self.filter(staff__user=user, staff__is_active=True)


class Shop(Lifecycle):
    """The seller, always. Points at Oscar's Partner, which knows nothing of hours, money or people.

    draft → waiting → open ⇄ suspended; waiting → draft: sent back
    draft, waiting, open, suspended → closed: the shop has left
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("being set up")
        WAITING = "waiting", _("waiting for its opening")
        OPEN = "open", _("open")
        SUSPENDED = "suspended", _("suspended")
        CLOSED = "closed", _("has left")

    MOVES = {
        Status.DRAFT: {Status.WAITING, Status.CLOSED},
        Status.WAITING: {Status.OPEN, Status.DRAFT, Status.CLOSED},
        Status.OPEN: {Status.SUSPENDED, Status.CLOSED},
        Status.SUSPENDED: {Status.OPEN, Status.CLOSED},
    }

    class Trade(models.TextChoices):
        BAKERY = "bakery", _("Bakery")
        BUTCHER = "butcher", _("Butcher")
        CHEESE = "cheese", _("Cheese and dairy")
        GREENGROCER = "greengrocer", _("Fruit and vegetables")
        FISH = "fish", _("Fishmonger")
        WINE = "wine", _("Wine and spirits")
        GROCERY = "grocery", _("Fine grocery")
        SWEETS = "sweets", _("Chocolate and sweets")
        FLORIST = "florist", _("Florist")
        BOOKS = "books", _("Bookshop")
        CLOTHES = "clothes", _("Clothes and shoes")
        HARDWARE = "hardware", _("Hardware")
        GAMES = "games", _("Toys and games")
        MUSIC = "music", _("Music")
        BEAUTY = "beauty", _("Beauty and care")
        HOME = "home", _("Home and gifts")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    partner = models.OneToOneField("partner.Partner", on_delete=models.PROTECT, related_name="shop")
    name = models.CharField(_("name"), max_length=100)
    slug = models.SlugField(_("address of the page"), max_length=100, unique=True)
    trade = models.CharField(_("trade"), max_length=20, choices=Trade)
    tagline = models.CharField(_("in one line"), max_length=160, blank=True)
    story = models.TextField(_("story"), blank=True)
    photo = models.ImageField(_("photo"), upload_to="shops/", blank=True)
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.DRAFT)

    legal_name = models.CharField(_("legal name"), max_length=120)
    legal_form = models.CharField(_("legal form"), max_length=60, blank=True)
    register_number = models.CharField(_("number in the trade register"), max_length=80, blank=True)
    siret = models.CharField(_("SIRET number"), max_length=14, validators=[validate_siret], unique=True)
    vat_number = models.CharField(_("VAT number"), max_length=20, blank=True)
    vat_exempt = models.BooleanField(_("exempt from VAT (article 293 B of the French tax code)"), default=False)
    certified_at = models.DateTimeField(_("has promised to sell only lawful goods"), null=True, blank=True)
    certified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    street = models.CharField(_("street and number"), max_length=160)
    postcode = models.CharField(_("postcode"), max_length=5)
    town = models.CharField(_("town"), max_length=80)
    latitude = models.DecimalField(max_digits=8, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    email = models.EmailField(_("e-mail address"))

    opening_hours = models.CharField(
        _("opening hours"),
        max_length=255,
        default="Tu-Sa 09:00-12:30,14:00-19:00",
        help_text=_("In OpenStreetMap syntax."),
    )
    lead_minutes = models.PositiveIntegerField(
        _("preparation time in minutes"), default=60, validators=[MaxValueValidator(14 * 24 * 60)]
    )
    cutoff_at = models.TimeField(_("orders until"), null=True, blank=True)
    cutoff_days = models.PositiveSmallIntegerField(
        _("opening days from the order to the goods"), default=0, validators=[MaxValueValidator(14)]
    )
    window_limit = models.PositiveSmallIntegerField(
        _("most orders to bring at the same time"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    answer_minutes = models.PositiveIntegerField(_("time to answer an order, in minutes of opening"), default=120)
    refund_limit_order = models.DecimalField(
        _("a manager refunds up to, per order (€)"), max_digits=7, decimal_places=2, default=Decimal("50.00")
    )
    refund_limit_day = models.DecimalField(
        _("a manager refunds up to, per day (€)"), max_digits=7, decimal_places=2, default=Decimal("150.00")
    )
    refund_limit_helper = models.DecimalField(
        _("a helper refunds up to, per order (€)"), max_digits=7, decimal_places=2, default=Decimal("0.00")
    )
    wants_day_sheet = models.BooleanField(_("send us the orders of the day by mail each morning"), default=False)
    paused_until = models.DateTimeField(_("paused until"), null=True, blank=True)

    commission_bps = models.PositiveIntegerField(
        _("commission in hundredths of a percent"),
        default=300,
        validators=[MinValueValidator(0), MaxValueValidator(5000)],
    )
    stripe_account = models.CharField(max_length=64, blank=True)
    transfers_active = models.BooleanField(_("can be paid"), default=False)
    created_at = models.DateTimeField(default=timezone.now)
    hours_confirmed_at = models.DateTimeField(_("opening hours confirmed"), null=True, blank=True)
    rehearsed_at = models.DateTimeField(_("trial order walked through"), null=True, blank=True)

    objects = ShopQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("shop")
        verbose_name_plural = _("shops")
        permissions = [
            ("open_shop", "Can open, suspend and reopen shops"),
            ("act_for_shop", "Can act for shops that have given the association a mandate"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["stripe_account"], condition=~Q(stripe_account=""), name="shop_account_once"
            ),
            models.CheckConstraint(condition=Q(commission_bps__lte=5000), name="shop_commission_bounds"),
            # Nobody sells namelessly, whoever opens the shop (Regulation (EU) 2022/2065 art. 30).
            models.CheckConstraint(
                condition=~Q(status="open") | ~(Q(legal_name="") | Q(siret="") | Q(street="") | Q(email="")),
                name="shop_open_is_known",
            ),
        ]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        """A shop is born with its Partner, which carries the shop's name; `shop_changed` tells of every save."""
        if self.partner_id is None:
            self.partner = get_model("partner", "Partner").objects.create(name=self.name)
        super().save(*args, **kwargs)
        shop_changed.send(Shop, shop=self)

    def get_absolute_url(self):
        return reverse("shops:detail", args=[self.slug])

    def get_trade_display(self) -> str:
        """Django's own looks its answer up by hashing, and so translating, all trades: a third of the time of a list of shops."""
        return str(self.Trade(self.trade).label) if self.trade in self.Trade else self.trade

    @property
    def is_selling(self) -> bool:
        """Whether residents may order from it at all (pauses and hours come on top)."""
        return self.status == self.Status.OPEN and self.transfers_active

    @property
    def is_paused(self) -> bool:
        """Whether it takes no new orders at this moment."""
        return hours.is_paused(self, timezone.now())

    @property
    def address(self) -> str:
        return f"{self.street}, {self.postcode} {self.town}"


class ShopStaff(models.Model):
    """A person in a shop."""

    class Role(models.TextChoices):
        OWNER = "owner", _("owner")
        MANAGER = "manager", _("manager")
        HELPER = "helper", _("helper")

    shop = models.ForeignKey(Shop, on_delete=models.CASCADE, related_name="staff")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="shop_roles")
    role = models.CharField(_("role"), max_length=10, choices=Role, default=Role.HELPER)
    is_active = models.BooleanField(_("active"), default=True)
    invited_at = models.DateTimeField(_("invited"), default=timezone.now)
    joined_at = models.DateTimeField(_("first at the desk"), default=timezone.now, null=True, blank=True)
    pin = models.CharField(_("PIN at shared tablets"), max_length=128, blank=True)  # a hash

    class Meta:
        verbose_name = _("person in a shop")
        verbose_name_plural = _("people in shops")
        constraints = [models.UniqueConstraint(fields=["shop", "user"], name="shop_staff_once")]

    mandate = None
    """The `Mandate` under which somebody of the association stands here; None for the shop's own people."""

    def __str__(self):
        return f"{self.user} ({self.shop}, {self.role})"


class Closure(models.Model):
    """Days that are not like the weekly hours say, both days included: closed, or open from `opens_at` to `closes_at`.

    Where both are written for a day, it is closed: nothing is promised by mistake.
    """

    shop = models.ForeignKey(Shop, on_delete=models.CASCADE, related_name="closures")
    first_on = models.DateField(_("first day"))
    last_on = models.DateField(_("last day"))
    opens_at = models.TimeField(_("open from"), null=True, blank=True)
    closes_at = models.TimeField(_("open until"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=80, blank=True)

    class Meta:
        ordering = ["first_on"]
        verbose_name = _("exceptional closure")
        verbose_name_plural = _("exceptional closures")
        constraints = [
            models.CheckConstraint(condition=Q(last_on__gte=models.F("first_on")), name="closure_in_order"),
            models.CheckConstraint(
                condition=Q(opens_at__isnull=True, closes_at__isnull=True) | Q(closes_at__gt=models.F("opens_at")),
                name="closure_times_in_order",
            ),
        ]

    def __str__(self):
        return f"{self.shop}: {self.first_on}–{self.last_on}"

    @property
    def is_opening(self) -> bool:
        """Whether the shop is open these days, at other times than usual."""
        return self.opens_at is not None


class ShopPicture(models.Model):
    """One more picture on the page of a shop, beside its main photo (`Shop.photo`)."""

    shop = models.ForeignKey(Shop, on_delete=models.CASCADE, related_name="pictures")
    photo = models.ImageField(_("photo"), upload_to="shops/")
    alt = models.CharField(_("what can be seen"), max_length=120, blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("picture of a shop")
        verbose_name_plural = _("pictures of shops")

    def __str__(self):
        return self.alt or f"{self.shop} {self.pk}"
