"""Pieces against orders, outcomes against states, outcomes against money."""

from collections import defaultdict
from collections.abc import Iterator

from oscar.core.loading import get_model

from shops.models import Payment, ShopOrder, ShopOrderLine, Transfer
from shops.payments import refunds
from shops.payments.books.differences import Difference, compare

Status, Outcome = ShopOrder.Status, ShopOrderLine.Outcome
RESERVING = [Status.AWAITING, Status.CONFIRMED, Status.PARTLY, Status.READY]
OUTCOMES = {
    Status.AWAITING: {Outcome.PROMISED},
    Status.CONFIRMED: {Outcome.PROMISED},
    Status.PARTLY: {Outcome.PROMISED},
    Status.READY: {Outcome.PROMISED},
    Status.REFUSED: {Outcome.CANCELLED},
    Status.CANCELLED: {Outcome.CANCELLED},
    Status.MISSING: {Outcome.MISSING, Outcome.LATE},
    Status.COLLECTED: {Outcome.GIVEN},
    Status.NO_SHOW: {Outcome.RETURNED, Outcome.SPOILED, Outcome.RUINED},
    Status.CLOSED: {Outcome.GIVEN, Outcome.RETURNED, Outcome.SPOILED},
}
UNSUPPLIED = {
    Outcome.CANCELLED,
    Outcome.MISSING,
    Outcome.LATE,
    Outcome.RUINED,
}  # of single lines, while the others go on
FAILED = {*ShopOrderLine.REFUNDED, Outcome.CANCELLED, Outcome.RUINED}


def stock_differences() -> Iterator[Difference]:
    """Pieces that stock records hold back against pieces that open orders still expect."""
    expected = defaultdict(int)
    lines = ShopOrderLine.objects.filter(shop_order__status__in=RESERVING).select_related("line")
    for row in lines:
        if row.outcome == Outcome.PROMISED:
            expected[row.line.stockrecord_id] += row.supplied_quantity
    records = get_model("partner", "StockRecord").objects.filter(sheet__isnull=False)
    for pk, reference, allocated in records.values_list("pk", "partner_sku", "num_allocated"):
        yield from compare(f"stock {reference}", [("allocated", allocated or 0, expected[pk])])


def outcome_differences() -> Iterator[Difference]:
    """Lines against the state of their shop order, and against the money that follows from them.

    An ended shop order promises nothing any more, so each of its debited lines is either refunded or owed to the shop.
    """
    shop_orders = ShopOrder.objects.select_related("transfer__payment").prefetch_related(
        "lines__refund_lines__refund", "transfer__payment__refunds"
    )
    for shop_order in shop_orders.order_by("pk"):
        lines = list(shop_order.lines.all())
        outcomes, fitting = {line.outcome for line in lines}, OUTCOMES[shop_order.status]
        if not outcomes & fitting or outcomes - fitting - UNSUPPLIED:
            yield Difference(shop_order.number, "lines / state", ", ".join(sorted(outcomes)), shop_order.status)
        transfer = getattr(shop_order, "transfer", None)
        if transfer is not None and transfer.payment.status in Payment.TAKEN:
            yield from _money_differences(shop_order, lines, transfer)


def _money_differences(shop_order: ShopOrder, lines: list[ShopOrderLine], transfer: Transfer) -> Iterator[Difference]:
    failed = [line for line in lines if line.outcome in FAILED]
    paid = refunds.paid_by_line(transfer, lines)
    lost = sum(paid[line.pk] for line in failed)
    back = sum(row.amount for line in failed for row in line.refund_lines.all() if row.refund.has_left)
    # A refund made by hand at Stripe names no goods: whoever made it knew which.
    by_hand = sum(row.amount for row in transfer.payment.refunds.all() if row.shop_order_id is None and row.has_left)
    if not (back < lost <= back + by_hand or transfer.payment.disputed):  # a disputed debit cannot be refunded
        yield from compare(shop_order.number, [("failed goods / refunded", lost, back)])
    if transfer.earned and any(line.outcome in ShopOrderLine.EARNED for line in lines):
        owed = transfer.earned if transfer.status != Transfer.Status.NONE else 0
        yield from compare(shop_order.number, [("earned / owed", transfer.earned, owed)])
