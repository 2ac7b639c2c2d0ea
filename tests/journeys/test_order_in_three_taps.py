"""A shopkeeper between two customers, on a phone of 360 px: a new order is ready in two taps; one with trouble goes its way too."""

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.journeys import steps
from tests.journeys.test_accessible import faults
from tests.journeys.test_keyboard import tab_to

pytestmark = pytest.mark.browser

PLACE, SHOP = "Consigne de la Gare", "cremerie-des-halles"
MOST_TAPS = 3


class Taps:
    """Counts the taps of one person."""

    def __init__(self):
        self.count = 0

    def on(self, place: Locator) -> None:
        place.click()
        self.count += 1


def ordered(phone, town, *titles: str, email: str) -> tuple[str, str]:
    """Number and page of a paid order."""
    for title in titles:
        steps.put_into_basket(phone, town.site, title)
    steps.choose(phone, town.site, PLACE, email=email)
    address = steps.pay(phone)
    return steps.number_of(phone), address


def test_from_new_to_ready_in_two_taps_with_the_weight_typed_at_once(town, phone, desk):
    number, _address = ordered(phone, town, "Tomme de la vallée", email="trois-appuis@example.org")
    keeper, taps = desk(SHOP), Taps()
    card, page = keeper.card(number), keeper.page
    assert faults(page) == []

    page.route("**/accepter/", lambda route: None)  # a network that answers nothing yet
    taps.on(card.get_by_role("button", name="Tout accepter"))
    weight = card.get_by_label(re.compile("^Poids de 1 × Tomme"))
    expect(weight).to_be_visible()
    page.unroute("**/accepter/")
    keeper.page.reload()
    expect(card.get_by_label(re.compile("^Poids de 1 × Tomme"))).to_be_visible(timeout=30_000)
    card.get_by_label(re.compile("^Poids de 1 × Tomme")).fill("260")
    taps.on(card.get_by_role("button", name="C’est prêt"))
    expect(page.get_by_role("heading", name=f"Déposer {number}")).to_be_visible()  # what comes next

    assert taps.count <= MOST_TAPS
    assert faults(page) == []


def test_weighed_refused_and_replaced(town, phone, desk):
    titles = ("Tomme de la vallée", "Yaourts nature, les quatre", "Beurre demi-sel à la baratte")
    number, address = ordered(phone, town, *titles, email="a-la-place@example.org")
    keeper = desk(SHOP)
    page = keeper.page
    keeper.card(number).get_by_role("link", name="Il manque quelque chose").click()
    for title in titles[1:]:
        line = page.get_by_role("group", name=title)
        line.get_by_label("Nous donnons").fill("0")
        line.get_by_label("Pourquoi pas tout").select_option(label="En rupture")
    butter = page.get_by_role("group", name=titles[2])
    butter.get_by_text("Proposer autre chose à la place").click()
    option = butter.get_by_label("Proposer à la place").locator("option", has_text="Beurre doux de Touraine")
    butter.get_by_label("Proposer à la place").select_option(option.get_attribute("value"))
    assert faults(page) == []
    tab_to(page, "Envoyer cette réponse")
    page.keyboard.press("Enter")
    expect(page.get_by_text("À préparer quand le client aura répondu.").first).to_be_visible()

    phone.goto(address)
    offer = phone.get_by_role("region", name="Crèmerie des Halles vous propose autre chose")
    assert faults(phone) == []
    tab_to(phone, "Oui, je le prends")
    phone.keyboard.press("Enter")
    expect(phone.get_by_text("Vous prenez « Beurre doux de Touraine »")).to_be_visible()
    expect(offer).to_have_count(0)

    card = keeper.card(number)
    card.get_by_label(re.compile("^Poids de 1 × Tomme")).fill("0,25 kg")
    card.get_by_role("button", name="C’est prêt").click()
    code = keeper.deposit_code(number)
    assert len(code) == 8
    page.get_by_role("link", name="Contrôler un sac").click()
    page.get_by_label("Code ou numéro sur le sac").fill(code)
    page.get_by_role("button", name="Contrôler", exact=True).click()
    expect(page.get_by_text("Ce sac va avec")).to_be_visible()
    assert faults(page) == []

    town.books_balance()
    assert town.ask("money", number)["debited"] == 570 + 360
