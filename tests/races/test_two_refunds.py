"""One refund page, confirmed by many taps at once. The control shows that the test sees the race without the lock."""

from collections import Counter
from decimal import Decimal

import pytest

from shops.desk import refund_limits, refunding
from shops.models import Refund, ShopStaff
from shops.payments import locks, refunds
from shops.payments.fake.transport import in_process
from tests.factories import make_user
from tests.races.racing import meeting, race, unlock
from tests.shops.payments.conftest import debit, open_shop, place

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

TAPS = 20


def refund_one_piece_of_many(taps: int) -> tuple[Counter, int]:
    """The outcomes by name, and the refunds that are owed."""
    order = place((open_shop(), "5.00", 2 * taps))
    with in_process():
        debit(order)
    shop_order = order.shop_orders.get()
    pieces = {shop_order.lines.get().pk: 1}
    people = [ShopStaff.objects.create(shop=shop_order.shop, user=make_user(), role="owner") for _tap in range(taps)]

    def tap(number):
        return refunding.give_back(shop_order, pieces=pieces, reason="quality", made=0, staff=people[number])

    with meeting((refunds, "refund")):
        outcomes = race(tap, taps)

    return Counter(type(outcome).__name__ for outcome in outcomes), Refund.objects.count()


def test_of_many_taps_one_refunds():
    outcomes, made = refund_one_piece_of_many(TAPS)

    assert outcomes == {"Refund": 1, "RefundedMeanwhile": TAPS - 1}
    assert made == 1


def test_without_the_lock_a_second_tap_refunds_again(monkeypatch):
    def unlocked(payment):
        return type(payment).objects.select_related("order").get(pk=payment.pk)

    for module in (refunding, refunds, locks):
        monkeypatch.setattr(module, "lock_payment", unlocked)

    _outcomes, made = refund_one_piece_of_many(TAPS)

    assert made > 1


def two_refunds_of_one_manager() -> tuple[Counter, int]:
    """Of two orders, 6 euros each, at once; the manager may refund 10 euros a day."""
    shop = open_shop(refund_limit_day=Decimal(10))
    manager = ShopStaff.objects.create(shop=shop, user=make_user(), role="manager")
    placed = [place((shop, "6.00", 1)) for _order in range(2)]
    with in_process():
        for order in placed:
            debit(order)
    shop_orders = [order.shop_orders.get() for order in placed]

    def refund(number):
        pieces = {shop_orders[number].lines.get().pk: 1}
        return refunding.give_back(shop_orders[number], pieces=pieces, reason="quality", made=0, staff=manager)

    with meeting((refund_limits, "check")):
        outcomes = race(refund, 2)

    return Counter(type(outcome).__name__ for outcome in outcomes), Refund.objects.count()


def test_two_refunds_at_once_share_the_limit_of_the_day():
    assert two_refunds_of_one_manager() == ({"Refund": 1, "AboveLimit": 1}, 1)


def test_without_the_lock_both_would_pass_the_limit(monkeypatch):
    unlock(monkeypatch)

    _outcomes, made = two_refunds_of_one_manager()

    assert made == 2
