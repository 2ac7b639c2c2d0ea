"""Paying the shops: owed at hand-over, sent once, taken back as far as a refund and the shop's balance ask for it."""

import logging

from django.conf import settings
from django.db import transaction
from django.db.models import F, Sum
from django.utils import timezone

from shops import signals
from shops.models import Operation, Payment, Shop, ShopOrder, Transfer
from shops.payments import errors, gateway, ledger, operations, split
from shops.payments.locks import lock_payment

logger = logging.getLogger(__name__)

Status = Transfer.Status
NOT_PAYABLE = {"transfers_not_allowed", "capability_not_active", "account_closed", "account_invalid"}
ALARMING_DEBT_CENTS = 5_000


def share_of(transfer: Transfer) -> split.Share:
    """What the shop order earns its shop at this moment, after the refunds that the shop bears."""
    return split.share(transfer.earned, commission_bps=transfer.commission_bps, fee_share=transfer.fee_share)


def owe(shop_order: ShopOrder) -> bool:
    """The goods were handed over (or a no-show was closed in the shop's favour): pay the shop. False when done before.

    Nor is anything owed before the debit: `orders.paying` comes back to it then.
    """
    with transaction.atomic():
        transfer = Transfer.objects.filter(shop_order=shop_order).select_related("payment").first()
        if transfer is None:  # nothing was debited for it
            return False
        transfer = _lock(transfer)
        if transfer.status != Status.NONE or transfer.payment.status not in Payment.TAKEN:
            return False
        transfer.move(Status.DUE, due_at=timezone.now())
        _send(transfer)
        return True


def retry_blocked(shop: Shop | None = None) -> int:
    """Try the blocked transfers again of `shop`, or of all shops that can be paid; returns how many."""
    blocked = Transfer.objects.filter(
        status=Status.BLOCKED, shop_order__shop__transfers_active=True, payment__disputed=False
    )
    if shop is not None:
        blocked = blocked.filter(shop_order__shop=shop)
    rows = list(blocked)
    for row in rows:
        with transaction.atomic():
            transfer = _lock(row)
            if transfer.status == Status.BLOCKED:
                transfer.move(Status.DUE, blocked_code="")
                _send(transfer)
    return len(rows)


def debt_of(shop: Shop) -> int:
    """Cents a shop still owes the operator: what could not be taken back, less what was kept since."""
    sums = Transfer.objects.filter(shop_order__shop=shop).aggregate(debt=Sum("debt"), netted=Sum("netted"))
    return (sums["debt"] or 0) - (sums["netted"] or 0)


def _lock(transfer: Transfer) -> Transfer:
    """The transfer, locked after its order, payment and shop (whose debt must not be kept twice)."""
    payment = lock_payment(transfer.payment)
    Shop.objects.select_for_update().get(pk=transfer.shop_order.shop_id)
    fresh = Transfer.objects.select_for_update(of=("self",)).select_related("shop_order__shop").get(pk=transfer.pk)
    fresh.payment = payment
    return fresh


def _send(transfer: Transfer) -> None:
    """Freeze the amount and owe the call; a shop that cannot be paid is blocked, a debt that eats all needs no call."""
    shop = transfer.shop_order.shop
    if transfer.payment.disputed:
        transfer.move(Status.BLOCKED, blocked_code="disputed")
        return
    if not (shop.stripe_account and shop.transfers_active):
        transfer.move(Status.BLOCKED, blocked_code="capability_not_active")
        return
    target = share_of(transfer).transfer
    netted = min(debt_of(shop), target)
    amount = target - netted
    if amount == 0:
        transfer.move(Status.SENT, netted=netted, sent_at=timezone.now())
        _book(transfer)
        return
    carried = _left_on_charge(transfer.payment) >= amount
    transfer.move(Status.SENDING, amount=amount, netted=netted, from_charge=carried)
    operations.owe(Operation.Kind.TRANSFER, payment=transfer.payment, transfer=transfer, amount=amount)


def _left_on_charge(payment: Payment) -> int:
    """Cents that transfers may still draw from the resident's payment, after refunds and earlier transfers."""
    drawn = payment.transfers.filter(from_charge=True).aggregate(sum=Sum("amount"))["sum"] or 0
    back = payment.refunds.promised().aggregate(sum=Sum("amount"))["sum"] or 0
    return payment.captured - drawn - back


def _book(transfer: Transfer) -> None:
    """Post a sent transfer with the commission and fee that its earnings bear now, and take back what is too much."""
    share = share_of(transfer)
    transfer.commission, transfer.fee_kept = share.commission, share.fee
    transfer.save(update_fields=["commission", "fee_kept"])
    ledger.sent(transfer)
    settle(transfer)
    signals.transfer_sent.send(sender=Transfer, transfer=transfer)


def settle(transfer: Transfer) -> None:
    """Take back what the shop has too much after a refund: by a reversal as far as it was sent, the rest as debt.

    Inside the transaction of the refund or transfer, under its locks. Does nothing before the transfer is sent.
    """
    if transfer.status not in Transfer.PAID_OUT:
        return
    under_way = transfer.operations.open().filter(kind=Operation.Kind.REVERSAL).aggregate(sum=Sum("amount"))["sum"] or 0
    gone = transfer.reversed + under_way + transfer.debt
    too_much = transfer.amount + transfer.netted - gone - share_of(transfer).transfer
    if too_much <= 0:
        return
    back = min(too_much, transfer.amount - transfer.reversed - under_way)
    if back:
        operations.owe(Operation.Kind.REVERSAL, payment=transfer.payment, transfer=transfer, amount=back)
    if too_much > back:
        _add_debt(transfer, too_much - back)


def _add_debt(transfer: Transfer, cents: int) -> None:
    shop = transfer.shop_order.shop
    Transfer.objects.filter(pk=transfer.pk).update(debt=F("debt") + cents)
    if debt_of(shop) >= ALARMING_DEBT_CENTS:
        logger.error("Shop %s owes %s cents", shop.name, debt_of(shop))


class SendTransfer(operations.Step):
    """Create the Transfer at Stripe."""

    def call(self, operation):
        return gateway.transfer(operation.transfer, operation, from_charge=operation.transfer.from_charge)

    def find(self, operation):
        made = gateway.transfers_of(operation.payment)
        return next((each for each in made if each.op_id == str(operation.uuid)), None)

    def done(self, operation, result):
        transfer = _lock(operation.transfer)
        if transfer.move(Status.SENT, transfer_id=result.id, sent_at=timezone.now()):
            _book(transfer)

    def refused(self, operation, refusal: errors.Refused):
        transfer = _lock(operation.transfer)
        transfer.move(Status.BLOCKED, reason=refusal.code, blocked_code=refusal.code[:60], amount=0, netted=0)
        if refusal.code in NOT_PAYABLE:
            Shop.objects.filter(pk=transfer.shop_order.shop_id).update(transfers_active=False)
        logger.error("Transfer of %s is blocked (%s, %s)", transfer.shop_order.number, refusal, settings.INSTANCE_MODE)


class TakeBack(operations.Step):
    """Reverse a part of a transfer; what the shop's balance does not cover becomes debt."""

    def call(self, operation):
        return gateway.reverse(operation.transfer, operation)

    def find(self, operation):
        made = gateway.reversals_of(operation.transfer)
        return next((each for each in made if each.op_id == str(operation.uuid)), None)

    def done(self, operation, result):
        transfer = _lock(operation.transfer)
        total = transfer.reversed + operation.amount
        to = Status.REVERSED if total == transfer.amount else Status.PART_REVERSED
        if not transfer.move(to, reversed=total):
            Transfer.objects.filter(pk=transfer.pk).update(reversed=total)
        ledger.taken_back(operation)

    def refused(self, operation, refusal: errors.Refused):
        transfer = _lock(operation.transfer)
        _add_debt(transfer, operation.amount)
        logger.warning("Reversal on %s was refused and is debt now: %s", transfer.shop_order.number, refusal)
