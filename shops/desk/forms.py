"""Forms of the desk. Each cleans to what one domain function takes."""

from datetime import timedelta
from decimal import Decimal

from django import forms
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from oscar.core.loading import get_model

from shops import weights
from shops.desk.fields import BarcodeField, CountField, PiecesField, PriceField
from shops.models import Closure, ProductSheet, Shop, ShopStaff
from shops.models.product import PERISHABLE_HOURS
from shops.signals import shop_changed

LONGEST_LEAD = 14 * 24 * 60  # minutes
FARTHEST_CLOSURE = timedelta(days=2 * 366)


class CategoryField(forms.ModelChoiceField):
    """A category with its ancestors in its name's indent."""

    def label_from_instance(self, category):
        return f"{'– ' * (category.depth - 1)}{category.name}"


def _percent(rate: Decimal) -> str:
    """5.50 as people write it: 5,5 %."""
    return f"{number_format(rate.normalize() + 0)}\u00a0%"


class ProductForm(forms.ModelForm):
    """A product: what is needed to sell it first, everything else optional."""

    title = forms.CharField(label=_("Name"), max_length=255, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    price = PriceField(label=_("Price (€, VAT included)"), required=False)
    sold_by = forms.ChoiceField(
        label=_("This product is sold"), choices=ProductSheet.SoldBy, required=False, initial=ProductSheet.SoldBy.PIECE
    )
    price_per_kg = PriceField(label=_("Price per kilo (€, VAT included)"), required=False)
    expected_g = CountField(
        label=_("Usual weight of a piece, in grams"),
        help_text=_("The resident reads this weight and pays the real one, at most 15 % more."),
        least=weights.LEAST_G,
        most=weights.MOST_G,
        required=False,
    )
    stock_left = PiecesField(label=_("Pieces for sale"))
    category = CategoryField(
        label=_("Category"),
        queryset=get_model("catalogue", "Category").objects.none(),
        required=False,
        empty_label=_("Choose…"),
    )
    description = forms.CharField(
        label=_("Description"), max_length=5000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    upload = forms.FileField(
        label=_("Photo"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp,image/heic,image/avif"}),
    )
    reference = forms.CharField(label=_("Reference"), max_length=64, required=False)
    ean = BarcodeField()
    is_public = forms.BooleanField(label=_("Show it to residents"), required=False, initial=True)
    lead_minutes = CountField(
        label=_("Preparation time in minutes"), help_text=_("Empty: the shop's own."), most=LONGEST_LEAD, required=False
    )
    ingredients = forms.CharField(
        label=_("Ingredients"), max_length=5000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    BY_WEIGHT = ("sold_by", "price_per_kg", "expected_g")
    FIRST = ("upload", "title", "price", "stock_left", "vat_rate", "category", "is_public")

    class Meta:
        model = ProductSheet
        fields = [
            "photo_alt",
            "vat_rate",
            "net_quantity",
            "net_unit",
            "sold_by",
            "price_per_kg",
            "expected_g",
            "temperature",
            "min_age",
            "needs_signature",
            "volume_l",
            "longest_cm",
            "max_dwell_hours",
            "lead_minutes",
            "withdrawal",
            "ingredients",
            "allergens",
            "origin",
        ]
        help_texts = {
            "max_dwell_hours": format_lazy(
                _("Left empty: {hours} for perishable goods without cold, no limit for others."), hours=PERISHABLE_HOURS
            )
        }

    def __init__(self, *args, like: ProductSheet | None = None, **kwargs):
        """`like`: the product whose category and VAT rate a new one probably shares."""
        super().__init__(*args, **kwargs)
        self.fields["category"].queryset = get_model("catalogue", "Category").objects.order_by("path")
        self.fields["vat_rate"].choices = [(rate, _percent(rate)) for rate in ProductSheet.VAT_RATES]
        sheet = self.instance
        if sheet.pk:
            self.initial |= {
                "title": sheet.product.title,
                "price": None if sheet.by_weight else sheet.stock.price,
                "stock_left": sheet.left,
                "category": sheet.product.categories.first(),
                "description": sheet.product.description,
                "reference": sheet.reference,
                "ean": sheet.ean,
                "is_public": sheet.product.is_public,
            }
        elif like is not None:
            self.initial |= {"vat_rate": like.vat_rate, "category": like.product.categories.first()}

    def main_fields(self):
        """The fields that a sale needs."""
        return [self[name] for name in self.FIRST]

    def more_fields(self):
        """The others, folded away."""
        return [self[name] for name in self.fields if name not in self.FIRST + self.BY_WEIGHT]

    def weight_fields(self):
        """What goods sold by weight need instead of a price."""
        return [self[name] for name in self.BY_WEIGHT]

    def is_by_weight(self) -> bool:
        """Whether the fields of a sale by weight are to be seen at once."""
        chosen = self["sold_by"].value() == ProductSheet.SoldBy.WEIGHT
        return chosen or any(field.errors for field in self.weight_fields())

    def more_has_errors(self) -> bool:
        return any(field.errors for field in self.more_fields())

    def clean_sold_by(self):
        return self.cleaned_data["sold_by"] or ProductSheet.SoldBy.PIECE

    def clean(self):
        cleaned = super().clean()
        by_weight = cleaned.get("sold_by") == ProductSheet.SoldBy.WEIGHT
        for name in ("price_per_kg", "expected_g") if by_weight else ("price",):
            if cleaned.get(name) is None and name not in self.errors:
                self.add_error(name, forms.Field.default_error_messages["required"])
        if by_weight:
            cleaned["price"] = None  # the ceiling is
        return cleaned

    def values(self) -> dict:
        """What `products.create` and `products.update` take."""
        values = {name: value for name, value in self.cleaned_data.items() if name not in ("upload", "stock_left")}
        if not values["reference"]:
            del values["reference"]
        return values | {"stock": self.cleaned_data["stock_left"]}


class ShopForm(forms.ModelForm):
    """What residents read about the shop, and how it takes orders. Law and money are the operator's to change."""

    story = forms.CharField(label=_("Story"), max_length=5000, required=False, widget=forms.Textarea(attrs={"rows": 6}))
    lead_minutes = CountField(label=_("Preparation time in minutes"), most=LONGEST_LEAD)
    answer_minutes = CountField(label=_("Time to answer an order, in minutes of opening"), least=15, most=24 * 60)
    cutoff_at = forms.TimeField(
        label=_("Orders until"),
        help_text=_("Empty: at any time. An order that comes later counts for the next opening day."),
        required=False,
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
    )
    cutoff_days = forms.TypedChoiceField(
        label=_("An order that comes in time is ready"),
        choices=[(0, _("the same day")), (1, _("the next opening day")), (2, _("two opening days later")),
                 (3, _("three opening days later")), (7, _("seven opening days later"))],
        coerce=int, empty_value=0, required=False,
    )  # fmt: skip
    window_limit = CountField(
        label=_("Most orders to bring at the same time"),
        help_text=_("Empty: no limit. Residents are offered other times once it is reached."),
        least=1,
        most=999,
        required=False,
    )

    ORDERING = ("lead_minutes", "answer_minutes", "cutoff_at", "cutoff_days", "window_limit")

    class Meta:
        model = Shop
        fields = [
            "tagline", "story", "phone", "email", "lead_minutes", "answer_minutes", "cutoff_at", "cutoff_days", "window_limit",
        ]  # fmt: skip
        widgets = {"phone": forms.TextInput(attrs={"type": "tel", "autocomplete": "off"})}

    def page_fields(self):
        """What residents read."""
        return [self[name] for name in self.fields if name not in self.ORDERING]

    def ordering_fields(self):
        """How the shop takes orders."""
        return [self[name] for name in self.ORDERING]

    def save(self, commit=True):
        """Write what the form knows and nothing else: a pause that somebody ended meanwhile stays ended."""
        Shop.objects.filter(pk=self.instance.pk).update(**{name: self.cleaned_data[name] for name in self.Meta.fields})
        shop_changed.send(Shop, shop=self.instance)
        return self.instance


class ClosureForm(forms.ModelForm):
    """Days off, or days with other hours than usual; first and last included. An empty last day is the first."""

    class Meta:
        model = Closure
        fields = ["first_on", "last_on", "reason", "opens_at", "closes_at"]
        widgets = {
            name: forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}) for name in ("first_on", "last_on")
        } | {name: forms.TimeInput(format="%H:%M", attrs={"type": "time"}) for name in ("opens_at", "closes_at")}

    def __init__(self, *args, shop: Shop, **kwargs):
        super().__init__(*args, **kwargs)
        self.shop = shop
        self.fields["last_on"].required = False
        self.fields["reason"].help_text = _("Residents read it. It may stay empty.")

    def days(self):
        """The fields that every exception has."""
        return [self[name] for name in ("first_on", "last_on", "reason")]

    def times(self):
        """The fields of a day that is open otherwise."""
        return [self[name] for name in ("opens_at", "closes_at")]

    def clean(self):
        cleaned = super().clean()
        first_on = cleaned.get("first_on")
        if "last_on" not in self.errors:
            cleaned["last_on"] = cleaned.get("last_on") or first_on
        last_on = cleaned.get("last_on")
        if first_on and last_on and last_on < first_on:
            self.add_error("last_on", _("The last day lies before the first."))
        elif last_on and last_on < timezone.localdate():
            self.add_error("last_on", _("This day is over already."))
        for name in ("first_on", "last_on"):
            day = cleaned.get(name)
            if day and abs(day - timezone.localdate()) > FARTHEST_CLOSURE:
                self.add_error(name, _("Please choose a day within the next two years."))
        self._check_times(cleaned)
        return cleaned

    def _check_times(self, cleaned):
        opens_at, closes_at = cleaned.get("opens_at"), cleaned.get("closes_at")
        if "opens_at" in self.errors or "closes_at" in self.errors:
            return
        if (opens_at is None) != (closes_at is None):
            self.add_error("closes_at", _("Give both times, or none."))
        elif opens_at is not None and closes_at <= opens_at:
            self.add_error("closes_at", _("These times are not in order."))
        elif opens_at is not None and not self.errors and self._is_closed(cleaned):
            self.add_error("first_on", _("You have planned to be closed then: please remove that closure first."))

    def _is_closed(self, cleaned) -> bool:
        days = {"first_on__lte": cleaned["last_on"], "last_on__gte": cleaned["first_on"]}
        return self.shop.closures.filter(**days, opens_at=None).exists()


class RoleForm(forms.Form):
    """What a person may do in the shop."""

    role = forms.ChoiceField(label=_("Role"), choices=ShopStaff.Role, initial=ShopStaff.Role.HELPER)


class PersonForm(RoleForm):
    """Somebody new."""

    email = forms.EmailField(label=_("E-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    field_order = ["email", "role"]


class CatalogueForm(forms.Form):
    """A catalogue file."""

    file = forms.FileField(
        label=_("File (CSV, XLSX, ODS or XLS)"),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx,.xlsm,.ods,.xls,text/csv,text/plain"}),
    )
