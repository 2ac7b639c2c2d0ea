"""Every screen of the locker, in the sizes it is shown in: what axe knows of WCAG 2.2 AA, sizes of what is touched, words for readers."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.kiosk.screen import Screen
from tests.protocol.kit import collect_pin, deposit_pin, leg_entries

pytestmark = pytest.mark.browser

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
UPRIGHT = {"width": 1080, "height": 1920}
PHONE = {"width": 390, "height": 844}
LEAST_PIXELS = 44
SMALL = f"""() => [...document.querySelectorAll("button, a")].filter(it => it.offsetParent)
    .map(it => [it.textContent, it.getBoundingClientRect()])
    .filter(([, box]) => box.width < {LEAST_PIXELS} || box.height < {LEAST_PIXELS}).map(([text]) => text)"""
TOO_HIGH = """() => [...document.querySelectorAll("button")].filter(it => it.offsetParent)
    .filter(it => it.getBoundingClientRect().top < innerHeight / 2).map(it => it.textContent)"""


def faults(screen: Screen, name: str) -> list[str]:
    """What is wrong with the screen that is shown."""
    page = screen.page
    violations = Axe().run(page, options=RULES).response["violations"]
    found = [f"{name}: {each['id']} at {each['nodes'][0]['target']}" for each in violations]
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        found.append(f"{name}: wider than the window")
    return found + [f"{name}: “{text}” is small" for text in page.evaluate(SMALL)]


def every_screen(screen: Screen):
    """Go through the states of the screen; yields the name of each."""
    table = screen.table
    yield "first"
    screen.key("#")
    screen.says("Affichage et son")
    yield "display and sound"
    screen.key("#")
    screen.type("13572468")
    expect(screen.notice).to_be_visible()
    yield "refused"
    screen.type(deposit_pin(10))
    screen.says("La porte A1 est ouverte")
    yield "deposit, open"
    screen.shut("A1")
    yield "deposit, shut"
    screen.answer("Trop petit : une autre porte")
    screen.says("La porte A3 est ouverte")
    yield "deposit, carried over"
    table.shut("A1")
    screen.shut("A3")
    table.driver.jammed.add(table.address("F1"))
    screen.answer("Tout est dans A3")
    table.wait(8)
    screen.says("Aucune porte n’est libre pour ce colis")
    yield "no room"
    screen.key("1")
    screen.says("Merci !")
    yield "next order"
    screen.key("Enter")
    screen.type(deposit_pin(11))
    screen.shut("A3")
    screen.key("1")
    screen.key("Enter")
    screen.type(collect_pin())
    screen.says("La porte A3 est ouverte")
    yield "collection, open"
    screen.answer("Il manque quelque chose, ou autre problème")
    yield "what is wrong"
    screen.key("Backspace")
    screen.shut("A3")
    yield "collection, shut"
    table.ticker.seconds += 100
    expect(screen.page.get_by_role("alert")).to_be_visible()
    yield "time ends"
    screen.key("Enter")
    table.driver.jammed.add(table.address("A3"))
    screen.answer("Rouvrir la porte")
    table.wait(8)
    screen.says("La porte A3 ne s’ouvre pas")
    yield "stuck"
    screen.answer("Terminer")
    screen.says("Tapez votre code")
    for digits in ("13572468", "13572469", "13572460"):
        screen.type(digits)
        screen.page.wait_for_timeout(500)
    expect(screen.page.locator("[data-waiting]")).to_be_visible()
    yield "waiting"
    table.journal.db.trouble = "full"
    screen.says("La consigne n’ouvre rien pour le moment")
    yield "full disk"


@pytest.mark.parametrize("size", [UPRIGHT, PHONE], ids=["upright", "phone"])
def test_every_screen(table, window, size):
    screen = Screen(window(size), table)
    found, names = [], []

    for name in every_screen(screen):
        names.append(name)
        found += faults(screen, name)
        if size is UPRIGHT:
            screen.page.evaluate("document.documentElement.classList.add('contrast', 'large')")
            found += faults(screen, f"{name}, contrast, large")
            screen.page.evaluate("document.documentElement.classList.remove('contrast', 'large')")

    assert len(names) == 15
    assert found == []


def test_who_sits_reaches_everything_in_the_lower_half(table, window):
    screen = Screen(window(UPRIGHT), table)
    screen.key("#")
    screen.answer_called("Tout en bas de l’écran : non").click()
    screen.key("#")
    found = screen.page.evaluate(TOO_HIGH)
    screen.type(deposit_pin(10))
    screen.shut("A1")

    assert found + screen.page.evaluate(TOO_HIGH) == []


def test_readers_hear_the_door_its_place_and_what_to_do(screen):
    screen.type(deposit_pin(10))
    screen.says("La porte A1 est ouverte")
    focused = screen.page.evaluate(
        """() => { const it = document.activeElement;
           return [it.textContent, document.getElementById(it.getAttribute("aria-describedby")).textContent]; }"""
    )
    drawing = screen.page.get_by_role("img", name="Plan de la consigne : la porte A1 est marquée.")

    expect(drawing).to_be_visible()
    assert focused[0] == "La porte A1 est ouverte"
    assert focused[1].startswith("Mettez tout dedans.")


def test_a_refusal_is_said_at_once(screen):
    screen.type("13572468")

    expect(screen.page.locator("[aria-live=assertive]")).to_contain_text("Ce code n’ouvre rien ici.")


def test_reading_aloud_uses_a_voice_of_this_computer_only(screen):
    screen.page.evaluate(
        """() => { const said = window.said = [];
            Object.defineProperty(window, "speechSynthesis", {value: {getVoices: () => window.voices, cancel() {},
                speak: words => said.push(words.text)}});
            window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
            window.voices = [{lang: "fr-FR", localService: false}]; }"""
    )
    screen.key("#")
    far = screen.answer_called("Lire à voix haute : non").count()
    screen.key("#")
    screen.page.evaluate("window.voices = [{lang: 'fr-FR', localService: true}]")
    screen.key("#")
    screen.answer_called("Lire à voix haute : non").click()
    screen.key("#")
    screen.type(deposit_pin(10))
    screen.says("La porte A1 est ouverte")

    said = screen.page.evaluate("window.said")
    assert far == 0
    assert "colonne de gauche, tout en haut" in said[-1]
    assert "C’est déposé" in said[-1]


def test_every_tone_has_its_words_and_can_be_silenced(screen):
    screen.page.evaluate(
        """() => { window.tones = 0; const make = AudioContext.prototype.createOscillator;
            AudioContext.prototype.createOscillator = function () { window.tones += 1; return make.call(this); }; }"""
    )
    screen.type("13572468")
    expect(screen.notice).to_be_visible()
    heard = screen.page.evaluate("window.tones")
    screen.key("#")
    screen.answer_called("Sans sons : non").click()
    screen.key("#")
    screen.type("13572469")
    screen.page.wait_for_timeout(500)

    assert heard > 0
    assert screen.page.evaluate("window.tones") == heard


def test_a_low_order_that_finds_no_low_door_says_so(table, window):
    table.apply(*leg_entries(reservation=3, leg=74, low=True, size="L"), seq=2)
    table.driver.force(table.address("A5"))
    table.wait(1)
    screen = Screen(window(), table)

    screen.type(deposit_pin(10, reservation=3))

    screen.says("Aucune porte n’est libre pour ce colis")
    expect(screen.page.locator(".hint")).to_contain_text("besoin d’une porte basse")
    assert table.pulses() == []
