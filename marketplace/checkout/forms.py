"""What the resident types: who, where and when."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from pickup.windows import PointOffer


class ChoiceForm(forms.Form):
    """Contact and collection window. `offers` are the places with their windows; only an offered window is accepted."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        widget=forms.TextInput({"autocomplete": "name", "autocapitalize": "words"}),
    )
    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("Your code and the news of your order go there."),
        widget=forms.EmailInput({"autocomplete": "email", "inputmode": "email"}),
    )
    phone = forms.CharField(
        label=_("Mobile phone (optional)"),
        max_length=20,
        required=False,
        widget=forms.TextInput({"autocomplete": "tel", "inputmode": "tel", "type": "tel"}),
    )
    window = forms.ChoiceField(
        label=_("Where and when"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Please choose a place and a time."),
            "invalid_choice": _("This time is no longer free. Please choose another one."),
        },
    )
    low_door = forms.BooleanField(label=_("I need a low door that can be reached seated"), required=False)
    of_age = forms.BooleanField(
        label=_("I am old enough to buy the goods with an age limit, and will show proof when I collect them."),
        error_messages={"required": _("Please confirm your age, or take these goods out of your basket.")},
    )

    def __init__(self, *args, offers: list[PointOffer], min_age: int = 0, **kwargs):
        super().__init__(*args, **kwargs)
        self.offers = offers
        self.fields["window"].choices = [(window.key, window.key) for offer in offers for window in offer.windows]
        if not min_age:
            del self.fields["of_age"]

    def clean_name(self):
        """Somebody can be called by it: at least one letter."""
        name = " ".join(self.cleaned_data["name"].split())
        if not any(letter.isalpha() for letter in name):
            raise ValidationError(_("Please write your name."))
        return name

    def clean_phone(self):
        """Digits with the usual separators, 6 to 15 of them (ITU-T E.164)."""
        phone = self.cleaned_data["phone"].strip()
        digits = re.sub(r"[\s.()/-]", "", phone)
        if phone and not re.fullmatch(r"\+?\d{6,15}", digits):
            raise ValidationError(_("Please write a phone number in digits, or leave this empty."))
        return phone
