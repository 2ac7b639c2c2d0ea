"""Operators look up shops, goods and orders; what other functions own cannot be written there."""

import pytest
from django.urls import reverse

from shops.models import ShopOrder
from tests.factories import make_product, make_shop, make_user
from tests.shops.orders_of import paid_shop_order


@pytest.fixture
def operator(client, db):
    client.force_login(make_user(is_staff=True, is_superuser=True))
    return client


@pytest.mark.parametrize("model", ["shop", "productsheet", "shoporder"])
def test_lists_and_pages_open(operator, model):
    shop_order = paid_shop_order(make_product(make_shop(), "Quiche"))
    pk = {"shop": shop_order.shop_id, "productsheet": shop_order.lines.get().sheet_id, "shoporder": shop_order.pk}[
        model
    ]

    assert operator.get(reverse(f"admin:shops_{model}_changelist"), {"q": "Quiche"}).status_code == 200
    assert operator.get(reverse(f"admin:shops_{model}_change", args=[pk])).status_code == 200


def test_an_order_is_not_written_in_the_admin(operator):
    shop_order = paid_shop_order(make_product(make_shop()))

    answer = operator.post(reverse("admin:shops_shoporder_change", args=[shop_order.pk]), {"status": "collected"})

    shop_order.refresh_from_db()
    assert answer.status_code == 403
    assert shop_order.status == ShopOrder.Status.AWAITING
