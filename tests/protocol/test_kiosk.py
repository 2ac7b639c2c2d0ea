"""The page on the screen: its API, who may use it, and its two languages."""

import json
import re
import threading
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from pickup.controller.kiosk import server as kiosk
from pickup.controller.kiosk.server import KioskServer
from pickup.controller.visit import DoorState
from pickup.protocol.vocabulary import Service

from .kit import collect_pin, deposit_pin, leg_entries, service_token

ROOM = Path(kiosk.__file__).parent
WORDS = json.loads((ROOM / "words.json").read_text(encoding="utf-8"))


class Browser:
    """A tab of a browser on the kiosk's own page."""

    def __init__(self, address):
        self.address = address.rstrip("/")
        self.session = None

    def post(self, path, body=None, **headers):
        """Post as our page does; headers may be overridden. Returns (status, document)."""
        sent = {"Content-Type": "application/json", "Origin": self.address, "X-Visit": self.session or "", **headers}
        data = json.dumps(body or {}).encode()
        return self._ask(urllib.request.Request(self.address + path, data=data, headers=sent))

    def get(self, path):
        """Get as our page does."""
        return self._ask(urllib.request.Request(self.address + path, headers={"X-Visit": self.session or ""}))

    def enter(self, code):
        """Enter a code and keep the session, as the page does."""
        status, document = self.post("/api/enter", {"code": code})
        self.session = document.get("session")
        return status, document

    def _ask(self, request):
        try:
            with urllib.request.urlopen(request, timeout=5) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.load(error)


@pytest.fixture
def page(table):
    """The running kiosk of a bank that knows one leg of one shop."""
    table.apply(*leg_entries())
    server = KioskServer(table.bank, table.driver)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield server.address
    server.stop()
    thread.join(2)


@pytest.fixture
def browser(page):
    return Browser(page)


def test_shop_and_resident_are_served(table, browser):
    status, entered = browser.enter(deposit_pin(10))
    deposited = browser.post("/api/deposit", {"answer": "deposited"})[1]
    closed = browser.post("/api/simulator/close", {"compartment": "A1"})[0]
    browser.post("/api/finish")
    table.wait(1)
    browser.enter(collect_pin())
    claimed = browser.post("/api/claim")[1]

    assert (status, closed) == (200, 200)
    assert entered["visit"]["steps"] == [
        {
            "compartment": "A1",
            "door": "open",
            "carry_from": [],
            "beside": [],
            "reopened": False,
            "result": None,
            "low": False,
            "temperature": "ambient",
            "others_inside": 0,
            "left_open": False,
            "answer_by": None,
        }
    ]
    assert deposited["visit"]["steps"][0]["result"] == "deposited"
    assert claimed["visit"]["steps"][0]["result"] == "taken"
    assert table.pulses() == ["A1", "A1"]


def test_other_tab_sees_busy_and_cannot_act(table, browser, page):
    browser.enter(deposit_pin(10))
    other = Browser(page)
    other.session = "guess"

    seen = other.get("/api/state")[1]
    status, refused = other.post("/api/deposit", {"answer": "deposited"})

    assert (seen["busy"], seen["visit"]) == (True, None)
    assert (status, refused["why"]) == (409, "no_visit")
    assert table.bank.legs.shops_inside(71) == {}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Host": "evil.example"}, 403),
        ({"Content-Type": "text/plain"}, 415),
    ],
)
def test_foreign_page_opens_nothing(table, browser, headers, status):
    answer = browser.post("/api/enter", {"code": deposit_pin(10)}, **headers)

    assert answer[0] == status
    assert table.pulses() == []
    assert table.bank.visit is None


@pytest.mark.parametrize("body", [{}, {"code": 12345678}, {"code": "1" * 401}])
def test_malformed_code_opens_nothing(table, browser, body):
    assert browser.post("/api/enter", body)[0] == 400
    assert table.pulses() == []


def test_a_body_nested_without_end_is_answered_and_opens_nothing(table, browser):
    request = urllib.request.Request(
        f"{browser.address}/api/enter",
        data=b"[" * 9_000,
        headers={"Content-Type": "application/json", "Origin": browser.address},
    )

    with pytest.raises(urllib.error.HTTPError, match="400"):
        urllib.request.urlopen(request)
    assert table.pulses() == []


def test_screen_is_told_how_long_to_wait(browser):
    for _ in range(3):
        browser.enter("13572468")

    state = browser.get("/api/state")[1]

    assert state["pin"] == {"channel": "delayed", "seconds": 30}


def test_pages_forbid_everything_foreign(page):
    for path in ("", "simulateur", "static/kiosk.js"):
        with urllib.request.urlopen(page + path, timeout=5) as answer:
            assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
            assert "unsafe" not in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["/static/../server.py", "/static/", "/../config.py", "/api/nothing"])
def test_no_file_outside_the_room_is_served(browser, path):
    assert browser.get(path)[0] == 404


def test_pages_have_no_inline_script_or_style():
    for file in (ROOM / "static").glob("*.html"):
        text = file.read_text(encoding="utf-8")
        assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)", text), file.name


def test_both_languages_say_everything_with_the_same_values():
    french, english = WORDS["fr"], WORDS["en"]

    assert french.keys() == english.keys()
    for key, sentence in french.items():
        assert sentence.strip() and english[key].strip(), key
        assert set(re.findall(r"\{(\w+)\}", sentence)) == set(re.findall(r"\{(\w+)\}", english[key])), key


def test_every_word_of_the_page_is_in_the_table():
    used = set()
    for file in (ROOM / "static").glob("*.js"):
        used |= set(re.findall(r'say\("(\w+)"', file.read_text(encoding="utf-8")))

    assert len(used) > 20
    assert used <= WORDS["fr"].keys()


def test_every_state_of_a_door_has_its_sentence():
    assert {state.value for state in DoorState} - {"waiting"} <= WORDS["fr"].keys()


def test_technician_opens_and_inspects_through_the_page(table, browser):
    table.bank.clock.learn(table.ticker.wall())
    table.bank.wall.take_out("A1", Service.OUT_OF_SERVICE, "jam")

    _, entered = browser.enter(service_token())
    status, opened = browser.post("/api/service/open", {"compartment": "A1", "purpose": "service"})
    table.shut("A1")
    _, inspected = browser.post("/api/service/inspected", {"compartment": "A1"})
    _, shown = browser.get("/api/state")

    assert [entered["service"]["doors"][0]["svc"], status] == ["out_of_service", 200]
    assert opened["service"]["doors"][0]["door"] == "open"
    assert inspected["service"]["doors"][0]["svc"] == "in_service"
    assert shown["service"]["doors"][0]["compartment"] == "A1"
    assert browser.post("/api/service/finish") == (200, {})
    assert browser.get("/api/state")[1]["service"] is None


def test_service_is_only_for_the_tab_that_showed_the_token(table, browser):
    table.bank.clock.learn(table.ticker.wall())
    browser.enter(service_token())
    browser.session = "guessed"

    refused = browser.post("/api/service/open", {"compartment": "A1", "purpose": "service"})
    shown = browser.get("/api/state")[1]

    assert refused == (409, {"why": "no_visit", "seconds": None})
    assert (shown["service"], shown["busy"]) == (None, True)
    assert table.pulses() == []
