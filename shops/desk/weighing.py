"""The weights that a shop types: with its answer, or when it packs."""

from django import forms
from django.utils.translation import gettext as _

from shops.desk.fields import WeightField
from shops.models import ShopOrder, ShopOrderLine


def weight_field(line: ShopOrderLine, *, pieces: int | None = None, **options) -> WeightField:
    """The field for the weight of all pieces of `line`."""
    return WeightField(expected_g=line.expected_g * (pieces or line.quantity), **options)


class WeighForm(forms.Form):
    """The weight of each line that waits for it; the debit follows."""

    def __init__(self, *args, shop_order: ShopOrder, **kwargs):
        super().__init__(*args, **kwargs)
        self.lines = shop_order.to_weigh
        for line in self.lines:
            self.fields[f"weight_{line.pk}"] = weight_field(
                line,
                pieces=line.accepted_quantity,
                label=_("Weight of %(goods)s") % {"goods": line.given},
                error_messages={"required": _("Please weigh the goods first: the resident pays their real weight.")},
            )

    def grams(self) -> dict[int, int]:
        """Grams by line pk."""
        return {line.pk: self.cleaned_data[f"weight_{line.pk}"] for line in self.lines}
