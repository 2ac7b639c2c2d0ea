"""The resident's bank takes money back until it is decided whose it is.

open: what has not left for a shop stays here; won: it goes on its way; lost: it is as if it were refunded (section
"Disputes" of docs/payments.md). Goods, codes and answers are not touched.
"""

from django.db import transaction
from django.utils import timezone

from shops import signals
from shops.models import Operation, Payment, Transfer
from shops.payments import gateway, ledger, refunds, standings
from shops.payments.locks import lock_payment


def follow(payment: Payment, dispute_id: str) -> None:
    """Read the dispute and write what follows, any number of times. Raises a `GatewayError` when Stripe gives no answer."""
    dispute = gateway.dispute(dispute_id)
    with transaction.atomic():
        payment = lock_payment(payment)
        if not dispute.is_over:
            _freeze(payment, dispute)
        elif dispute.is_lost:
            _lose(payment, dispute)
        else:
            _release(payment, dispute)


def _freeze(payment: Payment, dispute: gateway.Dispute) -> None:
    if payment.disputed:
        return
    payment.disputed = True
    payment.save(update_fields=["disputed"])
    for transfer in payment.transfers.select_for_update().filter(status=Transfer.Status.SENDING):
        _stop(transfer)
    standings.alert(payment, f"disputed with the bank: {dispute.id}, answer it at Stripe")
    signals.payment_disputed.send(sender=Payment, payment=payment, state="open")


def _stop(transfer: Transfer) -> None:
    """Take back a call that nobody has tried yet; one that was tried may have sent the money."""
    owed = transfer.operations.open().filter(kind=Operation.Kind.TRANSFER, attempts=0)
    if owed.update(status=Operation.Status.REPLACED, done_at=timezone.now()):
        transfer.move(Transfer.Status.BLOCKED, reason="disputed", blocked_code="disputed", amount=0, netted=0)


def _release(payment: Payment, dispute: gateway.Dispute) -> None:
    """Won or withdrawn: the sweep sends what was blocked."""
    if not payment.disputed:
        return
    payment.disputed = False
    payment.save(update_fields=["disputed"])
    standings.alert(payment, f"dispute {dispute.id} was won: the shops are paid")
    signals.payment_disputed.send(sender=Payment, payment=payment, state="won")


def _lose(payment: Payment, dispute: gateway.Dispute) -> None:
    if payment.dispute_fee or payment.refunds.filter(refund_id__startswith=f"{dispute.id}:").exists():
        return
    payment.disputed, payment.dispute_fee = False, dispute.fee
    payment.save(update_fields=["disputed", "dispute_fee"])
    if dispute.fee:
        ledger.dispute_fee(payment)
    refunds.book_lost(payment, dispute)
    standings.alert(payment, f"dispute {dispute.id} was lost")
    signals.payment_disputed.send(sender=Payment, payment=payment, state="lost")
