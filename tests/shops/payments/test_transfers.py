"""The shops' money: sent at hand-over, taken back after refunds, kept against debts."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from shops import orders
from shops.models import LedgerEntry, Operation, Refund, Shop, Transfer
from shops.payments import errors, operations, refunds, standings, transfers
from shops.payments.fake import models as fake
from shops.payments.fake.models import Account, Fault, Payout
from tests.shops.payments.conftest import answer, debit, hand_over, hold, later, open_shop, place, restrict, trouble

pytestmark = pytest.mark.django_db
Status = Transfer.Status


def worked_example():
    """Three shops: 12.40 + 22.90 + 18.00 (4 × 4.50), debited and handed over."""
    order = place(*((open_shop(), price, pieces) for price, pieces in [("12.40", 1), ("22.90", 1), ("4.50", 4)]))
    debit(order)
    return order, [hand_over(shop_order) for shop_order in order.shop_orders.order_by("pk")]


def refund(shop_order, pieces: int | None = None, reason=Refund.Reason.QUALITY):
    """Refund so many pieces of the only line, and do what is owed."""
    line = shop_order.lines.get()
    row = refunds.refund(shop_order, lines=None if pieces is None else {line.pk: pieces}, reason=reason)
    operations.work_due()
    operations.work_due()
    row.refresh_from_db()
    return row


def test_worked_example_is_paid_out_to_the_cent():
    _order, sent = worked_example()

    assert [row.fee_share for row in sent] == [24, 45, 36]
    assert [row.commission for row in sent] == [37, 69, 54]
    assert [row.amount for row in sent] == [1179, 2176, 1710]
    assert sorted(fake.Transfer.objects.values_list("amount", flat=True)) == [1179, 1710, 2176]


def test_refund_after_the_transfer_takes_back_the_difference_of_the_targets():
    _order, sent = worked_example()

    row = refund(sent[2].shop_order, pieces=1)

    sent[2].refresh_from_db()
    assert (row.status, row.amount) == ("done", 450)
    assert (sent[2].status, sent[2].reversed, sent[2].debt) == (Status.PART_REVERSED, 437, 0)
    assert fake.Reversal.objects.get().amount == 437


def test_refund_before_the_transfer_lowers_it_and_reverses_nothing():
    order = place((open_shop(), "4.50", 4))
    payment = debit(order)
    shop_order = order.shop_orders.get()

    refund(shop_order, pieces=1)
    transfer = hand_over(shop_order)

    payment.refresh_from_db()
    assert (payment.status, payment.refunded) == ("part_refunded", 450)
    assert transfer.amount == 1350 - 41 - 52  # 3 % of what was kept, and the fee share frozen at the debit
    assert fake.Reversal.objects.count() == 0


def test_shop_that_spent_its_money_owes_it_and_the_next_transfer_is_smaller():
    shop = open_shop()
    order = place((shop, "10.00", 2))
    debit(order)
    transfer = hand_over(order.shop_orders.get())
    Payout.objects.create(account=Account.objects.get(), amount=transfer.amount)

    refund(order.shop_orders.get(), pieces=1)
    transfer.refresh_from_db()
    debt = transfers.debt_of(shop)
    following = place((shop, "30.00", 1))
    debit(following)
    second = hand_over(following.shop_orders.get())

    assert (transfer.reversed, transfer.debt, debt) == (0, 970, 970)
    assert (second.netted, second.amount) == (970, 3000 - 90 - 70 - 970)
    assert transfers.debt_of(shop) == 0
    assert fake.Refund.objects.get().amount == 1000  # the resident did not wait for the shop


def test_refund_borne_by_the_operator_leaves_the_shop_its_money():
    order = place((open_shop(), "10.00", 1), (open_shop(), "90.00", 1))
    debit(order)
    shop_order = order.shop_orders.order_by("pk").first()
    before = transfers.share_of(shop_order.transfer).transfer

    refund(shop_order, reason=Refund.Reason.LOCKER)
    transfer = hand_over(shop_order)

    assert (transfer.status, transfer.amount) == (Status.SENT, before)
    assert LedgerEntry.objects.get(account="operator").amount == 1000


def test_transfer_that_the_charge_no_longer_carries_waits_for_settled_money():
    order = place((open_shop(), "10.00", 1))
    debit(order)
    other = place((open_shop(), "50.00", 1))
    debit(other)
    refund(order.shop_orders.get(), reason=Refund.Reason.LOCKER)

    waiting = hand_over(order.shop_orders.get())
    status, from_charge = waiting.status, waiting.from_charge
    with time_machine.travel(timezone.now() + timedelta(days=4)):
        transfers.retry_blocked()
        operations.work_due()

    waiting.refresh_from_db()
    assert (status, from_charge) == (Status.BLOCKED, False)
    assert waiting.status == Status.SENT


def test_restricted_shop_is_blocked_and_paid_when_it_is_active_again():
    shop = open_shop()
    order = place((shop, "10.00", 1))
    debit(order)
    restrict(shop)

    transfer = hand_over(order.shop_orders.get())
    shop.refresh_from_db()
    blocked = (transfer.status, transfer.blocked_code, transfer.amount, shop.transfers_active)
    Account.objects.update(capability="active")
    Shop.objects.update(transfers_active=True)
    transfers.retry_blocked(shop)
    operations.work_due()

    transfer.refresh_from_db()
    assert blocked == (Status.BLOCKED, "transfers_not_allowed", 0, False)
    assert (transfer.status, transfer.amount) == (Status.SENT, 930)


@pytest.mark.parametrize("kind", [Fault.Kind.TIMEOUT_AFTER, Fault.Kind.SERVER_ERROR])
@pytest.mark.parametrize("where", ["/v1/refunds", "/v1/transfers", "reversals"])
def test_call_without_an_answer_moves_the_money_once(kind, where):
    order = place((open_shop(), "10.00", 2))
    debit(order)
    trouble(kind, where, times=3)

    hand_over(order.shop_orders.get())
    for _round in range(4):
        Operation.objects.open().update(try_at=timezone.now())
        operations.work_due()
    refunds.refund(order.shop_orders.get(), lines={order.shop_orders.get().lines.get().pk: 1}, reason="quality")
    for _round in range(6):
        Operation.objects.open().update(try_at=timezone.now())
        operations.work_due()

    counts = [model.objects.count() for model in (fake.Transfer, fake.Refund, fake.Reversal)]
    assert counts == [1, 1, 1]
    assert not Operation.objects.open().exists()


def test_hand_over_told_twice_pays_once():
    order = place((open_shop(), "10.00", 1))
    debit(order)
    hand_over(order.shop_orders.get())

    assert orders.mark_collected(order.shop_orders.get()) is False
    assert transfers.owe(order.shop_orders.get()) is False

    assert fake.Transfer.objects.count() == 1


def test_more_than_was_paid_is_not_refunded():
    order = place((open_shop(), "10.00", 3))
    debit(order)
    shop_order = order.shop_orders.get()
    refund(shop_order, pieces=2)

    with pytest.raises(errors.NotRefundable):
        refunds.refund(shop_order, lines={shop_order.lines.get().pk: 2}, reason="quality")

    assert fake.Refund.objects.count() == Refund.objects.count() == 1
    assert refunds.refundable(shop_order) == {shop_order.lines.get().pk: 1}


def test_refund_before_the_debit_is_refused():
    order = place((open_shop(), "10.00", 3))
    hold(order)
    answer(order.shop_orders.get())

    with pytest.raises(errors.NotRefundable):
        refunds.refund(order.shop_orders.get(), reason="stock")

    assert not Refund.objects.exists()


def test_refund_made_at_stripe_is_adopted_with_an_alert():
    order = place((open_shop(), "10.00", 1))
    payment = debit(order)
    from shops.payments.fake import checkout

    checkout.create_refund({"payment_intent": payment.intent_id, "amount": 300})
    refunds.reconcile(payment)
    refunds.reconcile(payment)

    payment.refresh_from_db()
    assert (payment.refunded, payment.refunds.get().bearer) == (300, "operator")
    assert "outside" in payment.attention


def test_refund_that_the_bank_rejects_is_left_to_a_person():
    order = place((open_shop(), "10.00", 1))
    payment = debit(order)
    row = refund(order.shop_orders.get())
    fake.Refund.objects.update(status="failed")

    refunds.reconcile(payment)

    row.refresh_from_db()
    payment.refresh_from_db()
    assert row.status == "failed"
    assert "bank transfer" in payment.attention


def test_refund_that_the_bank_rejected_is_not_sent_a_second_time():
    order = place((open_shop(), "10.00", 1))
    payment = debit(order)
    shop_order = order.shop_orders.get()
    refund(shop_order)
    fake.Refund.objects.update(status="failed")
    refunds.reconcile(payment)

    with pytest.raises(errors.NotRefundable):
        refunds.refund(shop_order, reason="quality")

    assert refunds.refund_rest(shop_order, lines=shop_order.lines.all(), reason="stock") is None
    assert Refund.objects.count() == 1
    assert not Operation.objects.open().exists()


def test_a_second_alarm_keeps_the_first():
    payment = debit(place((open_shop(), "10.00", 1)))

    for text in ["pay by bank transfer", "disputed", "disputed"]:
        standings.alert(payment, text)

    payment.refresh_from_db()
    assert payment.attention == "disputed; pay by bank transfer"


def test_key_of_an_old_operation_is_not_trusted():
    order = place((open_shop(), "10.00", 1))
    debit(order)
    trouble(Fault.Kind.TIMEOUT_AFTER, "/v1/transfers", times=3)
    orders.mark_collected(order.shop_orders.get())
    operations.work_due()
    fake.Idempotency.objects.all().delete()

    old = Operation.objects.get(kind="transfer")
    Operation.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(hours=24))
    later(old)
    operations.work_due()

    old.refresh_from_db()
    assert old.status == "done"
    assert fake.Transfer.objects.count() == 1


def test_ledger_entries_are_never_changed():
    order = place((open_shop(), "10.00", 1))
    debit(order)
    entry = LedgerEntry.objects.first()

    with pytest.raises(TypeError):
        entry.save()
    with pytest.raises(TypeError):
        LedgerEntry.objects.update(amount=1)
    with pytest.raises(TypeError):
        entry.delete()
