"""From how a payment stands at Stripe to what follows for us: one table of facts, one transaction, idempotent."""

import logging

from django.db import transaction
from django.utils import timezone

from shops import signals
from shops.models import Instance, Operation, Payment, Refund, ShopOrder
from shops.payments import gateway, ledger, operations
from shops.payments.locks import lock_payment

logger = logging.getLogger(__name__)

Status = Payment.Status
LONGEST_WORD = 120  # so that an older word is still seen beside it
DEAD = [ShopOrder.Status.CANCELLED, ShopOrder.Status.REFUSED]


def apply(payment: Payment, standing: gateway.Standing) -> None:
    """Write what `standing` means for `payment`, under its lock."""
    with transaction.atomic():
        payment = lock_payment(payment)
        Payment.objects.filter(pk=payment.pk).update(checked_at=timezone.now(), decline_code=standing.decline_code[:60])
        wrong = _mismatch(payment, standing)
        if wrong:
            alert(payment, wrong)
        elif standing.intent_status == "requires_capture":
            _held(payment, standing)
        elif standing.intent_status == "succeeded":
            _taken(payment, standing)
        elif standing.intent_status == "canceled":
            _hold_gone(payment, standing)
        elif standing.session_status == "expired" and payment.status == Status.SESSION_OPEN:
            lose(payment, Status.ABANDONED, reason="page expired")


def lose(payment: Payment, to: str, *, reason: str) -> None:
    """End an attempt that will bring no money and tell the shops' orders, once."""
    if payment.move(to, reason=reason):
        signals.payment_lost.send(sender=Payment, payment=payment, reason=to)


def alert(payment: Payment, text: str) -> None:
    """Mark the payment for a person, the newest word first. The log carries it to whoever watches the instance."""
    payment.refresh_from_db(fields=["attention"])
    if text[:LONGEST_WORD] in payment.attention:
        return
    logger.error("Payment %s of order %s needs a person: %s", payment.uuid, payment.order.number, text)
    payment.attention = "; ".join(filter(None, [text[:LONGEST_WORD], payment.attention]))[:200]
    payment.save(update_fields=["attention"])


def moves_real_money() -> bool:
    """What the instance row says; no row yet means a demonstration."""
    return Instance.objects.filter(mode=Instance.Mode.LIVE).exists()


def _mismatch(payment: Payment, standing: gateway.Standing) -> str:
    """Why this standing may not be believed, or nothing."""
    if standing.livemode != moves_real_money():
        return f"livemode is {standing.livemode}"
    if not standing.intent_id:
        return ""
    if standing.currency != gateway.CURRENCY:
        return f"currency is {standing.currency}"
    if standing.amount != payment.amount:
        return f"amount is {standing.amount} instead of {payment.amount}"
    if standing.intent_status == "requires_capture" and standing.capturable != payment.amount:
        return f"held {standing.capturable} instead of {payment.amount}"
    if payment.intent_id and payment.intent_id != standing.intent_id:
        return f"intent is {standing.intent_id} instead of {payment.intent_id}"
    return ""


def _is_alive(payment: Payment) -> bool:
    """Whether the order still wants this money."""
    return not payment.has_ended and payment.order.shop_orders.exclude(status__in=DEAD).exists()


def _facts(standing: gateway.Standing) -> dict:
    return {
        "intent_id": standing.intent_id,
        "charge_id": standing.charge_id,
        "capture_before": standing.capture_before,
        "card_brand": standing.card_brand[:20],
        "card_last4": standing.card_last4[:4],
    }


def _held(payment: Payment, standing: gateway.Standing) -> None:
    """The bank holds the amount: the order is paid, or nobody wants the money and the hold is released."""
    if payment.status == Status.SESSION_OPEN and _is_alive(payment):
        if payment.move(Status.AUTHORISED, **_facts(standing)):
            signals.payment_authorised.send(sender=Payment, payment=payment)
    elif payment.status == Status.SESSION_OPEN or payment.has_ended:
        _release_orphan(payment, standing)


def _release_orphan(payment: Payment, standing: gateway.Standing) -> None:
    Payment.objects.filter(pk=payment.pk).update(**_facts(standing))
    if payment.status == Status.SESSION_OPEN:
        payment.move(Status.CANCELED, reason="authorised without a live order")
    if not payment.operations.filter(kind=Operation.Kind.CANCEL, status=Operation.Status.DUE).exists():
        if payment.operations.filter(kind=Operation.Kind.CANCEL, status=Operation.Status.DONE).exists():
            alert(payment, "still held although the hold was released")
        else:
            operations.owe(Operation.Kind.CANCEL, payment=payment)


def _taken(payment: Payment, standing: gateway.Standing) -> None:
    """The money was debited: as we asked, or without a live order (then it goes back)."""
    if payment.status == Status.CAPTURING:
        owed = payment.operations.filter(kind=Operation.Kind.CAPTURE).order_by("-pk").first()
        if owed is None or owed.amount != standing.received:
            alert(payment, f"debited {standing.received} instead of {owed.amount if owed else 0}")
            return
        if payment.move(Status.CAPTURED, captured=standing.received, **_facts(standing)):
            ledger.captured(payment)
            signals.payment_captured.send(sender=Payment, payment=payment)
    elif payment.has_ended and payment.captured == 0:
        _return_orphan(payment, standing)
    elif payment.status in (Status.SESSION_OPEN, Status.AUTHORISED):
        alert(payment, "debited at Stripe although we did not ask for it")
    _note_fee(payment, standing)


def _return_orphan(payment: Payment, standing: gateway.Standing) -> None:
    alert(payment, "debited without a live order: refunded")
    payment.captured = standing.received
    for name, value in _facts(standing).items():
        setattr(payment, name, value)
    payment.save(update_fields=["captured", *_facts(standing)])
    ledger.captured_without_order(payment)
    refund = Refund.objects.create(
        payment=payment, amount=payment.captured, reason=Refund.Reason.DUPLICATE, bearer=Refund.Bearer.OPERATOR
    )
    operations.owe(Operation.Kind.REFUND, payment=payment, refund=refund, amount=refund.amount)


def _note_fee(payment: Payment, standing: gateway.Standing) -> None:
    """Book the fee that Stripe took, once it is known and the money is booked."""
    if standing.fee is not None and payment.fee_charged is None and payment.captured:
        payment.fee_charged = standing.fee
        payment.save(update_fields=["fee_charged"])
        ledger.fee_charged(payment)


def _hold_gone(payment: Payment, standing: gateway.Standing) -> None:
    """Released by us (the payment has ended already), or lost at the bank or at Stripe."""
    if payment.status in (Status.AUTHORISED, Status.CAPTURING):
        lose(payment, Status.HOLD_EXPIRED, reason="hold expired")
    elif payment.status == Status.SESSION_OPEN:
        lose(payment, Status.ABANDONED, reason="intent canceled")
