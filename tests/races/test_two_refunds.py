"""One refund page, confirmed by many taps at once. The control shows that the test sees the race without the lock."""

from collections import Counter

import pytest

from shops.desk import refunding
from shops.models import Refund
from shops.payments import locks, refunds
from shops.payments.fake.transport import in_process
from tests.races.racing import meeting, race
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

    def tap(_number):
        return refunding.give_back(shop_order, pieces=pieces, reason="quality", made=0, by=None)

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
