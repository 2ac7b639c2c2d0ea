"""Our tables against Stripe's. Raises a `GatewayError` when Stripe gives no answer."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import timedelta

from shops.models import Operation, Payment
from shops.payments import gateway, ledger
from shops.payments.books.differences import Difference, compare, is_under_way


def stripe_differences(payment: Payment) -> Iterator[Difference]:
    """One payment against Stripe, when no call is under way. Raises a `GatewayError` when Stripe gives no answer."""
    if not payment.session_id or is_under_way(payment):
        return
    number = payment.order.number
    standing = gateway.standing(payment)
    held = payment.amount if payment.status == Payment.Status.AUTHORISED else 0
    yield from compare(
        number,
        [
            ("held at Stripe", held, standing.capturable),
            ("debited at Stripe", payment.captured, standing.received),
            ("refunded at Stripe", payment.refunded - _kept_by_banks(payment), standing.refunded),
            ("fee at Stripe", payment.fee_charged, standing.fee if payment.captured else None),
        ],
    )
    if not payment.captured:
        return
    refunds = {row.refund_id: row.amount for row in payment.refunds.all() if row.refund_id and not row.is_of_dispute}
    yield from compare(number, [("refunds at Stripe", refunds, _amounts(gateway.refunds_of(payment)))])
    sent = {row.transfer_id: row.amount for row in payment.transfers.all() if row.transfer_id}
    yield from compare(number, [("transfers at Stripe", sent, _amounts(gateway.transfers_of(payment)))])
    for row in payment.transfers.all():
        if row.transfer_id:
            theirs = sum(made.amount for made in gateway.reversals_of(row))
            yield from compare(row.shop_order.number, [("reversed at Stripe", row.reversed, theirs)])


def _kept_by_banks(payment: Payment) -> int:
    """Cents of lost disputes: the charge does not count them as refunded."""
    return sum(row.amount for row in payment.refunds.all() if row.is_of_dispute)


def _amounts(made: list[gateway.Made]) -> dict[str, int]:
    return {each.id: each.amount for each in made}


def balance_differences(payments: Iterable[Payment]) -> Iterator[Difference]:
    """Every movement of the platform's balance at Stripe against the ledger's cash, per order and as a whole."""
    payments = [payment for payment in payments if not is_under_way(payment)]
    owners = dict(_sources(payments))
    if not owners:
        return
    since = min(payment.created_at for payment in payments) - timedelta(minutes=1)
    theirs = defaultdict(int)
    for movement in gateway.movements(since):
        if movement.source in owners:
            theirs[owners[movement.source]] += movement.amount - movement.fee
    for payment in payments:
        cash = sum(entry.amount for entry in payment.entries.all() if entry.account == ledger.CASH)
        yield from compare(payment.order.number, [("balance at Stripe", cash, theirs[payment.pk])])


def _sources(payments: Iterable[Payment]) -> Iterator[tuple[str, int]]:
    """(Stripe id, payment pk) of everything that moves the platform's balance."""
    for payment in payments:
        if payment.charge_id:
            yield payment.charge_id, payment.pk
        yield from ((row.refund_id.partition(":")[0], payment.pk) for row in payment.refunds.all() if row.refund_id)
        yield from ((row.transfer_id, payment.pk) for row in payment.transfers.all() if row.transfer_id)
        reversals = [row for row in payment.operations.all() if row.kind == Operation.Kind.REVERSAL and row.result_id]
        yield from ((row.result_id, payment.pk) for row in reversals)
