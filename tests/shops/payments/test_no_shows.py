"""Goods that nobody collected, and when shops are paid: the money, the stock and the books, to the last piece."""

import pytest

from shops import orders
from shops.models import Payment, Refund, Transfer
from shops.payments import sweep
from shops.payments.fake import models as fake
from tests.factories import make_product
from tests.shops import orders_of
from tests.shops.payments.conftest import (
    answer,
    books_agree,
    chill,
    debit,
    hold,
    open_shop,
    place,
    shelf,
    work,
)

pytestmark = pytest.mark.django_db


def no_show_of_both_kinds():
    """A shop's goods that nobody collected: two pieces at 10 € that keep, one at 4 € that does not."""
    shop = open_shop()
    order = place((shop, "10.00", 2), (shop, "4.00", 1))
    shop_order = order.shop_orders.get()
    chill(shop_order)
    payment = debit(order)
    orders.mark_ready(shop_order, bags=1)
    return payment, shop_order


def test_of_goods_not_collected_what_keeps_is_refunded_and_what_spoils_is_paid():
    payment, shop_order = no_show_of_both_kinds()

    done = [orders.mark_no_show(shop_order) for _twice in range(2)]
    work()

    payment.refresh_from_db()
    assert done == [True, False]
    row = Refund.objects.get()
    assert (row.amount, row.reason, row.bearer, row.status) == (2000, "no_show_courtesy", "shop", "done")
    assert [line.outcome for line in shop_order.lines.order_by("pk")] == ["returned", "spoiled"]
    assert shelf(shop_order) == [(100, 0), (99, 0)]
    transfer = shop_order.transfer
    transfer.refresh_from_db()
    assert (transfer.status, transfer.earned) == ("sent", 400)
    assert transfer.amount == 400 - 12 - payment.fee  # 3 % of what spoiled, and the fee frozen at the debit
    assert books_agree()


def test_goods_that_all_keep_earn_the_shop_nothing_when_nobody_comes():
    order = place((open_shop(), "10.00", 2))
    payment = debit(order)
    shop_order = order.shop_orders.get()

    orders.mark_no_show(shop_order)
    work()

    payment.refresh_from_db()
    assert (payment.status, payment.refunded) == ("refunded", 2000)
    assert (shop_order.transfer.status, fake.Transfer.objects.count()) == ("none", 0)
    assert books_agree()


def test_goods_that_all_spoil_are_paid_to_the_shop_when_nobody_comes():
    order = place((open_shop(), "10.00", 2))
    shop_order = order.shop_orders.get()
    chill(shop_order)
    debit(order)

    orders.mark_no_show(shop_order)
    work()

    assert (Refund.objects.count(), shelf(shop_order)) == (0, [(98, 0)])
    assert Transfer.objects.get().status == "sent"
    assert books_agree()


@pytest.mark.parametrize(
    ("fields", "keeps"),
    [
        ({}, True),
        ({"withdrawal": "sealed"}, True),
        ({"withdrawal": "perishable"}, False),
        ({"withdrawal": "custom"}, False),
        ({"temperature": "chilled"}, False),
        ({"temperature": "frozen"}, False),
        ({"max_dwell_hours": 24}, False),
    ],
)
def test_the_order_remembers_whether_goods_keep(fields, keeps):
    sheet = make_product(open_shop(), **fields)
    order = orders_of.place((sheet, 1))
    type(sheet).objects.update(withdrawal="full", temperature="ambient", max_dwell_hours=None)

    assert order.shop_orders.get().lines.get().keeps is keeps


def test_a_shop_is_paid_only_once_the_money_was_taken():
    order = place((open_shop(), "10.00", 1))
    hold(order)
    answer(order.shop_orders.get())

    orders.mark_collected(order.shop_orders.get())
    before = Transfer.objects.get().status
    work()

    assert before == "none"
    assert (Transfer.objects.get().status, fake.Transfer.objects.count()) == ("sent", 1)
    assert books_agree()


def test_the_debit_follows_when_a_shop_packed_before_the_last_one_answered():
    order = place((open_shop(), "5.00", 1), (open_shop(), "8.00", 1))
    hold(order)
    quick, slow = order.shop_orders.order_by("pk")
    answer(quick)
    orders.mark_ready(quick, bags=1)

    answer(slow)
    sweep.work()

    assert order.payments.get().status == Payment.Status.CAPTURED
