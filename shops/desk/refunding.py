"""Money back for pieces of an order, from the desk: what it would mean, then doing it once. The shop bears it."""

from dataclasses import dataclass

from django import forms
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shops.desk import refund_limits
from shops.desk.fields import CountField
from shops.models import Payment, Refund, ShopOrder, ShopOrderLine, ShopStaff, Transfer
from shops.payments import errors, refunds, transfers
from shops.payments.locks import lock_payment

Reason = Refund.Reason

# What a shop may say. Locker faults and payments without an order are the operator's to refund, at the operator's cost.
REASONS = [
    (Reason.QUALITY, gettext_lazy("Damaged, wrong or missing in the bag")),
    (Reason.STOCK, gettext_lazy("Could not be given after all")),
    (Reason.WITHDRAWAL, gettext_lazy("The resident has withdrawn from the purchase")),
    (Reason.NO_SHOW_COURTESY, gettext_lazy("Not collected, refunded all the same")),
    (Reason.GOODWILL, gettext_lazy("A gesture of the shop")),
]


class RefundedMeanwhile(errors.NotRefundable):
    """Another tap, or another person, has refunded something since the page was shown."""

    def __init__(self):
        super().__init__(_("A refund was made for this order in the meantime: please look at what is left."))


@dataclass(frozen=True)
class Preview:
    """What a refund would mean, in cents: to the resident, and to the shop's payout for this order."""

    lines: list[tuple[ShopOrderLine, int, int]]
    """(line, pieces, cents) that the resident gets back."""
    amount: int
    payout_before: int
    payout_after: int
    paid_out: bool
    """Whether the payout was sent already, so that the difference is taken back from it or from the next ones."""

    @property
    def borne(self) -> int:
        """What the shop loses."""
        return self.payout_before - self.payout_after

    @property
    def spared(self) -> int:
        """What the shop does not bear: the commission on these goods, and the card fee once nothing is left to pay it."""
        return self.amount - self.borne


class RefundForm(forms.Form):
    """Pieces of each line and the reason; `made` counts the refunds that the page showed."""

    made = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    reason = forms.ChoiceField(label=gettext_lazy("Reason"), choices=[("", gettext_lazy("Choose…")), *REASONS])

    def __init__(self, *args, shop_order: ShopOrder, **kwargs):
        kwargs["initial"] = {"made": shop_order.refunds.count()}
        super().__init__(*args, **kwargs)
        if shop_order.status != ShopOrder.Status.NO_SHOW:
            choices = self.fields["reason"].choices
            self.fields["reason"].choices = [each for each in choices if each[0] != Reason.NO_SHOW_COURTESY]
        left = refunds.refundable(shop_order)
        self.lines = [(line, left[line.pk]) for line in shop_order.lines.all()]
        for line, pieces in self.lines:
            if pieces:
                self.fields[f"pieces_{line.pk}"] = CountField(
                    label=gettext_lazy("Pieces to refund"),
                    help_text=_("Up to %(left)s.") % {"left": pieces},
                    most=pieces,
                    initial=0,
                    required=False,
                    widget=forms.NumberInput(attrs={"class": "short"}),
                )

    def rows(self):
        """(line, field of its pieces or None when nothing of it is left) for the template."""
        return [(line, self[f"pieces_{line.pk}"] if left else None) for line, left in self.lines]

    def clean(self):
        cleaned = super().clean()
        if self.errors.pop("made", None):
            self.add_error(None, str(RefundedMeanwhile()))
        if not self.errors and not any(self.pieces().values()):
            self.add_error(None, _("Choose at least one piece to refund."))
        return cleaned

    def pieces(self) -> dict[int, int]:
        """Pieces by line pk; an empty field is none."""
        return {line.pk: self.cleaned_data[f"pieces_{line.pk}"] or 0 for line, left in self.lines if left}


def hindrance(shop_order: ShopOrder) -> str:
    """Why nothing of this order can be refunded, as a sentence; "" when something can."""
    transfer = Transfer.objects.filter(shop_order=shop_order).select_related("payment").first()
    if transfer is None or transfer.payment.status not in Payment.TAKEN:
        return _("Nothing has been debited for these goods yet. What you do not give is simply never debited.")
    if not any(refunds.refundable(shop_order).values()):
        return _("Everything of this order is refunded already: nothing is left.")
    return ""


def preview(shop_order: ShopOrder, *, pieces: dict[int, int], reason: str, staff: ShopStaff) -> Preview:
    """What the refund would do: the very refund, rolled back. Raises `NotRefundable`, also above what `staff` may refund."""
    with transaction.atomic():
        before = Transfer.objects.filter(shop_order=shop_order).first()
        row = _refund(shop_order, pieces=pieces, reason=reason, staff=staff)
        after = Transfer.objects.get(shop_order=shop_order)
        parts = [(part.line, part.quantity, part.amount) for part in row.lines.select_related("line").order_by("line")]
        transaction.set_rollback(True)
    return Preview(
        lines=parts,
        amount=row.amount,
        payout_before=transfers.share_of(before).transfer,
        payout_after=transfers.share_of(after).transfer,
        paid_out=before.status in Transfer.PAID_OUT,
    )


def give_back(shop_order: ShopOrder, *, pieces: dict[int, int], reason: str, made: int, staff: ShopStaff) -> Refund:
    """Refund once, in the name of `staff`: `made` is how many refunds of the order the person saw. Raises `NotRefundable`, also
    above what they may refund; then nothing is owed."""
    with transaction.atomic():
        ShopStaff.objects.select_for_update().get(pk=staff.pk)  # one refund of a person at a time: they share a limit
        transfer = Transfer.objects.filter(shop_order=shop_order).select_related("payment").first()
        if transfer is None:
            raise errors.NotRefundable(hindrance(shop_order))
        lock_payment(transfer.payment)
        if shop_order.refunds.count() != made:
            raise RefundedMeanwhile
        return _refund(shop_order, pieces=pieces, reason=reason, staff=staff)


def _refund(shop_order: ShopOrder, *, pieces: dict[int, int], reason: str, staff: ShopStaff) -> Refund:
    """Made, and then measured: what is above the limit is rolled back with the caller's transaction."""
    wanted = {line: number for line, number in pieces.items() if number}
    with transaction.atomic():
        row = refunds.refund(shop_order, lines=wanted, reason=reason, by=staff.user, bearer=Refund.Bearer.SHOP)
        refund_limits.check(staff, shop_order)
    return row
