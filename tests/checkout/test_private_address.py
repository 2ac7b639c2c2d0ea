"""The private order page: nobody finds it without its address, and its address stays where it is."""

import pytest
from django.test import Client

from marketplace.checkout.models import OrderDetails
from pickup.models import Collection
from shops.models import Payment, ShopOrder
from tests.checkout.town import place, rows
from tests.factories import make_basket, make_product, make_shop

pytestmark = pytest.mark.django_db
POSTED = ["payer/", "annuler/", "reprendre/", "prolonger/", "partager/", "reprendre-le-code/"]


@pytest.fixture
def sheet(counter):
    return make_product(make_shop(), price="4.50", stock=9)


@pytest.fixture
def details(sheet):
    return place(make_basket((sheet, 2))).details


def pages(details):
    return {
        name: f"{details.get_absolute_url()}{name}" for name in ("", "agenda.ics", "bon/", "code/", "aide/", *POSTED)
    }


def statuses():
    """How everything of all orders stands."""
    models = (ShopOrder, Payment, Collection)
    return [list(model.objects.order_by("pk").values_list("pk", "status")) for model in models]


def test_the_address_has_256_random_bits(details):
    assert len(details.token) == 43
    assert details.token != OrderDetails._meta.get_field("token").get_default()


@pytest.mark.parametrize("name", ["", "agenda.ics"])
def test_the_page_is_kept_by_nobody_and_its_address_goes_to_no_other_site(details, name):
    answer = Client().get(pages(details)[name])

    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Robots-Tag"] == "noindex"
    assert answer["Referrer-Policy"] == "same-origin"


def test_forms_of_the_page_arrive_as_browsers_send_them(details):
    """Under `no-referrer` a browser sends `Origin: null`, which is refused: then nobody could cancel."""
    client = Client(enforce_csrf_checks=True)
    client.get(pages(details)[""])
    form = {"csrfmiddlewaretoken": client.cookies["csrftoken"].value}

    assert client.post(pages(details)["reprendre/"], form, headers={"Origin": "null"}).status_code == 403
    assert client.post(pages(details)["reprendre/"], form, headers={"Origin": "http://testserver"}).status_code == 302


@pytest.mark.parametrize("name", POSTED)
def test_looking_changes_nothing_and_a_forged_form_neither(details, name):
    before, counted = statuses(), rows()

    assert Client().get(pages(details)[name]).status_code == 405
    assert Client(enforce_csrf_checks=True).post(pages(details)[name]).status_code == 403
    assert (statuses(), rows()) == (before, counted)


@pytest.mark.parametrize("spoil", [lambda token: token[:-1], lambda token: token[:-1] + "~", lambda token: "a" * 43])
@pytest.mark.parametrize("name", ["", "agenda.ics", "bon/", "code/", "aide/", *POSTED])
def test_another_token_finds_nothing(details, name, spoil):
    before, counted = statuses(), rows()
    address = pages(details)[name].replace(details.token, spoil(details.token))

    assert (Client().get(address).status_code, Client().post(address).status_code) in [
        (404, 404),
        (404, 405),
        (405, 404),
    ]
    assert (statuses(), rows()) == (before, counted)


def test_ordering_again_puts_no_more_into_the_basket_than_the_shelf_holds(details, sheet):
    client = Client()

    for _time in range(6):
        client.post(pages(details)["reprendre/"])

    sheet.stock.refresh_from_db()
    left = sheet.stock.num_in_stock - sheet.stock.num_allocated
    assert client.get("/panier/nombre/").json()["count"] == 6 == left - left % 2
