"""Disputes: the bank takes the money at once, with a fee; won, both come back."""

from django.utils import timezone

from shops.payments.fake import shapes
from shops.payments.fake.checkout import get
from shops.payments.fake.events import happened
from shops.payments.fake.models import BalanceTransaction, Charge, Dispute

FEE = 2_000


def open_dispute(charge: Charge) -> Dispute:
    """The cardholder disputes what is left of the debit."""
    row = Dispute.objects.create(charge=charge, amount=charge.captured - charge.refunded)
    _move_money(row, -row.amount, FEE)
    happened("charge.dispute.created", shapes.dispute(row))
    happened("charge.dispute.funds_withdrawn", shapes.dispute(row))
    return row


def close(row: Dispute, *, won: bool) -> None:
    """The bank decides."""
    row.status = "won" if won else "lost"
    row.save(update_fields=["status"])
    if won:
        _move_money(row, row.amount, -FEE)
        happened("charge.dispute.funds_reinstated", shapes.dispute(row))
    happened("charge.dispute.closed", shapes.dispute(row))


def retrieve(wanted: str) -> dict:
    """GET /v1/disputes/{id}."""
    return shapes.dispute(get(Dispute, wanted))


def _move_money(row: Dispute, amount: int, fee: int) -> None:
    BalanceTransaction.objects.create(
        kind="adjustment", source=row.id, amount=amount, fee=fee, available_at=timezone.now()
    )
