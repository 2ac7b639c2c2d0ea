"""The life of an order: split, paid, answered, ready, collected; cancelled; with stock and money."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from oscar.core.loading import get_model

from marketplace.foundation.lifecycle import ForbiddenMove
from shops import orders, signals
from shops.models import Operation, Payment, ShopOrder, Transfer
from tests.factories import make_product, make_shop, make_staff
from tests.shops.orders_of import paid_shop_order, pay, place

pytestmark = pytest.mark.django_db
Status = ShopOrder.Status


@pytest.fixture
def bakery():
    return make_shop("Boulangerie Martin", opening_hours="24/7")


@pytest.fixture
def bookshop():
    return make_shop("Librairie du Pont", opening_hours="24/7")


@pytest.fixture
def heard():
    """What was sent upwards: (signal name, what it was about)."""
    log = []

    def moved(shop_order, previous, **kwargs):
        log.append((shop_order.number, previous, shop_order.status))

    def cancelled(order, reason, **kwargs):
        log.append((order.number, "cancelled", reason))

    signals.shop_order_moved.connect(moved)
    signals.order_cancelled.connect(cancelled)
    yield log
    signals.shop_order_moved.disconnect(moved)
    signals.order_cancelled.disconnect(cancelled)


def shelf(sheet) -> tuple[int, int]:
    """(in stock, allocated)."""
    sheet.stock.refresh_from_db()
    return sheet.stock.num_in_stock, sheet.stock.num_allocated


def test_split_gives_each_shop_its_lines_and_its_total(bakery, bookshop):
    bread, cake = make_product(bakery, price="1.20"), make_product(bakery, price="18.00", vat_rate=Decimal("5.50"))
    book = make_product(bookshop, "Le Petit Prince", price="9.90")

    order = place((bread, 3), (book, 1), (cake, 1))

    first, second = order.shop_orders.order_by("pk")
    assert (first.shop, first.ordered_total, first.number) == (bakery, Decimal("21.60"), f"{order.number}-1")
    assert (second.shop, second.ordered_total, second.number) == (bookshop, Decimal("9.90"), f"{order.number}-2")
    assert [(line.title, line.quantity, line.vat_rate) for line in second.lines.all()] == [
        ("Le Petit Prince", 1, Decimal("20.00"))
    ]
    assert first.ordered_total + second.ordered_total == order.total_incl_tax


def test_a_shop_sees_nothing_before_the_payment(bakery):
    order = place((make_product(bakery), 1))
    assert not ShopOrder.objects.of(bakery).paid().exists()

    pay(order)

    assert ShopOrder.objects.of(bakery).unanswered().count() == 1
    assert order.status == "paid"
    assert orders.confirm_payment(order) is False


@pytest.mark.parametrize(
    ("answer_minutes", "deposit_in", "expected"),
    [(120, timedelta(hours=9), 120), (120, timedelta(minutes=90), 30), (120, timedelta(minutes=10), 15)],
)
def test_the_answer_is_due_in_opening_time_and_an_hour_before_the_deposit(bakery, answer_minutes, deposit_in, expected):
    bakery.answer_minutes = answer_minutes
    now = timezone.now()

    assert orders.answer_deadline(bakery, now, now + deposit_in) == now + timedelta(minutes=expected)


def test_accepting_all_debits_once_every_shop_has_answered(bakery, bookshop):
    bread, book = make_product(bakery, price="2.00"), make_product(bookshop, price="10.00")
    order = place((bread, 2), (book, 1))
    pay(order)
    first, second = order.shop_orders.order_by("pk")
    baker = make_staff(bakery)

    orders.accept_all(first, by=baker)
    assert order.payments.get().status == Payment.Status.AUTHORISED
    orders.accept_all(second, by=None)

    assert order.payments.get().status == Payment.Status.CAPTURING
    assert Operation.objects.get(kind=Operation.Kind.CAPTURE).amount == 1400
    assert first.history().get().by == baker


def test_a_part_refused_lowers_the_debit_and_frees_the_goods(bakery, heard):
    bread = make_product(bakery, price="2.00", stock=5)
    shop_order = paid_shop_order(bread, 3)
    line = shop_order.lines.get()
    assert shelf(bread) == (5, 3)

    answered = orders.answer(shop_order, accepted={line.pk: 1}, reasons={line.pk: "Il n'en reste qu'un."})

    line.refresh_from_db()
    assert (answered.status, answered.confirmed_total) == (Status.PARTLY, Decimal("2.00"))
    assert (line.accepted_quantity, line.refusal) == (1, "Il n'en reste qu'un.")
    assert shelf(bread) == (5, 1)
    assert Operation.objects.get(kind=Operation.Kind.CAPTURE).amount == 200
    assert heard == [(shop_order.number, "awaiting", "partly")]


def test_when_every_shop_refuses_the_hold_is_released(bakery, heard):
    bread = make_product(bakery, stock=5)
    shop_order = paid_shop_order(bread, 3)

    orders.refuse_all(shop_order, reason="Four en panne.", by=None)

    order = shop_order.order
    order.refresh_from_db()
    assert order.status == "cancelled"
    assert order.payments.get().status == Payment.Status.CANCELED
    assert shelf(bread) == (5, 0)
    assert heard[-1] == (order.number, "cancelled", "refused")


def test_a_second_answer_changes_nothing(bakery):
    bread = make_product(bakery, stock=5)
    shop_order = paid_shop_order(bread, 3)
    orders.accept_all(shop_order, by=None)

    with pytest.raises(orders.AlreadyAnswered):
        orders.refuse_all(shop_order, reason="", by=None)

    assert shelf(bread) == (5, 3)
    assert Operation.objects.filter(kind=Operation.Kind.CAPTURE).count() == 1


@pytest.mark.parametrize("quantities", [{}, {"line": 4}, {"line": -1}, {"line": 1, "other": 1}])
def test_an_answer_must_fit_the_lines(bakery, quantities):
    shop_order = paid_shop_order(make_product(bakery), 3)
    pks = {"line": shop_order.lines.get().pk, "other": 0}

    with pytest.raises(orders.WrongQuantity):
        orders.answer(shop_order, accepted={pks[name]: count for name, count in quantities.items()})

    shop_order.refresh_from_db()
    assert shop_order.status == Status.AWAITING


def test_silence_refuses_when_the_time_is_over(bakery):
    bread = make_product(bakery, stock=5)
    late, early = paid_shop_order(bread, 1), paid_shop_order(bread, 1)
    ShopOrder.objects.filter(pk=late.pk).update(answer_by=timezone.now() - timedelta(seconds=1))

    assert orders.close_due() == 1

    late.refresh_from_db()
    early.refresh_from_db()
    assert (late.status, early.status) == (Status.REFUSED, Status.AWAITING)
    assert late.lines.get().refusal
    assert shelf(bread) == (5, 1)
    assert orders.close_due() == 0


def test_ready_needs_an_answer_and_bags(bakery):
    shop_order = paid_shop_order(make_product(bakery))

    with pytest.raises(orders.NotYet):
        orders.mark_ready(shop_order, bags=1)
    orders.accept_all(shop_order, by=None)
    with pytest.raises(orders.OrderError):
        orders.mark_ready(shop_order, bags=0)

    assert orders.mark_ready(shop_order, bags=2).status == Status.READY
    assert orders.mark_ready(shop_order, bags=3).bags == 3


def test_collected_goods_leave_the_stock_and_the_shop_is_owed_once(bakery):
    bread = make_product(bakery, stock=5, price="10.00")
    shop_order = orders.accept_all(paid_shop_order(bread, 2), by=None)
    orders.mark_ready(shop_order, bags=1)
    shop_order.order.payments.get().move(Payment.Status.CAPTURED, captured=2000)

    assert orders.mark_collected(shop_order) is True
    assert orders.mark_collected(shop_order) is False

    assert shelf(bread) == (3, 0)
    assert Transfer.objects.get(shop_order=shop_order).status != Transfer.Status.NONE
    assert shop_order.status == Status.COLLECTED


def test_refused_goods_are_never_handed_over(bakery):
    bread = make_product(bakery, stock=5)
    shop_order = paid_shop_order(bread, 2)
    orders.refuse_all(shop_order, reason="", by=None)

    with pytest.raises(ForbiddenMove):
        orders.mark_collected(shop_order)

    assert shelf(bread) == (5, 0)


def test_the_resident_cancels_until_a_shop_has_accepted(bakery, bookshop):
    bread, book = make_product(bakery, stock=5), make_product(bookshop, stock=5)
    order = place((bread, 2), (book, 1))
    pay(order)

    orders.cancel(order, reason="changed my mind")

    order.refresh_from_db()
    assert order.status == "cancelled"
    assert {shop_order.status for shop_order in order.shop_orders.all()} == {Status.CANCELLED}
    assert (shelf(bread), shelf(book)) == ((5, 0), (5, 0))
    assert Operation.objects.filter(kind=Operation.Kind.CANCEL).count() == 1


def test_after_an_acceptance_it_is_too_late_to_cancel(bakery, bookshop):
    bread, book = make_product(bakery, stock=5), make_product(bookshop, stock=5)
    order = place((bread, 2), (book, 1))
    pay(order)
    orders.accept_all(order.shop_orders.get(shop=bakery), by=None)

    with pytest.raises(orders.TooLateToCancel):
        orders.cancel(order, reason="changed my mind")

    assert (shelf(bread), shelf(book)) == ((5, 2), (5, 1))
    assert order.payments.get().status == Payment.Status.AUTHORISED


def test_a_lost_payment_gives_goods_and_vouchers_back(bakery, heard):
    bread = make_product(bakery, stock=5)
    order = place((bread, 2))
    voucher = get_model("voucher", "Voucher").objects.create(
        name="Noël",
        code="NOEL",
        start_datetime=timezone.now(),
        end_datetime=timezone.now() + timedelta(days=1),
        num_orders=1,
    )
    voucher.applications.create(order=order)
    payment = order.payments.get()

    for _twice in range(2):
        signals.payment_lost.send(sender=Payment, payment=payment, reason="abandoned")

    order.refresh_from_db()
    voucher.refresh_from_db()
    assert order.status == "cancelled"
    assert shelf(bread) == (5, 0)
    assert (voucher.num_orders, voucher.applications.count()) == (0, 0)
    assert heard == [
        (order.shop_orders.get().number, "awaiting", "cancelled"),
        (order.number, "cancelled", "abandoned"),
    ]
