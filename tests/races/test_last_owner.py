"""Two owners take each other's rights away at the same moment: the shop keeps one. The control takes the lock out."""

import pytest

from shops import staffing
from shops.models import ShopStaff
from tests.factories import make_shop, make_staff
from tests.races.racing import meeting, race, unlock

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def owners_left() -> int:
    """How many of two owners are left after both were removed at once, each when the other's removal was being checked."""
    shop = make_shop()
    for _person in range(2):
        make_staff(shop)
    owners = list(ShopStaff.objects.filter(shop=shop))

    with meeting((staffing, "_keep_an_owner"), afterwards=True):
        race(lambda number: staffing.remove(owners[number]), len(owners))

    return ShopStaff.objects.filter(shop=shop, role=ShopStaff.Role.OWNER, is_active=True).count()


def test_a_shop_keeps_its_last_owner():
    assert owners_left() == 1


def test_without_the_lock_a_shop_loses_both(monkeypatch):
    unlock(monkeypatch)

    assert owners_left() == 0
