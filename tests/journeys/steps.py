"""What people do in the browser, in their words. Every step waits for what a person would wait for."""

import re

from playwright.sync_api import Locator, Page, expect

PASSWORD = "halles-demo"
OPERATOR = "exploitation@valmont.example"
SHOPKEEPERS = {
    "boulangerie-du-pont": "boulangerie@valmont.example",
    "cremerie-des-halles": "cremerie@valmont.example",
    "epicerie-du-quai": "epicerie@valmont.example",
    "librairie-page-tournee": "librairie@valmont.example",
    "panier-de-lison": "primeur@valmont.example",
}


def put_into_basket(page: Page, site: str, title: str) -> None:
    """Search a product and add it."""
    show_product(page, site, title)
    page.get_by_role("button", name="Ajouter au panier").click()
    expect(page.get_by_text(f"« {title} » est dans votre panier.").first).to_be_visible()


def show_product(page: Page, site: str, title: str) -> None:
    """Search a product and open its page."""
    page.goto(f"{site}/recherche/?q={title}")
    page.get_by_role("link", name=title, exact=True).first.click()
    expect(page.get_by_role("heading", level=1, name=title)).to_be_visible()


def choose(page: Page, site: str, place: str, *, email: str, name: str = "Camille Essai") -> None:
    """From the basket to the review page, at the first window of a place."""
    start_choosing(page, site, name=name, email=email)
    offer(page, place).get_by_role("radio").first.check()
    page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_role("heading", name="Vérifiez votre commande")).to_be_visible()


def start_choosing(page: Page, site: str, *, email: str, name: str = "Camille Essai") -> None:
    """From the basket to the choice of the place, name and address typed."""
    page.goto(f"{site}/panier/")
    page.get_by_role("link", name="Choisir où et quand retirer").click()
    page.get_by_label("Votre nom").fill(name)
    page.get_by_label("Adresse e-mail").fill(email)


def offer(page: Page, place: str) -> Locator:
    """What the choice page says of one place."""
    return page.locator("section", has=page.get_by_role("heading", name=place))


def order_and_pay(page: Page) -> None:
    """The button that obliges to pay; it leads to the hosted page."""
    page.get_by_role("button", name="Commander et payer").click()
    expect(pay_button(page)).to_be_visible()


def pay_button(page: Page) -> Locator:
    """Of the hosted page."""
    return page.get_by_role("button", name=re.compile(r"^Payer [\d.,]+ €$"))


def back_to_shop(page: Page) -> str:
    """Leave the hosted page without paying; the address of the order page."""
    page.get_by_role("button", name="Retour à la boutique sans payer").click()
    expect(page.get_by_text("Cette commande n’est pas encore payée.")).to_be_visible()
    return page.url


def pay(page: Page) -> str:
    """Order, pay on the hosted page, come back; the address of the private order page."""
    order_and_pay(page)
    pay_button(page).click()
    expect(page.get_by_text("Merci, votre commande est passée.")).to_be_visible()
    return page.url


def number_of(page: Page) -> str:
    """The order number that the page shows."""
    return page.get_by_role("heading", level=1).inner_text().removeprefix("Commande ").strip()


def look_until(page: Page, text: str, *, seconds: int = 60) -> None:
    """Look again until the page says it; events and tasks take some seconds."""
    for _ in range(seconds):
        if page.get_by_text(text).first.is_visible():
            return
        page.wait_for_timeout(1000)
        page.reload()
    raise AssertionError(f"The page never said “{text}”: {page.locator('main').inner_text()}")


def pin_of(page: Page, order_page: str) -> str:
    """The eight digits of the resident, as soon as everything is in the locker."""
    page.goto(order_page)
    look_until(page, "Votre code")
    return shown_pin(page)


def shown_pin(page: Page) -> str:
    """The eight digits on the page that is open."""
    return re.sub(r"\D", "", page.locator("[data-pin]").inner_text())


def until_kept(page: Page) -> None:
    """Until the browser has put the open order page away for the time without network."""
    expect(page.get_by_text("Cette page est gardée sur cet appareil")).to_be_visible()


def sign_in(page: Page, site: str, email: str) -> None:
    """As one of the people of the town."""
    page.goto(f"{site}/connexion/")
    page.get_by_label("Adresse e-mail").fill(email)
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Se connecter").click()
    page.wait_for_url(lambda address: "/connexion/" not in address)


def order_trouble(page: Page, site: str, kind: str, *, where: str = "", times: int = 1) -> None:
    """The operator makes the demonstration's Stripe misbehave."""
    page.goto(f"{site}/demo/stripe/")
    page.locator("#kind").select_option(kind)
    page.locator("#where").fill(where)
    page.locator("#times").fill(str(times))
    page.locator("form", has=page.locator("#kind")).get_by_role("button").click()
    expect(page.get_by_text(f"{kind} {where}".strip())).to_be_visible()


class Desk:
    """A shop's desk on the shopkeeper's phone."""

    def __init__(self, page: Page, site: str, slug: str):
        self.page, self.board = page, f"{site}/espace-boutique/{slug}/"

    def card(self, number: str) -> Locator:
        """The shop's card of an order."""
        self.page.goto(self.board)
        return self.page.locator("article", has=self.page.get_by_role("link", name=re.compile(f"^{number}")))

    def accept(self, number: str) -> None:
        """One tap."""
        self.card(number).get_by_role("button", name="Tout accepter").click()

    def refuse_line(self, number: str, title: str, reason: str) -> None:
        """Give none of one line and all of the others."""
        self.card(number).get_by_role("link", name="Il manque quelque chose").click()
        line = self.page.get_by_role("group", name=title)  # not its text: a list of other goods is in it
        line.get_by_label("Nous donnons").fill("0")
        line.get_by_label("Pourquoi pas tout").select_option(label=reason)
        self.page.get_by_role("button", name="Envoyer cette réponse").click()

    def pack(self, number: str) -> None:
        """It stands ready in one bag."""
        self.card(number).get_by_role("button", name="C’est prêt").click()

    def deposit_code(self, number: str) -> str:
        """The eight digits that the shop types at the bank; waits for the debit by looking again."""
        self.card(number).get_by_role("link", name="Code de dépôt").click()
        for _ in range(60):
            if found := re.findall(r"\b\d{4}[\s\u00a0\u202f]\d{4}\b", self.page.locator("main").inner_text()):
                (code,) = {re.sub(r"\D", "", code) for code in found}
                return code
            self.page.wait_for_timeout(1000)
            self.page.reload()
        raise AssertionError("No deposit code within a minute.")


class Kiosk:
    """The screen of a locker bank and the simulated wall behind it."""

    def __init__(self, page: Page, address: str):
        self.page, self.address = page, address
        self.notice = page.get_by_role("main").locator(".notice")
        page.goto(address)

    def type(self, code: str) -> bool:
        """As a keyboard or scanner does; whether the bank knows the code."""
        expect(self.page.get_by_role("heading", name="Tapez votre code")).to_be_visible()
        self.page.keyboard.type(code)
        with self.page.expect_response(re.compile("/api/enter$")) as answer:
            self.page.keyboard.press("Enter")
        return "visit" in answer.value.json()

    def tap(self, digits: str) -> None:
        """On the screen's own keys, as people do."""
        for digit in digits:
            self.page.get_by_role("button", name=f"Chiffre {digit}").click()

    def press_open(self) -> None:
        """The green key."""
        self.page.get_by_role("button", name="Ouvrir", exact=True).click()

    def insist(self, code: str) -> dict:
        """Send a code past the keys of the screen; the bank's answer."""
        send = """code => fetch("/api/enter", {method: "POST", headers: {"Content-Type": "application/json"},
                  body: JSON.stringify({code})}).then(answer => answer.json())"""
        return self.page.evaluate(send, code)

    def doors_open(self) -> list[str]:
        """As the simulated wall shows them."""
        state = self.page.evaluate("() => fetch('/api/simulator').then(answer => answer.json())")
        return [box["id"] for box in state["compartments"] if box["open"]]

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

    def deposit(self, code: str) -> str:
        """The shop's code, the bag, the door; the bank learns of an order within seconds, so who is faster tries again."""
        self.until_known(code)
        door = self.open_door()
        self.close(door)
        self.page.get_by_role("button", name="C’est déposé").click()
        self.leave()
        return door

    def until_known(self, code: str) -> None:
        """Type it until the bank has heard of it."""
        for _ in range(20):
            if self.type(code):
                return
            self.page.wait_for_timeout(3000)
        raise AssertionError("The bank never learnt of the code.")

    def answer(self, text: str) -> None:
        """Press the digit that an answer carries, as on a keypad."""
        button = self.page.get_by_role("button", name=text, exact=True)
        self.page.wait_for_timeout(200)
        self.page.keyboard.press(button.get_attribute("data-key"))
        expect(button).to_have_count(0)

    def collect(self) -> str:
        """The one door is open: take everything, close it, say so; the door."""
        door = self.open_door()
        self.close(door)
        self.claim(door)
        return door

    def leave(self) -> None:
        """Back to the first screen, for the next person."""
        keypad = self.page.get_by_role("heading", name="Tapez votre code")
        done = self.page.get_by_role("button", name="Terminer")
        expect(keypad.or_(done).first).to_be_visible()
        if done.is_visible():
            done.click()
        expect(keypad).to_be_visible()
