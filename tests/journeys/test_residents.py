"""What residents do on the order page while their goods wait."""

import pytest
from playwright.sync_api import expect

from tests.journeys import steps
from tests.journeys.test_accessible import faults

pytestmark = pytest.mark.browser


def test_a_neighbour_collects_with_a_code_of_her_own(town, phone, visitor, brought):
    _number, order_page, pin, door, screen = brought(
        phone, "Olives aux herbes", bank="Consigne du Marché", email="reste.au.lit@example.org"
    )
    phone.goto(order_page)
    phone.get_by_label("Qui ?").fill("Voisine")
    phone.get_by_role("button", name="Créer un code").click()
    address = phone.get_by_role("link", name="Page à envoyer à Voisine").get_attribute("href")
    found = _looked_at_by_all(phone, [order_page, f"{order_page}code/", f"{order_page}bon/", f"{order_page}aide/"])

    neighbour = visitor()
    neighbour.goto(f"{town.site}{address}")
    hers = steps.shown_pin(neighbour)
    found += _looked_at_by_all(neighbour, [neighbour.url])
    assert hers != pin
    screen.until_known(hers)
    assert screen.collect() == door
    screen.leave()

    phone.goto(order_page)
    steps.look_until(phone, "Vous avez retiré votre commande.")
    neighbour.reload()
    expect(neighbour.get_by_text("Ce code n’ouvre plus rien")).to_be_visible()
    assert found == []


def _looked_at_by_all(page, addresses: list[str]) -> list[str]:
    """What is wrong with these pages on the smallest phone and on a large screen."""
    found = []
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        for address in addresses:
            page.goto(address)
            found += faults(page)
    return found
