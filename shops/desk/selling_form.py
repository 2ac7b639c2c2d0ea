"""When and how many: pieces of the day, days of collection, preparation of one product."""

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from shops.desk.fields import CountField
from shops.models import ProductSheet
from shops.models.product import MOST_A_DAY

LONGEST_LEAD = 14 * 24 * 60  # minutes
UNITS = [("1", _("minutes")), ("60", _("hours")), ("1440", _("days"))]


class SellingForm(forms.Form):
    """Each part may be left empty: an ordinary product has its stock, is collected on any day, and takes the shop's time."""

    daily_stock = CountField(
        label=_("Pieces each day"),
        help_text=_(
            "For what is made every day: as many can be ordered again once you have closed. Empty: the stock counts."
        ),
        most=MOST_A_DAY,
        required=False,
        widget=forms.NumberInput(attrs={"class": "short"}),
    )
    days = forms.MultipleChoiceField(
        label=_("Days on which it can be collected"),
        choices=[(str(day), name) for day, name in WEEKDAYS.items()],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Please choose one day at least; to stop selling it, hide it.")},
    )
    lead = CountField(
        label=_("Preparation time"),
        help_text=_("Empty: the shop's own."),
        most=LONGEST_LEAD,
        required=False,
        widget=forms.NumberInput(attrs={"class": "short"}),
    )
    unit = forms.ChoiceField(label=_("Unit"), choices=UNITS)
    seen = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)

    def __init__(self, data=None, *, sheet: ProductSheet, seen):
        minutes = sheet.lead_minutes
        unit = next(size for size in (1440, 60, 1) if not minutes or minutes % size == 0) if minutes else 60
        initial = {
            "daily_stock": sheet.daily_stock,
            "days": [str(day) for day in sorted(sheet.days)],
            "lead": None if minutes is None else minutes // unit,
            "unit": str(unit),
            "seen": str(seen),
        }
        super().__init__(data, initial=initial)

    def clean(self):
        cleaned = super().clean()
        if (cleaned.get("lead") or 0) * int(cleaned.get("unit") or 1) > LONGEST_LEAD:
            self.add_error("lead", _("A preparation takes two weeks at most."))
        return cleaned

    def values(self) -> dict:
        """What `products.update` takes."""
        days, lead = "".join(sorted(self.cleaned_data["days"])), self.cleaned_data["lead"]
        return {
            "daily_stock": self.cleaned_data["daily_stock"],
            "collect_days": "" if len(days) == len(WEEKDAYS) else days,
            "lead_minutes": None if lead is None else lead * int(self.cleaned_data["unit"]),
        }
