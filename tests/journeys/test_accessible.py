"""Every kind of page, at 320 and 1280 px: no violation that axe knows of WCAG 2.2 AA, nothing that must be scrolled sideways."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.journeys import steps

pytestmark = pytest.mark.browser

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
PUBLIC = [
    "/",
    "/en/",
    "/boutiques/",
    "/boutiques/boulangerie-du-pont/",
    "/rayons/",
    "/rayons/pains/",
    "/recherche/?q=pain",
    "/recherche/?q=zzz",
    "/points-de-retrait/",
    "/connexion/",
    "/conditions-de-vente/",
    "/vitrines-de-valmont/",
    "/vitrines-de-valmont/noel-place-des-halles/",
    "/demo/messagerie/",
    "/nulle-part/",
]
OPERATED = re.compile(r"\d+|comptoir-[\w-]+|\?.*$")  # a door, a bank, a counter is looked at once
OPERATED_KINDS = [
    "alarmes",
    "messages",
    "recherche",
    "casiers",
    "commandes",
    "journal",
    "tournees",
    "code",
    "chiffres",
    "zones",
    "liste",
    "rattachement",
    "comptoir",
]
# What an operator is shown once, for a reason: the page that asks for it, and its button.
SHOWN_ONCE = {"code": "Montrer un code", "liste": "Afficher la liste", "rattachement": "Afficher la commande"}
NUMBER = re.compile(r"\d+|DEMO-\w+")  # a product is looked at once, not each of them


@pytest.fixture(params=[320, 1280])
def page(request, chromium):
    """A browser window of that width."""
    context = chromium.new_context(viewport={"width": request.param, "height": 800}, locale="fr-FR")
    yield context.new_page()
    context.close()


def faults(page) -> list[str]:
    """What is wrong with the page that is open."""
    found = [
        f"{page.url}: {violation['id']} at {violation['nodes'][0]['target']}"
        for violation in Axe().run(page, options=RULES).response["violations"]
    ]
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        found.append(f"{page.url}: wider than the window")
    return found


def test_what_residents_see(town, page):
    found = []
    for address in PUBLIC:
        page.goto(f"{town.site}{address}")
        found += faults(page)

    steps.put_into_basket(page, town.site, "Comté 18 mois")
    found += faults(page)
    page.goto(f"{town.site}/panier/")
    found += faults(page)
    page.get_by_role("link", name="Choisir où et quand retirer").click()
    page.get_by_role("button", name="Continuer").click()  # with everything missing: the errors are looked at too
    found += faults(page)
    steps.choose(page, town.site, "Consigne de la Gare", email="axe@example.org")
    found += faults(page)
    steps.pay(page)
    found += faults(page)

    assert found == []


def test_the_desk_of_a_shop(town, page):
    steps.sign_in(page, town.site, "boulangerie@valmont.example")
    found, seen, ahead = [], set(), [page.url]
    while ahead:
        address = ahead.pop().partition("#")[0]
        if NUMBER.sub("N", address) in seen:
            continue
        seen.add(NUMBER.sub("N", address))
        page.goto(address)
        found += faults(page)
        ahead += page.eval_on_selector_all(
            "a[href^='/espace-boutique/']:not([download]):not([href*='export'])",
            "links => links.map(link => link.href)",
        )

    assert len(seen) > 10
    assert found == []


def test_the_lockers_and_counters_of_an_operator(town, page):
    steps.sign_in(page, town.site, steps.OPERATOR)
    found, seen, ahead = [], set(), [page.url, an_order(page, town)]
    while ahead:
        address = ahead.pop().partition("#")[0]
        if OPERATED.sub("N", address) in seen:
            continue
        seen.add(OPERATED.sub("N", address))
        page.goto(address)
        unfold(page)
        found += faults(page)
        ahead += page.eval_on_selector_all(
            "a[href^='/exploitation/']:not([download])", "links => links.map(link => link.href)"
        )

    assert {kind for kind in OPERATED_KINDS if not any(kind in address for address in seen)} == set()
    assert found == []


def test_what_an_operator_is_shown_once_and_its_refusal(town, page):
    steps.sign_in(page, town.site, steps.OPERATOR)
    page.get_by_role("heading", name="Consigne de la Gare").get_by_role("link").click()
    page.wait_for_url("**/consignes/*/")
    bank = page.url
    asked = {an_order(page, town): "Montrer le code"} | {
        f"{bank}{path}/": button for path, button in SHOWN_ONCE.items()
    }

    found = []
    for address, button in asked.items():
        for reason in ("   ", "essai <b>&amp;"):
            page.goto(address)
            unfold(page)
            form = page.locator("form", has=page.get_by_role("button", name=button, exact=True))
            form.get_by_label("Motif").fill(reason)
            with page.expect_navigation():
                form.get_by_role("button", name=button, exact=True).click()
            shown = page.locator(".qr, .code, .op-paper").count()
            assert bool(shown) == bool(reason.strip())
            found += faults(page)

    assert found == []


def an_order(page, town) -> str:
    """The address at which operators read of an order that waits behind a door."""
    page.goto(f"{town.site}/exploitation/")
    page.get_by_role("heading", name="Consigne de la Gare").get_by_role("link").click()
    page.locator("tr[data-door]", has_text="commande").first.get_by_role("link").click()
    page.locator("main a[href*='/commandes/']").first.click()
    page.wait_for_url("**/commandes/*/")
    return page.url


def unfold(page) -> None:
    """What can be opened is looked at too."""
    page.evaluate("for (const details of document.querySelectorAll('details')) details.open = true")


def test_the_screen_of_a_locker(town, page):
    page.goto(town.kiosks["Consigne de la Gare"])
    expect(page.get_by_role("heading", name="Tapez votre code")).to_be_visible()

    assert faults(page) == []
