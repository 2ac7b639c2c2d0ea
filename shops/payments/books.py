"""Proof that the books agree: stock, orders, charges, refunds, transfers, commissions, ledger and Stripe, to the cent.

Each function yields `Difference`s; no difference means agreement. Nothing is corrected here.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Sum
from oscar.core.loading import get_model

from marketplace.foundation.money import to_cents
from shops.models import Operation, Payment, Refund, ShopOrder, ShopOrderLine, Transfer
from shops.payments import gateway, ledger, transfers

RESERVING = [
    ShopOrder.Status.AWAITING,
    ShopOrder.Status.CONFIRMED,
    ShopOrder.Status.PARTLY,
    ShopOrder.Status.READY,
]


@dataclass(frozen=True)
class Difference:
    """Two figures that should be equal (cents, or pieces for stock)."""

    where: str
    what: str
    ours: object
    theirs: object


def _compare(where: str, pairs: Iterable[tuple[str, object, object]]) -> Iterator[Difference]:
    for what, ours, theirs in pairs:
        if ours != theirs:
            yield Difference(where, what, ours, theirs)


def stock_differences() -> Iterator[Difference]:
    """Pieces that stock records hold back against pieces that open orders still expect."""
    expected = defaultdict(int)
    lines = ShopOrderLine.objects.filter(shop_order__status__in=RESERVING).select_related("line")
    for row in lines:
        expected[row.line.stockrecord_id] += row.quantity if row.accepted_quantity is None else row.accepted_quantity
    records = get_model("partner", "StockRecord").objects.filter(sheet__isnull=False)
    for pk, reference, allocated in records.values_list("pk", "partner_sku", "num_allocated"):
        yield from _compare(f"stock {reference}", [("allocated", allocated or 0, expected[pk])])


def payments_to_compare():
    """Every payment with what the comparison reads, oldest first."""
    return (
        Payment.objects.select_related("order")
        .prefetch_related("transfers__shop_order", "refunds", "entries", "operations")
        .order_by("pk")
    )


def is_under_way(payment: Payment) -> bool:
    """Whether calls are owed: Stripe then rightly says something else than we do."""
    return any(operation.status == Operation.Status.DUE for operation in payment.operations.all())


def own_differences(payment: Payment) -> Iterator[Difference]:
    """Our own tables against each other, for one payment."""
    number = payment.order.number
    done = [row for row in payment.refunds.all() if row.status == Refund.Status.DONE]
    rows = list(payment.transfers.all())
    yield from _compare(
        number,
        [
            ("amount / order total", payment.amount, to_cents(payment.order.total_incl_tax)),
            ("refunded / refunds", payment.refunded, sum(row.amount for row in done) + _came_back(payment)),
        ],
    )
    if payment.status in Payment.TAKEN:
        yield from _compare(
            number,
            [
                ("captured / goods", payment.captured, sum(row.gross for row in rows)),
                ("fee / shares", payment.fee if rows else 0, sum(row.fee_share for row in rows)),
            ],
        )
    for row in rows:
        yield from _transfer_differences(payment, row)
    yield from _ledger_differences(payment, rows, done)


def _came_back(payment: Payment) -> int:
    """Cents of refunds that were booked and then rejected by a bank."""
    failed = [row.amount for row in payment.refunds.all() if row.status == Refund.Status.FAILED and row.refund_id]
    return sum(failed)


def _transfer_differences(payment: Payment, row: Transfer) -> Iterator[Difference]:
    where = row.shop_order.number
    borne = [
        refund.amount
        for refund in payment.refunds.all()
        if refund.shop_order_id == row.shop_order_id
        and refund.bearer == Refund.Bearer.SHOP
        and (refund.status != Refund.Status.FAILED or refund.refund_id)
    ]
    reversals = row.operations.filter(kind=Operation.Kind.REVERSAL)
    taken_back = reversals.filter(status=Operation.Status.DONE).aggregate(sum=Sum("amount"))["sum"] or 0
    under_way = reversals.filter(status=Operation.Status.DUE).aggregate(sum=Sum("amount"))["sum"] or 0
    yield from _compare(
        where,
        [
            ("gross / confirmed", row.gross, to_cents(row.shop_order.total)),
            ("returned / refunds", row.returned, sum(borne)),
            ("reversed / reversals", row.reversed, taken_back),
        ],
    )
    if row.status in Transfer.PAID_OUT and not is_under_way(payment):
        share = transfers.share_of(row)
        kept = row.amount + row.netted - row.reversed - row.debt - under_way
        yield from _compare(
            where, [("paid out / due", kept, share.transfer), ("commission", row.commission, share.commission)]
        )


def _ledger_differences(payment: Payment, rows: list[Transfer], done: list[Refund]) -> Iterator[Difference]:
    """The ledger's balances against the tables that it tells of."""
    balances = defaultdict(int)
    for entry in payment.entries.all():
        balances[entry.account] += entry.amount
    paid_out = [row for row in rows if row.status in Transfer.PAID_OUT]
    back = sum(row.amount for row in done)
    cash = payment.captured - back - sum(row.amount - row.reversed for row in paid_out) - (payment.fee_charged or 0)
    yield from _compare(
        payment.order.number,
        [
            ("ledger sum", sum(balances.values()), 0),
            ("ledger cash", balances[ledger.CASH], cash),
            ("ledger commission", balances[ledger.COMMISSION], -sum(row.commission for row in paid_out)),
            ("ledger fees", balances[ledger.FEES], -sum(row.fee_kept for row in paid_out)),
        ],
    )
    if is_under_way(payment):
        return
    for row in rows:
        owed = row.debt - row.netted if row in paid_out else -row.earned
        account = ledger.shop_account(row.shop_order.shop_id)
        yield from _compare(row.shop_order.number, [("ledger shop", balances[account], owed)])


def stripe_differences(payment: Payment) -> Iterator[Difference]:
    """One payment against Stripe, when no call is under way. Raises a `GatewayError` when Stripe gives no answer."""
    if not payment.session_id or is_under_way(payment):
        return
    number = payment.order.number
    standing = gateway.standing(payment)
    held = payment.amount if payment.status == Payment.Status.AUTHORISED else 0
    yield from _compare(
        number,
        [
            ("held at Stripe", held, standing.capturable),
            ("debited at Stripe", payment.captured, standing.received),
            ("refunded at Stripe", payment.refunded, standing.refunded),
            ("fee at Stripe", payment.fee_charged, standing.fee if payment.captured else None),
        ],
    )
    if not payment.captured:
        return
    refunds = {row.refund_id: row.amount for row in payment.refunds.all() if row.refund_id}
    yield from _compare(number, [("refunds at Stripe", refunds, _amounts(gateway.refunds_of(payment)))])
    sent = {row.transfer_id: row.amount for row in payment.transfers.all() if row.transfer_id}
    yield from _compare(number, [("transfers at Stripe", sent, _amounts(gateway.transfers_of(payment)))])
    for row in payment.transfers.all():
        if row.transfer_id:
            theirs = sum(made.amount for made in gateway.reversals_of(row))
            yield from _compare(row.shop_order.number, [("reversed at Stripe", row.reversed, theirs)])


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
        yield from _compare(payment.order.number, [("balance at Stripe", cash, theirs[payment.pk])])


def _sources(payments: Iterable[Payment]) -> Iterator[tuple[str, int]]:
    """(Stripe id, payment pk) of everything that moves the platform's balance."""
    for payment in payments:
        if payment.charge_id:
            yield payment.charge_id, payment.pk
        yield from ((row.refund_id, payment.pk) for row in payment.refunds.all() if row.refund_id)
        yield from ((row.transfer_id, payment.pk) for row in payment.transfers.all() if row.transfer_id)
        reversals = [row for row in payment.operations.all() if row.kind == Operation.Kind.REVERSAL and row.result_id]
        yield from ((row.result_id, payment.pk) for row in reversals)
