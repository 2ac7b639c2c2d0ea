from datetime import timedelta
from decimal import Decimal

import pytest
from django.db.models import Sum
from django.utils import timezone

from marketplace.checkout import placing
from pickup import errors as pickup_errors
from pickup.models import Collection
from pickup.windows import Window
from shops.models import Payment, ShopOrder
from tests.checkout.town import first_window, make_counter, place, rows
from tests.factories import make_basket, make_product, make_shop

pytestmark = pytest.mark.django_db


def test_an_order_of_two_shops_is_written_with_its_hold(counter):
    bread = make_product(make_shop(), price="1.35", stock=5)
    cheese = make_product(make_shop(), price="7.20", stock=5)
    basket = make_basket((bread, 2), (cheese, 1))

    order = place(basket)

    assert order.total_incl_tax == Decimal("9.90")
    assert [(each.shop, each.ordered_total, each.status) for each in order.shop_orders.order_by("pk")] == [
        (bread.shop, Decimal("2.70"), ShopOrder.Status.AWAITING),
        (cheese.shop, Decimal("7.20"), ShopOrder.Status.AWAITING),
    ]
    payment = order.payments.get()
    assert (payment.amount, payment.status) == (990, Payment.Status.NEW)
    assert (order.collection.status, order.collection.held_until) == (Collection.Status.HELD, payment.expires_at)
    bread.stock.refresh_from_db()
    assert (bread.stock.num_in_stock, bread.stock.num_allocated) == (5, 2)
    assert order.number.startswith("DEMO-")


@pytest.mark.parametrize(("shops", "queries"), [(1, 47), (3, 57)])
def test_placing_costs_what_oscar_writes_for_each_line_and_nothing_more(
    counter, django_assert_num_queries, shops, queries
):
    basket = make_basket(*((make_product(make_shop()), 1) for _ in range(shops)))
    window, total = first_window(basket), basket.total_incl_tax

    with django_assert_num_queries(queries):  # five for each line: itself, its price, its stock, its alerts
        place(basket, window=window, shown_total=total)


def test_the_same_basket_twice_is_one_order(counter):
    sheet = make_product(make_shop(), stock=5)
    basket = make_basket((sheet, 2))

    first, second = place(basket), place(basket)

    assert first == second
    sheet.stock.refresh_from_db()
    assert (rows()["order.Order"], sheet.stock.num_allocated) == (1, 2)


def _nothing_changed(sheet, before):
    sheet.stock.refresh_from_db()
    return rows() == before and not sheet.stock.num_allocated


@pytest.mark.parametrize(
    ("spoil", "refusal"),
    [
        (lambda sheet: type(sheet.stock).objects.update(num_in_stock=1), placing.SoldOut),
        (lambda sheet: type(sheet.stock).objects.update(price=Decimal("5.00")), placing.PriceChanged),
        (lambda sheet: type(sheet.shop).objects.update(status="suspended"), placing.NotOnSale),
        (lambda sheet: type(sheet.shop).objects.update(transfers_active=False), placing.NotOnSale),
        (lambda sheet: type(sheet.product).objects.update(is_public=False), placing.NotOnSale),
    ],
)
def test_what_changed_since_is_refused_and_nothing_is_written(counter, spoil, refusal):
    sheet = make_product(make_shop(), price="4.50", stock=5)
    basket = make_basket((sheet, 2))
    window, total = first_window(basket), basket.total_incl_tax
    spoil(sheet)
    before = rows()

    with pytest.raises(refusal):
        place(basket, window=window, shown_total=total)

    assert _nothing_changed(sheet, before)


def test_sold_out_tells_how_many_are_left(counter):
    sheet = make_product(make_shop(), "Tarte", stock=5)
    basket = make_basket((sheet, 3))
    type(sheet.stock).objects.update(num_in_stock=2)

    with pytest.raises(placing.SoldOut, match="2") as refusal:
        place(basket, window=first_window(basket))

    assert "Tarte" in str(refusal.value)


def test_a_window_of_the_past_or_of_nowhere_is_refused(counter):
    sheet = make_product(make_shop(), stock=5)
    basket = make_basket((sheet, 1))
    offered = first_window(basket)
    before = rows()

    for window in [
        Window(counter.pk, timezone.now() - timedelta(hours=3), timezone.now() - timedelta(hours=1)),
        Window(counter.pk + 99, offered.starts_at, offered.ends_at),
    ]:
        with pytest.raises(pickup_errors.WindowClosed):
            place(basket, window=window)

    assert _nothing_changed(sheet, before)


def test_a_full_counter_is_refused_and_nothing_is_written():
    make_counter(window_capacity=1)
    sheet = make_product(make_shop(), stock=9)
    late = make_basket((sheet, 1))
    window = first_window(late)
    place(make_basket((sheet, 1)), window=window)
    before = rows()

    with pytest.raises(pickup_errors.NoRoom):
        place(late, window=window)

    sheet.stock.refresh_from_db()
    assert (rows(), sheet.stock.num_allocated) == (before, 1)


def test_goods_with_an_age_limit_need_the_age(counter):
    wine = make_product(make_shop(), stock=5, min_age=18)
    basket = make_basket((wine, 1))
    window, before = first_window(basket), rows()

    with pytest.raises(placing.AgeUnknown):
        place(basket, window=window)

    assert _nothing_changed(wine, before)
    assert place(basket, window=window, old_enough_for=18).total_incl_tax == wine.price


def test_an_empty_basket_is_no_order(counter):
    before = rows()
    window = first_window(make_basket((make_product(make_shop()), 1)))

    with pytest.raises(placing.EmptyBasket):
        place(make_basket(), window=window)

    assert rows() == before


def test_an_order_that_is_not_paid_gives_everything_back(counter):
    from shops.payments import sweep

    sheet = make_product(make_shop(), stock=5)
    order = place(make_basket((sheet, 2)))
    Payment.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    sweep.abandon_unpaid()

    order.refresh_from_db()
    sheet.stock.refresh_from_db()
    assert (order.status, sheet.stock.num_allocated or 0) == ("cancelled", 0)
    assert order.collection.status == Collection.Status.RELEASED
    assert order.shop_orders.aggregate(total=Sum("ordered_total"))["total"] == Decimal("9.00")
    assert rows()["foundation.Message"] == 0  # nobody was told of it, so nobody is told of its end
