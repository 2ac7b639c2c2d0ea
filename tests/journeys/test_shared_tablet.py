"""A tablet at the counter that two people share by PIN, and a pause that residents read and that ends by itself."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import steps
from tests.journeys.test_accessible import faults
from tests.journeys.test_keyboard import tab_to

pytestmark = pytest.mark.browser

TABLET = {"width": 820, "height": 1180}
DESK = "/espace-boutique/boulangerie-du-pont"
OWNER, HELPER = "boulangerie@valmont.example", "aide.boulangerie@valmont.example"
PINS = {"Marthe Pétrin": "4827", "Tom Fournil": "9081"}


def choose_pin(page: Page, pin: str, site: str) -> None:
    """On one's own phone."""
    page.goto(f"{site}{DESK}/code-personnel/")
    page.get_by_label("Nouveau code").fill(pin)
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text("Votre code est enregistré.")).to_be_visible()


def tap_in(page: Page, name: str, pin: str) -> None:
    """A tap on the name, the PIN, and the board is there."""
    page.get_by_role("radio", name=name).check()
    page.keyboard.type(pin)  # the field has the focus already
    page.get_by_role("button", name="Commencer").click()
    expect(page.locator(".desk-person-bar").get_by_text(name)).to_be_visible()


def test_two_people_share_a_tablet_and_the_book_knows_who_did_what(town, visitor, desks, phone):
    for email, name in ((OWNER, "Marthe Pétrin"), (HELPER, "Tom Fournil")):
        own = visitor(size={"width": 360, "height": 740}, signed_in=desks(email))
        choose_pin(own, PINS[name], town.site)
    tablet = visitor(size=TABLET)
    steps.sign_in(tablet, town.site, OWNER)
    tablet.goto(f"{town.site}{DESK}/tablettes/")
    found = faults(tablet)
    tablet.get_by_role("button", name="Utiliser cet appareil comme tablette partagée").click()
    expect(tablet.get_by_role("heading", name="Qui êtes-vous ?")).to_be_visible()
    found += faults(tablet)

    tap_in(tablet, "Tom Fournil", PINS["Tom Fournil"])
    found += faults(tablet)
    tablet.goto(f"{town.site}{DESK}/versements/")
    expect(tablet.get_by_role("heading", name="Versements")).to_have_count(0)
    steps.put_into_basket(phone, town.site, "Cookie aux pépites de chocolat")
    steps.choose(phone, town.site, "Consigne de la Gare", email="tablette@example.org")
    steps.pay(phone)
    number = steps.number_of(phone)
    steps.Desk(tablet, town.site, "boulangerie-du-pont").accept(number)

    tablet.get_by_role("link", name="Changer de personne").click()
    tablet.get_by_role("radio", name="Marthe Pétrin").check()
    tablet.keyboard.type("1111")
    tablet.get_by_role("button", name="Commencer").click()
    expect(tablet.get_by_text("Ce n’est pas le bon code.")).to_be_visible()
    found += faults(tablet)
    tap_in(tablet, "Marthe Pétrin", PINS["Marthe Pétrin"])
    steps.Desk(tablet, town.site, "boulangerie-du-pont").pack(number)

    owner = visitor(size={"width": 360, "height": 740}, signed_in=desks(OWNER))
    owner.goto(f"{town.site}{DESK}/activite/")
    lines = owner.get_by_role("listitem").filter(has_text=number)
    expect(lines.filter(has_text="Tom Fournil")).to_contain_text("en préparation")
    expect(lines.filter(has_text="Marthe Pétrin")).to_contain_text("prête")
    found += faults(owner)
    owner.goto(f"{town.site}{DESK}/tablettes/")
    owner.get_by_role("button", name=re.compile("Comptoir$")).click()
    tablet.goto(f"{town.site}{DESK}/")
    expect(tablet).to_have_url(re.compile("/connexion/"))
    assert found == []


def test_the_lock_screen_with_the_keyboard_alone(town, visitor, desks):
    choose_pin(visitor(signed_in=desks(HELPER)), PINS["Tom Fournil"], town.site)
    tablet = visitor(size=TABLET)
    steps.sign_in(tablet, town.site, OWNER)
    tablet.goto(f"{town.site}{DESK}/tablettes/")
    tab_to(tablet, "Utiliser cet appareil")
    tablet.keyboard.press("Enter")
    expect(tablet.get_by_role("heading", name="Qui êtes-vous ?")).to_be_visible()

    tablet.get_by_role("radio", name="Tom Fournil").focus()
    tablet.keyboard.press("Space")
    tablet.keyboard.type(PINS["Tom Fournil"])
    tablet.keyboard.press("Enter")

    expect(tablet.locator(".desk-person-bar").get_by_text("Tom Fournil")).to_be_visible()


def test_a_pause_is_read_by_residents_and_ended_with_one_tap(town, visitor, desks, phone):
    keeper = visitor(size={"width": 360, "height": 740}, signed_in=desks(OWNER))
    keeper.goto(f"{town.site}{DESK}/boutique/")
    found = faults(keeper)
    keeper.get_by_role("button", name="15 min").click()
    expect(keeper.get_by_text(re.compile(r"Pas de nouvelle commande avant \d\d:\d\d"))).to_be_visible()
    found += faults(keeper)

    phone.goto(f"{town.site}/boutiques/boulangerie-du-pont/")
    expect(phone.get_by_text(re.compile(r"Boulangerie du Pont ne prend pas de commande avant"))).to_be_visible()
    found += faults(phone)

    keeper.get_by_role("button", name="Reprendre les commandes").click()
    expect(keeper.get_by_text("Vous prenez de nouveau des commandes.")).to_be_visible()
    phone.reload()
    expect(phone.get_by_text(re.compile("ne prend pas de commande avant"))).to_have_count(0)
    assert found == []
