"""One tap that a phone on poor signal sends several times at once. The control shows what the key spares the shopkeeper."""

from uuid import uuid4

import pytest

from shops import orders, taps
from shops.desk.views.tapping import attempt
from shops.models import ShopOrder, Tap
from tests.factories import make_product, make_shop
from tests.races.racing import race
from tests.shops.orders_of import paid_shop_order

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

TIMES = 8


def sent_at_once(keys: list) -> tuple[list[bool], int]:
    """Whether each was done, and how often the order moved."""
    shop = make_shop(opening_hours="24/7")
    shop_order = paid_shop_order(make_product(shop))

    def send(number):
        deed = f"accept {shop_order.pk}"
        return taps.once(
            shop,
            key=keys[number],
            deed=deed,
            action=lambda: attempt(shop_order, lambda: orders.accept_all(shop_order, by=None), words="Accepted."),
        )

    outcomes = race(send, len(keys))
    return [outcome.done for outcome in outcomes], ShopOrder.objects.get(pk=shop_order.pk).history().count()


def test_the_same_tap_is_done_once_and_all_hear_the_same():
    key = uuid4()

    done, moved = sent_at_once([key] * TIMES)

    assert (done, moved, Tap.objects.count()) == ([True] * TIMES, 1, 1)


def test_without_a_common_key_all_but_one_hear_that_somebody_was_faster():
    done, moved = sent_at_once([uuid4() for _time in range(TIMES)])

    assert (done.count(True), moved) == (1, 1)
