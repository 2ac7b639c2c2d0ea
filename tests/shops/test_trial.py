"""The trial order: the steps and words of a real one, and no order anywhere."""

import re

import pytest
from django.utils import translation

from shops.models import Shop, ShopOrder, ShopStaff
from tests.factories import make_product, make_shop
from tests.shops.at_the_desk import sign_in
from tests.shops.desk_cases import everything
from tests.shops.orders_of import paid_shop_order

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    shop = make_shop(opening_hours="24/7")
    make_product(shop, "Pain de seigle", price="4.50")
    return shop


@pytest.fixture
def desk(shop):
    return sign_in(shop, ShopStaff.Role.OWNER)


def walk_to_the_code(desk) -> str:
    desk("trial", data={"action": "accept"})
    page = desk("trial", data={"action": "ready", "bags": "2"})
    return page.context["trial"].code


def test_the_walk_ends_with_the_right_code(shop, desk):
    code = walk_to_the_code(desk)

    page = desk("trial", data={"action": "deposit", "code": f"{code[:4]} {code[4:]}"})

    shop.refresh_from_db()
    assert page.context["trial"].step == "collected"
    assert shop.rehearsed_at is not None


def test_a_wrong_code_opens_nothing_and_says_so(shop, desk):
    code = walk_to_the_code(desk)

    page = desk("trial", data={"action": "deposit", "code": code[::-1] + "1"})

    shop.refresh_from_db()
    assert "code" in page.context["code"].errors
    assert shop.rehearsed_at is None


def test_nothing_but_the_day_of_the_walk_is_written(shop, desk):
    desk("trial")
    before = everything()
    code = walk_to_the_code(desk)
    assert everything() == before

    desk("trial", data={"action": "deposit", "code": code})

    Shop.objects.update(rehearsed_at=None)
    assert everything() == before
    assert not ShopOrder.objects.exists()


@pytest.mark.parametrize(
    "fields",
    [
        {}, {"action": "collect"}, {"action": "ready", "bags": "1"}, {"action": "deposit", "code": "00000000"},
        {"action": "ready", "bags": "-1"}, {"action": "accept\x00"}, {"action": "deposit", "code": "\x00"},
    ],
)  # fmt: skip
def test_no_step_is_jumped_over(shop, desk, fields):
    page = desk("trial", data=fields)

    assert page.status_code == 200
    assert page.context["trial"].step == "new"


def test_the_walk_can_begin_again(desk):
    walk_to_the_code(desk)

    page = desk("trial", data={"action": "again"})

    assert page.context["trial"].step == "new"


def test_an_empty_shelf_says_what_to_do_first():
    shop = make_shop()

    page = sign_in(shop, ShopStaff.Role.HELPER)("trial")

    assert page.status_code == 200
    assert f"/espace-boutique/{shop.slug}/produits/" in page.content.decode()


def test_the_trials_of_two_shops_do_not_meet(shop, desk):
    other = make_shop()
    make_product(other)
    desk("trial", data={"action": "accept"})

    assert sign_in(other, ShopStaff.Role.OWNER)("trial").context["trial"].step == "new"


def buttons(page: str) -> set[str]:
    """The words of the large buttons and links."""
    found = re.findall(r'<(?:a|button)[^>]*class="[^"]*button-big[^"]*"[^>]*>(.*?)</(?:a|button)>', page, re.DOTALL)
    return {re.sub(r"<[^>]+>", "", words).strip() for words in found}


def test_the_buttons_are_those_of_the_real_order(shop, desk):
    sheet = shop.sheets.get()
    with translation.override("fr"):
        real = paid_shop_order(sheet, 1)
        real_new = buttons(desk("board").content.decode())
        desk("accept", real.pk, data={})
        real_preparing = buttons(desk("board").content.decode())

        trial_new = buttons(desk("trial").content.decode())
        trial_preparing = buttons(desk("trial", data={"action": "accept"}).content.decode())

    assert trial_new and trial_new <= real_new
    assert trial_preparing and trial_preparing <= real_preparing
