"""The shelf of a shop at 360 px: a price changed and put back, out for today and back, a variant chosen by a resident."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys import steps
from tests.journeys.test_accessible import faults

pytestmark = pytest.mark.browser

BREAD = "Pain de seigle aux raisins"


def test_a_price_is_changed_in_the_list_and_put_back(town, desk, phone):
    page = desk("boulangerie-du-pont").page
    page.goto(f"{town.site}/espace-boutique/boulangerie-du-pont/produits/?q={BREAD}")
    row = page.locator("li.panel", has=page.get_by_role("link", name=BREAD, exact=True))
    price = row.get_by_label("Prix")
    usual = price.input_value()

    price.fill("4,44")
    price.press("Tab")  # by leaving the field, without a button
    expect(row.get_by_role("button", name="Annuler")).to_be_visible()
    steps.show_product(phone, town.site, BREAD)
    expect(phone.locator(".product-price")).to_contain_text("4,44")

    row.get_by_role("button", name="Annuler").focus()
    page.keyboard.press("Enter")
    expect(row.get_by_label("Prix")).to_have_value(usual)
    phone.reload()
    expect(phone.locator(".product-price")).to_contain_text(usual)
    assert faults(page) == []


def test_what_is_out_for_today_cannot_be_bought_until_it_is_back(town, desk, phone):
    page = desk("boulangerie-du-pont").page
    address = f"{town.site}/espace-boutique/boulangerie-du-pont/produits/?q={BREAD}"
    page.goto(address)
    page.get_by_role("button", name="Épuisé aujourd’hui").click()
    expect(page.get_by_text("épuisé aujourd’hui").first).to_be_visible()

    steps.show_product(phone, town.site, BREAD)
    expect(phone.get_by_role("button", name="Ajouter au panier")).to_have_count(0)
    assert faults(phone) == []

    page.goto(address)
    page.get_by_role("button", name=re.compile("^De nouveau en vente")).click()
    phone.reload()
    expect(phone.get_by_role("button", name="Ajouter au panier")).to_be_visible()


def test_a_resident_chooses_size_and_colour_by_keyboard(town, phone):
    phone.goto(f"{town.site}/recherche/?q=marinière")
    cards = phone.get_by_role("link", name=re.compile("^Marinière en coton"))
    expect(cards).to_have_count(1)  # one card for the six variants
    cards.click()

    for name, value in (("taille", "M"), ("couleur", "rouge")):
        choice = phone.get_by_role("navigation", name=name).get_by_role("link", name=value, exact=True)
        choice.focus()
        phone.keyboard.press("Enter")
        expect(phone.get_by_role("navigation", name=name).locator("[aria-current]")).to_have_text(value)
    assert faults(phone) == []
    phone.get_by_role("button", name="Ajouter au panier").click()
    phone.goto(f"{town.site}/panier/")
    expect(phone.get_by_text(re.compile("M.*rouge")).first).to_be_visible()
