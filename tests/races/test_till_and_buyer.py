"""A till sets stock while a resident buys, two tills sell at once, one call comes many times. Each with its control."""

from collections import Counter

import pytest

from marketplace.checkout import placing
from shops.models import TillAnswer
from shops.tills import answers, shelf
from tests.checkout.town import first_window, make_counter, place
from tests.factories import make_basket, make_product, make_shop
from tests.races.racing import meeting, race, unlock
from tests.shops.api.calls import make_key

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

TILLS = 8


def count_while_somebody_buys() -> tuple[str, int, int, int]:
    """A till counts none of the last piece while a resident orders it: what became of the order, how many pieces the till
    was told are promised, and the pieces in stock and promised at the end."""
    make_counter()
    shop = make_shop()
    sheet = make_product(shop, stock=1)
    basket = make_basket((sheet, 1))
    window, total = first_window(basket), basket.total_incl_tax
    wish = shelf.Wish(reference=sheet.reference, stock=0)

    def go(number):
        if number:
            return shelf.write(shop, [wish])
        return place(basket, window=window, shown_total=total)

    with meeting((placing, "_write_order"), (shelf, "_save")):
        outcome, told = race(go, 2)
    sheet.stock.refresh_from_db()
    return type(outcome).__name__, told[0].promised, sheet.stock.num_in_stock, sheet.stock.num_allocated or 0


def test_the_till_hears_of_the_order_or_the_resident_of_the_empty_shelf():
    assert count_while_somebody_buys() in [("Order", 1, 0, 1), ("SoldOut", 0, 0, 0)]


def test_without_the_locks_a_piece_is_sold_that_the_till_said_is_gone(monkeypatch):
    unlock(monkeypatch)

    assert count_while_somebody_buys() == ("Order", 0, 0, 1)


def sell_at_two_counters() -> int:
    """Eight tills ring up a piece of the same ten at once; the pieces that are left."""
    shop = make_shop()
    sheet = make_product(shop, stock=10)
    with meeting((shelf, "_save")):
        race(lambda _number: shelf.write(shop, [shelf.Wish(reference=sheet.reference, delta=-1)]), TILLS)
    sheet.stock.refresh_from_db()
    return sheet.stock.num_in_stock


def test_each_of_many_tills_takes_its_piece():
    assert sell_at_two_counters() == 10 - TILLS


def test_without_the_locks_sales_get_lost(monkeypatch):
    unlock(monkeypatch)

    assert sell_at_two_counters() > 10 - TILLS


def send_many_times(once) -> tuple[Counter, int]:
    """One call with one idempotency key comes eight times at once: the answers, and the pieces that are left of ten."""
    shop = make_shop()
    sheet = make_product(shop, stock=10)
    key, _secret = make_key(shop)

    def ring_up():
        [answer] = shelf.write(shop, [shelf.Wish(reference=sheet.reference, delta=-1)])
        return {"stock": answer.stock}

    told = race(lambda _number: once(key, key="receipt-1", body=b"the same", action=ring_up), TILLS)
    sheet.stock.refresh_from_db()
    return Counter(str(each) for each in told), sheet.stock.num_in_stock


def test_a_call_that_comes_many_times_at_once_counts_once_and_is_answered_alike():
    assert send_many_times(answers.once) == (Counter({"{'stock': 9}": TILLS}), 9)
    assert TillAnswer.objects.count() == 1


def test_without_the_key_it_counts_each_time():
    _told, left = send_many_times(lambda _key, *, key, body, action: action())

    assert left == 10 - TILLS
