"""Many buyers, one piece of the day left. The control shows that the test sees the race when the lock is taken out."""

from collections import Counter

import pytest
from oscar.core.loading import get_model

from shops import daily, stock
from shops.models import ProductSheet, ShopOrder
from tests.checkout.town import first_window, make_counter, place
from tests.factories import make_basket, make_product, make_shop
from tests.races.racing import meeting, race

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

BUYERS = 40


def sell_the_last_of_today() -> tuple[Counter, int, int]:
    """The buyers' outcomes by name, the orders, and how many pieces of the day count as gone."""
    make_counter()
    sheet = make_product(make_shop(), stock=0, daily_stock=1)
    baskets = [make_basket((sheet, 1)) for _buyer in range(BUYERS)]
    window, total = first_window(baskets[0]), baskets[0].total_incl_tax

    with meeting((daily, "take")):
        outcomes = race(lambda number: place(baskets[number], window=window, shown_total=total), BUYERS)

    counted = Counter(type(outcome).__name__ for outcome in outcomes)
    return counted, ShopOrder.objects.count(), ProductSheet.objects.get().gone_today


def test_the_last_piece_of_the_day_is_sold_once():
    outcomes, sold, gone = sell_the_last_of_today()

    assert outcomes == {"Order": 1, "SoldOut": BUYERS - 1}
    assert (sold, gone) == (1, 1)


def test_without_the_lock_the_last_piece_of_the_day_is_sold_more_than_once(monkeypatch):
    rows = get_model("partner", "StockRecord").objects
    monkeypatch.setattr(stock, "lock", lambda pks: {row.pk: row for row in rows.filter(pk__in=pks)})
    monkeypatch.setattr(stock, "lock_shops", lambda pks: None)  # else its lock would stand in

    _outcomes, sold, _gone = sell_the_last_of_today()

    assert sold > 1
