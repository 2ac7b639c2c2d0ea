"""200 buyers, one item. The control shows that the test sees the race when the lock is taken out."""

from collections import Counter

import pytest
from oscar.core.loading import get_model

from marketplace.checkout import placing
from shops import stock
from shops.models import ShopOrder
from tests.checkout.town import first_window, make_counter, place
from tests.factories import make_basket, make_product, make_shop
from tests.races.racing import meeting, race

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

BUYERS = 200


def sell_the_last(buyers: int) -> tuple[Counter, int]:
    """Let `buyers` place a basket with the only piece; their outcomes by name, and the pieces sold."""
    make_counter()
    sheet = make_product(make_shop(), stock=1)
    baskets = [make_basket((sheet, 1)) for _ in range(buyers)]
    window, total = first_window(baskets[0]), baskets[0].total_incl_tax

    with meeting((placing, "_write_order")):
        outcomes = race(lambda number: place(baskets[number], window=window, shown_total=total), buyers)

    return Counter(type(outcome).__name__ for outcome in outcomes), ShopOrder.objects.count()


def test_of_200_buyers_of_the_last_item_one_gets_it():
    outcomes, sold = sell_the_last(BUYERS)

    assert outcomes == {"Order": 1, "SoldOut": BUYERS - 1}
    record = get_model("partner", "StockRecord").objects.get()
    assert (sold, record.num_in_stock, record.num_allocated) == (1, 1, 1)
    assert placing.Order.objects.count() == 1


def test_without_the_lock_the_last_item_is_sold_more_than_once(monkeypatch):
    rows = get_model("partner", "StockRecord").objects
    monkeypatch.setattr(stock, "lock", lambda pks: {row.pk: row for row in rows.filter(pk__in=pks)})
    monkeypatch.setattr(stock, "lock_shops", lambda pks: None)  # else its lock would stand in

    _outcomes, sold = sell_the_last(BUYERS)

    assert sold > 1
