"""Forms of the desk. Each cleans to what one domain function takes."""

from datetime import timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shops.desk.fields import CountField
from shops.models import Closure, Shop, ShopStaff
from shops.signals import shop_changed

LONGEST_LEAD = 14 * 24 * 60  # minutes
FARTHEST_CLOSURE = timedelta(days=2 * 366)


class ShopForm(forms.ModelForm):
    """What residents read about the shop, and how it takes orders. Law and money are the operator's to change."""

    story = forms.CharField(label=_("Story"), max_length=5000, required=False, widget=forms.Textarea(attrs={"rows": 6}))
    lead_minutes = CountField(label=_("Preparation time in minutes"), most=LONGEST_LEAD)
    answer_minutes = CountField(label=_("Time to answer an order, in minutes of opening"), least=15, most=24 * 60)
    cutoff_at = forms.TimeField(
        label=_("Orders until"),
        help_text=_("Empty: at any time. An order that comes later counts for the next opening day."),
        required=False,
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
    )
    cutoff_days = forms.TypedChoiceField(
        label=_("An order that comes in time is ready"),
        choices=[(0, _("the same day")), (1, _("the next opening day")), (2, _("two opening days later")),
                 (3, _("three opening days later")), (7, _("seven opening days later"))],
        coerce=int, empty_value=0, required=False,
    )  # fmt: skip
    window_limit = CountField(
        label=_("Most orders to bring at the same time"),
        help_text=_("Empty: no limit. Residents are offered other times once it is reached."),
        least=1,
        most=999,
        required=False,
    )

    ORDERING = ("lead_minutes", "answer_minutes", "cutoff_at", "cutoff_days", "window_limit")

    class Meta:
        model = Shop
        fields = [
            "tagline", "story", "phone", "email", "lead_minutes", "answer_minutes", "cutoff_at", "cutoff_days", "window_limit",
        ]  # fmt: skip
        widgets = {"phone": forms.TextInput(attrs={"type": "tel", "autocomplete": "off"})}

    def page_fields(self):
        """What residents read."""
        return [self[name] for name in self.fields if name not in self.ORDERING]

    def ordering_fields(self):
        """How the shop takes orders."""
        return [self[name] for name in self.ORDERING]

    def save(self, commit=True):
        """Write what the form knows and nothing else: a pause that somebody ended meanwhile stays ended."""
        Shop.objects.filter(pk=self.instance.pk).update(**{name: self.cleaned_data[name] for name in self.Meta.fields})
        shop_changed.send(Shop, shop=self.instance)
        return self.instance


class ClosureForm(forms.ModelForm):
    """Days off, or days with other hours than usual; first and last included. An empty last day is the first."""

    class Meta:
        model = Closure
        fields = ["first_on", "last_on", "reason", "opens_at", "closes_at"]
        widgets = {
            name: forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}) for name in ("first_on", "last_on")
        } | {name: forms.TimeInput(format="%H:%M", attrs={"type": "time"}) for name in ("opens_at", "closes_at")}

    def __init__(self, *args, shop: Shop, **kwargs):
        super().__init__(*args, **kwargs)
        self.shop = shop
        self.fields["last_on"].required = False
        self.fields["reason"].help_text = _("Residents read it. It may stay empty.")

    def days(self):
        """The fields that every exception has."""
        return [self[name] for name in ("first_on", "last_on", "reason")]

    def times(self):
        """The fields of a day that is open otherwise."""
        return [self[name] for name in ("opens_at", "closes_at")]

    def clean(self):
        cleaned = super().clean()
        first_on = cleaned.get("first_on")
        if "last_on" not in self.errors:
            cleaned["last_on"] = cleaned.get("last_on") or first_on
        last_on = cleaned.get("last_on")
        if first_on and last_on and last_on < first_on:
            self.add_error("last_on", _("The last day lies before the first."))
        elif last_on and last_on < timezone.localdate():
            self.add_error("last_on", _("This day is over already."))
        for name in ("first_on", "last_on"):
            day = cleaned.get(name)
            if day and abs(day - timezone.localdate()) > FARTHEST_CLOSURE:
                self.add_error(name, _("Please choose a day within the next two years."))
        self._check_times(cleaned)
        return cleaned

    def _check_times(self, cleaned):
        opens_at, closes_at = cleaned.get("opens_at"), cleaned.get("closes_at")
        if "opens_at" in self.errors or "closes_at" in self.errors:
            return
        if (opens_at is None) != (closes_at is None):
            self.add_error("closes_at", _("Give both times, or none."))
        elif opens_at is not None and closes_at <= opens_at:
            self.add_error("closes_at", _("These times are not in order."))
        elif opens_at is not None and not self.errors and self._is_closed(cleaned):
            self.add_error("first_on", _("You have planned to be closed then: please remove that closure first."))

    def _is_closed(self, cleaned) -> bool:
        days = {"first_on__lte": cleaned["last_on"], "last_on__gte": cleaned["first_on"]}
        return self.shop.closures.filter(**days, opens_at=None).exists()


class RoleForm(forms.Form):
    """What a person may do in the shop."""

    role = forms.ChoiceField(label=_("Role"), choices=ShopStaff.Role, initial=ShopStaff.Role.HELPER)


class PersonForm(RoleForm):
    """Somebody new."""

    email = forms.EmailField(label=_("E-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    field_order = ["email", "role"]


class CatalogueForm(forms.Form):
    """A catalogue file."""

    file = forms.FileField(
        label=_("File (CSV, XLSX, ODS or XLS)"),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx,.xlsm,.ods,.xls,text/csv,text/plain"}),
    )
