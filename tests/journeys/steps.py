"""What people do in the browser, in their words. Every step waits for what a person would wait for."""

import re

from playwright.sync_api import Page, expect

PASSWORD = "halles-demo"


def put_into_basket(page: Page, site: str, title: str) -> None:
    """Search a product and add it."""
    page.goto(f"{site}/recherche/?q={title}")
    page.get_by_role("link", name=title, exact=True).first.click()
    page.get_by_role("button", name="Ajouter au panier").click()
    expect(page.get_by_text(f"« {title} » est dans votre panier.").first).to_be_visible()


def choose_locker(page: Page, site: str, bank: str, *, name: str, email: str) -> None:
    """From the basket to the review page, at the first window of a locker bank."""
    page.goto(f"{site}/panier/")
    page.get_by_role("link", name="Choisir où et quand retirer").click()
    page.get_by_label("Votre nom").fill(name)
    page.get_by_label("Adresse e-mail").fill(email)
    place = page.locator("section", has=page.get_by_role("heading", name=bank))
    place.get_by_role("radio").first.check()
    page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_role("heading", name="Vérifiez votre commande")).to_be_visible()


def pay(page: Page) -> str:
    """Order, pay on the hosted page, come back; the address of the private order page."""
    page.get_by_role("button", name="Commander et payer").click()
    page.get_by_role("button", name=re.compile(r"^Payer [\d.,]+ €$")).click()
    expect(page.get_by_text("Merci, votre commande est passée.")).to_be_visible()
    return page.url


def number_of(page: Page) -> str:
    """The order number that the page shows."""
    return page.get_by_role("heading", level=1).inner_text().removeprefix("Commande ").strip()


def sign_in(page: Page, site: str, email: str) -> None:
    """As a shopkeeper."""
    page.goto(f"{site}/connexion/")
    page.get_by_label("Adresse e-mail").fill(email)
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Se connecter").click()
    page.wait_for_url(re.compile("/espace-boutique/"))


def card(page: Page, board: str, number: str):
    """The shop's card of an order."""
    page.goto(board)
    return page.locator("article", has=page.get_by_role("link", name=re.compile(f"^{number}")))


def accept(page: Page, board: str, number: str) -> None:
    """One tap."""
    card(page, board, number).get_by_role("button", name="Tout accepter").click()


def refuse_line(page: Page, board: str, number: str, title: str, reason: str) -> None:
    """Give none of one line and all of the others."""
    card(page, board, number).get_by_role("link", name="Il manque quelque chose").click()
    line = page.locator("fieldset", has_text=title)
    line.get_by_label("Nous donnons").fill("0")
    line.get_by_label("Pourquoi pas tout").select_option(label=reason)
    page.get_by_role("button", name="Envoyer cette réponse").click()


def pack(page: Page, board: str, number: str) -> None:
    """It stands ready in one bag."""
    card(page, board, number).get_by_role("button", name="C’est prêt").click()


def deposit_codes(page: Page, board: str, number: str) -> list[str]:
    """The eight digits that the shop shows or types at the bank; waits for the debit by looking again."""
    card(page, board, number).get_by_role("link", name="Code de dépôt").click()
    for _ in range(60):
        codes = re.findall(r"\b\d{4}[\s\u00a0\u202f]\d{4}\b", page.locator("main").inner_text())
        if codes:
            return [re.sub(r"\D", "", code) for code in codes]
        page.wait_for_timeout(1000)
        page.reload()
    raise AssertionError("No deposit code within a minute.")


class Kiosk:
    """The screen of a locker bank and the simulated wall behind it."""

    def __init__(self, page: Page, address: str):
        self.page, self.address = page, address
        page.goto(address)

    def type(self, code: str) -> bool:
        """As a keyboard or scanner does; whether the bank knows the code."""
        expect(self.page.get_by_role("heading", name="Tapez votre code")).to_be_visible()
        self.page.keyboard.type(code)
        with self.page.expect_response(re.compile("/api/enter$")) as answer:
            self.page.keyboard.press("Enter")
        return "visit" in answer.value.json()

    def open_door(self) -> str:
        """The door that the screen says is open."""
        heading = self.page.get_by_role("heading", name=re.compile(r"^La porte \S+ est ouverte"))
        expect(heading).to_be_visible()
        return re.search(r"La porte (\S+) est ouverte", heading.inner_text()).group(1)

    def close(self, door: str) -> None:
        """Push the door shut, on the simulated wall."""
        wall = self.page.context.new_page()
        wall.goto(f"{self.address}/simulateur")
        wall.locator(f"[data-door='{door}']").click()
        expect(wall.locator(f"[data-door='{door}']")).to_contain_text("fermée")
        wall.close()

    def claim(self, door: str) -> None:
        """Everything was taken out of `door`: the screen goes on to the next one, or says goodbye."""
        self.page.get_by_role("button", name="J’ai tout pris").click()
        expect(self.page.get_by_role("heading", name=re.compile(f"^La porte {door} "))).to_have_count(0)

    def deposit_here(self) -> str:
        """The door is open: put the bag in, close, confirm; the door."""
        door = self.open_door()
        self.close(door)
        self.page.get_by_role("button", name="Déposé", exact=True).click()
        self.leave()
        return door

    def leave(self) -> None:
        """Back to the first screen, for the next person."""
        keypad = self.page.get_by_role("heading", name="Tapez votre code")
        done = self.page.get_by_role("button", name="Terminer")
        expect(keypad.or_(done).first).to_be_visible()
        if done.is_visible():
            done.click()
        expect(keypad).to_be_visible()
