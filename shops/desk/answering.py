"""The forms with which a shop answers an order and says that it is packed. Each cleans to what one domain function takes."""

from django import forms
from django.utils.translation import gettext_lazy as _

from shops import orders
from shops.desk import offering
from shops.desk.fields import CountField
from shops.desk.weighing import weight_field
from shops.models import BagSize, ProductSheet, ShopOrder
from shops.orders import replacing

REASONS = [
    ("sold_out", _("Sold out")),
    ("not_fresh", _("Not good enough today")),
    ("closed", _("The shop must close")),
    ("other", _("Another reason")),
]


class AnswerForm(forms.Form):
    """What the shop gives of each line, why it refuses the rest, and what it offers instead of it."""

    def __init__(self, *args, shop_order: ShopOrder, **kwargs):
        super().__init__(*args, **kwargs)
        self.lines = list(shop_order.lines.select_related("sheet", "shop_order"))
        for line in self.lines:
            self.fields[f"quantity_{line.pk}"] = CountField(
                label=_("We give"),
                most=line.quantity,
                initial=line.quantity,
                widget=forms.NumberInput(attrs={"class": "short"}),
            )
            self.fields[f"reason_{line.pk}"] = forms.ChoiceField(
                label=_("Why not all"), choices=[("", _("Choose…")), *REASONS], required=False
            )
            if line.by_weight:
                self.fields[f"weight_{line.pk}"] = weight_field(
                    line,
                    label=_("Real weight, if you know it already"),
                    help_text=_("Of all pieces together. Left empty: you weigh them when you pack."),
                    required=False,
                )
            self._add_offer(line)

    def _add_offer(self, line) -> None:
        proposed = [(str(sheet.pk), offering.in_words(sheet)) for sheet in offering.proposals(line)]
        self.fields[f"offer_{line.pk}"] = forms.ChoiceField(
            label=_("Offer instead"), choices=[("", _("Nothing")), *proposed], required=False
        )
        self.fields[f"code_{line.pk}"] = forms.CharField(
            label=_("Or its reference or barcode"),
            max_length=64,
            required=False,
            widget=forms.TextInput(attrs={"autocomplete": "off"}),
        )

    def rows(self) -> list[dict]:
        """Each line with its fields, for the template; `weight` is None where nothing is weighed."""
        return [
            {
                "line": line,
                "quantity": self[f"quantity_{line.pk}"],
                "reason": self[f"reason_{line.pk}"],
                "weight": self[f"weight_{line.pk}"] if line.by_weight else None,
                "offer": self[f"offer_{line.pk}"],
                "code": self[f"code_{line.pk}"],
                "offers": any(self[f"{name}_{line.pk}"].value() for name in ("offer", "code")),
            }
            for line in self.lines
        ]

    def clean(self):
        cleaned = super().clean()
        for line in self.lines:
            quantity = cleaned.get(f"quantity_{line.pk}")
            if quantity is not None and quantity < line.quantity and not cleaned.get(f"reason_{line.pk}"):
                self.add_error(f"reason_{line.pk}", _("Please say why: the resident reads it."))
            if quantity is not None:
                self._check_offer(line, refused=line.quantity - quantity)
        return cleaned

    def _check_offer(self, line, *, refused: int) -> None:
        code = self.cleaned_data.get(f"code_{line.pk}")
        sheet = self._offered(line)
        if sheet is None:
            if code:
                self.add_error(f"code_{line.pk}", _("No product of your shop has this reference or barcode."))
        elif not refused:
            self.add_error(f"quantity_{line.pk}", _("Put fewer pieces here: only what is missing can be replaced."))
        elif why := replacing.hindrance(line, sheet):
            self.add_error(f"code_{line.pk}" if code else f"offer_{line.pk}", why)

    def _offered(self, line) -> ProductSheet | None:
        if code := self.cleaned_data.get(f"code_{line.pk}"):
            return offering.named(line, code)
        pk = self.cleaned_data.get(f"offer_{line.pk}")
        return ProductSheet.objects.with_all().get(pk=pk) if pk else None

    def offers(self) -> dict[int, ProductSheet]:
        """What is offered instead, by line pk."""
        chosen = {line.pk: self._offered(line) for line in self.lines}
        return {pk: sheet for pk, sheet in chosen.items() if sheet is not None}

    def accepted(self) -> dict[int, int]:
        """Pieces by line pk."""
        return {line.pk: self.cleaned_data[f"quantity_{line.pk}"] for line in self.lines}

    def grams(self) -> dict[int, int]:
        """Grams by line pk, of what is given and weighed already."""
        typed = {line.pk: self.cleaned_data.get(f"weight_{line.pk}") for line in self.lines}
        return {pk: grams for pk, grams in typed.items() if grams and self.cleaned_data[f"quantity_{pk}"]}

    def reasons(self) -> dict[int, str]:
        """The words that the resident reads, by line pk."""
        words = dict(REASONS)
        return {line.pk: str(words.get(self.cleaned_data[f"reason_{line.pk}"], "")) for line in self.lines}


class RefusalForm(forms.Form):
    """Why the shop gives nothing of an order."""

    reason = forms.ChoiceField(
        label=_("Why"),
        choices=[("", _("Choose…")), *REASONS],
        error_messages={"required": _("Please say why: the resident reads it.")},
    )

    def words(self) -> str:
        """The reason as the resident reads it."""
        return str(dict(REASONS)[self.cleaned_data["reason"]])


class ReadyForm(forms.Form):
    """How many bags the goods fill, and how high the largest is: "" when nobody said."""

    bags = CountField(label=_("Bags"), least=1, most=orders.MAX_BAGS, initial=1)
    size = forms.ChoiceField(label=_("Largest bag"), choices=[("", _("as usual")), *BagSize.choices], required=False)
