"""Goods that never came: the money, the stock and the books, to the last piece."""

import pytest

from shops import orders
from shops.models import Operation, Refund, ShopOrder, Transfer
from shops.payments import charges, operations, refunds
from shops.payments.fake import models as fake
from shops.payments.fake.models import Fault
from tests.shops.payments.conftest import (
    answer,
    books_agree,
    chill,
    debit,
    hand_over,
    hold,
    open_shop,
    place,
    shelf,
    trouble,
    work,
)

pytestmark = pytest.mark.django_db
Status = ShopOrder.Status


def missing(shop_order, *temperatures: str) -> bool:
    return orders.mark_missing(shop_order, temperatures=temperatures or {"ambient"})


def test_goods_that_never_came_are_refunded_in_full_once_and_can_be_sold_again():
    order = place((open_shop(), "12.40", 2), (open_shop(), "5.00", 1))
    payment = debit(order)
    absent, present = order.shop_orders.order_by("pk")

    assert (missing(absent), missing(absent)) == (True, False)
    work()
    hand_over(present)

    row = Refund.objects.get()
    assert (row.amount, row.reason, row.bearer, row.status) == (2480, "stock", "shop", "done")
    payment.refresh_from_db()
    assert (payment.status, payment.refunded, payment.attention) == ("part_refunded", 2480, "")
    assert [each.amount for each in fake.Refund.objects.all()] == [2480]
    absent.refresh_from_db()
    assert (absent.status, absent.lines.get().outcome) == (Status.MISSING, "missing")
    assert (shelf(absent), shelf(present)) == ([(100, 0)], [(99, 0)])
    assert absent.transfer.earned == 0
    assert books_agree()


def test_only_the_bag_that_did_not_come_is_refunded():
    shop = open_shop()
    order = place((shop, "3.00", 2), (shop, "7.00", 1))
    shop_order = order.shop_orders.get()
    chill(shop_order)
    debit(order)

    missing(shop_order, "chilled")
    work()
    transfer = hand_over(shop_order)

    shop_order.refresh_from_db()
    assert shop_order.status == Status.COLLECTED
    assert [line.outcome for line in shop_order.lines.order_by("pk")] == ["given", "missing"]
    assert shelf(shop_order) == [(98, 0), (100, 0)]
    assert (Refund.objects.get().amount, transfer.earned) == (700, 600)
    assert books_agree()


def test_what_was_refunded_before_is_not_refunded_again():
    order = place((open_shop(), "5.00", 3))
    payment = debit(order)
    shop_order = order.shop_orders.get()
    refunds.refund(shop_order, lines={shop_order.lines.get().pk: 1}, reason="quality")

    missing(shop_order)
    work()

    payment.refresh_from_db()
    assert sorted(Refund.objects.values_list("amount", "reason")) == [(500, "quality"), (1000, "stock")]
    assert (payment.status, payment.refunded) == ("refunded", 1500)
    assert books_agree()


def test_wholly_refunded_goods_that_do_not_come_owe_nothing_more():
    order = place((open_shop(), "5.00", 3))
    debit(order)
    shop_order = order.shop_orders.get()
    refunds.refund(shop_order, reason="quality")
    work()

    assert missing(shop_order)
    work()

    assert Refund.objects.count() == fake.Refund.objects.count() == 1
    assert shop_order.order.payments.get().attention == ""
    assert books_agree()


def test_goods_given_up_while_the_amount_is_being_debited_are_refunded_afterwards():
    order = place((open_shop(), "5.00", 1), (open_shop(), "8.00", 1))
    payment = hold(order)
    for shop_order in order.shop_orders.all():
        answer(shop_order)
    trouble(Fault.Kind.TIMEOUT_BEFORE, "capture", times=3)
    operations.work_due()
    payment.refresh_from_db()

    missing(order.shop_orders.order_by("pk").first())
    between = (payment.status, Refund.objects.count())
    Operation.objects.open().update(try_at=payment.created_at)
    work()

    payment.refresh_from_db()
    assert between == ("capturing", 0)
    assert (payment.captured, payment.refunded) == (1300, 500)
    assert charges.sync(payment).refunds.count() == 1
    assert books_agree()


def test_nothing_is_refunded_for_a_shop_that_never_accepted():
    order = place((open_shop(), "5.00", 1), (open_shop(), "8.00", 1))
    hold(order)
    silent, refusing = order.shop_orders.order_by("pk")
    answer(refusing, pieces=0)

    assert not missing(silent)
    assert not missing(refusing)

    assert {each.status for each in order.shop_orders.all()} == {Status.AWAITING, Status.REFUSED}
    assert (shelf(silent), Refund.objects.count()) == ([(100, 1)], 0)


def test_an_order_of_which_nothing_came_is_over():
    order = place((open_shop(), "5.00", 1), (open_shop(), "8.00", 1))
    payment = debit(order)

    for shop_order in order.shop_orders.all():
        missing(shop_order)
    work()

    order.refresh_from_db()
    payment.refresh_from_db()
    assert (order.status, payment.status, payment.refunded) == ("cancelled", "refunded", 1300)
    assert books_agree()


def test_a_refund_that_the_payment_no_longer_carries_calls_a_person():
    order = place((open_shop(), "5.00", 1))
    payment = debit(order)
    from shops.payments.fake import checkout

    checkout.create_refund({"payment_intent": payment.intent_id, "amount": 300})
    refunds.reconcile(payment)

    missing(order.shop_orders.get())
    work()

    payment.refresh_from_db()
    assert "owed refund" in payment.attention
    assert (payment.refunded, fake.Refund.objects.count()) == (300, 1)


def test_goods_that_came_after_their_refund_are_not_paid_and_call_a_person():
    order = place((open_shop(), "5.00", 2))
    payment = debit(order)
    shop_order = order.shop_orders.get()
    missing(shop_order)
    work()

    told = [orders.note_late(shop_order, temperature="ambient", place="Gare, C1") for _twice in range(2)]
    taken = orders.mark_collected(shop_order)
    work()

    payment.refresh_from_db()
    assert (told, taken) == ([True, False], False)
    assert "came to Gare, C1 after their refund" in payment.attention
    assert (shelf(shop_order), shop_order.lines.get().outcome) == ([(98, 0)], "late")
    assert (Transfer.objects.get().status, fake.Transfer.objects.count()) == ("none", 0)
    assert books_agree()
