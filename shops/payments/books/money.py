"""Our own tables of money against each other."""

from collections import defaultdict
from collections.abc import Iterator

from django.db.models import Sum

from marketplace.foundation.money import to_cents
from shops.models import Operation, Payment, Refund, Transfer
from shops.payments import ledger, transfers
from shops.payments.books.differences import Difference, compare, is_under_way


def own_differences(payment: Payment) -> Iterator[Difference]:
    """Our own tables against each other, for one payment."""
    number = payment.order.number
    done = [row for row in payment.refunds.all() if row.status == Refund.Status.DONE]
    rows = [] if payment.has_ended else list(payment.transfers.all())  # a debit that failed leaves shares of nothing
    yield from compare(
        number,
        [
            ("amount / order total", payment.amount, to_cents(payment.order.total_incl_tax)),
            ("refunded / refunds", payment.refunded, sum(row.amount for row in done) + _came_back(payment)),
        ],
    )
    if payment.status in Payment.TAKEN:
        yield from compare(
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
    return sum(row.amount for row in payment.refunds.all() if row.status == Refund.Status.FAILED and row.has_left)


def _transfer_differences(payment: Payment, row: Transfer) -> Iterator[Difference]:
    where = row.shop_order.number
    borne = [
        refund.amount
        for refund in payment.refunds.all()
        if refund.shop_order_id == row.shop_order_id and refund.bearer == Refund.Bearer.SHOP and refund.has_left
    ]
    reversals = row.operations.filter(kind=Operation.Kind.REVERSAL)
    taken_back = reversals.filter(status=Operation.Status.DONE).aggregate(sum=Sum("amount"))["sum"] or 0
    under_way = reversals.filter(status=Operation.Status.DUE).aggregate(sum=Sum("amount"))["sum"] or 0
    yield from compare(
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
        yield from compare(
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
    cash -= payment.dispute_fee
    yield from compare(
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
        yield from compare(row.shop_order.number, [("ledger shop", balances[account], owed)])
