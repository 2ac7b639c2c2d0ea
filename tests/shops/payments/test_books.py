"""check_books says yes to true books and names the one figure that was touched."""

from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone
from oscar.core.loading import get_model

from shops import orders
from shops.models import LedgerEntry, Operation, Payment, Refund, ShopOrder, ShopOrderLine, Transfer
from shops.payments import operations, refunds
from shops.payments.fake import checkout
from shops.payments.fake import models as fake
from tests.shops.payments.conftest import answer, debit, hand_over, hold, open_shop, place, trouble

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    """Two shops: one order handed over, refunded in part before and after; one held; one never paid."""
    first, second = open_shop(), open_shop()
    order = place((first, "12.40", 2), (second, "5.00", 3))
    debit(order)
    one, two = order.shop_orders.order_by("pk")
    refunds.refund(one, lines={one.lines.get().pk: 1}, reason="quality")
    operations.work_due()
    hand_over(one)
    hand_over(two)
    refunds.refund(two, lines={two.lines.get().pk: 1}, reason="quality")
    operations.work_due()
    operations.work_due()
    hold(place((first, "3.00", 1)))
    place((second, "3.00", 1))
    return order


def check(*arguments: str) -> str:
    """What the command prints, with its last word."""
    out = StringIO()
    try:
        call_command("check_books", *arguments, stdout=out)
    except CommandError as error:
        out.write(str(error))
    return out.getvalue()


def test_true_books_agree(town):
    assert check() == "The books agree: 3 payments, 0 with calls under way.\n"
    assert check("--offline") == "The books agree: 3 payments, 0 with calls under way.\n"


def _change_ledger(account: str):
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {LedgerEntry._meta.db_table} SET amount = amount + 1 "
            f"WHERE id = (SELECT min(id) FROM {LedgerEntry._meta.db_table} WHERE account LIKE %s)",
            [account],
        )


def _plus_one(rows, field: str):
    row = rows.order_by("pk").first()
    type(row).objects.filter(pk=row.pk).update(**{field: getattr(row, field) + 1})


STOCK = get_model("partner", "StockRecord")
ORDER = get_model("order", "Order")
OFFLINE = {
    "allocated": lambda: _plus_one(STOCK.objects.filter(num_allocated__gt=0), "num_allocated"),
    "amount / order total": lambda: _plus_one(ORDER.objects, "total_incl_tax"),
    "refunded / refunds": lambda: _plus_one(Payment.objects.filter(captured__gt=0), "refunded"),
    "captured / goods": lambda: Payment.objects.filter(captured__gt=0).update(captured=3979),
    "fee / shares": lambda: _plus_one(Payment.objects.filter(captured__gt=0), "fee"),
    "gross / confirmed": lambda: _plus_one(Transfer.objects, "gross"),
    "returned / refunds": lambda: _plus_one(Transfer.objects, "returned"),
    "reversed / reversals": lambda: _plus_one(Transfer.objects, "reversed"),
    "commission": lambda: _plus_one(Transfer.objects, "commission"),
    "paid out / due": lambda: _plus_one(Transfer.objects, "netted"),
    "ledger sum": lambda: _change_ledger("fees"),
    "ledger cash": lambda: _change_ledger("cash"),
    "ledger commission": lambda: _change_ledger("commission"),
    "ledger fees": lambda: _change_ledger("fees"),
    "ledger shop": lambda: _change_ledger("shop:%"),
}
AT_STRIPE = {
    "held at Stripe": lambda: fake.Intent.objects.filter(status="requires_capture").update(capturable=1),
    "debited at Stripe": lambda: _plus_one(fake.Intent.objects.filter(status="succeeded"), "received"),
    "refunded at Stripe": lambda: _plus_one(fake.Charge.objects.filter(captured__gt=0), "refunded"),
    "fee at Stripe": lambda: _plus_one(fake.BalanceTransaction.objects.filter(kind="charge"), "fee"),
    "refunds at Stripe": lambda: _plus_one(fake.Refund.objects, "amount"),
    "transfers at Stripe": lambda: _plus_one(fake.Transfer.objects, "amount"),
    "reversed at Stripe": lambda: _plus_one(fake.Reversal.objects, "amount"),
    "balance at Stripe": lambda: _plus_one(fake.BalanceTransaction.objects.filter(kind="refund"), "amount"),
}


@pytest.mark.parametrize("what", OFFLINE)
def test_touched_figure_of_ours_is_named(town, what):
    OFFLINE[what]()

    told = check("--offline")

    assert f"  {what}  " in told
    assert "do not agree" in told


@pytest.mark.parametrize("what", AT_STRIPE)
def test_touched_figure_of_stripe_is_named(town, what):
    AT_STRIPE[what]()

    told = check()

    assert f"  {what}  " in told
    assert "do not agree" in told
    assert "agree: 3" in check("--offline")


def test_lost_row_is_named(town):
    refund = Refund.objects.filter(status="done").last()
    refund.lines.all().delete()
    Operation.objects.filter(refund=refund).delete()
    Refund.objects.filter(pk=refund.pk).delete()

    told = check()

    assert "refunded / refunds" in told
    assert "refunds at Stripe" in told


@pytest.fixture
def failures():
    """An order whose first shop did not come and whose second one's goods nobody collected: one kind keeps, one does not."""
    first, second = open_shop(), open_shop()
    order = place((first, "12.40", 2), (second, "5.00", 1), (second, "3.00", 1))
    absent, present = order.shop_orders.order_by("pk")
    spoiling = present.lines.order_by("pk").last()
    ShopOrderLine.objects.filter(pk=spoiling.pk).update(keeps=False)
    debit(order)
    orders.mark_missing(absent, temperatures={"ambient"})
    orders.mark_no_show(present)
    for _round in range(3):
        operations.work_due()
    return order


def _forget_refund(reason: str):
    refund = Refund.objects.get(reason=reason)
    refund.lines.all().delete()


GOODS = {
    "failed goods / refunded": [lambda: _forget_refund("stock"), lambda: _forget_refund("no_show_courtesy")],
    "earned / owed": [lambda: Transfer.objects.filter(status="sent").update(status="none")],
    "lines / state": [
        lambda: ShopOrderLine.objects.filter(outcome="missing").update(outcome="promised"),
        lambda: ShopOrderLine.objects.filter(outcome="spoiled").update(outcome="given"),
        lambda: ShopOrder.objects.filter(status="missing").update(status="collected"),
    ],
}


@pytest.mark.parametrize(("what", "touch"), [(what, touch) for what, ways in GOODS.items() for touch in ways])
def test_goods_whose_money_went_nowhere_are_named(failures, what, touch):
    before = check()
    touch()

    told = check("--offline")

    assert before == "The books agree: 1 payments, 0 with calls under way.\n"
    assert f"  {what}  " in told
    assert "do not agree" in told


def test_refused_refund_of_goods_that_never_came_is_named(town):
    order = place((open_shop(), "5.00", 1))
    payment = debit(order)
    fake.Charge.objects.filter(pk=payment.charge_id).update(captured=0)

    orders.mark_missing(order.shop_orders.get(), temperatures={"ambient"})
    operations.work_due()

    payment.refresh_from_db()
    assert "refund refused" in payment.attention
    assert "  failed goods / refunded  " in check("--offline")


def test_refund_made_by_hand_at_stripe_covers_the_goods_that_failed(town):
    order = place((open_shop(), "5.00", 1))
    payment = debit(order)
    checkout.create_refund({"payment_intent": payment.intent_id, "amount": 500})
    refunds.reconcile(payment)

    orders.mark_missing(order.shop_orders.get(), temperatures={"ambient"})

    assert "agree: 4" in check("--offline")


def test_a_debit_that_failed_leaves_true_books(town):
    order = place((open_shop(), "5.00", 1))
    hold(order)
    answer(order.shop_orders.get())
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        Operation.objects.open().update(created_at=timezone.now())
        operations.work_due()

    assert order.payments.get().status == "hold_expired"
    assert "agree: 4" in check("--offline")


def test_cancelled_shop_order_that_keeps_its_pieces_is_named(town):
    ShopOrder.objects.filter(status="awaiting").update(status="cancelled")

    assert "  allocated  " in check("--offline")


def test_silent_stripe_proves_nothing(town):
    trouble(fake.Fault.Kind.TIMEOUT_BEFORE, times=20)

    assert "not proven" in check()
