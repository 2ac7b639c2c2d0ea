"""Form fields that forgive how shopkeepers type."""

from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from shops.imports import cells


class PriceField(forms.CharField):
    """Euros, VAT included, with comma or point, with or without the sign. Cleans to `Decimal`."""

    def __init__(self, **options):
        options.setdefault("max_length", 20)
        options.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
        super().__init__(**options)

    def prepare_value(self, value):
        return number_format(value, 2, use_l10n=True) if isinstance(value, Decimal) else value

    def clean(self, value):
        text = super().clean(value)
        try:
            return cells.price(text)
        except cells.CellError as error:
            raise ValidationError(str(error)) from error


class PiecesField(forms.IntegerField):
    """A number of pieces that can be sold."""

    def __init__(self, **options):
        super().__init__(min_value=0, max_value=cells.MOST_PIECES, **options)
        self.widget.attrs["inputmode"] = "numeric"


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
