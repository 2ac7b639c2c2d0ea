"""The day sheet comes once in the morning, to shops that want it and have orders; the page that says so."""

from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.utils import timezone

from marketplace.foundation import messages
from shops import orders
from shops.desk import day_sheets
from shops.models import Shop, ShopOrder
from tests.factories import make_product, make_shop
from tests.shops.at_the_desk import sign_in
from tests.shops.orders_of import paid_shop_order
from tests.shops.test_weighing import beef

pytestmark = pytest.mark.django_db


def at(hour: float) -> datetime:
    """Today in the town."""
    return timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(hours=hour)


@pytest.fixture
def shop():
    return make_shop("Boucherie", opening_hours="24/7", wants_day_sheet=True, email="boucherie@example.org")


def order_for(shop, hour: float = 17, *, accept: bool = True, sheet=None) -> ShopOrder:
    """An order of `shop` to deposit today at that hour."""
    shop_order = paid_shop_order(sheet or make_product(shop, "Terrine"), 2)
    if accept:
        orders.accept_all(shop_order, by=None)
    ShopOrder.objects.filter(pk=shop_order.pk).update(deposit_by=at(hour), answer_by=at(12))
    return shop_order


def sheets() -> list[str]:
    """The text of each sheet that was mailed."""
    messages.send_due()
    return [each.body for each in mail.outbox if each.to == ["boucherie@example.org"] and "[  ]" in each.body]


def test_it_lists_what_to_prepare_and_what_to_answer(shop):
    first = order_for(shop, 17, sheet=beef(shop))
    new = order_for(shop, 9, accept=False)
    order_for(shop, 41)  # tomorrow

    day_sheets.send_due(at(6))

    [text] = sheets()
    assert text.index(new.number) < text.index(first.number)
    assert all(words in text for words in ("[  ] 2 × Côte de bœuf", "[  ] 2 × Terrine", "NOUVELLE", "17:00", "2,4"))
    assert text.count("[  ]") == 2


def test_it_comes_once_a_day(shop):
    order_for(shop)

    counts = [day_sheets.send_due(at(hour)) for hour in (6, 6.1, 10.9)]

    assert (counts, len(sheets())) == ([1, 0, 0], 1)
    assert len(day_sheets.due(at(24 + 6))) == 0


@pytest.mark.parametrize("hour", [0, 4.9, 11, 18, 23.9])
def test_outside_the_morning_nothing_comes(shop, hour):
    order_for(shop)

    assert (day_sheets.send_due(at(hour)), sheets()) == (0, [])


def test_without_orders_or_without_the_wish_nothing_comes(shop):
    ended = order_for(shop, accept=False)
    orders.refuse_all(ended, reason="Épuisé", by=None)
    order_for(make_shop(opening_hours="24/7", email="boucherie@example.org"))

    assert (day_sheets.send_due(at(6)), sheets()) == (0, [])


def test_an_owner_sets_limits_and_a_manager_only_the_sheet(shop):
    wish = {"refund_limit_helper": "5", "refund_limit_order": "20", "refund_limit_day": "60"}

    sign_in(shop, "manager")("habits", data={"wants_day_sheet": "on", **wish})
    by_manager = Shop.objects.values_list("refund_limit_helper", "refund_limit_order", "wants_day_sheet").get()
    sign_in(shop, "owner")("habits", data=wish)

    assert by_manager == (0, 50, True)
    assert Shop.objects.values_list(*wish, "wants_day_sheet").get() == (5, 20, 60, False)


@pytest.mark.parametrize("nonsense", ["-1", "1e9", "beaucoup", ""])
def test_a_limit_that_is_none_changes_nothing(shop, nonsense):
    fields = {"refund_limit_helper": nonsense, "refund_limit_order": "20", "refund_limit_day": "60"}

    page = sign_in(shop, "owner")("habits", data=fields)

    assert list(page.context["form"].errors) == ["refund_limit_helper"]
    assert Shop.objects.get().refund_limit_order == 50
