"""Forms of the operator's and the counter's pages."""

from django import forms
from django.utils.translation import gettext_lazy as _


class BlockForm(forms.Form):
    """Why a compartment is taken out of service."""

    why = forms.CharField(label=_("Reason"), max_length=40)


class CodeForm(forms.Form):
    """The code that a resident shows at a counter: eight digits, or the scanned QR text."""

    code = forms.CharField(
        label=_("Code of the resident"),
        max_length=200,
        help_text=_("Eight digits, or scan the QR code."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "autofocus": True}),
    )
