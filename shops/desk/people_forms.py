"""Forms of shared tablets, PINs and mandates."""

from datetime import timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shops import mandates
from shops.models import Tablet

IDLE_MINUTES = (1, 2, 5, 15, 60)
USUAL_MANDATE = timedelta(days=90)


class TabletForm(forms.Form):
    """A device that stands in the shop."""

    name = forms.CharField(
        label=_("Where it stands"),
        max_length=60,
        initial=_("Counter"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    most_role = forms.ChoiceField(label=_("What it may be used for"), choices=Tablet.Most, initial=Tablet.Most.HELPER)
    idle_minutes = forms.TypedChoiceField(
        label=_("Locks itself after so many minutes without a touch"),
        choices=[(minutes, minutes) for minutes in IDLE_MINUTES],
        coerce=int,
        initial=5,
    )


def _pin_field(label, autocomplete: str) -> forms.CharField:
    attrs = {"inputmode": "numeric", "autocomplete": autocomplete, "pattern": "[0-9]*", "maxlength": 6}
    return forms.CharField(label=label, max_length=6, widget=forms.PasswordInput(attrs=attrs))


class PinForm(forms.Form):
    """A new PIN."""

    pin = _pin_field(_("New PIN: 4 to 6 digits"), "new-password")


class WhoForm(forms.Form):
    """Who stands at the tablet."""

    who = forms.TypedChoiceField(
        label=_("Who are you?"),
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _("Please tap your name first.")},
    )
    pin = _pin_field(_("Your PIN"), "off")

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["who"].choices = [(each.pk, each.user.get_full_name()) for each in people]
        if self.is_bound:  # shown again: the name is chosen, the PIN was wrong
            self.fields["pin"].widget.attrs["autofocus"] = True


class MandateForm(forms.Form):
    """Until when, and the owner's yes."""

    until_on = forms.DateField(
        label=_("Until"),
        initial=lambda: timezone.localdate() + USUAL_MANDATE,
        help_text=_("One year at most. You can end it at any time."),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    agree = forms.BooleanField(
        label=_("I have read this and agree"), error_messages={"required": _("Please confirm that you agree.")}
    )

    def clean_until_on(self):
        day = self.cleaned_data["until_on"]
        if not timezone.localdate() <= day <= timezone.localdate() + mandates.LONGEST:
            raise forms.ValidationError(str(mandates.NotSoLong()))
        return day
