"""The help number on every screen, with how soon somebody answers, if that was promised."""

from dataclasses import replace

import pytest
from playwright.sync_api import expect

from tests.kiosk.screen import Screen
from tests.protocol.kit import collect_pin, deposit_pin

pytestmark = pytest.mark.browser


def promise(table, minutes):
    table.bank.config = replace(table.config, kiosk=replace(table.config.kiosk, answer_minutes=minutes))


@pytest.mark.parametrize(
    ("minutes", "french", "english"),
    [
        (None, "Aide\u00a0: 01 23 45 67 89", "Help: 01 23 45 67 89"),
        (
            1,
            "Aide\u00a0: 01 23 45 67 89, réponse en 1 minute au plus",
            "Help: 01 23 45 67 89, answered within 1 minute",
        ),
        (
            15,
            "Aide\u00a0: 01 23 45 67 89, réponse en 15 minutes au plus",
            "Help: 01 23 45 67 89, answered within 15 minutes",
        ),
        (60, "Aide\u00a0: 01 23 45 67 89, réponse en 1 heure au plus", "Help: 01 23 45 67 89, answered within 1 hour"),
        (
            120,
            "Aide\u00a0: 01 23 45 67 89, réponse en 2 heures au plus",
            "Help: 01 23 45 67 89, answered within 2 hours",
        ),
    ],
)
def test_the_number_stands_with_what_is_promised_in_both_languages(table, window, minutes, french, english):
    promise(table, minutes)
    screen = Screen(window(), table)
    help_line = screen.page.locator("[data-help]")

    expect(help_line).to_have_text(french)
    screen.key("*")
    expect(help_line).to_have_text(english)


def test_without_a_number_nothing_is_promised(table, window):
    table.bank.config = replace(table.config, kiosk=replace(table.config.kiosk, help_phone="", answer_minutes=15))

    screen = Screen(window(), table)

    expect(screen.page.locator("[data-help]")).to_have_text("")


def test_the_promise_stays_beside_the_number_when_a_door_is_stuck(table, window):
    promise(table, 15)
    table.confirm_all(table.bank.enter(deposit_pin(10, reservation=2)))
    table.driver.jammed.update(table.bank.doors.addresses.values())
    screen = Screen(window(), table)

    screen.type(collect_pin(2))
    screen.says("La porte A1 s’ouvre…")
    table.wait(10)

    expect(screen.page.get_by_text("quelqu’un vous répond avant")).to_be_visible()
    expect(screen.page.locator("[data-help]")).to_contain_text("réponse en 15 minutes au plus")
