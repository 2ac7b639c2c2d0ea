"""A bag is scanned: the right one passes, a wrong one is stopped and named, a foreign one is nobody's. Doors too low are said."""

import pytest
from django.test import Client
from django.urls import reverse

from pickup import codes
from shops import orders
from shops.desk import bags
from tests.factories import make_product, make_shop, make_staff
from tests.pickup.makers import confirmed, make_bank, make_counter
from tests.shops.desk_cases import everything

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    return make_shop("Boulangerie Martin", opening_hours="24/7", lead_minutes=0)


@pytest.fixture
def desk(shop):
    client = Client()
    client.force_login(make_staff(shop, "helper"))

    def scan(code, shop_order=None):
        name, more = ("desk:order_bag", [shop_order.pk]) if shop_order else ("desk:bag", [])
        return client.post(reverse(name, args=[shop.slug, *more]), {"code": code}).content.decode()

    return scan


def packed(point, sheet, **fields):
    """The shop's part of an order for `point` that stands packed and debited."""
    collection = confirmed(point, (sheet, 1))
    shop_order = collection.order.shop_orders.get()
    orders.accept_all(shop_order, by=None) if shop_order.status == "awaiting" else None
    return orders.mark_ready(shop_order, **{"bags": 1} | fields)


def labels_of(shop_order) -> list[str]:
    """What can be scanned or typed of a bag: square and digits of the deposit code, and the number, alone and with the bag."""
    [code] = codes.deposit_codes(shop_order)
    return [code.token, code.pin, code.pin.replace(" ", ""), shop_order.number.lower(), f"{shop_order.number}/2"]


def test_each_way_to_read_the_right_bag_passes_and_a_wrong_one_is_stopped_with_its_name(shop, desk):
    bank = make_bank("L", "L", "L")
    mine, other = (packed(bank.point, make_product(shop)) for _order in range(2))
    before = everything()

    right = [desk(label, mine) for label in labels_of(mine)]
    wrong = [desk(label, mine) for label in labels_of(other)]

    assert [f"Ce sac va avec {mine.number}" in page for page in right] == [True] * 5
    assert [f"Stop : ce sac va avec {other.number}" in page.replace("\xa0", " ") for page in wrong] == [True] * 5
    assert everything() == before


def test_without_an_order_the_page_says_whose_bag_it_is(shop, desk):
    shop_order = packed(make_counter(name="Office de tourisme"), make_product(shop))

    page = desk(f"{shop_order.number}/1")

    assert f"Ce sac va avec {shop_order.number}" in page
    assert "Office de tourisme" in page


def test_another_shops_bag_is_nobodys(desk):
    theirs = packed(make_bank("L").point, make_product(make_shop(opening_hours="24/7", lead_minutes=0)))

    pages = [desk(label) for label in [*labels_of(theirs), "L1:NONSENSE", "1234 5678", "/"]]

    assert [theirs.number in page for page in pages] == [False] * 8
    assert ["aucune commande de votre boutique" in page for page in pages] == [True] * 8


@pytest.mark.parametrize(
    ("doors", "fields", "words"),
    [
        (["S"], {"bags": 1, "size": "medium"}, "19"),
        (["S"], {"bags": 4, "size": "small"}, "4 sacs"),
        (["L"], {"bags": 7}, "7 sacs"),
    ],
)
def test_bags_that_will_not_go_behind_the_door_are_told(shop, doors, fields, words):
    shop_order = packed(
        make_bank(*doors).point, make_product(shop, volume_l="12.00" if doors == ["S"] else "70.00"), **fields
    )

    [warning] = bags.warnings(shop_order)

    assert words in warning
    assert "une autre porte" in warning


@pytest.mark.parametrize("fields", [{"bags": 3, "size": "small"}, {"bags": 1}])
def test_bags_that_fit_are_not_worth_a_word(shop, fields):
    shop_order = packed(make_bank("S").point, make_product(shop, volume_l="12.00"), **fields)

    assert bags.warnings(shop_order) == []


def test_a_counter_has_no_door(shop):
    assert bags.warnings(packed(make_counter(), make_product(shop), bags=30, size="large")) == []


def test_the_way_to_hand_over_at_ones_own_counter_is_beside_it(shop, desk):
    point = make_counter(name="Au comptoir", host_shop=shop)

    page = desk("")

    assert reverse("pickup:counter", args=[point.slug]) in page
