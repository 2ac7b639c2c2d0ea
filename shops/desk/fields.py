"""Form fields that forgive how shopkeepers type."""

import re
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from marketplace.foundation.money import half_up
from shops import allergens, weights
from shops.imports import cells

_WEIGHT = re.compile(r"(\d{1,6})(?:[.,](\d{1,3}))?(kg|g)?", re.ASCII)
FAR_OFF = 4  # a bare number that is so many times the usual weight was meant in another unit, or mistyped


class CountField(forms.IntegerField):
    """A whole number between two others; whatever else is typed, one sentence says so."""

    def __init__(self, *, least: int = 0, most: int, **options):
        super().__init__(min_value=least, max_value=most, **options)
        self.widget.attrs |= {"inputmode": "numeric", "autocomplete": "off"}

    def clean(self, value):
        try:
            return super().clean(value)
        except ValidationError as error:
            words = {"least": number_format(self.min_value), "most": number_format(self.max_value)}
            raise ValidationError(_("Please give a whole number from %(least)s to %(most)s.") % words) from error


class PriceField(forms.CharField):
    """Euros, VAT included, with comma or point, with or without the sign. Cleans to `Decimal`."""

    def __init__(self, **options):
        options.setdefault("max_length", 20)
        options.setdefault("error_messages", {"max_length": _("This is not a price.")})
        options.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
        super().__init__(**options)

    def prepare_value(self, value):
        return number_format(value, 2, use_l10n=True) if isinstance(value, Decimal) else value

    def clean(self, value):
        text = super().clean(value)
        if not self.required and text in self.empty_values:
            return None
        try:
            return cells.price(text)
        except cells.CellError as error:
            raise ValidationError(str(error)) from error


class PiecesField(CountField):
    """A number of pieces that can be sold."""

    def __init__(self, **options):
        super().__init__(most=cells.MOST_PIECES, **options)


class BarcodeField(forms.CharField):
    """An EAN or ISBN with a right check digit, or nothing."""

    def __init__(self, **options):
        options.setdefault("label", _("Barcode (EAN)"))
        options.setdefault("widget", forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}))
        super().__init__(required=False, max_length=40, **options)

    def clean(self, value):
        text = super().clean(value)
        try:
            return cells.ean(text)
        except cells.CellError as error:
            raise ValidationError(str(error)) from error


class AllergensField(forms.MultipleChoiceField):
    """The fourteen allergens to tick, or that there are none. Cleans to what a product keeps."""

    def __init__(self, **options):
        options.setdefault("error_messages", {"invalid_choice": _("This is not one of the fourteen allergens.")})
        super().__init__(choices=allergens.CHOICES, required=False, widget=forms.CheckboxSelectMultiple, **options)

    def prepare_value(self, value):
        return allergens.split(value) if isinstance(value, str) else value

    def has_changed(self, initial, data):
        return super().has_changed(allergens.split(initial or ""), data)

    def clean(self, value):
        kept = allergens.join(super().clean(value))
        allergens.validate(kept)
        return kept


class WeightField(forms.CharField):
    """A real weight as scales and people say it: “1,250 kg”, “1250 g”, “1250” or “1,25”. Cleans to whole grams.

    A number without unit is taken for the unit that comes close to `expected_g`; when neither does, the unit is asked for.
    """

    def __init__(self, *, expected_g: int, **options):
        self.expected_g = expected_g
        options.setdefault("max_length", 20)
        options.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
        super().__init__(**options)

    def clean(self, value):
        typed = super().clean(value)
        if typed in self.empty_values:
            return None
        found = _WEIGHT.fullmatch(re.sub(r"\s", "", typed).lower())
        if not found:
            raise ValidationError(_("Please give the weight in grams or kilos, for example 1,25 kg."))
        whole, decimals, unit = found.groups()
        grams = self._grams(Decimal(f"{whole}.{decimals or 0}"), unit)
        if not 0 < grams <= weights.HEAVIEST_G:
            raise ValidationError(_("Please give the weight in grams or kilos, for example 1,25 kg."))
        return grams

    def _grams(self, number: Decimal, unit: str | None) -> int:
        readings = {"g": int(half_up(number, Decimal(1))), "kg": int(half_up(number * 1000, Decimal(1)))}
        if unit:
            return readings[unit]
        for grams in readings.values():
            if self.expected_g <= grams * FAR_OFF and grams <= self.expected_g * FAR_OFF:
                return grams
        raise ValidationError(_("This is far from the usual weight: please write g or kg behind it."))
