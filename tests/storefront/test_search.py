"""The search: words as people type them."""

import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.urls import reverse

from marketplace.search import text
from marketplace.search.models import SearchEntry
from marketplace.search.queries import find
from marketplace.search.text import fold, stems
from shops import products
from tests.factories import make_category, make_product, make_shop

pytestmark = pytest.mark.django_db


@contextmanager
def switching_all_the_time():
    """Threads take turns a thousand times as often as usual: what can go wrong between two of them does."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        yield
    finally:
        sys.setswitchinterval(usual)


def titles(query):
    return [entry.title for entry in find(query)]


@pytest.fixture
def shop():
    return make_shop("Maison Brindille")


@pytest.fixture
def goods(shop):
    for title in ("Pâtisserie du jour", "Œufs de ferme", "Gelée de coings", "Huile d’olive", "Pain au chocolat"):
        make_product(shop, title)
    call_command("rebuild_search", verbosity=0)


def test_folding_knows_ligatures():
    assert fold("Œuf, Ærø, NOËL") == "oeuf, aerø, noel"


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("patisseries", "Pâtisserie du jour"),
        ("PÂTISSERIE", "Pâtisserie du jour"),
        ("oeuf", "Œufs de ferme"),
        ("œufs", "Œufs de ferme"),
        ("gelee", "Gelée de coings"),
        ("gelées coing", "Gelée de coings"),
        ("l'huile d'olives", "Huile d’olive"),
        ("pains au chocolats", "Pain au chocolat"),
        ("choco", "Pain au chocolat"),
    ],
)
def test_accents_plurals_and_beginnings_do_not_matter(goods, query, title):
    assert titles(query) == [title]


@pytest.mark.parametrize(
    "query", ["", "  ", "de la", "pain huile", '"', "' & |", "pain) OR (zzz", "xyzzy", "*", "NEAR("]
)
def test_what_is_not_there_or_no_word_finds_nothing_and_breaks_nothing(client, goods, query):
    assert titles(query) == []
    assert client.get(reverse("search"), {"q": query}).status_code == 200


def test_a_word_in_the_title_comes_before_one_in_the_text(shop):
    products.create(
        shop, title="Confiture", description="Pour le pain.", price=Decimal("5.00"), stock=1, vat_rate=Decimal("5.50")
    )
    products.create(shop, title="Pain", price=Decimal("5.00"), stock=1, vat_rate=Decimal("5.50"))

    assert titles("pain") == ["Pain", "Confiture"]


def test_a_barcode_finds_its_product_alone(shop):
    products.create(shop, title="Roman", price=Decimal("8.00"), stock=1, vat_rate=Decimal("5.50"), ean="9782070360024")
    products.create(
        shop, title="Autre", price=Decimal("8.00"), stock=1, vat_rate=Decimal("5.50"), description="9782070360024"
    )

    assert titles("9782070360024") == ["Roman"]


def test_a_change_is_found_at_once(shop):
    sheet = products.create(
        shop, title="Pain", price=Decimal("5.00"), stock=1, vat_rate=Decimal("5.50"), category=make_category("Boulange")
    )

    products.update(sheet, title="Brioche")

    assert (titles("pain"), titles("brioche"), titles("boulange")) == ([], ["Brioche"], ["Brioche"])


def test_a_renamed_shop_is_found_with_its_goods(shop):
    products.create(shop, title="Pain", price=Decimal("5.00"), stock=1, vat_rate=Decimal("5.50"))

    shop.name = "Fournil"
    shop.save()

    assert titles("fournil") == ["Fournil", "Pain"]
    assert titles("brindille") == []


def test_nothing_of_a_suspended_shop_is_found(shop, goods):
    assert titles("brindille")

    type(shop).objects.filter(pk=shop.pk).update(status="suspended")

    assert titles("brindille") == titles("oeuf") == []


def test_a_deleted_product_leaves_no_entry(shop):
    sheet = products.create(shop, title="Pain", price=Decimal("5.00"), stock=1, vat_rate=Decimal("5.50"))

    sheet.delete()

    assert not SearchEntry.objects.filter(kind="product").exists()


@pytest.mark.parametrize("number", [1, 3])
def test_results_cost_the_same_for_one_and_for_three(client, shop, django_assert_num_queries, number):
    for n in range(number):
        make_product(shop, f"Pain {n}")
    call_command("rebuild_search", verbosity=0)

    with django_assert_num_queries(4):
        page = client.get(reverse("search"), {"q": "pain"})

    assert len(page.context["found"].products) == number


def test_no_result_helps_on(client, goods):
    page = client.get(reverse("search"), {"q": "xyzzy"})

    assert "xyzzy" in page.text
    assert reverse("shops:categories") in page.text


def test_people_who_search_at_the_same_moment_do_not_mix_up_their_words():
    words = [
        f"{begin}{end}" for begin in "bcdfglmnprst" for end in ("eureusement", "ationalement", "andises", "ivités")
    ]
    alone = [stems(word) for word in words]
    text._stem.cache_clear()

    with switching_all_the_time(), ThreadPoolExecutor(8) as pool:
        together = list(pool.map(stems, words))

    assert together == alone


def test_stems_do_not_depend_on_accents():
    assert stems("pâtisseries gelée crèmes brûlées") == stems("patisserie gelee creme brulee")
