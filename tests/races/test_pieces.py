"""Goods are given back once, however many come at the same moment. The controls show what happens without the locks."""

import pytest
from django.db import transaction

from shops.models import ShopOrderLine
from shops.orders import lines
from tests.factories import make_product, make_shop
from tests.races.racing import meeting, race, unlock
from tests.shops.orders_of import place

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
Outcome = ShopOrderLine.Outcome

PEOPLE = 8


def end_at_once(outcome: str) -> tuple[list[int], int, int]:
    """Let `PEOPLE` end the same three pieces; how many lines each ended, then pieces in stock and allocated of the ten.

    Somebody else's three pieces are allocated too: what is given back twice would be theirs.
    """
    sheet = make_product(make_shop(), stock=10)
    place((sheet, 3))
    shop_order = place((sheet, 3)).shop_orders.get()

    def end(_number):
        with transaction.atomic():
            return len(lines.end(shop_order.lines.all(), outcome))

    with meeting((lines, "_write")):
        ended = race(end, PEOPLE)
    sheet.stock.refresh_from_db()
    return sorted(ended), sheet.stock.num_in_stock, sheet.stock.num_allocated


@pytest.mark.parametrize(("outcome", "in_stock"), [(Outcome.CANCELLED, 10), (Outcome.MISSING, 10), (Outcome.GIVEN, 7)])
def test_pieces_move_once(outcome, in_stock):
    assert end_at_once(outcome) == ([0] * (PEOPLE - 1) + [1], in_stock, 3)


def test_without_the_lock_pieces_are_given_back_more_than_once(monkeypatch):
    unlock(monkeypatch)

    ended, _in_stock, allocated = end_at_once(Outcome.CANCELLED)

    assert sum(ended) > 1
    assert allocated < 3
