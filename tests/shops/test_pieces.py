"""Every way in which goods go back to the shelf or leave it, walked twice: the neighbour's pieces stay his."""

from contextlib import suppress
from pathlib import Path

import pytest
from django.utils import timezone

from marketplace.foundation.lifecycle import ForbiddenMove
from shops import orders, signals
from shops.models import Payment, ShopOrder
from tests.factories import make_product, make_shop
from tests.shops.orders_of import paid_shop_order

pytestmark = pytest.mark.django_db
HOUSE = Path(__file__).parents[2]


def accept(shop_order):
    if shop_order.status == "awaiting":
        orders.accept_all(shop_order, by=None)
        Payment.objects.filter(order=shop_order.order_id).update(status="captured", captured=1350)


def accept_one(shop_order):
    orders.answer(shop_order, accepted={shop_order.lines.get().pk: 1})


def refuse(shop_order):
    orders.refuse_all(shop_order, reason="", by=None)


def cancel(shop_order):
    orders.cancel(shop_order.order, reason="changed my mind")


def lose_payment(shop_order):
    payment = shop_order.order.payments.get()
    signals.payment_lost.send(sender=Payment, payment=payment, reason="hold_expired")


def stay_silent(shop_order):
    ShopOrder.objects.filter(pk=shop_order.pk).update(answer_by=timezone.now())
    orders.close_due()


def give_up(shop_order):
    orders.mark_missing(shop_order, temperatures={"ambient"})


def come_late(shop_order):
    orders.note_late(shop_order, temperature="ambient", place="C1")


def collect(shop_order):
    orders.mark_collected(shop_order)


def stay_away(shop_order):
    orders.mark_no_show(shop_order)


WAYS = [
    ([accept_one], (10, 4)),
    ([refuse], (10, 3)),
    ([cancel], (10, 3)),
    ([lose_payment], (10, 3)),
    ([stay_silent], (10, 3)),
    ([refuse, cancel, lose_payment], (10, 3)),
    ([cancel, lose_payment, stay_silent], (10, 3)),
    ([accept_one, lose_payment, cancel], (10, 3)),
    ([accept, give_up], (10, 3)),
    ([accept, give_up, come_late], (7, 3)),
    ([accept, give_up, come_late, collect, stay_away], (7, 3)),
    ([accept, collect], (7, 3)),
    ([accept, stay_away], (10, 3)),
    ([accept, collect, give_up, stay_away], (7, 3)),
    ([accept, stay_away, give_up, collect, come_late], (10, 3)),
    ([accept, cancel], (10, 6)),
    ([give_up], (10, 6)),
]


@pytest.mark.parametrize(
    ("ways", "shelf"), WAYS, ids=lambda each: "-".join(getattr(way, "__name__", "") for way in each)
)
def test_pieces_move_once(ways, shelf):
    sheet = make_product(make_shop(), stock=10)
    paid_shop_order(sheet, 3)  # the neighbour's: what moves twice would be taken from him
    shop_order = paid_shop_order(sheet, 3)

    for way in [way for each in ways for way in (each, each)]:
        shop_order.refresh_from_db()
        with suppress(orders.OrderError, ForbiddenMove):
            way(shop_order)

    sheet.stock.refresh_from_db()
    assert (sheet.stock.num_in_stock, sheet.stock.num_allocated) == shelf


def test_goods_that_spoil_uncollected_leave_the_shelf_once():
    sheet = make_product(make_shop(), stock=10, withdrawal="perishable")
    shop_order = paid_shop_order(sheet, 3)
    accept(shop_order)

    for _twice in range(2):
        stay_away(shop_order)

    sheet.stock.refresh_from_db()
    assert (sheet.stock.num_in_stock, sheet.stock.num_allocated) == (7, 0)


def test_only_the_outcomes_of_lines_move_pieces():
    callers = {
        str(path.relative_to(HOUSE))
        for package in ("shops", "pickup", "cms", "marketplace")
        for path in (HOUSE / package).rglob("*.py")
        if any(f"stock.{name}" in path.read_text() for name in ("give_back", "consume", "take_out"))
    }

    assert callers == {"shops/orders/lines.py"}
