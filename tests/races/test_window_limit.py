"""Many residents, a shop that brings two orders at a time. The control shows the race without the lock of the shop."""

from collections import Counter

import pytest

from marketplace.checkout import placing
from shops import stock
from shops.models import ShopOrder
from tests.checkout.town import first_window, make_counter, place
from tests.factories import make_basket, make_product, make_shop
from tests.races.racing import meeting, race

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

BUYERS, LIMIT = 30, 2


def order_for_the_same_time() -> tuple[Counter, int]:
    """Each buyer wants a product of his own, so that the stock keeps nobody apart; outcomes by name, orders of the window."""
    make_counter()
    shop = make_shop(window_limit=LIMIT)
    baskets = [make_basket((make_product(shop), 1)) for _ in range(BUYERS)]
    window, total = first_window(baskets[0]), baskets[0].total_incl_tax

    with meeting((placing, "_write_order")):
        outcomes = race(lambda number: place(baskets[number], window=window, shown_total=total), BUYERS)

    return Counter(type(outcome).__name__ for outcome in outcomes), ShopOrder.objects.count()


def test_a_shop_gets_as_many_orders_for_a_time_as_it_can_bring():
    outcomes, orders = order_for_the_same_time()

    assert outcomes == {"Order": LIMIT, "ShopFull": BUYERS - LIMIT}
    assert orders == LIMIT


def test_without_the_lock_of_the_shop_it_gets_more(monkeypatch):
    monkeypatch.setattr(stock, "lock_shops", lambda pks: None)

    _outcomes, orders = order_for_the_same_time()

    assert orders > LIMIT
