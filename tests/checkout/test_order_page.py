"""The private page of an order."""

import pytest

from tests.checkout.town import make_counter, place
from tests.factories import make_basket, make_product, make_shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def order():
    make_counter()
    return place(make_basket((make_product(make_shop()), 1)))


def test_its_address_is_kept_from_other_sites_and_search_engines(client, order):
    headers = client.get(order.details.get_absolute_url()).headers

    # "no-referrer" would keep it from our own forms too: a browser then sends them with "Origin: null", which is refused.
    assert (headers["Referrer-Policy"], headers["X-Robots-Tag"]) == ("same-origin", "noindex")
    assert "no-store" in headers["Cache-Control"]


def test_an_order_that_was_not_paid_in_time_says_so_and_offers_the_goods_again(client, order):
    order.payments.update(status="abandoned")
    type(order).objects.filter(pk=order.pk).update(status="cancelled")

    page = client.get(order.details.get_absolute_url()).text

    assert "n’a pas été payée à temps" in page
    assert "Remettre ces articles dans mon panier" in page
