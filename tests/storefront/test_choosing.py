"""Products in variants as residents meet them: one card in lists and in the search, a choice on the page, the order says which."""

import json
import re
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.urls import reverse

from cms import shelves
from marketplace.search.models import SearchEntry
from marketplace.search.queries import find
from shops import choosing, products, variants
from shops.models import ProductSheet, ShopOrderLine
from tests.checkout.town import make_counter, place
from tests.factories import make_basket, make_category, make_product, make_shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    return make_shop("Fil et semelle")


@pytest.fixture
def jersey(shop):
    """M and L in marine, M in rouge, which is sold out and costs more."""
    sheet = make_product(shop, "Marinière", price="35.00", category=make_category("Vêtements"))
    family = variants.make(sheet, options=["taille", "couleur"], values=["M", "marine"])
    variants.add(family, ["L", "marine"], price=Decimal("37.00"), stock=3)
    variants.add(family, ["M", "rouge"], price=Decimal("39.00"), stock=0)
    call_command("rebuild_search", verbosity=0)
    return family


def variant(family, *values) -> ProductSheet:
    return next(sheet for sheet in family.sheets.with_all() if sheet.values == list(values))


def test_the_page_offers_every_value_and_leads_to_the_nearest_variant(jersey):
    [(size, sizes), (colour, colours)] = choosing.options(variant(jersey, "L", "marine"))

    assert (size, [(each.value, each.is_chosen) for each in sizes]) == ("taille", [("M", False), ("L", True)])
    assert (colour, [(each.value, each.is_chosen) for each in colours]) == (
        "couleur",
        [("marine", True), ("rouge", False)],
    )
    assert [each.sheet.values for each in sizes] == [["M", "marine"], ["L", "marine"]]
    assert [each.sheet.values for each in colours] == [["L", "marine"], ["M", "rouge"]]


@pytest.mark.parametrize("more", [0, 2])
def test_the_choice_costs_one_query(jersey, django_assert_num_queries, more):
    for number in range(more):
        variants.add(jersey, [f"{number}", "marine"], price=Decimal("35.00"), stock=1)
    sheet = variant(jersey, "L", "marine")

    with django_assert_num_queries(1):
        assert len(choosing.options(sheet)[0][1]) == 2 + more


def test_the_page_says_which_variant_is_shown_and_which_is_gone(client, jersey):
    page = client.get(variant(jersey, "M", "marine").get_absolute_url()).content.decode()

    page = page[page.index('class="variants"') : page.index('class="badges"')]
    links = re.findall(r'<li><a href="([^"]+)"( aria-current="true")?( class="variant-gone")?>', page)
    assert [(bool(current), bool(gone)) for _address, current, gone in links] == [
        (True, False),
        (False, False),
        (True, False),
        (False, True),
    ]
    assert all(client.get(address).status_code == 200 for address, _current, _gone in links)


def test_a_product_without_variants_offers_no_choice(client, shop):
    sheet = make_product(shop)

    assert choosing.options(ProductSheet.objects.with_all().get(pk=sheet.pk)) == []
    assert 'class="variants"' not in client.get(sheet.get_absolute_url()).content.decode()


def test_a_hidden_variant_is_no_choice(jersey):
    products.update(variant(jersey, "M", "rouge"), is_public=False)

    [_sizes, (_name, colours)] = choosing.options(variant(jersey, "M", "marine"))

    assert [each.value for each in colours] == ["marine"]


def test_every_list_shows_one_card_with_the_lowest_price(client, shop, jersey):
    category = variant(jersey, "M", "marine").product.categories.get()
    pages = {
        shop.get_absolute_url(): "page",
        reverse("shops:category", args=[category.slug]): "page",
        f"{reverse('search')}?q=mariniere": "found",
    }

    for address, name in pages.items():
        answer = client.get(address)
        shown = answer.context[name]
        cards = shown.products if name == "found" else list(shown)
        assert [(sheet.shared_title, sheet.values, sheet.has_dearer) for sheet in cards] == [
            ("Marinière", ["M", "marine"], True)
        ], address
    assert [sheet.values for sheet in shelves.goods(limit=5)] == [["M", "marine"]]


@pytest.mark.parametrize("query", ["marinière", "rouge", "marinière L", "couleur rouge M marine"])
def test_the_search_finds_a_family_once_by_what_any_variant_says(jersey, query):
    expected = 0 if "couleur" in query else 1

    assert find(query).filter(kind=SearchEntry.Kind.PRODUCT).count() == expected


def test_a_reference_of_any_variant_finds_its_family(jersey):
    dear = variant(jersey, "M", "rouge")

    assert find(dear.reference).get().object_id == variant(jersey, "M", "marine").pk


def test_a_barcode_finds_its_own_variant(jersey):
    red = variant(jersey, "M", "rouge")
    products.update(red, ean="4006381333931")

    assert find("4006381333931").get().object_id == red.pk


def test_when_the_cheapest_is_gone_another_one_stands_for_the_family(jersey):
    products.update(variant(jersey, "M", "marine"), stock=0)

    assert find("marinière").get().object_id == variant(jersey, "L", "marine").pk


def test_a_search_engine_reads_the_variant(client, jersey):
    page = client.get(variant(jersey, "L", "marine").get_absolute_url()).content.decode()

    data = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)[1])
    assert data["isVariantOf"]["name"] == "Marinière"
    assert [(each["name"], each["value"]) for each in data["additionalProperty"]] == [
        ("taille", "L"),
        ("couleur", "marine"),
    ]
    assert data["offers"]["price"] == "37.00"


def test_the_order_says_the_variant(jersey):
    make_counter()

    place(make_basket((variant(jersey, "L", "marine"), 1)))

    assert ShopOrderLine.objects.get().title == "Marinière, L, marine"
