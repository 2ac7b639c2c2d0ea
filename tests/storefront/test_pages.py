"""The pages of the storefront: what they show, what they hide, what they cost."""

import json
import re
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import translation

from shops import opening
from shops.models import Closure
from tests.factories import make_category, make_product, make_shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def bakery():
    return make_shop("Boulangerie du Pont", slug="pont", trade="bakery", story="Au levain depuis 1931.")


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_of_shops_costs_the_same_for_one_shop_and_for_three(client, django_assert_num_queries, number):
    shops = [make_shop() for _ in range(number)]

    with django_assert_num_queries(2):
        page = client.get(reverse("shops:list"))

    assert [shop.name for shop in shops if shop.name not in page.text] == []


@pytest.mark.parametrize("number", [1, 3])
def test_a_shop_shows_its_goods_its_hours_and_who_the_trader_is(client, bakery, django_assert_num_queries, number):
    sheets = [make_product(bakery, f"Pain {n}") for n in range(number)]

    with django_assert_num_queries(5):
        page = client.get(bakery.get_absolute_url())

    assert [sheet.title for sheet in sheets if sheet.title not in page.text] == []
    assert all(text in page.text for text in (bakery.siret, bakery.legal_name, "Au levain", "08:00 – 20:00"))


@pytest.mark.parametrize("number", [1, 3])
def test_an_aisle_shows_what_lies_below_it(client, bakery, django_assert_num_queries, number):
    novels = make_category("Livres > Romans")
    sheets = [make_product(bakery, f"Roman {n}", category=novels) for n in range(number)]
    make_product(bakery, "Baguette", category=make_category("Pains"))

    with django_assert_num_queries(4):
        page = client.get(reverse("shops:category", args=["livres"]))

    assert [sheet.title for sheet in sheets if sheet.title not in page.text] == []
    assert "Baguette" not in page.text
    assert reverse("shops:category", args=["romans"]) in page.text


def test_what_lies_in_a_hidden_aisle_is_not_shown_above_it(client, bakery):
    make_product(bakery, "Roman", category=make_category("Livres > Romans"))
    hidden = make_category("Livres > Réserve")
    make_product(bakery, "Incunable", category=hidden)
    hidden.is_public = False
    hidden.save()

    page = client.get(reverse("shops:category", args=["livres"]))

    assert "Roman" in page.text
    assert "Incunable" not in page.text


@pytest.mark.parametrize(("language", "name"), [("fr", "Boulangerie"), ("en", "Bakery")])
def test_the_trade_is_named_in_the_language_of_the_reader(bakery, language, name):
    with translation.override(language):
        assert bakery.get_trade_display() == name


def test_the_aisles_are_listed_with_what_is_right_below_them(client, django_assert_num_queries):
    make_category("Livres > Romans > Policiers")

    with django_assert_num_queries(1):
        page = client.get(reverse("shops:categories"))

    shown = [f">{name}<" in page.text for name in ("Livres", "Romans", "Policiers")]
    assert shown == [True, True, False]


@pytest.mark.parametrize("number", [1, 3])
def test_a_product_costs_the_same_whatever_else_the_shop_sells(client, bakery, django_assert_num_queries, number):
    sheet = make_product(bakery, "Pain de campagne", net_quantity=800, net_unit="g", price="4.00", allergens="gluten")
    for _ in range(number):
        make_product(bakery)

    with django_assert_num_queries(8):
        page = client.get(sheet.get_absolute_url())

    assert all(text in page.text for text in ("4,00\u00a0€", "5,00\u00a0€/kg", "gluten", "Boulangerie du Pont"))


def test_an_old_name_in_the_address_leads_to_the_product(client, bakery):
    sheet = make_product(bakery, "Pain")

    page = client.get(reverse("shops:product", args=["ancien-nom", sheet.product_id]))

    assert (page.status_code, page["Location"]) == (301, sheet.get_absolute_url())


def test_search_engines_read_the_offer_and_nothing_can_end_the_block(client, bakery):
    sheet = make_product(bakery, "Pain </script><b>", price="4.50", stock=0)

    page = client.get(sheet.get_absolute_url())

    [block] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page.text, re.DOTALL)
    data = json.loads(block)
    assert data["name"] == "Pain </script><b>"
    assert (data["offers"]["price"], data["offers"]["availability"]) == ("4.50", "https://schema.org/OutOfStock")


def test_of_a_suspended_shop_nothing_is_shown(client, bakery):
    sheet = make_product(bakery, "Pain", category=make_category("Pains"))
    bakery.status = "suspended"
    bakery.save()

    statuses = [client.get(address).status_code for address in (bakery.get_absolute_url(), sheet.get_absolute_url())]

    assert statuses == [404, 404]
    assert bakery.name not in client.get(reverse("shops:list")).text
    assert sheet.get_absolute_url() not in client.get(reverse("shops:category", args=["pains"])).text


def test_a_product_taken_off_the_shelf_is_not_found(client, bakery):
    sheet = make_product(bakery, "Pain")
    sheet.product.is_public = False
    sheet.product.save()

    assert client.get(sheet.get_absolute_url()).status_code == 404
    assert "Pain" not in client.get(bakery.get_absolute_url()).text


def test_no_page_gives_an_anonymous_visitor_a_cookie(client, bakery):
    sheet = make_product(bakery, "Pain", category=make_category("Pains"))
    addresses = [
        reverse("shops:list"),
        bakery.get_absolute_url(),
        reverse("shops:categories"),
        reverse("shops:category", args=["pains"]),
        sheet.get_absolute_url(),
        reverse("search") + "?q=pain",
        reverse("basket:summary"),
        reverse("basket:badge"),
    ]

    cookies = {address: dict(client.get(address).cookies) for address in addresses}

    assert cookies == dict.fromkeys(addresses, {})


def test_a_shop_says_when_it_opens_next(bakery):
    bakery.opening_hours = "Tu-Sa 09:00-12:30"
    monday_noon = datetime(2026, 11, 23, 12, 0, tzinfo=ZoneInfo("Europe/Paris"))
    Closure.objects.create(shop=bakery, first_on="2026-11-24", last_on="2026-11-24")

    status = opening.now_at(bakery, monday_noon)

    assert status.open is False
    assert "25" in status.sentence and "09:00" in status.sentence


def test_robots_are_kept_out_of_a_demonstration(client, settings):
    settings.DEMO = True
    demo = client.get("/robots.txt").text
    settings.DEMO = False
    live = client.get("/robots.txt").text

    assert "Disallow: /\n" in demo
    assert "Disallow: /\n" not in live and "Disallow: /panier/\n" in live


def test_an_aisle_can_be_narrowed_and_sorted(client, bakery):
    pains = make_category("Pains")
    dear = make_product(bakery, "Brioche", price="9.00", category=pains)
    cheap = make_product(make_shop("Fournil", slug="fournil"), "Miche", price="2.00", category=pains)
    gone = make_product(bakery, "Fouace", price="1.00", stock=0, category=pains)
    address = reverse("shops:category", args=["pains"])

    def listed(query):
        return list(client.get(f"{address}?{query}").context["page"])

    assert listed("") == [dear, cheap, gone]
    assert listed("tri=prix") == [cheap, dear, gone]
    assert listed("dispo=1&boutique=pont") == [dear]
    assert listed("tri=nonsense&page=99") == [dear, cheap, gone]
