"""What a person with a keypad, a scanner or a finger does at the screen."""

import re

from playwright.sync_api import Locator, Page, expect

ANSWER_MS = 120  # keys that follow sooner are a scanner's


class Screen:
    """One window of the kiosk and the simulated wall behind it."""

    def __init__(self, page: Page, table) -> None:
        self.page, self.table = page, table
        self.title = page.get_by_role("heading", level=1)
        self.notice = page.locator("main .notice")
        expect(self.title).to_be_visible()

    def says(self, text: str) -> None:
        """The heading, sooner or later."""
        expect(self.title).to_have_text(text)

    def type(self, digits: str) -> None:
        """Digits, then Enter."""
        self.page.keyboard.type(digits)
        self.page.keyboard.press("Enter")

    def key(self, key: str) -> None:
        """One key, as slowly as a person."""
        self.page.wait_for_timeout(ANSWER_MS)
        self.page.keyboard.press(key)
        self.page.wait_for_timeout(ANSWER_MS)

    def answer(self, text: str) -> None:
        """Press the digit that the answer of this name carries."""
        answer = self.answer_called(text)
        expect(answer).to_be_visible()
        self.key(answer.get_attribute("data-key"))

    def answer_called(self, text: str) -> Locator:
        """The large button."""
        return self.page.get_by_role("button", name=text, exact=True)

    def shut(self, compartment: str) -> None:
        """Push the door shut that the screen says is open; the screen sees it."""
        self.says(f"La porte {compartment} est ouverte")
        self.table.shut(compartment)
        expect(self.title).not_to_have_text(f"La porte {compartment} est ouverte")

    def scan(self, presses: list[tuple[str, str, bool]], end: bool = True) -> None:
        """Let a scanner type (key, code, shift), all at once."""
        self.page.evaluate(
            """presses => { for (const [key, code, shiftKey] of presses)
               document.dispatchEvent(new KeyboardEvent("keydown", {key, code, shiftKey, bubbles: true, cancelable: true})); }""",
            [*presses, ["Enter", "Enter", False]] if end else presses,
        )


AMERICAN = {
    **{letter: (f"Key{letter}", True) for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"},
    **{digit: (f"Digit{digit}", False) for digit in "0123456789"},
    " ": ("Space", False), "$": ("Digit4", True), "%": ("Digit5", True), "*": ("Digit8", True), "+": ("Equal", True),
    "-": ("Minus", False), ".": ("Period", False), "/": ("Slash", False), ":": ("Semicolon", True),
}  # fmt: skip
FRENCH_DIGITS = dict(zip("1234567890", "&é\"'(-è_çà", strict=True))
FRENCH_LETTERS = str.maketrans("AQZW", "QAWZ")
ON_FRENCH = {
    "Semicolon": "mM",
    "Comma": ";.",
    "Period": ":/",
    "Slash": "!§",
    "Minus": ")°",
    "Equal": "=+",
    "Space": "  ",
}


def american_scanner(text: str) -> list[tuple[str, str, bool]]:
    """On an American computer, as it should be."""
    return [(sign, *AMERICAN[sign]) for sign in text]


def american_scanner_on_a_french_computer(text: str) -> list[tuple[str, str, bool]]:
    """The places are right, the signs are not: "L1:" comes as "L&M"."""
    return [(french_sign(*AMERICAN[sign]), *AMERICAN[sign]) for sign in text]


def french_sign(code: str, shift: bool) -> str:
    """What a French computer makes of a key."""
    if code.startswith("Key"):
        return "?" if code == "KeyM" else code[-1].translate(FRENCH_LETTERS)
    if code.startswith("Digit"):
        return code[-1] if shift else FRENCH_DIGITS[code[-1]]
    return ON_FRENCH[code][shift]


def without_spaces(text: str) -> str:
    """The same with plain spaces, for comparing."""
    return re.sub(r"\s+", " ", text)
