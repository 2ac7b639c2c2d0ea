"""A shop whose owner stands at the desk."""

import pytest

from shops.models import ShopStaff
from tests.factories import make_shop
from tests.shops.at_the_desk import sign_in


@pytest.fixture
def shop():
    return make_shop("Boulangerie Martin", opening_hours="24/7")


@pytest.fixture
def desk(shop):
    """The owner at the desk: `desk(name, *args, data=…)` opens or posts a page of the shop."""
    return sign_in(shop, ShopStaff.Role.OWNER)
