"""Two people, or two programs, decide about the same money at the same moment: it moves once."""

import pytest
from django.db import transaction

from shops import orders, signals
from shops.models import LedgerEntry, Operation, Payment, Refund
from shops.orders import answering, cancelling
from shops.payments import charges, errors, operations, refunds, standings, sweep, webhooks
from shops.payments.fake import checkout, events
from shops.payments.fake.transport import in_process
from tests.factories import make_product, make_shop
from tests.races.racing import meeting, race, unlock
from tests.shops import orders_of
from tests.shops.payments.conftest import answer, hold, open_shop, page_of, place

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
Kind = Operation.Kind

PEOPLE = 8
ROUNDS = 5


# --- two people press "refund" ---------------------------------------------------------------------------------------


def refund_at_once() -> list:
    """Let everybody refund the same shop order at the operator's cost; the outcomes."""
    shop_order = orders_of.paid_shop_order(make_product(make_shop(), price="5.00"), 2)
    orders.accept_all(shop_order, by=None)
    shop_order.order.payments.get().move(Payment.Status.CAPTURED, captured=1000)
    with meeting((refunds, "_write")):
        return race(lambda number: refunds.refund(shop_order, reason=Refund.Reason.GOODWILL), PEOPLE)


def test_two_who_press_refund_at_once_refund_once():
    outcomes = refund_at_once()

    assert sorted(type(outcome) for outcome in outcomes if isinstance(outcome, Refund)) == [Refund]
    assert sum(isinstance(outcome, errors.NotRefundable) for outcome in outcomes) == PEOPLE - 1
    assert Operation.objects.filter(kind=Kind.REFUND).count() == 1


def test_without_the_lock_more_is_refunded_than_was_paid(monkeypatch):
    unlock(monkeypatch)

    refund_at_once()

    assert Refund.objects.count() > 1


# --- the resident cancels while the shop accepts ----------------------------------------------------------------------


def cancel_while_accepting() -> tuple[list[tuple[str, str]], list[Exception]]:
    """Some orders, each cancelled and accepted at once: (payment, shop order) of each afterwards, and what the losers read."""
    sheet = make_product(make_shop(), price="5.00", stock=99)
    ends, losers = [], []
    for _round in range(ROUNDS):
        shop_order = orders_of.paid_shop_order(sheet, 1)
        people = [
            lambda order=shop_order.order: orders.cancel(order, reason="changed my mind"),
            lambda part=shop_order: orders.accept_all(part, by=None),
        ]
        with meeting((answering, "move"), (cancelling, "move")):
            outcomes = race(lambda number, people=people: people[number](), len(people))
        losers += [outcome for outcome in outcomes if isinstance(outcome, Exception)]
        shop_order.refresh_from_db()
        ends.append((shop_order.order.payments.get().status, shop_order.status))
    return ends, losers


def test_an_order_is_either_cancelled_or_debited_and_the_loser_reads_a_sentence():
    ends, losers = cancel_while_accepting()

    assert set(ends) <= {("capturing", "confirmed"), ("canceled", "cancelled")}
    assert [loser for loser in losers if not isinstance(loser, orders.OrderError)] == []
    assert len(losers) == ROUNDS
    owed = Operation.objects.filter(kind__in=[Kind.CAPTURE, Kind.CANCEL])
    assert owed.count() == owed.values("payment").distinct().count() == ROUNDS


def test_without_the_lock_the_loser_meets_the_database(monkeypatch):
    unlock(monkeypatch)

    _ends, losers = cancel_while_accepting()

    assert [loser for loser in losers if not isinstance(loser, orders.OrderError)] != []


# --- webhook, return page and sweep at once ---------------------------------------------------------------------------


def hear_at_once(payment) -> None:
    """Everybody who may learn how `payment` stands learns it now."""
    events.deliver_due(lambda body, signature: 200)
    ways = [
        lambda: charges.sync(Payment.objects.get(pk=payment.pk)),
        lambda: sweep.compare_hanging(),
        lambda: webhooks.process_due(),
    ]
    Payment.objects.update(checked_at=payment.created_at - sweep.HELD)
    with meeting((standings, "_facts")):
        outcomes = race(lambda number: ways[number % len(ways)](), 9)
    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)]


def heard(signal, act) -> int:
    """How often `signal` was sent while `act()` ran."""
    log = []

    def note(**kwargs):
        log.append(kwargs)

    signal.connect(note)
    try:
        act()
    finally:
        signal.disconnect(note)
    return len(log)


def test_the_hold_and_the_debit_are_each_noted_once():
    with in_process():
        order = place((open_shop(), "5.00", 1))
        payment = order.payments.get()
        charges.start(payment)
        checkout.pay(page_of(payment))
        held = heard(signals.payment_authorised, lambda: hear_at_once(payment))
        answer(order.shop_orders.get())
        owed = Operation.objects.get(kind=Kind.CAPTURE)
        payment.refresh_from_db()
        with transaction.atomic():
            checkout.capture_intent({"amount_to_capture": owed.amount}, payment.intent_id)
        taken = heard(signals.payment_captured, lambda: hear_at_once(payment))

    payment.refresh_from_db()
    assert (held, taken, payment.status) == (1, 1, Payment.Status.CAPTURED)
    assert (
        sum(LedgerEntry.objects.filter(source_type="payment", account="cash").values_list("amount", flat=True)) == 500
    )


def test_without_lock_and_swap_the_hold_is_noted_more_than_once(monkeypatch):
    def naive(payment, to, *, reason="", by=None, **fields):
        if payment.status == to:
            return False
        Payment.objects.filter(pk=payment.pk).update(status=to, **fields)
        return True

    with in_process():
        order = place((open_shop(), "5.00", 1))
        payment = order.payments.get()
        charges.start(payment)
        checkout.pay(page_of(payment))
        unlock(monkeypatch)
        monkeypatch.setattr(Payment, "move", naive)

        held = heard(signals.payment_authorised, lambda: hear_at_once(payment))

    assert held > 1


# --- workers ----------------------------------------------------------------------------------------------------------


def test_many_workers_debit_once():
    with in_process():
        order = place((open_shop(), "5.00", 1))
        payment = hold(order)
        answer(order.shop_orders.get())

        race(lambda number: operations.work_due(), PEOPLE)

    payment.refresh_from_db()
    assert (payment.status, payment.captured) == (Payment.Status.CAPTURED, 500)
    assert Operation.objects.get(kind=Kind.CAPTURE).attempts == 1
