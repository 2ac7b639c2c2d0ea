"""The form of a product: what a sale needs, what the law wants said, everything else folded away."""

import json
from decimal import Decimal
from uuid import UUID, uuid4

from django import forms
from django.utils.formats import number_format
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from oscar.core.loading import get_model

from shops import changes, kinds, weights
from shops.desk.fields import AllergensField, BarcodeField, CountField, PiecesField, PriceField
from shops.models import ProductSheet, Shop
from shops.models.product import PERISHABLE_HOURS

LONGEST_LEAD = 14 * 24 * 60  # minutes
HIDDEN = ("seen", "photo_number", "draft")
# Where the form calls a field otherwise than `products` does.
FORM_NAMES = {"stock": "stock_left", "photo": "upload"}


class CategoryField(forms.ModelChoiceField):
    """A category with its ancestors in its name's indent."""

    def label_from_instance(self, category):
        return f"{'– ' * (category.depth - 1)}{category.name}"


class KindSelect(forms.Select):
    """Each kind carries its preset and the fields that the law wants of it, for the page to follow the choice."""

    def create_option(self, name, value, *args, **kwargs):
        option = super().create_option(name, value, *args, **kwargs)
        preset = kinds.preset(value)
        option["attrs"] |= {"data-preset": json.dumps(preset.fields()), "data-requires": " ".join(preset.requires)}
        return option


def _percent(rate: Decimal) -> str:
    """5.50 as people write it: 5,5 %."""
    return f"{number_format(rate.normalize() + 0)}\u00a0%"


class ProductForm(forms.ModelForm):
    """A product: what is needed to sell it first, then what the law wants of its kind, everything else optional."""

    title = forms.CharField(label=_("Name"), max_length=255, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    price = PriceField(label=_("Price (€, VAT included)"), required=False)
    sold_by = forms.ChoiceField(
        label=_("This product is sold"),
        choices=ProductSheet.SoldBy,
        required=False,
        initial=ProductSheet.SoldBy.PIECE,
        widget=forms.RadioSelect,
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
        widget=forms.FileInput(attrs={"accept": "image/*,.heic,.heif", "capture": "environment"}),
    )
    reference = forms.CharField(label=_("Reference"), max_length=64, required=False)
    ean = BarcodeField()
    is_public = forms.BooleanField(required=False)  # the button that was pressed
    seen = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)  # what the page showed of it
    photo_number = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)  # of a photo sent before
    draft = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)  # this sitting, saved once
    lead_minutes = CountField(
        label=_("Preparation time in minutes"), help_text=_("Empty: the shop's own."), most=LONGEST_LEAD, required=False
    )
    kind = forms.ChoiceField(label=_("Kind of goods"), choices=kinds.Kind, required=False, widget=KindSelect)
    ingredients = forms.CharField(
        label=_("Ingredients or materials"),
        help_text=_("As on the packet; of clothes the fibres: 80 % wool, 20 % polyamide."),
        max_length=5000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    allergens = AllergensField(label=_("Allergens"))
    origin = forms.CharField(
        label=_("Origin"),
        help_text=_("Country or region; of fish the fishing ground, and whether it was farmed."),
        max_length=100,
        required=False,
    )
    maker = forms.CharField(
        label=_("Maker"),
        help_text=_("Name, postal address and e-mail address."),
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "list": "makers"}),
    )

    FIRST = ("upload", "title", "price", "sold_by", "price_per_kg", "expected_g", "stock_left", "vat_rate", "category")
    BY_WEIGHT = ("sold_by", "price_per_kg", "expected_g")
    LEGAL = ("ingredients", "allergens", "origin", "net_quantity", "net_unit", "maker", "min_age")

    class Meta:
        model = ProductSheet
        fields = [
            "photo_alt",
            "vat_rate",
            "kind",
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
            "maker",
        ]
        help_texts = {
            "max_dwell_hours": format_lazy(
                _("Left empty: {hours} for perishable goods without cold, no limit for others."), hours=PERISHABLE_HOURS
            )
        }

    def __init__(self, *args, shop: Shop, like: ProductSheet | None = None, ean: str = "", **kwargs):
        """`like`: the product whose kind, category, VAT rate and maker a new one probably shares; `ean`: scanned before."""
        super().__init__(*args, **kwargs)
        self.fields["category"].queryset = get_model("catalogue", "Category").objects.order_by("path")
        self.fields["vat_rate"].choices = [(rate, _percent(rate)) for rate in ProductSheet.VAT_RATES]
        self.usual_kind = kinds.of_trade(shop.trade)
        self.initial |= self._of(self.instance) if self.instance.pk else self._new(shop, like)
        self.initial |= {"draft": str(uuid4())} | ({"ean": ean} if ean else {})
        self.scanned = bool(ean)

    def _of(self, sheet: ProductSheet) -> dict:
        return {
            "title": sheet.product.title,
            "price": None if sheet.by_weight else sheet.stock.price,
            "stock_left": sheet.left,
            "category": sheet.product.categories.first(),
            "description": sheet.product.description,
            "reference": sheet.reference,
            "ean": sheet.ean,
            "kind": sheet.known_kind,
            "seen": str(changes.seen(sheet)),
        }

    def _new(self, shop: Shop, like: ProductSheet | None) -> dict:
        """The preset of the kind, and what the last product was like: facts about the goods themselves are not guessed."""
        kind = like.known_kind if like else self.usual_kind
        preset = kinds.preset(kind)
        maker = f"{shop.legal_name}, {shop.address}, {shop.email}" if preset.made_here else ""
        if like is None:
            return preset.fields() | {"kind": kind, "maker": maker}
        same = {"vat_rate": like.vat_rate, "sold_by": like.sold_by, "temperature": like.temperature}
        return preset.fields() | same | {
            "kind": kind,
            "maker": like.maker or maker,
            "category": like.product.categories.first(),
        }  # fmt: skip

    @property
    def chosen_kind(self) -> kinds.Kind:
        """The kind that the page begins with."""
        chosen = self["kind"].value()
        return kinds.Kind(chosen) if chosen in kinds.Kind else self.usual_kind

    def shelf_fields(self):
        """The fields that a sale needs after its price."""
        return [self[name] for name in ("stock_left", "vat_rate", "category", *(["ean"] if self.scanned else []))]

    def legal_fields(self):
        """What residents must read of goods of this kind."""
        return [self[name] for name in self.LEGAL if self._is_required(name)]

    def more_fields(self):
        """The others, folded away."""
        shown = {*self.FIRST, "kind", "is_public", *HIDDEN, *(["ean"] if self.scanned else [])}
        return [self[name] for name in self.fields if name not in shown and not self._is_required(name)]

    def _is_required(self, name: str) -> bool:
        needed = kinds.preset(self.chosen_kind).requires
        return name in needed or (name == "net_unit" and "net_quantity" in needed)

    def weight_fields(self):
        """What goods sold by weight need instead of a price."""
        return [self[name] for name in ("price_per_kg", "expected_g")]

    def is_by_weight(self) -> bool:
        """Whether the fields of a sale by weight are to be seen at once."""
        return self["sold_by"].value() == ProductSheet.SoldBy.WEIGHT

    def more_has_errors(self) -> bool:
        return any(field.errors for field in self.more_fields())

    def clean_sold_by(self):
        return self.cleaned_data["sold_by"] or ProductSheet.SoldBy.PIECE

    def clean_kind(self):
        """The usual kind of the shop is kept as such: it follows the shop when its trade is corrected."""
        kind = self.cleaned_data["kind"]
        return "" if kind == self.usual_kind else kind

    def clean(self):
        cleaned = super().clean()
        by_weight = cleaned.get("sold_by") == ProductSheet.SoldBy.WEIGHT
        for name in ("price_per_kg", "expected_g") if by_weight else ("price",):
            if cleaned.get(name) is None and name not in self.errors:
                self.add_error(name, forms.Field.default_error_messages["required"])
        if by_weight:
            cleaned["price"] = None  # the ceiling is
        return cleaned

    @property
    def shown(self) -> changes.Seen | None:
        """What the page showed of the product; None when it does not say."""
        return changes.Seen.parse(self.cleaned_data["seen"])

    @property
    def sitting(self) -> UUID | None:
        """What tells this sitting from others: sent twice, it makes one product."""
        try:
            return UUID(self.cleaned_data["draft"])
        except ValueError:
            return None

    def show_again(self, fresh: ProductSheet, *, clashed: set[str]) -> None:
        """After somebody else saved too: keep what was typed, show what the other one wrote into the fields left alone.

        `clashed`: the fields (of the form) that both have changed; saving again keeps the own value of these.
        """
        since = fresh.changes.filter(pk__gt=self.shown.change).values_list("field", flat=True)
        theirs = {FORM_NAMES.get(name, name) for name in since} - clashed
        current = self._of(fresh) | {name: getattr(fresh, name) for name in self._meta.fields if name != "kind"}
        self.data = self.data.copy()
        self.data["seen"] = current["seen"]
        for name in theirs & self.fields.keys() & current.keys():
            value = self.fields[name].prepare_value(current[name])
            self.data.setlist(name, value if isinstance(value, list) else [] if value in ("", None, False) else [value])

    def values(self) -> dict:
        """What `products.create` and `products.update` take."""
        apart = ("upload", "stock_left", *HIDDEN)
        values = {name: value for name, value in self.cleaned_data.items() if name not in apart}
        if not values["reference"]:
            del values["reference"]
        return values | {"stock": self.cleaned_data["stock_left"]}
