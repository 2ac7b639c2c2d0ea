"""The resident's side: open, start, sync, capture, cancel. Only `start` and `sync` speak to Stripe, outside transactions.

Webhook, return page and sweep all call `sync`; what follows from it hangs on the move of the Payment, never on the event.
"""

from datetime import datetime, timedelta
from decimal import Decimal
from urllib.parse import urlencode

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation

from marketplace.foundation.money import to_cents
from shops.models import Operation, Payment, ShopOrder, Transfer
from shops.payments import errors, gateway, operations, split, standings
from shops.payments.locks import lock_payment

Status = Payment.Status
# The page closes before our own expiry, so that nobody pays for goods that go back to the shelf at that moment.
PAGE_MARGIN = timedelta(minutes=5)
# Stripe's shortest life of a page is 30 minutes (Checkout Session `expires_at`); one more for slow clocks.
SHORTEST_PAGE = timedelta(minutes=31)
SUPPLYING = [ShopOrder.Status.CONFIRMED, ShopOrder.Status.PARTLY, ShopOrder.Status.READY]


def open(order, *, amount: Decimal, expires_at: datetime, language: str | None = None) -> Payment:
    """Write the payment of a freshly placed order: `amount` in euros, to be paid by `expires_at`. Calls nobody.

    Raises `IntegrityError` when the order has a live payment.
    """
    language = (language or translation.get_language() or settings.LANGUAGE_CODE)[:2]
    return Payment.objects.create(order=order, amount=to_cents(amount), expires_at=expires_at, language=language)


def start(payment: Payment) -> str:
    """The address of Stripe's page for this payment; a second call gives the same page. Moves no money.

    Raises `PaymentOver` when there is nothing left to pay, `PaymentUnavailable` when Stripe gives no answer (the page is
    then still owed and trying again is safe). Not inside a transaction.
    """
    with transaction.atomic():
        payment = lock_payment(payment)
        if payment.status == Status.SESSION_OPEN:
            return payment.session_url
        if payment.status != Status.NEW or payment.expires_at <= timezone.now():
            raise errors.PaymentOver
        operation = payment.operations.filter(kind=Operation.Kind.SESSION, status=Operation.Status.DUE).first()
        if operation is None:
            payment.session_expires_at = max(payment.expires_at - PAGE_MARGIN, timezone.now() + SHORTEST_PAGE)
            payment.save(update_fields=["session_expires_at"])
            operation = operations.owe(Operation.Kind.SESSION, payment=payment)
    operations.perform(operation)
    payment.refresh_from_db()
    if payment.status == Status.SESSION_OPEN:
        return payment.session_url
    raise errors.PaymentOver if payment.has_ended else errors.PaymentUnavailable


def sync(payment: Payment) -> Payment:
    """Read how the payment stands at Stripe and write what follows; safe to call at any time, by anyone, any number of times.

    Returns the fresh row. Raises a `GatewayError` when Stripe gives no answer; nothing has changed then.
    """
    payment.refresh_from_db()
    if payment.session_id:
        standings.apply(payment, gateway.standing(payment))
        payment.refresh_from_db()
    return payment


def capture(payment: Payment) -> bool:
    """Owe the one debit: what the shops have confirmed. False when it is owed or done already.

    Nothing confirmed releases the hold instead. Freezes what each shop earns and its share of the fee.
    """
    with transaction.atomic():
        payment = lock_payment(payment)
        if payment.status == Status.CAPTURING or payment.status in Payment.TAKEN or payment.has_ended:
            return False
        supplying = list(payment.order.shop_orders.filter(status__in=SUPPLYING).order_by("shop_id"))
        grosses = [to_cents(shop_order.total) for shop_order in supplying]
        total = sum(grosses)
        if total == 0:
            return cancel(payment)
        fee = split.processing_fee(total, bps=settings.PAYMENT_FEE_BPS, fixed=settings.PAYMENT_FEE_FIXED_CENTS)
        payment.move(Status.CAPTURING, fee=fee)
        Transfer.objects.bulk_create(
            Transfer(
                payment=payment,
                shop_order=shop_order,
                gross=gross,
                commission_bps=shop_order.commission_bps,
                fee_share=fee_share,
            )
            for shop_order, gross, fee_share in zip(supplying, grosses, split.fee_shares(fee, grosses), strict=True)
            if gross
        )
        operations.owe(Operation.Kind.CAPTURE, payment=payment, amount=total)
        return True


def cancel(payment: Payment, *, reason: str = "") -> bool:
    """End an attempt that took no money: its page is closed, its hold released. False when it had ended already.

    Raises `AlreadyCaptured` when the debit is owed or done.
    """
    with transaction.atomic():
        payment = lock_payment(payment)
        if payment.has_ended:
            return False
        if payment.status == Status.CAPTURING or payment.status in Payment.TAKEN:
            raise errors.AlreadyCaptured
        had = payment.status
        payment.move(Status.CANCELED, reason=reason)
        if had == Status.AUTHORISED:
            operations.owe(Operation.Kind.CANCEL, payment=payment)
        elif had == Status.SESSION_OPEN:
            operations.owe(Operation.Kind.EXPIRE, payment=payment)
        return True


def _lines(payment: Payment) -> list[gateway.Line]:
    """What the page shows: the lines, or one line when a voucher makes them add up to something else."""
    shop_orders = payment.order.shop_orders.prefetch_related("lines")
    rows = [line for shop_order in shop_orders for line in shop_order.lines.all()]
    lines = [gateway.Line(row.title[:250], to_cents(row.unit_price), row.quantity) for row in rows]
    if sum(line.unit_amount * line.quantity for line in lines) == payment.amount:
        return lines
    with translation.override(payment.language):
        title = translation.gettext("Order %(number)s") % {"number": payment.order.number}
    return [gateway.Line(title, payment.amount, 1)]


def _return_address(payment: Payment, **query: str) -> str:
    with translation.override(payment.language):
        path = reverse("checkout:return")
    return f"{settings.SITE_URL}{path}?{urlencode({'p': str(payment.uuid), **query}, safe='{}')}"


class OpenPage(operations.Step):
    """Create the Checkout Session."""

    def call(self, operation):
        payment = operation.payment
        return gateway.open_page(
            payment,
            operation,
            lines=_lines(payment),
            email=payment.order.email or "",
            success_url=_return_address(payment, s="{CHECKOUT_SESSION_ID}"),
            cancel_url=_return_address(payment, back="1"),
        )

    def done(self, operation, result):
        payment = lock_payment(operation.payment)
        page = {"session_id": result.id, "session_url": result.url}
        if payment.status == Status.NEW:
            payment.move(Status.SESSION_OPEN, **page)
        else:  # ended while the call was under way: nobody may pay on this page
            Payment.objects.filter(pk=payment.pk).update(**page)
            operations.owe(Operation.Kind.EXPIRE, payment=payment)

    def refused(self, operation, refusal):
        payment = lock_payment(operation.payment)
        if payment.status == Status.NEW:
            standings.lose(payment, Status.FAILED, reason=f"page refused: {refusal.code}")


class _Settling(operations.Step):
    """A step after which the payment's standing decides; "you are too late" is answered by looking, not by failing."""

    too_late: set[str] = set()

    def perform(self, operation) -> None:
        """Make the one call."""
        raise NotImplementedError

    def call(self, operation):
        try:
            self.perform(operation)
        except errors.Refused as refusal:
            if refusal.code not in self.too_late:
                raise
        return gateway.standing(operation.payment)

    def find(self, operation):
        """These calls are safe to repeat by their nature: look how the payment stands, and ask again if still needed."""
        operation.key = f"{operation.key}:{operation.attempts}"
        return self.call(operation)

    def done(self, operation, result):
        standings.apply(operation.payment, result)

    def refused(self, operation, refusal):
        standings.alert(operation.payment, f"{operation.kind} refused: {refusal}")


class ClosePage(_Settling):
    """Close the page; when it was paid at the last moment, the orphan rule releases the hold."""

    too_late = {"unknown"}  # Stripe gives no code when the page is paid or closed

    def perform(self, operation):
        gateway.close_page(operation.payment, operation)


class Capture(_Settling):
    """Debit what was confirmed."""

    too_late = {
        "charge_already_captured",
        "charge_expired_for_capture",
        "capture_charge_authorization_expired",
        "payment_intent_unexpected_state",
    }

    def perform(self, operation):
        gateway.capture(operation.payment, operation)


class ReleaseHold(_Settling):
    """Cancel the PaymentIntent."""

    too_late = {"payment_intent_unexpected_state"}

    def perform(self, operation):
        gateway.cancel(operation.payment, operation)
