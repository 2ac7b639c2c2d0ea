"""The main job: three shops, one basket, one payment, one code, one door for each temperature; each shop paid to the cent."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys import steps

pytestmark = pytest.mark.browser

BANK, KIOSK = "Consigne de la Gare", 0
SHOPS = {
    "boulangerie-du-pont": "boulangerie@valmont.example",
    "cremerie-des-halles": "cremerie@valmont.example",
    "librairie-page-tournee": "librairie@valmont.example",
}


@pytest.fixture
def always_open(town):
    """The shops may deposit at any hour, so that the journey does not depend on when it runs."""
    done = town.manage("shell", "-c", "from pickup.models import Bank; Bank.objects.update(deposit_lead_hours=96)")
    assert done.returncode == 0, done.stderr


def test_three_shops_one_code(town, phone, chromium, always_open):
    for title in ("Baguette de tradition", "Baguette aux graines", "Comté 18 mois", "The C Programming Language"):
        steps.put_into_basket(phone, town.site, title)
    steps.choose_locker(phone, town.site, BANK, name="Camille Essai", email="journey@example.org")
    order_page = steps.pay(phone)
    number = steps.number_of(phone)

    boards = {}
    for slug, email in SHOPS.items():
        desk = chromium.new_context(viewport={"width": 360, "height": 740}, locale="fr-FR").new_page()
        steps.sign_in(desk, town.site, email)
        boards[slug] = desk, f"{town.site}/espace-boutique/{slug}/"
    bakery, creamery, bookshop = boards.values()
    steps.refuse_line(*bakery, number, "Baguette aux graines", "En rupture")
    steps.accept(*creamery, number)
    steps.accept(*bookshop, number)
    for desk, board in boards.values():
        steps.pack(desk, board, number)

    screen = chromium.new_context(viewport={"width": 390, "height": 844}, locale="fr-FR").new_page()
    kiosk = steps.Kiosk(screen, town.kiosks[KIOSK])
    doors = []
    for desk, board in boards.values():
        (code,) = set(steps.deposit_codes(desk, board, number))
        doors.append(_deposit_when_known(kiosk, code))
    bread, cheese, book = doors
    assert (bread == book, bread == cheese) == (True, False)  # one compartment for each temperature

    phone.goto(order_page)
    _wait_for(phone, "Votre code")
    pin = re.sub(r"\D", "", phone.locator("[data-pin]").inner_text())
    phone.goto(f"{town.site}/demo/messagerie/")
    expect(phone.get_by_text(f"code {pin[:4]}").first).to_be_visible()

    assert kiosk.type(pin)
    taken = set()
    for _ in range(2):
        door = kiosk.open_door()
        taken.add(door)
        kiosk.close(door)
        kiosk.claim(door)
    assert taken == {bread, cheese}

    phone.goto(order_page)
    _wait_for(phone, "Vous avez retiré votre commande.")
    expect(phone.get_by_text("1 indisponible : non débité")).to_be_visible()
    _books_balance(town)


def _deposit_when_known(kiosk: steps.Kiosk, code: str) -> str:
    """The bank learns of the order within seconds; a shopkeeper who is faster tries again."""
    for _ in range(20):
        if kiosk.type(code):
            return kiosk.deposit_here()
        kiosk.page.wait_for_timeout(3000)
    raise AssertionError("The bank never learnt of the deposit code.")


def _wait_for(page, text: str) -> None:
    """Look again until the page says it; events and tasks take some seconds."""
    for _ in range(60):
        if page.get_by_text(text).first.is_visible():
            return
        page.wait_for_timeout(1000)
        page.reload()
    raise AssertionError(f"The page never said “{text}”: {page.locator('main').inner_text()}")


def _books_balance(town) -> None:
    """Every transfer of the journey is sent and the books agree to the cent."""
    for _ in range(40):
        check = town.manage("check_books")
        if check.returncode == 0:
            break
    assert check.returncode == 0, check.stdout + check.stderr
    sent = town.manage(
        "shell",
        "-c",
        "from shops.models import Transfer; print('SENT', Transfer.objects.filter(status='sent').count())",
    )
    assert "SENT" in sent.stdout
