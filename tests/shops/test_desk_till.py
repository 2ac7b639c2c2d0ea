"""Connect my till: keys are shown once, and withdrawn at once."""

import re

import pytest

from shops.models import ShopStaff
from shops.tills import keys
from tests.factories import make_product
from tests.shops.api.calls import Till
from tests.shops.at_the_desk import sign_in

pytestmark = pytest.mark.django_db
SECRET = re.compile(r"halles_[\w-]{43}")


def test_a_key_is_shown_once_and_works(shop, desk):
    sheet = make_product(shop)

    made = desk("till_key_new", data={"name": "Caisse du comptoir", "may_stock": "on"})

    [secret] = SECRET.findall(made.content.decode())
    assert "no-store" in made.headers["Cache-Control"]
    assert Till(secret).lines({"reference": sheet.reference, "stock": 3})[0]["outcome"] == "ok"
    later = desk("till").content.decode()
    assert (secret in later, "Caisse du comptoir" in later) == (False, True)
    assert secret not in str(list(shop.till_keys.values()))


def test_a_key_may_what_was_chosen(shop, desk):
    desk("till_key_new", data={"name": "Caisse", "may_orders": "on"})

    assert list(shop.till_keys.values_list("may_stock", "may_orders")) == [(False, True)]


@pytest.mark.parametrize(
    "fields", [{"name": "Caisse"}, {"name": "", "may_stock": "on"}, {"name": "x" * 61, "may_stock": "on"}]
)
def test_a_key_that_may_nothing_or_has_no_name_is_not_made(shop, desk, fields):
    answer = desk("till_key_new", data=fields)

    assert not shop.till_keys.exists()
    assert 'class="error"' in answer.content.decode()


def test_a_withdrawn_key_opens_nothing_any_more(shop, desk):
    key, secret = keys.make(shop, name="Caisse", may_stock=True, may_orders=True)

    page = desk("till_key_revoke", key.pk, data={})

    assert "est retirée" in page.content.decode()
    assert Till(secret).post("/stock", {"lines": [None]}).status_code == 401


def test_a_shop_has_no_more_keys_than_programs(shop, desk):
    for _ in range(keys.MOST_KEYS):
        keys.make(shop, name="Caisse", may_stock=True, may_orders=True)

    page = desk("till_key_new", data={"name": "Une de trop", "may_stock": "on"})

    assert "Votre boutique a déjà 20 clés" in page.content.decode()
    assert shop.till_keys.count() == keys.MOST_KEYS


def test_helpers_make_no_keys(shop):
    helper = sign_in(shop, ShopStaff.Role.HELPER)

    assert helper("till_key_new", data={"name": "Caisse", "may_stock": "on"}).status_code == 404
    assert "caisse/" not in helper("shop").content.decode()
    assert not shop.till_keys.exists()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_costs_the_same_with_one_key_and_with_three(shop, desk, rows, django_assert_num_queries):
    for number in range(rows):
        keys.make(shop, name=f"Caisse {number}", may_stock=True, may_orders=True)
    desk("till")

    with django_assert_num_queries(6):  # session, person, place in the shop, keys, an example, addresses
        page = desk("till")

    assert page.content.decode().count("…halles") == 0
    assert len(re.findall("Caisse \\d</strong>", page.content.decode())) == rows
