"""Two owners take each other's rights away at the same moment: the shop keeps one. The control takes the lock out."""

import pytest

from shops import staffing
from shops.models import Shop, ShopStaff
from tests.factories import make_shop, make_staff
from tests.races.racing import race

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

ROUNDS = 15


def owners_left() -> int:
    """How many of two owners are left after both were removed at once."""
    shop = make_shop()
    for _person in range(2):
        make_staff(shop)
    owners = list(ShopStaff.objects.filter(shop=shop))

    race(lambda number: staffing.remove(owners[number]), len(owners))

    return ShopStaff.objects.filter(shop=shop, role=ShopStaff.Role.OWNER, is_active=True).count()


def test_a_shop_keeps_its_last_owner():
    assert [owners_left() for _round in range(ROUNDS)] == [1] * ROUNDS


def test_without_the_lock_a_shop_loses_both(monkeypatch):
    monkeypatch.setattr(Shop.objects, "select_for_update", Shop.objects.all)

    assert 0 in [owners_left() for _round in range(ROUNDS)]
