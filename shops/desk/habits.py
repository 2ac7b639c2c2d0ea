"""How a shop works with its orders: paper in the morning, and who may give money back."""

from django import forms
from django.core.validators import MinValueValidator
from django.utils.translation import gettext_lazy as _

from shops.models import Shop


class HabitsForm(forms.ModelForm):
    """The day sheet; for owners also the limits of refunds."""

    LIMITS = ("refund_limit_helper", "refund_limit_order", "refund_limit_day")

    class Meta:
        model = Shop
        fields = ("wants_day_sheet", "refund_limit_helper", "refund_limit_order", "refund_limit_day")
        help_texts = {
            "refund_limit_helper": _("0: helpers refund nothing."),
            "refund_limit_day": _("Each helper and manager. Owners have no limit."),
        }

    def __init__(self, *args, may_limit: bool, **kwargs):
        super().__init__(*args, **kwargs)
        for name in self.LIMITS:
            if not may_limit:
                del self.fields[name]
                continue
            self.fields[name].validators.append(MinValueValidator(0))
            self.fields[name].widget.attrs |= {"min": "0", "inputmode": "decimal"}
