"""The resident hears what a shop offers instead, and answers on the order page with one tap."""

import pytest
from django.core import mail
from django.urls import reverse

from marketplace.foundation import messages
from shops import orders
from shops.models import Payment, ShopOrder, ShopOrderLine
from shops.orders import replacing
from tests.checkout.town import make_counter, place
from tests.factories import make_basket, make_product, make_shop
from tests.shops.orders_of import pay

pytestmark = pytest.mark.django_db


@pytest.fixture
def order():
    """Paid; of its two loaves the shop has none, and offers others."""
    make_counter()
    shop = make_shop("Boulangerie Martin")
    placed = place(make_basket((make_product(shop, "Pain de seigle"), 2)))
    placed.payments.get().move(Payment.Status.SESSION_OPEN)
    pay(placed)
    shop_order = placed.shop_orders.get()
    line = shop_order.lines.get()
    instead = make_product(shop, "Pain d’épeautre", price="4.20", allergens="gluten")
    orders.answer(shop_order, accepted={line.pk: 0}, reasons={line.pk: "Épuisé"}, offers={line.pk: instead})
    return placed


@pytest.fixture
def line(order):
    return ShopOrderLine.objects.get(replaces__isnull=False)


def answer(client, order, line, word):
    address = reverse("checkout:replacement", args=[order.details.token])
    return client.post(address, {"line": line.pk, "answer": word}, follow=True)


def test_a_mail_tells_what_is_offered_until_when_and_where_to_answer(order, line):
    messages.send_due()

    (sent,) = [each for each in mail.outbox if "propose" in each.subject]
    assert all(words in sent.body for words in ("2 × Pain de seigle (Épuisé)", "2 × Pain d’épeautre", "8,40"))
    assert f"{order.details.get_absolute_url()}#remplacement-{line.pk}" in sent.body


def test_the_page_shows_the_offer_and_one_tap_takes_it(client, order, line):
    page = client.get(order.details.get_absolute_url()).text.replace("\xa0", " ")

    after = answer(client, order, line, "yes").text

    line.refresh_from_db()
    assert all(words in page for words in ("Oui, je le prends", "8,40 € au lieu de 9,00 €", "gluten"))
    assert (line.accepted_quantity, "Oui, je le prends" in after, "à la place de Pain de seigle" in after) == (
        2,
        False,
        True,
    )


def test_one_tap_declines_it(client, order, line):
    page = answer(client, order, line, "no").text

    line.refresh_from_db()
    assert (line.accepted_quantity, line.shop_order.status) == (0, ShopOrder.Status.REFUSED)
    assert "n’est pas ajouté" in page


def test_silence_is_told_by_mail(order, line):
    replacing.close_due(line.offered_until)
    messages.send_due()

    assert [each for each in mail.outbox if "n’est pas ajouté" in each.subject]


def test_a_second_other_answer_says_that_nothing_changed(client, order, line):
    answer(client, order, line, "yes")

    page = answer(client, order, line, "no").text

    line.refresh_from_db()
    assert (line.accepted_quantity, "rien n’a changé" in page) == (2, True)


@pytest.mark.parametrize("word", ["maybe", ""])
def test_nonsense_and_lines_of_other_orders_do_not_exist(client, order, line, word):
    other = place(make_basket((make_product(make_shop()), 1)))

    answers = [
        answer(client, order, line, word),
        answer(client, other, line, "yes"),
        answer(client, order, line.replaces, "yes"),
    ]

    line.refresh_from_db()
    assert ([each.status_code for each in answers], line.accepted_quantity) == ([404] * 3, None)
