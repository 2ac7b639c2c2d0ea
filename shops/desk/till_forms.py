"""Forms of “Connect my till”."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shops.models import ShopEvent, TillKey


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


class HookForm(forms.Form):
    """An address that wants to hear what happens."""

    address = forms.CharField(
        label=gettext_lazy("Address of your program"),
        max_length=500,
        widget=forms.URLInput(attrs={"autocomplete": "off", "placeholder": "https://"}),
    )
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("What shall it hear of?"),
        choices=ShopEvent.Kind.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Please choose at least one thing.")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kinds"].initial = [ShopEvent.Kind.PLACED, ShopEvent.Kind.CANCELLED]
