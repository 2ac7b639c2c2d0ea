"""The ledger: every cent of every order, in postings that add up to zero. Written once, never changed.

Accounts, in signed cents: `cash` is the platform's balance at Stripe; `shop:<id>` is what a shop is owed (negative) or
owes (positive); `commission` and `fees` are the operator's income (negative); `stripe_fee` and `operator` are its costs.
"""

from shops.models import LedgerEntry, Operation, Payment, Refund, Transfer

CASH, COMMISSION, FEES, STRIPE_FEE, OPERATOR = "cash", "commission", "fees", "stripe_fee", "operator"


def shop_account(shop_id: int) -> str:
    """The account of what a shop is owed."""
    return f"shop:{shop_id}"


def post(payment: Payment, source: tuple[str, int], amounts: dict[str, int]) -> None:
    """Write one posting; raises `ValueError` when it does not balance, `IntegrityError` when it was posted before."""
    if sum(amounts.values()):
        raise ValueError(f"Posting {source} does not add up to zero: {amounts}.")
    kind, row = source
    LedgerEntry.objects.bulk_create(
        LedgerEntry(payment=payment, source_type=kind, source_id=row, account=account, amount=amount)
        for account, amount in amounts.items()
        if amount
    )


def captured(payment: Payment) -> None:
    """The resident's money arrived: each shop is owed its goods."""
    owed = {shop_account(row.shop_order.shop_id): -row.gross for row in payment.transfers.select_related("shop_order")}
    post(payment, ("payment", payment.pk), {CASH: payment.captured, **owed})


def captured_without_order(payment: Payment) -> None:
    """Money that nobody is owed: it lies with the operator until it is refunded."""
    post(payment, ("payment", payment.pk), {CASH: payment.captured, OPERATOR: -payment.captured})


def fee_charged(payment: Payment) -> None:
    """Stripe took its real fee."""
    post(payment, ("fee", payment.pk), {CASH: -payment.fee_charged, STRIPE_FEE: payment.fee_charged})


def dispute_fee(payment: Payment) -> None:
    """Stripe charged for a dispute that was lost: the operator's cost."""
    post(payment, ("dispute", payment.pk), {CASH: -payment.dispute_fee, STRIPE_FEE: payment.dispute_fee})


def refunded(refund: Refund, *, commission: int = 0, fee: int = 0) -> None:
    """Money went back; `commission` and `fee` are what the operator gives up of a transfer already sent."""
    bearer = OPERATOR
    if refund.shop_order is not None and refund.bearer == Refund.Bearer.SHOP:
        bearer = shop_account(refund.shop_order.shop_id)
    post(
        refund.payment,
        ("refund", refund.pk),
        {CASH: -refund.amount, bearer: refund.amount - commission - fee, COMMISSION: commission, FEES: fee},
    )


def refund_came_back(refund: Refund) -> None:
    """The resident's bank did not take a refund that was booked: the operator holds it until a person pays it out."""
    post(refund.payment, ("unrefund", refund.pk), {CASH: refund.amount, OPERATOR: -refund.amount})


def sent(transfer: Transfer) -> None:
    """A shop was paid: what it sold becomes its money, our commission and its share of the fee."""
    settled = transfer.amount + transfer.commission + transfer.fee_kept
    post(
        transfer.payment,
        ("transfer", transfer.pk),
        {
            CASH: -transfer.amount,
            shop_account(transfer.shop_order.shop_id): settled,
            COMMISSION: -transfer.commission,
            FEES: -transfer.fee_kept,
        },
    )


def taken_back(operation: Operation) -> None:
    """A reversal brought money back from a shop."""
    transfer = operation.transfer
    shop = shop_account(transfer.shop_order.shop_id)
    post(transfer.payment, ("reversal", operation.pk), {CASH: operation.amount, shop: -operation.amount})
