"""Transactions end in another order than they began: a program that reads meanwhile misses nothing. The control reads by key."""

from threading import Event

import pytest
from django.db import transaction

from shops.models import ShopEvent
from shops.tills import events, feed
from tests.factories import make_product, make_shop
from tests.races.racing import meeting, race, unlock
from tests.shops.orders_of import paid_shop_order

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def two_orders(read) -> tuple[list[str], list[str]]:
    """Two orders are moved, the first one's transaction ends last. The numbers of both, and those that a program reads that
    reads with `read(shop, cursor) -> (numbers, cursor)` after the second ended and after the first did."""
    shop = make_shop(opening_hours="24/7")
    sheet = make_product(shop, stock=20)
    first, second = paid_shop_order(sheet), paid_shop_order(sheet)
    _old, cursor = read(shop, 0)
    first_has_written, second_was_read = Event(), Event()
    seen = []

    def go(number):
        if number == 0:
            with transaction.atomic():
                ShopEvent.objects.create(shop=shop, kind="order.ready", shop_order=first)
                first_has_written.set()
                assert second_was_read.wait(10)
            return None
        assert first_has_written.wait(10)
        ShopEvent.objects.create(shop=shop, kind="order.ready", shop_order=second)
        numbers, seen_until = read(shop, cursor)
        seen.extend(numbers)
        second_was_read.set()
        return seen_until

    _nothing, seen_until = race(go, 2)
    return [second.number, first.number], [*seen, *read(shop, seen_until)[0]]


def by_position(shop, cursor):
    page = feed.orders_since(shop, cursor)
    return [order.number for order in page.rows], page.next


def by_key(shop, cursor):
    rows = list(shop.events.filter(pk__gt=cursor).order_by("pk").select_related("shop_order"))
    return [row.shop_order.number for row in rows], rows[-1].pk if rows else cursor


def test_an_event_that_is_committed_late_is_read_all_the_same():
    wanted, seen = two_orders(by_position)

    assert seen == wanted


def test_by_key_the_late_one_is_missed():
    wanted, seen = two_orders(by_key)

    assert seen == wanted[:1]


READERS = 8


def number_at_once() -> tuple[list, list]:
    """Eight programs read at the same moment: what each said, and the positions of the three events."""
    shop = make_shop(opening_hours="24/7")
    for _ in range(3):
        paid_shop_order(make_product(shop))
    with meeting((ShopEvent.objects, "bulk_update")):
        said = race(lambda _number: events.number(shop), READERS)
    return said, sorted(shop.events.values_list("position", flat=True))


def test_one_reader_numbers_and_all_wait_for_it():
    said, positions = number_at_once()

    assert sorted(said) == [0] * (READERS - 1) + [3]
    assert positions == [1, 2, 3]


def test_without_the_lock_readers_number_the_same_events(monkeypatch):
    unlock(monkeypatch)

    said, _positions = number_at_once()

    assert said.count(0) < READERS - 1
