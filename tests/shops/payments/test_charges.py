"""The resident's money: held, debited once, given back; whatever the network does."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from shops.models import Operation, Payment, ShopOrder
from shops.payments import charges, errors, operations, sweep
from shops.payments.fake import checkout
from shops.payments.fake.models import BalanceTransaction, Fault, Intent, Session
from tests.shops.payments.conftest import answer, debit, hold, later, open_shop, page_of, place, trouble

pytestmark = pytest.mark.django_db
Status = Payment.Status


def test_order_is_paid_when_the_bank_holds_the_whole_amount():
    order = place((open_shop(), "12.40", 1), (open_shop(), "22.90", 1))

    payment = hold(order)

    order.refresh_from_db()
    assert (payment.status, payment.card_brand, payment.card_last4) == (Status.AUTHORISED, "visa", "4242")
    assert payment.capture_before > timezone.now() + timedelta(days=6)
    assert order.status == "paid"
    assert BalanceTransaction.objects.count() == 0


@pytest.mark.parametrize("shops", [1, 3])
def test_opening_the_page_costs_the_same_for_one_shop_and_for_three(django_assert_num_queries, shops):
    payment = place(*((open_shop(), "5.00", 1) for _ in range(shops))).payments.get()

    with django_assert_num_queries(40):
        charges.start(payment)


def test_second_press_of_the_pay_button_gives_the_same_page():
    payment = place((open_shop(), "5.00", 1)).payments.get()

    first, second = charges.start(payment), charges.start(payment)

    assert first == second
    assert Session.objects.count() == 1


def test_page_shows_the_lines_and_closes_before_the_order_expires():
    payment = place((open_shop(), "5.00", 2)).payments.get()

    charges.start(payment)

    page = page_of(payment)
    assert [(line["unit_amount"], line["quantity"]) for line in page.lines] == [(500, 2)]
    assert page.expires_at <= payment.expires_at - timedelta(minutes=4)
    assert str(payment.uuid) in page.success_url


def test_lost_answer_while_opening_the_page_never_opens_a_second_one():
    payment = place((open_shop(), "5.00", 1)).payments.get()
    trouble(Fault.Kind.TIMEOUT_AFTER, "sessions", times=3)

    with pytest.raises(errors.PaymentUnavailable):
        charges.start(payment)
    later(Operation.objects.get())
    url = charges.start(payment)

    assert Session.objects.count() == 1
    assert Session.objects.get().id in url


def test_capture_debits_what_was_accepted_and_releases_the_rest():
    order = place((open_shop(), "4.00", 3), (open_shop(), "10.00", 1))
    payment = hold(order)
    first, second = order.shop_orders.order_by("pk")

    answer(first, pieces=2)
    answer(second, pieces=0)
    operations.work_due()

    payment.refresh_from_db()
    intent = Intent.objects.get()
    assert (payment.status, payment.captured) == (Status.CAPTURED, 800)
    assert (intent.received, intent.capturable) == (800, 0)
    assert [transfer.gross for transfer in payment.transfers.all()] == [800]


def test_hold_is_released_when_every_shop_refuses():
    order = place((open_shop(), "4.00", 3))
    payment = hold(order)

    answer(order.shop_orders.get(), pieces=0)
    operations.work_due()

    payment.refresh_from_db()
    assert payment.status == Status.CANCELED
    assert Intent.objects.get().status == "canceled"
    assert BalanceTransaction.objects.count() == 0


@pytest.mark.parametrize("kind", [Fault.Kind.TIMEOUT_AFTER, Fault.Kind.TIMEOUT_BEFORE, Fault.Kind.SERVER_ERROR])
def test_capture_without_an_answer_is_repeated_and_debits_once(kind):
    order = place((open_shop(), "4.00", 3))
    payment = hold(order)
    trouble(kind, "capture", times=3)

    answer(order.shop_orders.get())
    operations.work_due()
    payment.refresh_from_db()
    between = payment.status
    for _round in range(3):
        Operation.objects.open().update(try_at=timezone.now())
        operations.work_due()

    payment.refresh_from_db()
    assert between == Status.CAPTURING
    assert (payment.status, payment.captured) == (Status.CAPTURED, 1200)
    assert BalanceTransaction.objects.filter(kind="charge").count() == 1


def test_busy_stripe_is_asked_again_with_the_same_key():
    order = place((open_shop(), "4.00", 1))
    hold(order)
    trouble(Fault.Kind.RATE_LIMIT, "capture")

    answer(order.shop_orders.get())
    operations.work_due()
    operation = Operation.objects.get(kind="capture")
    waiting = (operation.status, operation.attempts)
    later(operation)
    operations.work_due()

    operation.refresh_from_db()
    assert waiting == ("due", 1)
    assert (operation.status, operation.attempts) == ("done", 2)


def test_worker_killed_between_call_and_answer_debits_once(monkeypatch):
    order = place((open_shop(), "4.00", 1))
    payment = hold(order)
    answer(order.shop_orders.get())

    with monkeypatch.context() as broken:
        broken.setattr(operations, "_close", lambda *args, **kwargs: (_ for _ in ()).throw(SystemExit))
        with pytest.raises(SystemExit):
            operations.work_due()
    later(Operation.objects.get(kind="capture"))
    operations.work_due()

    payment.refresh_from_db()
    assert (payment.status, payment.captured) == (Status.CAPTURED, 400)
    assert BalanceTransaction.objects.count() == 1


def test_hold_that_expired_before_the_capture_is_lost_and_nothing_is_handed_over():
    order = place((open_shop(), "4.00", 1))
    payment = hold(order)
    answer(order.shop_orders.get())

    with time_machine.travel(timezone.now() + timedelta(days=8)):
        Operation.objects.open().update(created_at=timezone.now())
        operations.work_due()

    payment.refresh_from_db()
    assert payment.status == Status.HOLD_EXPIRED
    assert order.shop_orders.get().status == ShopOrder.Status.CANCELLED
    assert BalanceTransaction.objects.count() == 0


def test_cancelled_order_closes_its_page():
    order = place((open_shop(), "4.00", 1))
    payment = order.payments.get()
    charges.start(payment)

    charges.cancel(payment)
    operations.work_due()

    payment.refresh_from_db()
    assert payment.status == Status.CANCELED
    assert Session.objects.get().status == "expired"


def test_payment_that_arrives_after_the_cancellation_is_released():
    order = place((open_shop(), "4.00", 1))
    payment = order.payments.get()
    charges.start(payment)
    charges.cancel(payment)
    checkout.pay(page_of(payment))

    operations.work_due()
    operations.work_due()

    payment.refresh_from_db()
    order.refresh_from_db()
    assert (payment.status, order.status) == (Status.CANCELED, "unpaid")
    assert Intent.objects.get().status == "canceled"


def test_debit_without_a_live_order_is_refunded_and_alerted():
    order = place((open_shop(), "4.00", 1))
    payment = hold(order)
    charges.cancel(payment)
    intent = Intent.objects.get()
    checkout.capture_intent({}, intent.id)

    charges.sync(payment)
    operations.work_due()

    payment.refresh_from_db()
    assert (payment.captured, payment.refunded) == (400, 400)
    assert "without a live order" in payment.attention
    assert intent.charge.refunds.get().amount == 400
    assert sum(entry.amount for entry in payment.entries.filter(account="cash")) == -checkout.fee(400)


@pytest.mark.parametrize(("field", "value"), [("amount", 399), ("capturable", 399)])
def test_wrong_amount_is_not_fulfilled(field, value):
    order = place((open_shop(), "4.00", 1))
    payment = order.payments.get()
    charges.start(payment)
    checkout.pay(page_of(payment))
    Intent.objects.update(**{field: value})

    charges.sync(payment)

    order.refresh_from_db()
    assert (payment.status, order.status) == (Status.SESSION_OPEN, "unpaid")
    assert "399" in payment.attention


def test_capture_is_owed_once():
    order = place((open_shop(), "4.00", 1))
    payment = hold(order)
    answer(order.shop_orders.get())

    assert charges.capture(payment) is False
    assert Operation.objects.filter(kind="capture").count() == 1


def test_cancellation_after_the_debit_is_refused_and_changes_nothing():
    order = place((open_shop(), "4.00", 1))
    payment = debit(order)
    owed = Operation.objects.count()

    with pytest.raises(errors.AlreadyCaptured):
        charges.cancel(payment)

    payment.refresh_from_db()
    assert (payment.status, Operation.objects.count()) == (Status.CAPTURED, owed)


def test_unpaid_order_gives_everything_back_at_its_expiry_even_when_stripe_is_silent():
    order = place((open_shop(), "4.00", 1))
    payment = order.payments.get()
    charges.start(payment)
    trouble(Fault.Kind.TIMEOUT_BEFORE, "", times=10)

    with time_machine.travel(timezone.now() + timedelta(minutes=41)):
        sweep.abandon_unpaid()

    payment.refresh_from_db()
    assert payment.status == Status.ABANDONED
    assert order.shop_orders.get().status == ShopOrder.Status.CANCELLED
    assert order.lines.get().stockrecord.num_allocated == 0


def test_sweep_finds_a_payment_that_nobody_told_us_of():
    order = place((open_shop(), "4.00", 1))
    payment = order.payments.get()
    charges.start(payment)
    checkout.pay(page_of(payment))

    with time_machine.travel(timezone.now() + timedelta(minutes=4)):
        sweep.compare_hanging()

    payment.refresh_from_db()
    assert payment.status == Status.AUTHORISED


def test_payment_over_cannot_be_started():
    payment = place((open_shop(), "4.00", 1)).payments.get()
    charges.cancel(payment)

    with pytest.raises(errors.PaymentOver):
        charges.start(payment)

    assert Session.objects.count() == 0
