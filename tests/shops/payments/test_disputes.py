"""The resident's bank takes the money back: what waits stays, what is decided follows, and the books agree all along."""

import json

import pytest
from django.core.management import call_command
from django.utils import timezone

from shops import orders, signals
from shops.models import LedgerEntry, Operation, Refund
from shops.payments import disputes as ours
from shops.payments import operations, refunds, transfers, webhooks
from shops.payments.fake import disputes
from shops.payments.fake import models as fake
from shops.payments.fake.models import Account, Charge, Fault, Payout
from tests.shops.payments.conftest import debit, hand_over, open_shop, place, trouble

pytestmark = pytest.mark.django_db


@pytest.fixture
def heard():
    """What was told upwards."""
    log = []

    def note(state, **kwargs):
        log.append(state)

    signals.payment_disputed.connect(note)
    yield log
    signals.payment_disputed.disconnect(note)


def dispute(payment) -> fake.Dispute:
    return disputes.open_dispute(Charge.objects.get(pk=payment.charge_id))


def work() -> None:
    for _round in range(3):
        transfers.retry_blocked()
        operations.work_due()


def books_agree() -> bool:
    call_command("check_books")
    return True


def test_a_dispute_freezes_what_has_not_left_and_stops_nothing_else(deliver, heard):
    order = place((open_shop(), "10.00", 1), (open_shop(), "20.00", 1))
    payment = debit(order)
    paid, waiting = order.shop_orders.order_by("pk")
    hand_over(paid)
    dispute(payment)

    deliver()
    frozen = hand_over(waiting)
    work()

    payment.refresh_from_db()
    waiting.refresh_from_db()
    assert (payment.disputed, "disputed with the bank" in payment.attention) == (True, True)
    assert (frozen.status, frozen.blocked_code, waiting.status) == ("blocked", "disputed", "collected")
    assert (paid.transfer.reversed, fake.Transfer.objects.count(), heard) == (0, 1, ["open"])
    assert books_agree()


def test_a_transfer_that_is_owed_but_was_never_tried_is_frozen_too(deliver):
    order = place((open_shop(), "10.00", 1))
    payment = debit(order)
    orders.mark_collected(order.shop_orders.get())
    dispute(payment)

    deliver()
    work()

    transfer = order.shop_orders.get().transfer
    assert (transfer.status, transfer.amount, fake.Transfer.objects.count()) == ("blocked", 0, 0)


def test_a_transfer_that_may_have_left_goes_on(deliver):
    order = place((open_shop(), "10.00", 1))
    payment = debit(order)
    trouble(Fault.Kind.TIMEOUT_AFTER, "/v1/transfers", times=3)
    hand_over(order.shop_orders.get())
    dispute(payment)

    deliver()
    Operation.objects.open().update(try_at=timezone.now())
    work()

    assert (order.shop_orders.get().transfer.status, fake.Transfer.objects.count()) == ("sent", 1)


def test_a_dispute_that_is_won_pays_the_shops(deliver, heard):
    order = place((open_shop(), "10.00", 1))
    payment = debit(order)
    case = dispute(payment)
    deliver()
    hand_over(order.shop_orders.get())

    disputes.close(case, won=True)
    deliver()
    work()

    payment.refresh_from_db()
    assert (payment.disputed, payment.refunded, heard) == (False, 0, ["open", "won"])
    assert (order.shop_orders.get().transfer.status, fake.Transfer.objects.count()) == ("sent", 1)
    assert books_agree()


def lost(deliver, *, handed_over: bool):
    """A dispute over two shops' goods, 10 and 20 €, that the bank decides for the resident."""
    order = place((open_shop(), "10.00", 1), (open_shop(), "20.00", 1))
    payment = debit(order)
    if handed_over:
        for shop_order in order.shop_orders.all():
            hand_over(shop_order)
    case = dispute(payment)
    deliver()
    disputes.close(case, won=False)
    deliver()
    work()
    payment.refresh_from_db()
    return payment, order


def test_a_dispute_that_is_lost_after_the_hand_over_takes_the_shops_money_back(deliver, heard):
    payment, order = lost(deliver, handed_over=True)

    shares = [shop_order.transfer for shop_order in order.shop_orders.order_by("pk")]
    assert [(row.status, row.returned, row.reversed == row.amount) for row in shares] == [
        ("reversed", 1000, True),
        ("reversed", 2000, True),
    ]
    assert (payment.status, payment.refunded, payment.disputed) == ("refunded", 3000, False)
    assert set(Refund.objects.values_list("reason", "bearer", "status")) == {("dispute", "shop", "done")}
    assert (payment.dispute_fee, "was lost" in payment.attention, heard) == (2000, True, ["open", "lost"])
    assert fake.Refund.objects.count() == 0
    assert books_agree()


def test_a_dispute_that_is_lost_before_the_hand_over_leaves_nothing_to_pay_out(deliver):
    payment, order = lost(deliver, handed_over=False)

    for shop_order in order.shop_orders.all():
        hand_over(shop_order)
    work()

    assert (payment.refunded, fake.Transfer.objects.count()) == (3000, 0)
    assert books_agree()


def test_what_a_shop_has_spent_of_a_lost_dispute_is_its_debt(deliver):
    order = place((open_shop(), "10.00", 1))
    payment = debit(order)
    transfer = hand_over(order.shop_orders.get())
    Payout.objects.create(account=Account.objects.get(), amount=transfer.amount)
    case = dispute(payment)
    deliver()

    disputes.close(case, won=False)
    deliver()
    work()

    transfer.refresh_from_db()
    assert (transfer.reversed, transfer.debt) == (0, transfer.amount)
    assert books_agree()


def test_a_lost_dispute_over_a_part_is_the_operators_until_a_person_decides(deliver):
    order = place((open_shop(), "10.00", 1), (open_shop(), "20.00", 1))
    payment = debit(order)
    case = dispute(payment)
    fake.Dispute.objects.update(amount=700)
    fake.BalanceTransaction.objects.filter(source=case.id).update(amount=-700)
    case.refresh_from_db()

    disputes.close(case, won=False)
    deliver()

    row = Refund.objects.get()
    payment.refresh_from_db()
    assert (row.amount, row.bearer, row.shop_order) == (700, "operator", None)
    assert "decide who bears it" in payment.attention
    assert books_agree()


def test_the_same_word_twice_in_any_order_books_a_lost_dispute_once(deliver):
    payment, _order = lost(deliver, handed_over=True)
    entries = LedgerEntry.objects.count()

    for _twice in range(2):
        ours.follow(payment, fake.Dispute.objects.get().id)
    work()

    assert (Refund.objects.count(), LedgerEntry.objects.count()) == (2, entries)
    assert books_agree()


def test_a_disputed_payment_is_not_refunded_by_hand_as_well(deliver):
    order = place((open_shop(), "10.00", 1))
    payment = debit(order)
    dispute(payment)
    deliver()

    refunds.refund(order.shop_orders.get(), reason="quality")
    work()

    payment.refresh_from_db()
    assert (payment.refunded, Refund.objects.get().status, fake.Refund.objects.count()) == (0, "failed", 0)
    assert "refund refused: charge_disputed" in payment.attention


@pytest.mark.parametrize(("won", "reasons"), [(True, ["stock"]), (False, ["dispute"])])
def test_goods_that_fail_during_a_dispute_are_refunded_once_by_one_way(deliver, won, reasons):
    order = place((open_shop(), "10.00", 1))
    payment = debit(order)
    case = dispute(payment)
    deliver()
    orders.mark_missing(order.shop_orders.get(), temperatures={"ambient"})
    work()
    between = (Refund.objects.count(), books_agree())

    disputes.close(case, won=won)
    deliver()
    work()

    payment.refresh_from_db()
    assert (between, payment.refunded) == ((0, True), 1000)
    assert list(Refund.objects.values_list("reason", flat=True)) == reasons
    assert books_agree()


def test_a_dispute_waits_while_stripe_is_silent(deliver):
    payment = debit(place((open_shop(), "10.00", 1)))
    dispute(payment)
    trouble(Fault.Kind.TIMEOUT_BEFORE, "disputes", times=6)

    deliver()
    payment.refresh_from_db()
    between = payment.disputed
    webhooks.WebhookEvent.objects.update(try_at=timezone.now())
    webhooks.process_due()

    payment.refresh_from_db()
    assert (between, payment.disputed) == (False, True)


def test_staff_dispute_and_decide_at_the_console(client, admin_user, settings):
    payment = debit(place((open_shop(), "10.00", 1)))
    address = f"/demo/stripe/charges/{payment.charge_id}/dispute/"

    stranger = client.post(address).status_code
    client.force_login(admin_user)
    client.post(address)
    client.post(address, {"won": "maybe"})
    open_case = fake.Dispute.objects.get().status
    shown = client.get("/demo/stripe/").content.decode()
    client.post(address, {"won": "1"})

    assert (stranger, open_case, fake.Dispute.objects.get().status) == (403, "needs_response", "won")
    assert 'name="won"' in shown
    assert json.dumps(fake.Event.objects.filter(kind="charge.dispute.closed").get().body)
