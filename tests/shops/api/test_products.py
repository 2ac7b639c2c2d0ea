"""Products into the till: whatever was edited, at least once."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from shops import products
from shops.models import ProductSheet
from shops.tills import feed
from tests.factories import make_product, make_shop
from tests.shops.api.calls import till_of
from tests.shops.orders_of import place

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    return make_shop()


@pytest.fixture
def till(shop):
    return till_of(shop)


def read(till, since: str = "") -> tuple[list[str], str]:
    """The titles of all pages from `since` on, and where to go on the next time."""
    titles, more = [], True
    while more:
        page = till.get("/products", since=since).json()
        titles += [product["title"] for product in page["products"]]
        since, more = page["next"], page["more"]
    return titles, since


def test_a_product_says_what_a_till_needs_and_goes_back_unchanged(shop, till):
    sheet = make_product(shop, "Sel", stock=10, ean="3017620422003")
    place((sheet, 3))

    [product] = till.get("/products").json()["products"]

    assert product["updated_at"]
    assert product | {"updated_at": ""} == {
        "reference": sheet.reference, "ean": "3017620422003", "title": "Sel", "stock": 10, "promised": 3, "left": 7,
        "price": "4.50", "price_per_kg": None, "vat_rate": "20.00", "is_public": True, "updated_at": "",
    }  # fmt: skip
    [answer] = till.lines({name: product[name] for name in ("reference", "stock", "price")})
    assert (answer["changed"], answer["left"]) == (False, 7)


def test_the_next_time_only_what_was_edited_comes(shop, till):
    with time_machine.travel(timezone.now() - timedelta(days=2)):
        first, _second = make_product(shop, "Sel"), make_product(shop, "Poivre")
    everything, position = read(till)

    products.update(first, price=2)

    assert everything == ["Sel", "Poivre"]
    assert read(till, position)[0] == ["Sel"]


def test_a_change_whose_transaction_ends_late_is_not_missed(shop, till):
    now = timezone.now()
    late = make_product(shop, "Tard")
    make_product(shop, "Tôt")
    ProductSheet.objects.filter(pk=late.pk).update(updated_at=now + timedelta(days=1))  # not there yet
    titles, position = read(till)
    assert titles[0] == "Tôt"

    ProductSheet.objects.filter(pk=late.pk).update(updated_at=now - feed.OVERLAP + timedelta(minutes=1))

    assert "Tard" in read(till, position)[0]


@pytest.mark.parametrize("count", [1, 3, 7])
def test_pages_miss_nothing_also_of_the_same_moment(shop, till, monkeypatch, count):
    monkeypatch.setattr("shops.tills.feed.PRODUCTS_AT_ONCE", 2)
    titles = [make_product(shop).title for _ in range(count)]
    ProductSheet.objects.update(updated_at=timezone.now())

    assert read(till)[0] == titles


def test_a_neighbours_products_do_not_come(shop, till):
    make_product(make_shop(), "Le leur")

    assert read(till)[0] == []


@pytest.mark.parametrize("rows", [1, 3])
def test_a_page_costs_the_same_with_one_product_and_with_three(shop, till, rows, django_assert_num_queries):
    for _ in range(rows):
        make_product(shop)
    read(till)

    with django_assert_num_queries(6):  # key · minute: savepoint, row, written, released · products
        titles, _position = read(till)

    assert len(titles) == rows


@pytest.mark.parametrize("since", ["x", "1-2", "1-2-3-4", "-1-2-3", "1-" + "9" * 30 + "-1", "١-٢-٣", "\x00"])
def test_what_is_no_cursor_is_refused_in_words(till, since):
    answer = till.get("/products", since=since)

    assert (answer.status_code, answer.headers["Content-Type"]) == (422, "application/problem+json")


def test_a_key_for_orders_reads_no_products(shop):
    make_product(shop, "Sel")

    answer = till_of(shop, may_stock=False).get("/products")

    assert answer.status_code == 403
    assert "Sel" not in answer.content.decode()
