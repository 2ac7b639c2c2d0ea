"""What a visitor may try on the way to an order: forged totals, ages, and holding the market without paying."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client, RequestFactory
from django.utils import timezone

from marketplace.checkout import attempts, unpaid
from marketplace.checkout.models import OrderDetails
from shops import orders
from shops.models import Payment
from shops.payments import charges, sweep
from shops.payments.fake import checkout as fake
from shops.payments.fake.models import Session
from tests.checkout.town import first_window, rows
from tests.factories import make_basket, make_product, make_shop

pytestmark = pytest.mark.django_db
CONTACT = {"name": "Camille Essai", "email": "camille@example.org"}


def fill(client, sheet, quantity=1):
    client.post("/panier/ajouter/", {"product": sheet.product_id, "quantity": quantity})


def choose(client, sheet, **more):
    window = first_window(make_basket((sheet, 1))).key
    return client.post("/commande/retrait/", CONTACT | {"window": window} | more)


def order(client, total):
    return client.post("/commande/verification/", {"total": total})


def try_to_order(sheet, **browser):
    """One visitor with an empty basket, up to the button."""
    client = Client(**browser)
    fill(client, sheet)
    choose(client, sheet)
    return order(client, sheet.price)


@pytest.fixture
def sheet(counter):
    return make_product(make_shop(), price="4.50", stock=50)


@pytest.mark.parametrize("total", ["", "0", "-4.50", "0.01", "4.5e0001", "NaN", "sNaN", "Infinity", "4,50", "9" * 500])
def test_only_the_price_of_the_shelf_is_taken(sheet, total):
    client = Client()
    fill(client, sheet, 2)
    choose(client, sheet)
    before = rows()

    answer = order(client, total)

    sheet.stock.refresh_from_db()
    assert answer.status_code == 409
    assert (rows(), sheet.stock.num_allocated or 0) == (before, 0)


def test_an_age_confirmed_for_beer_does_not_buy_spirits(sheet):
    beer = make_product(sheet.shop, price="3.00", min_age=16)
    spirit = make_product(sheet.shop, price="20.00", min_age=18)
    client = Client()
    fill(client, beer)
    assert choose(client, beer, of_age="on").url == "/commande/verification/"
    fill(client, spirit)
    before = rows()

    answer = order(client, "23.00")

    assert answer.url == "/commande/retrait/"
    assert rows() == before
    choose(client, beer, of_age="on")
    assert order(client, "23.00").status_code == 302
    assert rows()["order.Order"] == before["order.Order"] + 1


def test_orders_that_nobody_pays_are_refused_after_some(sheet, settings):
    settings.MOST_UNPAID_ORDERS = 3
    for _number in range(3):
        assert try_to_order(sheet).status_code == 302
    before = rows()

    refused = try_to_order(sheet)

    assert (refused.status_code, rows()) == (409, before)
    sheet.stock.refresh_from_db()
    assert sheet.stock.num_allocated == 3
    assert try_to_order(sheet, REMOTE_ADDR="198.51.100.4").status_code == 302


def test_letting_orders_run_out_does_not_make_new_ones_possible(sheet, settings):
    settings.MOST_UNPAID_ORDERS = 2
    for _number in range(2):
        try_to_order(sheet)
    sweep.abandon_unpaid(now=timezone.now() + timedelta(hours=1))
    assert set(Payment.objects.values_list("status", flat=True)) == {Payment.Status.ABANDONED}

    assert try_to_order(sheet).status_code == 409


def test_orders_that_are_paid_do_not_count(sheet, settings):
    settings.MOST_UNPAID_ORDERS = 1
    try_to_order(sheet)
    payment = Payment.objects.get()
    fake.pay(Session.objects.get(pk=payment.session_id))
    charges.sync(payment)

    assert try_to_order(sheet).status_code == 302
    assert try_to_order(sheet).status_code == 409


def test_the_mark_of_a_connection_tells_nothing_and_is_forgotten_the_next_day(sheet):
    with time_machine.travel("2026-11-24 10:00:00+00:00", tick=False):
        try_to_order(sheet, REMOTE_ADDR="198.51.100.4")
        today = unpaid.mark_of(RequestFactory().get("/", REMOTE_ADDR="198.51.100.4"))
    assert OrderDetails.objects.get().visitor == today

    with time_machine.travel("2026-11-25 10:00:01+00:00", tick=False):
        assert unpaid.mark_of(RequestFactory().get("/", REMOTE_ADDR="198.51.100.4")) != today
        assert unpaid.forget() == 1
    assert OrderDetails.objects.get().visitor == ""


def unpaid_order_of(sheet):
    """A browser and the order that it has made and not paid."""
    client = Client()
    fill(client, sheet)
    choose(client, sheet)
    order(client, sheet.price)
    return client, OrderDetails.objects.get()


def test_an_order_is_found_again_when_the_payment_page_was_closed(sheet):
    client, details = unpaid_order_of(sheet)

    assert details.get_absolute_url() in client.get("/panier/").content.decode()
    assert details.get_absolute_url() not in Client().get("/panier/").content.decode()


def test_an_order_that_ended_is_no_longer_offered(sheet):
    client, details = unpaid_order_of(sheet)
    orders.cancel(details.order, reason="resident")

    assert details.get_absolute_url() not in client.get("/panier/").content.decode()
    assert attempts.KEY not in client.session
