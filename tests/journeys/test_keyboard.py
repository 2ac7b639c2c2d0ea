"""The whole checkout without a mouse: Tab, arrows, space, Enter; where one is can be seen at every step."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import steps

pytestmark = pytest.mark.browser

MOST_TABS = 120
FOCUSED = """() => {
    const it = document.activeElement;
    const label = it.labels && it.labels.length ? it.labels[0].innerText : "";
    return (it.getAttribute("aria-label") || label || it.innerText || it.value || "").trim();
}"""


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the element of this name has the focus, and see it there."""
    passed = []
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        if focused.startswith(name):
            assert seen(page), f"The focus on “{name}” cannot be seen."
            return
        passed.append(focused)
    raise AssertionError(f"Tab never came to “{name}”, but to {passed}")


def seen(page: Page) -> bool:
    """Whether the window looks different without the focus."""
    with_focus = page.screenshot()
    focused = page.evaluate_handle("document.activeElement")
    focused.evaluate("it => it.blur()")
    without = page.screenshot()
    focused.evaluate("it => it.focus()")
    return with_focus != without


def test_checkout_with_the_keyboard_alone(town, phone):
    keys = phone.keyboard
    phone.goto(f"{town.site}/recherche/?q=Chocolat chaud en poudre")
    tab_to(phone, "Chocolat chaud en poudre")
    keys.press("Enter")
    expect(phone.get_by_role("heading", level=1, name="Chocolat chaud en poudre")).to_be_visible()
    tab_to(phone, "Ajouter au panier")
    keys.press("Enter")
    expect(phone.get_by_text("est dans votre panier.").first).to_be_visible()
    tab_to(phone, "Voir mon panier")
    keys.press("Enter")
    expect(phone.get_by_role("heading", level=1, name="Panier")).to_be_visible()
    tab_to(phone, "Choisir où et quand retirer")
    keys.press("Enter")
    expect(phone.get_by_role("heading", level=1, name="Où et quand retirer")).to_be_visible()

    tab_to(phone, "Votre nom")
    keys.type("Camille Clavier")
    tab_to(phone, "Adresse e-mail")
    keys.type("clavier@example.org")
    while phone.evaluate("document.activeElement.type") != "radio":
        keys.press("Tab")
    assert seen(phone)
    keys.press("Space")
    keys.press("ArrowDown")
    expect(phone.get_by_role("radio").nth(1)).to_be_checked()
    tab_to(phone, "Continuer")
    keys.press("Enter")
    expect(phone.get_by_role("heading", name="Vérifiez votre commande")).to_be_visible()
    tab_to(phone, "Commander et payer")
    keys.press("Enter")
    expect(steps.pay_button(phone)).to_be_visible()
    tab_to(phone, "Payer ")
    keys.press("Enter")

    expect(phone.get_by_text("Merci, votre commande est passée.")).to_be_visible()
    assert town.ask("orders_of", "clavier@example.org") == [steps.number_of(phone)]
