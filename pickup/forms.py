"""Forms of the operator's and the counter's pages."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ReasonForm(forms.Form):
    """Why something is done to a compartment: kept in the records with the name."""

    why = forms.CharField(label=_("Reason"), max_length=40)


class NoteForm(forms.Form):
    """What whoever looks after an alarm does about it."""

    note = forms.CharField(label=_("Note"), max_length=300)


class CodeForm(forms.Form):
    """The code that a resident shows at a counter: eight digits, or the scanned QR text."""

    code = forms.CharField(
        label=_("Code of the resident"),
        max_length=200,
        help_text=_("Eight digits, or scan the QR code."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "autofocus": True}),
    )
