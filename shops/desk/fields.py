"""Form fields that forgive how shopkeepers type."""

from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from shops.imports import cells


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
