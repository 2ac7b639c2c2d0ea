"""One basket, its button tapped many times at once. The control shows what the lock spares the resident."""

from collections import Counter

import pytest

from marketplace.checkout import placing
from shops import stock
from tests.checkout.town import first_window, make_counter, place, rows
from tests.factories import make_basket, make_product, make_shop
from tests.races.racing import meeting, race

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

TAPS = 30


def tap_many_times(taps: int) -> tuple[Counter, set, int]:
    """The outcomes by name, the orders among them, and the pieces that are promised."""
    make_counter()
    sheet = make_product(make_shop(), stock=100)
    basket = make_basket((sheet, 2))
    window, total = first_window(basket), basket.total_incl_tax

    with meeting((stock, "lock")):
        outcomes = race(lambda _number: place(basket, window=window, shown_total=total), taps)

    sheet.stock.refresh_from_db()
    orders = {outcome.pk for outcome in outcomes if isinstance(outcome, placing.Order)}
    return Counter(type(outcome).__name__ for outcome in outcomes), orders, sheet.stock.num_allocated


def test_of_many_taps_each_leads_to_the_one_order():
    outcomes, orders, promised = tap_many_times(TAPS)

    assert (outcomes, len(orders), promised) == ({"Order": TAPS}, 1, 2)
    assert {name: count for name, count in rows().items() if count > 1} == {}


def test_without_the_lock_taps_end_in_errors(monkeypatch):
    monkeypatch.setattr(placing.Basket.objects, "select_for_update", placing.Basket.objects.all)

    outcomes, _orders, _promised = tap_many_times(TAPS)

    assert outcomes["Order"] < TAPS
