"""Forms of “Connect my till”."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shops.models import TillKey


class KeyForm(forms.ModelForm):
    """A new key: what it is for, and what it may."""

    class Meta:
        model = TillKey
        fields = ["name", "may_stock", "may_orders"]
        labels = {"name": gettext_lazy("For which till or program?")}
        widgets = {
            "name": forms.TextInput(
                attrs={"autocomplete": "off", "placeholder": gettext_lazy("for example: till at the counter")}
            )
        }

    def clean(self):
        cleaned = super().clean()
        if not cleaned.get("may_stock") and not cleaned.get("may_orders"):
            self.add_error("may_stock", ValidationError(_("Please choose what this key may do.")))
        return cleaned
