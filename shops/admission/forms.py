"""What the people who open shops fill in."""

from datetime import datetime, time

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy

from shops import joining
from shops.models import Suspension


class SentenceForm(forms.Form):
    """What the shop should change."""

    sentence = forms.CharField(
        label=gettext_lazy("What should the shop change?"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("The shop reads this sentence in its mail and on its list."),
    )


class WaiverForm(forms.Form):
    """Why a shop is let off."""

    requirement = forms.ChoiceField(
        label=gettext_lazy("Requirement"),
        choices=[(each.key, each.name) for each in joining.REQUIREMENTS if each.waivable and not each.advised],
    )
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=300)


class SuspensionForm(forms.Form):
    """The statement of reasons."""

    ground = forms.ChoiceField(
        label=gettext_lazy("Ground"), choices=[("", gettext_lazy("Choose…")), *Suspension.Ground.choices]
    )
    reasons = forms.CharField(
        label=gettext_lazy("Facts and reasons"),
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("The owners read them word for word. Name facts, days and the rule that was broken."),
    )
    first_on = forms.DateField(
        label=gettext_lazy("From which day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("Empty: at once."),
    )

    def starts_at(self) -> datetime | None:
        """The first moment of the day; None for at once."""
        day = self.cleaned_data["first_on"]
        if day is None or day == timezone.localdate():
            return None
        return datetime.combine(day, time.min, timezone.get_current_timezone())


class DecisionForm(forms.Form):
    """The decision on the answer of a shop."""

    decision = forms.ChoiceField(
        label=gettext_lazy("Decision"), choices=[("", gettext_lazy("Choose…")), *Suspension.Decision.choices]
    )
    reasons = forms.CharField(
        label=gettext_lazy("Reasons of the decision"), max_length=3000, widget=forms.Textarea(attrs={"rows": 4})
    )


class ReopeningForm(forms.Form):
    """Why a suspension ends."""

    reason = forms.CharField(label=gettext_lazy("Why it ends"), max_length=200)
