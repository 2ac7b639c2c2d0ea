"""What can happen between the order and the money: others want the same goods, the page is left, the word comes late."""

from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from marketplace.checkout import placing
from marketplace.foundation.messages import Message
from pickup.models import Collection
from shops import orders
from shops.models import Payment, ShopOrder
from shops.payments import charges, operations, sweep
from shops.payments.fake import checkout
from shops.payments.fake.models import BalanceTransaction, Intent
from tests.checkout.town import first_window, place
from tests.factories import make_basket, make_product
from tests.shops.payments.conftest import hold, open_shop, page_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def last_piece(counter):
    return make_product(open_shop(), stock=1)


def at_the_payment_page(sheet):
    """An order for one piece whose resident looks at the payment page."""
    order = place(make_basket((sheet, 1)))
    charges.start(order.payments.get())
    return order


def pay_on_the_page(order) -> None:
    checkout.pay(page_of(order.payments.get()))


def left_of(sheet) -> tuple[int, int]:
    """(in stock, allocated)."""
    sheet.stock.refresh_from_db()
    return sheet.stock.num_in_stock, sheet.stock.num_allocated or 0


def state(order) -> tuple[str, str, str]:
    """Order, payment and collection."""
    order.refresh_from_db()
    return order.status, order.payments.get().status, Collection.objects.get(order=order).status


def test_the_last_piece_is_kept_for_who_is_paying(last_piece):
    other = make_basket((last_piece, 1))
    window = first_window(other)
    order = at_the_payment_page(last_piece)

    with pytest.raises(placing.SoldOut):
        place(other, window=window)
    pay_on_the_page(order)
    charges.sync(order.payments.get())

    assert state(order) == ("paid", "authorised", "confirmed")
    assert left_of(last_piece) == (1, 1)


def test_who_pays_after_the_goods_went_to_another_is_not_debited(last_piece):
    slow = at_the_payment_page(last_piece)
    Payment.objects.update(expires_at=timezone.now())
    sweep.abandon_unpaid()
    quick = at_the_payment_page(last_piece)
    pay_on_the_page(quick)
    charges.sync(quick.payments.get())

    pay_on_the_page(slow)
    charges.sync(slow.payments.get())
    operations.work_due()
    operations.work_due()

    assert state(slow) == ("cancelled", "abandoned", "released")
    assert state(quick) == ("paid", "authorised", "confirmed")
    assert Intent.objects.get(session=page_of(slow.payments.get())).status == "canceled"
    assert (left_of(last_piece), BalanceTransaction.objects.count()) == ((1, 1), 0)
    call_command("check_books")


def test_a_page_that_closes_by_itself_gives_everything_back_by_the_webhook_alone(last_piece, deliver):
    order = at_the_payment_page(last_piece)

    with time_machine.travel(timezone.now() + timedelta(minutes=36)):
        checkout.let_time_pass()
        assert set(deliver()) == {200}

    assert state(order) == ("cancelled", "abandoned", "released")
    assert (left_of(last_piece), Message.objects.count()) == ((1, 0), 0)


def test_a_word_that_comes_after_the_cancellation_brings_nothing_back(last_piece, deliver):
    order = at_the_payment_page(last_piece)
    pay_on_the_page(order)
    orders.cancel(order, reason="changed my mind")
    operations.work_due()

    assert set(deliver()) == {200}
    operations.work_due()

    assert state(order) == ("cancelled", "canceled", "released")
    assert Intent.objects.get().status == "canceled"
    assert (left_of(last_piece), ShopOrder.objects.get().status) == ((1, 0), "cancelled")
    assert Message.objects.count() == 0
    call_command("check_books")


def test_a_second_word_of_a_payment_tells_nobody_twice(last_piece, deliver):
    order = at_the_payment_page(last_piece)
    pay_on_the_page(order)
    charges.sync(order.payments.get())
    told = Message.objects.count()

    deliver()
    sweep.compare_hanging(timezone.now() + timedelta(hours=1))

    assert (told, Message.objects.count()) == (2, 2)


def test_paid_in_time_then_cancelled_by_the_resident_costs_nothing(last_piece):
    order = place(make_basket((last_piece, 1)))
    hold(order)

    orders.cancel(order, reason="changed my mind")
    operations.work_due()

    assert state(order) == ("cancelled", "canceled", "released")
    assert BalanceTransaction.objects.count() == 0
    call_command("check_books")
