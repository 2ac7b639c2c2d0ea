"""The main job: three shops, one basket, one payment, one code, one door for each temperature; each shop paid to the cent."""

import pytest
from playwright.sync_api import expect

from tests.journeys import steps

pytestmark = pytest.mark.browser

BANK = "Consigne de la Gare"


def test_three_shops_one_code(town, phone, desk, kiosk):
    for title in ("Baguette de tradition", "Baguette aux graines", "Comté 18 mois", "The C Programming Language"):
        steps.put_into_basket(phone, town.site, title)
    steps.choose(phone, town.site, BANK, email="journey@example.org")
    order_page = steps.pay(phone)
    number = steps.number_of(phone)

    bakery, creamery, bookshop = map(desk, ("boulangerie-du-pont", "cremerie-des-halles", "librairie-page-tournee"))
    bakery.refuse_line(number, "Baguette aux graines", "En rupture")
    creamery.accept(number)
    bookshop.accept(number)
    screen = kiosk(BANK)
    doors = []
    for shop in (bakery, creamery, bookshop):
        shop.pack(number)
        doors.append(screen.deposit(shop.deposit_code(number)))
    bread, cheese, book = doors
    assert (bread == book, bread == cheese) == (True, False)  # one compartment for each temperature

    pin = steps.pin_of(phone, order_page)
    phone.goto(f"{town.site}/demo/messagerie/")
    expect(phone.get_by_text(f"code {pin[:4]}").first).to_be_visible()
    assert screen.type(pin)
    assert {screen.collect(), screen.collect()} == {bread, cheese}

    phone.goto(order_page)
    steps.look_until(phone, "Vous avez retiré votre commande.")
    expect(phone.get_by_text("1 indisponible : non débité")).to_be_visible()
    town.books_balance()
    money = town.ask("money", number)
    assert (money["payments"], money["owed_to_shops"]) == (["captured"], ["sent"] * 3)
    assert sum(money["transfers"]) < money["debited"]  # commission and fee stay with the market
