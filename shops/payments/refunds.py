"""Money back to the resident: refund first (that right waits for nobody), then what the shop owes of it."""

import logging
from collections.abc import Iterable

from django.db import transaction
from django.db.models import F, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from marketplace.foundation.money import largest_remainder, to_cents
from shops import signals
from shops.models import Operation, Payment, Refund, RefundLine, ShopOrder, ShopOrderLine, Transfer
from shops.payments import errors, gateway, ledger, operations, split, standings, transfers
from shops.payments.locks import lock_payment

logger = logging.getLogger(__name__)

Reason, Bearer = Refund.Reason, Refund.Bearer
Parts = list[tuple[ShopOrderLine, int, int]]  # line, pieces, cents
BORNE_BY_OPERATOR = {Reason.LOCKER, Reason.GOODWILL, Reason.DUPLICATE}


def refund(
    shop_order: ShopOrder, *, lines: dict[int, int] | None = None, reason: str, by=None, bearer: str | None = None
) -> Refund:
    """Owe the refund of `lines` ({ShopOrderLine pk: pieces}; None: all that is left). The reason decides who bears it.

    Raises `NotRefundable` when nothing was debited yet or more pieces are asked for than were paid and not refunded.
    """
    with transaction.atomic():
        transfer = Transfer.objects.filter(shop_order=shop_order).select_related("payment").first()
        if transfer is None:
            raise errors.NotRefundable(_("Nothing was debited for these goods."))
        payment = lock_payment(transfer.payment)
        transfer = Transfer.objects.select_for_update().get(pk=transfer.pk)
        if payment.status not in Payment.TAKEN:
            raise errors.NotRefundable(_("The amount is just being debited: please try again in a minute."))
        parts = _parts(transfer, shop_order, lines)
        amount = sum(cents for _line, _pieces, cents in parts)
        if amount <= 0 or amount > payment.captured - _promised(payment):
            raise errors.NotRefundable
        bearer = bearer or (Bearer.OPERATOR if reason in BORNE_BY_OPERATOR else Bearer.SHOP)
        row = _write(transfer, parts, payment=payment, reason=reason, bearer=bearer, by=by)
        operations.owe(Operation.Kind.REFUND, payment=payment, refund=row, amount=amount)
        return row


def _write(transfer: Transfer, parts: Parts, *, payment: Payment, reason: str, bearer: str, by=None) -> Refund:
    amount = sum(cents for _line, _pieces, cents in parts)
    row = Refund.objects.create(
        payment=payment, shop_order=transfer.shop_order, amount=amount, reason=reason, bearer=bearer, by=by
    )
    RefundLine.objects.bulk_create(
        RefundLine(refund=row, line=line, quantity=pieces, amount=cents) for line, pieces, cents in parts
    )
    if bearer == Bearer.SHOP:
        Transfer.objects.filter(pk=transfer.pk).update(returned=F("returned") + amount)
    return row


def refund_rest(shop_order: ShopOrder, *, lines: Iterable[ShopOrderLine], reason: str, by=None) -> Refund | None:
    """Owe all that was paid for `lines` and not refunded: the resident will not get these goods.

    None when nothing is left of it, or while the debit is under way or disputed: `orders.paying` comes back to it then.
    Never raises for want of money: what the payment no longer carries calls a person.
    """
    transfer = Transfer.objects.filter(shop_order=shop_order).select_related("payment").first()
    if transfer is None:
        return None
    with transaction.atomic():
        payment = lock_payment(transfer.payment)
        left = refundable(shop_order)
        wanted = {line.pk: left[line.pk] for line in lines if left[line.pk]}
        if payment.status not in Payment.TAKEN or payment.disputed or not _worth(transfer, shop_order, wanted):
            return None
        try:
            return refund(shop_order, lines=wanted, reason=reason, by=by)
        except errors.NotRefundable as refusal:
            standings.alert(payment, f"{shop_order.number}: owed refund ({reason}) is not possible: {refusal}")
            return None


def _worth(transfer: Transfer, shop_order: ShopOrder, wanted: dict[int, int]) -> int:
    return sum(cents for _line, _pieces, cents in _parts(transfer, shop_order, wanted))


def refundable(shop_order: ShopOrder) -> dict[int, int]:
    """Pieces of each line (by ShopOrderLine pk) that were paid and not refunded."""
    return {line.pk: line.supplied_quantity - gone for line, gone in _with_refunded(shop_order)}


def paid_by_line(transfer: Transfer, lines: list[ShopOrderLine]) -> dict[int, int]:
    """Cents debited for each of a shop order's `lines`, by its pk; a voucher's discount is spread over them."""
    shares = largest_remainder(transfer.gross, [to_cents(line.accepted_total) for line in lines])
    return {line.pk: cents for line, cents in zip(lines, shares, strict=True)}


def _with_refunded(shop_order: ShopOrder) -> list[tuple[ShopOrderLine, int]]:
    """Each line with the pieces already refunded or on their way."""
    gone = dict(
        RefundLine.objects.filter(line__shop_order=shop_order, refund__in=Refund.objects.promised())
        .values_list("line")
        .annotate(Sum("quantity"))
    )
    return [(line, gone.get(line.pk, 0)) for line in shop_order.lines.order_by("pk")]


def _parts(transfer: Transfer, shop_order: ShopOrder, wanted: dict[int, int] | None) -> Parts:
    """(line, pieces, cents) of a refund. A voucher's discount is spread over the lines, so that all parts make the whole."""
    rows = _with_refunded(shop_order)
    paid = paid_by_line(transfer, [line for line, _gone in rows])
    if wanted is not None and not set(wanted) <= {line.pk for line, _gone in rows}:
        raise errors.NotRefundable
    parts = []
    for line, gone in rows:
        left = line.supplied_quantity - gone
        pieces = left if wanted is None else wanted.get(line.pk, 0)
        if not 0 <= pieces <= left:
            raise errors.NotRefundable(
                _("Of “%(title)s”, %(left)s can still be refunded.") % {"title": line.title, "left": left}
            )
        if pieces:
            amount = split.refund_of_line(paid[line.pk], pieces=line.supplied_quantity, before=gone, now=pieces)
            parts.append((line, pieces, amount))
    return parts


def _promised(payment: Payment) -> int:
    """Cents refunded, on their way back, or rejected by the bank and owed by another way."""
    return payment.refunds.promised().aggregate(sum=Sum("amount"))["sum"] or 0


def reconcile(payment: Payment) -> None:
    """Compare our refunds with Stripe's: note those that the bank rejected, adopt those made in Stripe's dashboard."""
    if not payment.intent_id:
        return
    found = gateway.refunds_of(payment)
    ours = {str(operation.uuid) for operation in payment.operations.filter(kind=Operation.Kind.REFUND)}
    with transaction.atomic():
        payment = lock_payment(payment)
        known = {row.refund_id: row for row in payment.refunds.exclude(refund_id="")}
        for made in found:
            row = known.get(made.id)
            is_void = made.status in ("failed", "canceled")
            if row is not None and is_void:
                _came_back(row)
            elif row is None and made.op_id not in ours and not is_void:
                _adopt(payment, made)


def _adopt(payment: Payment, made: gateway.Made) -> None:
    """A refund made by hand at Stripe: booked at the operator's cost until a person decides otherwise."""
    standings.alert(payment, f"refund {made.id} was made outside: decide who bears it")
    row = Refund.objects.create(payment=payment, amount=made.amount, reason=Reason.GOODWILL, bearer=Bearer.OPERATOR)
    _book(row, made)


def _book(refund: Refund, made: gateway.Made) -> None:
    """Write a refund that exists at Stripe, post it, and settle with the shop."""
    if not refund.move(Refund.Status.DONE, refund_id=made.id, done_at=timezone.now()):
        return
    payment = refund.payment
    payment.refunded += refund.amount
    payment.save(update_fields=["refunded"])
    if payment.status in Payment.TAKEN:
        whole = payment.refunded == payment.captured
        payment.move(Payment.Status.REFUNDED if whole else Payment.Status.PART_REFUNDED)
    transfer = Transfer.objects.filter(shop_order=refund.shop_order_id).first() if refund.shop_order_id else None
    if transfer is None or transfer.status not in Transfer.PAID_OUT or refund.bearer != Bearer.SHOP:
        ledger.refunded(refund)
    else:
        share = transfers.share_of(transfer)
        ledger.refunded(refund, commission=transfer.commission - share.commission, fee=transfer.fee_kept - share.fee)
        transfer.commission, transfer.fee_kept = share.commission, share.fee
        transfer.save(update_fields=["commission", "fee_kept"])
        transfers.settle(transfer)
    signals.refund_done.send(sender=Refund, refund=refund)


def book_lost(payment: Payment, dispute: gateway.Dispute) -> None:
    """The resident's bank kept `dispute.amount`: as if it were refunded. The payment is locked. Once per dispute.

    When it is all that was left, each shop bears its own goods. Otherwise nobody says whose goods are meant: the operator
    bears it until a person decides.
    """
    left = payment.captured - _promised(payment)
    shares = [(row, _parts(row, row.shop_order, None)) for row in payment.transfers.select_related("shop_order__shop")]
    shares = [(row, parts) for row, parts in shares if parts]
    whole = sum(cents for _row, parts in shares for _line, _pieces, cents in parts)
    if whole == left == dispute.amount:
        rows = [
            _write(transfer, parts, payment=payment, reason=Reason.DISPUTE, bearer=Bearer.SHOP)
            for transfer, parts in shares
        ]
    elif left:
        standings.alert(payment, f"lost dispute {dispute.id}: decide who bears it")
        amount = min(dispute.amount, left)
        rows = [Refund.objects.create(payment=payment, amount=amount, reason=Reason.DISPUTE, bearer=Bearer.OPERATOR)]
    else:
        rows = []
    for row in rows:
        row.payment = payment
        _book(row, gateway.Made(id=f"{dispute.id}:{row.pk}", amount=row.amount))


def _came_back(refund: Refund) -> None:
    """The bank rejected a refund that was booked: the resident must be paid otherwise."""
    if refund.move(Refund.Status.FAILED, reason="rejected by the bank"):
        ledger.refund_came_back(refund)
        standings.alert(refund.payment, f"refund {refund.refund_id} was rejected: pay by bank transfer")


class SendRefund(operations.Step):
    """Create the Refund at Stripe."""

    def call(self, operation):
        return gateway.refund(operation.payment, operation)

    def find(self, operation):
        made = gateway.refunds_of(operation.payment)
        return next((each for each in made if each.op_id == str(operation.uuid)), None)

    def done(self, operation, result):
        payment = lock_payment(operation.payment)
        row = Refund.objects.select_related("shop_order__shop").get(pk=operation.refund_id)
        row.payment = payment
        _book(row, result)

    def refused(self, operation, refusal):
        payment = lock_payment(operation.payment)
        row = operation.refund
        row.move(Refund.Status.FAILED, reason=refusal.code)
        if row.bearer == Bearer.SHOP and row.shop_order_id:
            Transfer.objects.filter(shop_order=row.shop_order_id).update(returned=F("returned") - row.amount)
        standings.alert(payment, f"refund refused: {refusal.code}")
