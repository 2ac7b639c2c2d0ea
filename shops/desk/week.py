"""The weekly hours as a form: two ranges a day, no script needed."""

from datetime import time

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from shops import hours
from shops.models import Shop

RANGES = (1, 2)
HOLIDAYS = "PH"
ROWS = (*hours.DAYS, HOLIDAYS)


class WeekForm(forms.Form):
    """Rows per weekday with opening and closing times; empty is closed. An end of 00:00 is midnight.

    The last row is of public holidays: with times they count, without any the tick says closed or like any other day.
    """

    closed_on_holidays = forms.BooleanField(label=_("Closed on public holidays"), required=False)

    def __init__(self, *args, osm: str, **kwargs):
        super().__init__(*args, **kwargs)
        try:
            week = hours.parse_week(osm) | {HOLIDAYS: hours.holiday_ranges(osm)}
            self.initial["closed_on_holidays"] = hours.closed_on_holidays(osm)
            self.says_all = hours.is_weekly(osm) and all(len(ranges) <= len(RANGES) for ranges in week.values())
        except hours.UnreadableHours:
            week, self.says_all = {day: [] for day in ROWS}, False
        for day in ROWS:
            for n in RANGES:
                start, end = week[day][n - 1] if len(week[day]) >= n else (None, None)
                self.fields[f"{day}_from_{n}"] = self._time(_("opens"), start)
                self.fields[f"{day}_to_{n}"] = self._time(_("closes"), end)

    @staticmethod
    def _time(label: str, initial: time | None) -> forms.TimeField:
        widget = forms.TimeInput(format="%H:%M", attrs={"type": "time", "step": 300})
        return forms.TimeField(label=label, required=False, initial=initial, widget=widget)

    def rows(self):
        """(day, its name, its four bound fields, its errors) for the template."""
        return [
            (
                day,
                _("Public holidays") if day == HOLIDAYS else capfirst(WEEKDAYS[number]),
                fields,
                list(dict.fromkeys(error for field in fields for error in field.errors)),
            )
            for number, day in enumerate(ROWS)
            for fields in [[self[f"{day}_{end}_{n}"] for n in RANGES for end in ("from", "to")]]
        ]

    def clean(self):
        cleaned = super().clean()
        for day in ROWS:
            before = time(0)
            for n in RANGES:
                start, end = cleaned.get(f"{day}_from_{n}"), cleaned.get(f"{day}_to_{n}")
                if (start is None) != (end is None) and f"{day}_from_{n}" not in self.errors:
                    self.add_error(f"{day}_to_{n}", _("Give both times, or none."))
                elif start is not None and end is not None:
                    if start < before or (end <= start and end != hours.MIDNIGHT):
                        self.add_error(f"{day}_to_{n}", _("These times are not in order."))
                    before = end if end != hours.MIDNIGHT else time.max
        if not self.errors and len(self.osm()) > Shop._meta.get_field("opening_hours").max_length:
            raise forms.ValidationError(_("These hours are too varied to be stored: please simplify them."))
        return cleaned

    def osm(self) -> str:
        """The week in OpenStreetMap syntax."""
        ranges = {
            day: [
                (self.cleaned_data[f"{day}_from_{n}"], self.cleaned_data[f"{day}_to_{n}"])
                for n in RANGES
                if self.cleaned_data.get(f"{day}_from_{n}") is not None
            ]
            for day in ROWS
        }
        return hours.format_week(
            ranges, closed_on_holidays=self.cleaned_data["closed_on_holidays"], on_holidays=ranges[HOLIDAYS]
        )
