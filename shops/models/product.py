"""What Oscar's product does not know: whose it is, its VAT, content, temperature, size and photo."""

from datetime import datetime
from decimal import Decimal

from django.apps import apps
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from marketplace.foundation.money import half_up
from shops import allergens, kinds, weights

# Perishable goods that need no cold, unless their shop knows better: from the evening until late the next morning.
PERISHABLE_HOURS = 16
MOST_A_DAY = 99_999  # pieces


class Temperature(models.TextChoices):
    """How goods must be kept, from the shop to the resident's hands."""

    AMBIENT = "ambient", _("ambient")
    CHILLED = "chilled", _("chilled")
    FROZEN = "frozen", _("frozen")


def _in_stock() -> Q:
    """What `left` says, for the database. Oscar leaves `num_allocated` empty until the first allocation: read it as 0."""
    now = timezone.now()
    gone = Case(When(gone_until__gt=now, then=F("gone_today")), default=Value(0), output_field=IntegerField())
    on_shelf = Q(daily_stock=None, stock__num_in_stock__gt=Coalesce(F("stock__num_allocated"), 0))
    return (Q(sold_out_until=None) | Q(sold_out_until__lte=now)) & (on_shelf | Q(daily_stock__gt=gone))


def sold_out() -> Case:
    """0 for what can be bought, 1 for what is sold out, to sort by."""
    return Case(When(_in_stock(), then=Value(0)), default=Value(1), output_field=IntegerField())


class ProductSheetQuerySet(models.QuerySet):
    """Vocabulary of products."""

    def with_all(self):
        """With product, stock, shop and family in the same query: all that a line shows."""
        return self.select_related("product", "stock", "shop", "family")

    def with_last_change(self):
        """`last_change`: the key of the newest change of each, None without any."""
        newest = apps.get_model("shops", "ProductChange").objects.filter(sheet=OuterRef("pk")).order_by("-pk")
        return self.annotate(last_change=Subquery(newest.values("pk")[:1]))

    def for_cards(self):
        """With all that a card shows; `has_dearer`: another variant on sale costs more."""
        dearer = ProductSheet.objects.on_sale().filter(
            family=OuterRef("family"), stock__price__gt=OuterRef("stock__price")
        )
        return self.with_all().annotate(has_dearer=Exists(dearer))

    def one_per_family(self):
        """Of each family only the variant that stands for it among these: the cheapest that can be bought."""
        first = self.filter(family=OuterRef("family")).order_by(sold_out(), "stock__price", "pk").values("pk")[:1]
        return self.filter(Q(family=None) | Q(pk=Subquery(first)))

    def on_sale(self):
        """Public and of a shop that can be paid; may still be sold out."""
        return self.filter(product__is_public=True, shop__status="open", shop__transfers_active=True)

    def in_stock(self):
        """With at least one piece nobody has reserved."""
        return self.filter(_in_stock())

    def out_of_stock(self):
        """With nothing left to sell at the moment."""
        return self.alias(is_gone=sold_out()).filter(is_gone=1)


class ProductSheet(models.Model):
    """One product, one stock record, one shop."""

    class Unit(models.TextChoices):
        GRAM = "g", _("g")
        MILLILITRE = "ml", _("ml")
        METRE = "m", _("m")
        PIECE = "piece", _("piece")

    class SoldBy(models.TextChoices):
        PIECE = "piece", _("by the piece")
        WEIGHT = "weight", _("by weight")

    class Withdrawal(models.TextChoices):
        """Exceptions to the 14 days of withdrawal (code de la consommation, art. L221-28)."""

        FULL = "full", _("14 days")
        PERISHABLE = "perishable", _("none: perishable goods")
        CUSTOM = "custom", _("none: made to order")
        SEALED = "sealed", _("none once unsealed: hygiene")

    # Rates in force in mainland France, percent (code général des impôts, art. 278 to 281 nonies; CIBS since 1 September 2026).
    VAT_RATES = [Decimal("20.00"), Decimal("10.00"), Decimal("5.50"), Decimal("2.10"), Decimal("0.00")]

    product = models.OneToOneField("catalogue.Product", on_delete=models.CASCADE, related_name="sheet")
    stock = models.OneToOneField("partner.StockRecord", on_delete=models.PROTECT, related_name="sheet")
    shop = models.ForeignKey("shops.Shop", on_delete=models.PROTECT, related_name="sheets")
    reference = models.CharField(_("reference"), max_length=64)
    ean = models.CharField(_("barcode (EAN)"), max_length=13, blank=True, db_index=True)
    family = models.ForeignKey(
        "shops.ProductFamily", null=True, blank=True, on_delete=models.PROTECT, related_name="sheets"
    )
    value_1 = models.CharField(max_length=60, blank=True, editable=False)
    value_2 = models.CharField(max_length=60, blank=True, editable=False)
    value_3 = models.CharField(max_length=60, blank=True, editable=False)

    kind = models.CharField(
        _("kind of goods"),
        max_length=8,
        choices=kinds.Kind,
        blank=True,
        help_text=_("Left empty: what the shop mostly sells."),
    )
    vat_rate = models.DecimalField(
        _("VAT rate"),
        max_digits=4,
        decimal_places=2,
        choices=[(r, f"{r} %") for r in VAT_RATES],
        default=Decimal("20.00"),
    )
    net_quantity = models.DecimalField(
        _("net content"),
        max_digits=8,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("0.01"))],
    )
    net_unit = models.CharField(_("unit"), max_length=5, choices=Unit, default=Unit.PIECE)
    sold_by = models.CharField(_("sold"), max_length=6, choices=SoldBy, default=SoldBy.PIECE)
    price_per_kg = models.DecimalField(
        _("price per kilo"),
        max_digits=7,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("0.01"))],
    )
    expected_g = models.PositiveIntegerField(
        _("usual weight of a piece in grams"),
        null=True,
        blank=True,
        validators=[MinValueValidator(weights.LEAST_G), MaxValueValidator(weights.MOST_G)],
    )
    temperature = models.CharField(_("keeping"), max_length=7, choices=Temperature, default=Temperature.AMBIENT)
    min_age = models.PositiveSmallIntegerField(_("minimum age"), default=0, validators=[MaxValueValidator(21)])
    needs_signature = models.BooleanField(
        _("the resident has to sign"), default=False, help_text=_("Handed over by a person only, never in a locker.")
    )
    volume_l = models.DecimalField(
        _("volume in litres"),
        max_digits=6,
        decimal_places=2,
        default=Decimal("1.00"),
        validators=[MinValueValidator(Decimal("0.01"))],
    )
    longest_cm = models.PositiveSmallIntegerField(_("longest side in cm"), null=True, blank=True)
    max_dwell_hours = models.PositiveSmallIntegerField(_("hours it may stay in a locker"), null=True, blank=True)
    lead_minutes = models.PositiveIntegerField(_("preparation time in minutes"), null=True, blank=True)
    collect_days = models.CharField(
        _("days of collection"), max_length=7, blank=True, validators=[RegexValidator(r"^0?1?2?3?4?5?6?\Z")]
    )
    daily_stock = models.PositiveIntegerField(
        _("pieces a day"), null=True, blank=True, validators=[MaxValueValidator(MOST_A_DAY)]
    )
    gone_today = models.IntegerField(default=0, editable=False)
    gone_since = models.DateTimeField(null=True, editable=False)
    gone_until = models.DateTimeField(null=True, editable=False)
    sold_out_until = models.DateTimeField(_("sold out until"), null=True, blank=True, editable=False)
    withdrawal = models.CharField(_("right of withdrawal"), max_length=12, choices=Withdrawal, default=Withdrawal.FULL)
    ingredients = models.TextField(_("ingredients"), blank=True)
    allergens = models.CharField(_("allergens"), max_length=200, blank=True, validators=[allergens.validate])
    origin = models.CharField(_("origin"), max_length=100, blank=True)
    maker = models.CharField(_("maker"), max_length=300, blank=True)
    photo = models.ImageField(_("photo"), upload_to="products/", blank=True)
    photo_alt = models.CharField(_("description of the photo"), max_length=160, blank=True)
    updated_at = models.DateTimeField(auto_now=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = ProductSheetQuerySet.as_manager()

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        constraints = [
            models.UniqueConstraint(fields=["shop", "reference"], name="product_reference_once_per_shop"),
            models.CheckConstraint(condition=Q(volume_l__gt=0), name="product_has_volume"),
            models.UniqueConstraint(fields=["family", "value_1", "value_2", "value_3"], name="variant_once_per_family"),
            models.CheckConstraint(
                condition=Q(family=None, value_1="", value_2="", value_3="")
                | (Q(family__isnull=False) & ~Q(value_1="")),
                name="values_belong_to_a_family",
            ),
            models.CheckConstraint(
                condition=~Q(sold_by="weight") | Q(price_per_kg__isnull=False, expected_g__isnull=False),
                name="product_by_weight_has_its_price",
            ),
        ]
        indexes = [
            models.Index(fields=["shop", "-created_at"]),
            models.Index(fields=["shop", "updated_at", "id"], name="product_changed"),
        ]

    def __str__(self):
        return self.product.title

    def get_absolute_url(self):
        return reverse("shops:product", args=[slugify(self.product.title)[:60] or "produit", self.product_id])

    @property
    def title(self) -> str:
        return self.product.title

    @property
    def shared_title(self) -> str:
        """The title of its family, else its own: what stands on the card of all variants together."""
        return self.family.title if self.family else self.title

    @property
    def values(self) -> list[str]:
        """Of a variant: its value for each option of the family, in their order ("M", "bleu")."""
        return [value for value in (self.value_1, self.value_2, self.value_3) if value]

    @property
    def price(self) -> Decimal:
        """Euros, VAT included; of goods sold by weight the most that a piece may cost."""
        return self.stock.price

    @property
    def by_weight(self) -> bool:
        return self.sold_by == self.SoldBy.WEIGHT

    @property
    def known_kind(self) -> kinds.Kind:
        """Its own kind, else what its shop mostly sells."""
        return kinds.Kind(self.kind) if self.kind else kinds.of_trade(self.shop.trade)

    @property
    def allergen_words(self) -> str:
        """The allergens as residents read them."""
        return allergens.words(self.allergens)

    @property
    def usual_price(self) -> Decimal:
        """What a piece usually costs: by weight, one of the usual weight."""
        return weights.price_of(self.expected_g, per_kg=self.price_per_kg) if self.by_weight else self.price

    @property
    def keeps(self) -> bool:
        """Whether it can be sold again when nobody collects it: neither cold, nor perishable, nor made to order."""
        lost = (self.Withdrawal.PERISHABLE, self.Withdrawal.CUSTOM)
        return self.temperature == Temperature.AMBIENT and self.withdrawal not in lost and self.max_dwell_hours is None

    @property
    def locker_hours(self) -> int | None:
        """How many hours it may stay in a locker; None: as long as anything of its temperature."""
        perishable = self.withdrawal == self.Withdrawal.PERISHABLE and self.temperature == Temperature.AMBIENT
        return self.max_dwell_hours or (PERISHABLE_HOURS if perishable else None)

    @property
    def left(self) -> int:
        """Pieces that nobody has bought or reserved: of the shelf, or of those of the day (`shops.daily`)."""
        if self.sold_out_until and timezone.now() < self.sold_out_until:
            return 0
        if self.daily_stock is not None:
            return max(0, self.daily_stock - self.gone_now)
        return self.stock_left

    @property
    def gone_now(self) -> int:
        """Of the pieces of the day, those sold or taken off; yesterday's count is none, without anybody resetting it."""
        return self.gone_today if self.gone_until and timezone.now() < self.gone_until else 0

    @property
    def sold_out_today(self) -> bool:
        """Whether its shop said so, or all pieces of the day are gone: it comes back by itself, at `back_at`."""
        return not self.left and self.back_at is not None

    @property
    def back_at(self) -> datetime | None:
        """When it can be ordered again by itself; None: when its shop fills the shelf."""
        ends = [self.sold_out_until] if self.sold_out_until and timezone.now() < self.sold_out_until else []
        if self.daily_stock is not None and self.daily_stock <= self.gone_now:
            ends.append(self.gone_until)
        elif self.daily_stock is None and not self.stock_left:
            return None
        return max(filter(None, ends), default=None)

    @property
    def stock_left(self) -> int:
        """Pieces on the shelf that nobody has bought or reserved, whatever is said of today."""
        return max(0, (self.stock.num_in_stock or 0) - (self.stock.num_allocated or 0))

    @property
    def days(self) -> frozenset[int]:
        """The weekdays on which it can be collected, 0 for Monday; all seven when nothing is said."""
        return frozenset(map(int, self.collect_days or "0123456"))

    @property
    def unit_price(self) -> tuple[Decimal, str] | None:
        """Euros per kilo, litre or metre with that unit, when the law asks for it (arrêté of 16 November 1999)."""
        if self.by_weight:
            return self.price_per_kg, "kg"
        if not self.net_quantity or self.net_unit == self.Unit.PIECE:
            return None
        per, unit = {"g": (1000, "kg"), "ml": (1000, "l"), "m": (1, "m")}[self.net_unit]
        return half_up(self.price * per / self.net_quantity), unit
