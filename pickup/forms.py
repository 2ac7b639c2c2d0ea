"""Forms of the operator's and the counter's pages."""

from django import forms
from django.utils.translation import gettext_lazy as _

from pickup.models import Problem


class ReasonForm(forms.Form):
    """Why something is done to a compartment: kept in the records with the name."""

    why = forms.CharField(label=_("Reason"), max_length=40)


class EmptyForm(ReasonForm):
    """Nothing is behind a door. `expected`: the leg whose goods the page named, so that what came since is not meant."""

    expected = forms.IntegerField(widget=forms.HiddenInput, required=False)


class NoteForm(forms.Form):
    """What whoever looks after an alarm does about it."""

    note = forms.CharField(label=_("Note"), max_length=300)


class AnswerForm(forms.Form):
    """What a person answers to a resident's message."""

    answer = forms.CharField(
        label=_("Your answer, sent to the resident"),
        max_length=Problem._meta.get_field("answer").max_length,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    @classmethod
    def of(cls, problem: Problem) -> "AnswerForm":
        """An empty one, to stand beside others."""
        return cls(auto_id=f"problem-{problem.pk}-%s")


class CodeForm(forms.Form):
    """The code that a resident shows at a counter: eight digits, or the scanned QR text."""

    code = forms.CharField(
        label=_("Code of the resident"),
        max_length=200,
        help_text=_("Eight digits, or scan the QR code."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "autofocus": True}),
    )
