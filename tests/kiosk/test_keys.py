"""The screen by keys alone: a keypad does everything, a scanner is understood, nonsense opens nothing."""

import pytest
from playwright.sync_api import expect

from pickup.protocol.vocabulary import Service
from tests.kiosk import screen as hands
from tests.kiosk.screen import Screen
from tests.protocol.kit import collect_pin, deposit_pin, deposit_token, service_token

pytestmark = pytest.mark.browser

FIRST = "Tapez votre code"


def test_a_shop_brings_two_orders_and_a_resident_collects_by_keypad_alone(screen, table):
    screen.type(deposit_pin(10))
    screen.says("La porte A1 est ouverte")
    expect(screen.page.locator(".label")).to_have_text("Épicerie du QuaiCommande 10012 sacs")
    expect(screen.page.locator(".place")).to_have_text("colonne de gauche, tout en haut")
    screen.shut("A1")
    screen.answer("C’est déposé")
    screen.says("La porte F1 est ouverte")
    expect(screen.page.locator(".count")).to_have_text("Porte 2 sur 2 · les surgelés en dernier")
    screen.shut("F1")
    screen.answer("C’est déposé")
    screen.says("Merci !")
    screen.type(deposit_pin(10, reservation=2))
    screen.says("La porte A2 est ouverte")
    screen.shut("A2")
    screen.answer("C’est déposé")
    expect(screen.page.locator(".count")).to_have_text("2 commandes déposées")
    screen.key("Enter")
    screen.says(FIRST)
    screen.type(deposit_pin(11))
    expect(screen.page.get_by_text("Un sac d’une autre boutique est déjà dedans")).to_be_visible()
    screen.shut("A1")
    screen.answer("C’est déposé")
    screen.key("Enter")

    screen.says(FIRST)
    screen.type(collect_pin())
    for door in ("A1", "F1"):
        screen.says(f"La porte {door} est ouverte")
        screen.shut(door)
        screen.answer("J’ai tout pris")
    screen.says("Merci, à bientôt !")
    screen.answer("Terminer")

    screen.says(FIRST)
    assert [data["legs"] for data in table.events("claim")] == [[71], [72]]


def test_too_small_is_carried_over_in_words_and_on_the_drawing(screen, table):
    screen.type(deposit_pin(10))
    screen.shut("A1")

    screen.answer("Trop petit : une autre porte")
    screen.says("La porte A3 est ouverte")
    hint = hands.without_spaces(screen.page.locator(".hint").inner_text())
    drawn = screen.page.locator("svg.wall text").all_text_contents()
    table.shut("A1")
    screen.shut("A3")
    screen.answer("Tout est dans A3")

    assert "Videz la porte A1 et mettez tout dans la porte A3" in hint
    assert drawn == ["A1", "A3"]
    screen.says("La porte F1 est ouverte")
    assert table.bank.legs.doors_of(table.bank.legs.find(71)) == ["A3"]


def test_something_wrong_is_told_and_something_forgotten_is_fetched(screen, table):
    for shop in (10, 11):
        table.confirm_all(table.bank.enter(deposit_pin(shop)))
    screen.type(collect_pin())
    screen.says("La porte A1 est ouverte")

    screen.answer("Il manque quelque chose, ou autre problème")
    screen.says("Quel est le problème ?")
    screen.key("Backspace")
    screen.says("La porte A1 est ouverte")
    screen.answer("Il manque quelque chose, ou autre problème")
    screen.answer("Un produit est abîmé")
    expect(screen.page.get_by_text("C’est noté, on vous répondra.")).to_be_visible()
    screen.shut("A1")
    screen.answer("J’ai tout pris")
    screen.shut("F1")
    screen.answer("J’ai tout pris")
    screen.answer("J’ai oublié quelque chose dedans")
    screen.says("Derrière quelle porte ?")
    screen.answer("Porte A1")

    screen.says("La porte A1 est ouverte")
    assert [(data["leg"], data["code"]) for data in table.events("remark")] == [(71, "damaged")]
    assert table.pulses()[-1] == "A1"


def test_time_can_be_had_again_and_again(screen, table):
    screen.type(deposit_pin(10))
    screen.says("La porte A1 est ouverte")

    for _ in range(3):
        table.ticker.seconds += 100
        expect(screen.page.get_by_role("alert")).to_contain_text("Cet écran se ferme dans")
        screen.key("Enter")
        expect(screen.page.get_by_role("alert")).to_have_count(0)
    table.ticker.seconds += 121

    screen.says(FIRST)


def test_keys_change_language_and_display_and_the_next_person_starts_anew(screen):
    screen.page.clock.install()
    screen.page.reload()
    screen.key("*")
    screen.says("Type your code")
    screen.key("#")
    screen.says("Display and sound")
    screen.key("2")
    screen.key("3")
    looks = screen.page.locator("html").get_attribute("class")
    screen.key("#")
    screen.says("Type your code")

    screen.page.clock.fast_forward("02:01")

    screen.says(FIRST)
    assert (looks, screen.page.locator("html").get_attribute("class")) == ("contrast low", "")


@pytest.mark.parametrize("scanner", [hands.american_scanner, hands.american_scanner_on_a_french_computer])
def test_a_scanner_is_understood_whatever_keyboard_it_believes_in(screen, table, scanner):
    screen.scan(scanner(deposit_token()))

    screen.says("La porte A1 est ouverte")


def test_a_scanner_that_sends_no_enter_is_understood(screen):
    screen.scan(hands.american_scanner(deposit_token()), end=False)

    screen.says("La porte A1 est ouverte")


@pytest.mark.parametrize("text", ["3760123456789", "L1 THIS IS NO CODE", "HTTPS://EXAMPLE.ORG/12345678"])
def test_another_code_is_met_with_kind_words_and_counts_for_nothing(screen, table, text):
    screen.scan(hands.american_scanner(text))

    expect(screen.notice).to_contain_text("Ce n’est pas votre faute")
    expect(screen.page.locator(".code")).to_contain_text("0 sur 8 chiffres")
    assert table.pulses() == []
    assert table.events("credential.rejected") == []


def test_a_barcode_in_front_of_a_question_answers_nothing(screen, table):
    screen.type(deposit_pin(10))
    screen.says("La porte A1 est ouverte")

    for text in ("3760123456789", "12345678", "1"):
        screen.scan(hands.american_scanner(text))
        screen.page.wait_for_timeout(300)

    screen.says("La porte A1 est ouverte")
    assert table.events("deposit.confirmed") == []
    assert table.events("deposit.declined") == []


def test_the_bag_in_hand_is_compared_with_the_open_door(screen, table):
    screen.scan(hands.american_scanner(deposit_token()))
    screen.says("La porte A1 est ouverte")
    table.ticker.seconds += 2

    screen.scan(hands.american_scanner(deposit_token(reservation=2, leg=73, jti="00000000000b")))
    expect(screen.notice).to_have_text("Ce sac est d’une autre commande. Gardez-le : d’abord celui pour la porte A1.")
    table.ticker.seconds += 2
    screen.scan(hands.american_scanner(deposit_token()))

    expect(screen.notice).to_have_text("C’est le bon sac.")
    assert table.pulses() == ["A1"]


def test_nonsense_that_is_pasted_opens_nothing(screen, table):
    for text in ("x" * 10_000, "1" * 10_000, "L1:" + "A" * 10_000, "<script>alert(1)</script>", "\0'\"; DROP"):
        screen.page.evaluate(
            """text => { const kept = new DataTransfer(); kept.setData("text", text); const options = {bubbles: true};
               document.dispatchEvent(new ClipboardEvent("paste", {clipboardData: kept, ...options, cancelable: true})); }""",
            text,
        )
        screen.key("Enter")
        screen.says(FIRST)

    assert table.pulses() == []
    assert table.events("credential.accepted") == []


def test_two_taps_open_one_door_and_answer_for_one(table, window):
    screen = Screen(window(), table)
    for digit in deposit_pin(10):
        screen.page.get_by_role("button", name=f"Chiffre {digit}").click()
    screen.page.get_by_role("button", name="Ouvrir", exact=True).dblclick()
    screen.says("La porte A1 est ouverte")
    table.shut("A1")
    expect(screen.answer_called("Rouvrir la porte")).to_be_visible()

    screen.answer_called("C’est déposé").dblclick(delay=1)

    screen.says("La porte F1 est ouverte")
    assert table.pulses() == ["A1", "F1"]
    assert [data["leg"] for data in table.events("deposit.confirmed")] == [71]


def test_two_windows_are_two_people(table, window):
    first, second = Screen(window(), table), Screen(window(), table)
    first.type(deposit_pin(10))
    first.says("La porte A1 est ouverte")

    second.says("Quelqu’un utilise la consigne. Un instant, s’il vous plaît.")
    second.type(deposit_pin(11))

    first.says("La porte A1 est ouverte")
    assert table.pulses() == ["A1"]


def test_tab_reaches_every_button_and_goes_round(screen):
    name = "() => document.activeElement.getAttribute('aria-label') || document.activeElement.innerText"
    seen = []
    for _ in range(25):
        screen.page.keyboard.press("Tab")
        seen.append(screen.page.evaluate(name))

    buttons = {f"Chiffre {digit}" for digit in range(10)} | {"Français", "English", "Effacer", "Affichage et son"}
    assert buttons <= set(seen)
    assert seen.count("Chiffre 1") == 2 or seen.count("Français") == 2


def test_a_technician_looks_into_a_door_and_puts_it_back_to_use(screen, table):
    table.bank.clock.learn(table.ticker.wall())
    table.bank.wall.take_out("A1", Service.OUT_OF_SERVICE, "jam")

    screen.scan(hands.american_scanner(service_token()))
    screen.says("Service")
    screen.page.get_by_role("button", name="A1").click()
    screen.says("Porte A1")
    screen.answer("Ouvrir pour regarder")
    expect(screen.page.locator(".hint")).to_contain_text("ouverte")
    table.shut("A1")
    screen.answer("En ordre : remettre en service")
    expect(screen.answer_called("Mettre hors service")).to_be_visible()
    screen.answer("Retour")
    screen.says("Service")
    screen.page.get_by_role("button", name="Terminer").click()

    screen.says(FIRST)
    assert table.pulses() == ["A1"]
    assert table.bank.wall.fitness("A1").svc is Service.IN_SERVICE
    assert len(table.events("service.left")) == 1
