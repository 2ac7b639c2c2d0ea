"""Where goods are collected, when it does not go as promised: no room, or a shop that does not come."""

import pytest
from playwright.sync_api import expect

from tests.journeys import steps

pytestmark = pytest.mark.browser

BANK, OTHER_BANK = "Consigne de la Gare", "Consigne du Marché"


@pytest.fixture
def neighbours(town):
    """Others who fill a bank, and give their places back afterwards."""
    taken = []
    yield lambda bank, title: taken.extend(town.ask("fill", bank, title))
    town.ask("cancel", taken)


def test_a_bank_that_fills_up_sends_the_resident_to_another_place_in_words(town, phone, neighbours):
    title = "Beurre doux de Touraine"
    steps.put_into_basket(phone, town.site, title)
    steps.choose(phone, town.site, OTHER_BANK, email="complet@example.org")

    neighbours(OTHER_BANK, title)
    phone.get_by_role("button", name="Commander et payer").click()

    told = phone.get_by_role("status")
    expect(told).to_contain_text(f"Il n’y a plus de place à ce moment-là ({OTHER_BANK}).")
    expect(told).to_contain_text(BANK)
    assert town.ask("orders_of", "complet@example.org") == []
    full = steps.offer(phone, OTHER_BANK)
    expect(full).to_contain_text("assez grand n’est libre ces prochains soirs. Veuillez choisir un autre lieu.")
    expect(full.get_by_role("radio")).to_have_count(0)
    expect(steps.offer(phone, "Comptoir des Halles").get_by_role("radio").first).to_be_visible()
    expect(phone.get_by_label("Adresse e-mail")).to_have_value("complet@example.org")
    steps.offer(phone, BANK).get_by_role("radio").first.check()
    phone.get_by_role("button", name="Continuer").click()
    steps.pay(phone)


def test_a_shop_that_never_comes_is_named_and_the_rest_can_be_collected(town, phone, desk, kiosk):
    for title in ("Pain complet", "Pommes gala"):
        steps.put_into_basket(phone, town.site, title)
    steps.choose(phone, town.site, BANK, email="manque@example.org")
    order_page = steps.pay(phone)
    number = steps.number_of(phone)
    bakery, greengrocer = desk("boulangerie-du-pont"), desk("panier-de-lison")
    for shop in (bakery, greengrocer):
        shop.accept(number)
    bakery.pack(number)
    screen = kiosk(BANK)
    door = screen.deposit(bakery.deposit_code(number))
    phone.goto(order_page)
    steps.look_until(phone, "1 boutique sur 2")

    town.ask("let_deposits_end", number)
    town.books_balance()

    phone.goto(order_page)
    expect(phone.get_by_text("Les achats chez Le Panier de Lison ne sont pas arrivés.")).to_be_visible()
    expect(phone.get_by_text("Remboursement de 2,90 €")).to_be_visible()
    pin = steps.pin_of(phone, order_page)
    assert screen.type(pin)
    assert screen.collect() == door
    phone.goto(order_page)
    steps.look_until(phone, "Vous avez retiré votre commande.")
    town.books_balance()
    money = town.ask("money", number)
    assert (money["debited"], money["refunded"], money["owed_to_shops"]) == (680, 290, ["none", "sent"])
