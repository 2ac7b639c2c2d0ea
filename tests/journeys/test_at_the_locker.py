"""In front of the locker, when a code is wrong or the web site is away."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys import steps

pytestmark = pytest.mark.browser

BANK = "Consigne du Marché"


def test_wrong_codes_open_nothing_and_are_slowed_down_until_the_right_one_opens(town, phone, brought):
    _number, order_page, pin, door, screen = brought(
        phone, "Café moulu des Halles", bank=BANK, email="se.trompe@example.org"
    )
    wrong = [f"{(int(pin) + step) % 10**8:08d}" for step in (1, 2, 3)]

    for code in wrong[:2]:
        screen.tap(code)
        screen.press_open()
        expect(screen.notice).to_have_text("Ce code n’ouvre rien ici. Tapez-le encore une fois, chiffre par chiffre.")
    screen.tap(wrong[2])
    screen.press_open()

    expect(screen.notice).to_have_text(re.compile(r"^Trop de codes faux\. Vous pourrez réessayer dans \d+ secondes\."))
    expect(screen.page.get_by_role("button", name="Chiffre 1")).to_be_disabled()
    assert screen.insist(pin)["why"] == "waiting"  # not even the right one
    assert screen.doors_open() == []
    expect(screen.notice).to_have_count(0, timeout=40_000)
    screen.tap(pin)
    screen.press_open()
    assert screen.collect() == door
    phone.goto(order_page)
    steps.look_until(phone, "Vous avez retiré votre commande.")


def test_an_order_that_the_town_came_with_is_collected_with_its_code(town, phone, kiosk):
    """It was placed before the bank had a computer."""
    gare = "Consigne de la Gare"
    pin = steps.pin_of(phone, town.site + town.ask("ready_order", gare))

    screen = kiosk(gare)
    screen.until_known(pin)
    screen.collect()

    phone.reload()
    steps.look_until(phone, "Vous avez retiré votre commande.")


def test_digits_are_dots_until_one_asks_to_read_them_and_for_the_next_person_again(kiosk):
    screen = kiosk("Consigne de la Gare")
    screen.page.clock.install()
    screen.page.reload()
    display = screen.page.locator(".code")

    screen.tap("90817")
    expect(display).to_have_text("5 sur 8 chiffres")
    screen.page.get_by_role("button", name="Voir les chiffres").click()
    expect(display).to_have_text("5 sur 8 chiffres90817")
    screen.page.get_by_role("button", name="Effacer").click()
    screen.tap("2634")
    expect(display).to_have_text("8 sur 8 chiffres90812634")

    screen.page.clock.fast_forward("00:31")
    expect(display).to_have_text("0 sur 8 chiffres")
    screen.tap("1")
    expect(display).to_have_text("1 sur 8 chiffres")


def test_locker_opens_while_the_web_site_is_away_and_tells_it_later(town, phone, brought):
    number, order_page, pin, door, screen = brought(
        phone, "Olives aux herbes", bank=BANK, email="sans.reseau@example.org"
    )

    steps.until_kept(phone)
    town.ask("kill", "web site")
    phone.reload()
    expect(phone.get_by_text("Le code fonctionne quand même.")).to_be_visible()
    assert steps.shown_pin(phone) == pin
    phone.get_by_role("link", name="Montrer en plein écran").click()
    assert steps.shown_pin(phone) == pin
    assert screen.type(pin)
    assert screen.collect() == door
    screen.leave()
    town.ask("start", "web site")

    phone.goto(order_page)
    steps.look_until(phone, "Vous avez retiré votre commande.", seconds=120)
    town.books_balance()
    assert town.ask("money", number)["owed_to_shops"] == ["sent"]


def test_shop_and_resident_are_served_by_keys_while_the_web_site_is_away(town, phone, desk, kiosk):
    steps.put_into_basket(phone, town.site, "Thé vert au jasmin")
    steps.choose(phone, town.site, BANK, email="touches@example.org")
    order_page = steps.pay(phone)
    number = steps.number_of(phone)
    keeper = desk("epicerie-du-quai")
    keeper.accept(number)
    keeper.pack(number)
    code = keeper.deposit_code(number)
    screen = kiosk(BANK)
    screen.until_known(code)
    unused = screen.open_door()
    screen.close(unused)
    expect(screen.page.get_by_role("heading", name=f"La porte {unused} est fermée")).to_be_visible()
    screen.answer("Je ne dépose rien")
    screen.page.keyboard.press("Enter")

    town.ask("kill", "web site")
    assert screen.type(code)
    door = screen.open_door()
    expect(screen.page.locator(".label")).to_contain_text(number)
    screen.close(door)
    screen.answer("C’est déposé")
    screen.page.keyboard.press("Enter")
    town.ask("start", "web site")
    pin = steps.pin_of(phone, order_page)
    town.ask("kill", "web site")
    assert screen.type(pin)
    assert screen.open_door() == door
    screen.close(door)
    screen.answer("J’ai tout pris")
    screen.answer("Terminer")
    town.ask("start", "web site")

    phone.goto(order_page)
    steps.look_until(phone, "Vous avez retiré votre commande.", seconds=120)
