"""What the page's server does with requests that our page never sends: foreign pages, bent names, broken bodies, a full disk."""

import json
import socket
import threading
import urllib.request
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

import pytest

from pickup.controller.kiosk.server import SECURITY, KioskServer
from pickup.protocol.vocabulary import Temperature

from .kit import collect_pin, deposit_pin, leg_entries
from .test_kiosk import WORDS, Browser


@contextmanager
def served(table):
    """The kiosk's server of a bank."""
    server = KioskServer(table.bank, table.driver)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield server.address
    finally:
        server.stop()
        thread.join(2)


@pytest.fixture
def page(table):
    table.apply(*leg_entries(), *leg_entries(leg=72, temperature=Temperature.CHILLED))
    with served(table) as address:
        yield address


@pytest.fixture
def browser(page):
    return Browser(page)


def raw(page: str, request: bytes) -> tuple[int, bytes]:
    """Send bytes as they are; the status and the whole answer."""
    where = urlsplit(page)
    with socket.create_connection((where.hostname, where.port), timeout=5) as line:
        line.sendall(request)
        with suppress(OSError):  # whoever refuses what is too long has hung up before we are done
            line.shutdown(socket.SHUT_WR)
        answer = b"".join(iter(lambda: line.recv(65_536), b""))
    return int(answer.split(b" ", 2)[1]), answer


def posted(page: str, *headers: str, body: bytes = b"{}", path: str = "/api/enter") -> tuple[int, bytes]:
    host = urlsplit(page).netloc
    lines = [
        f"POST {path} HTTP/1.1",
        f"Host: {host}",
        f"Origin: http://{host}",
        "Content-Type: application/json",
        *headers,
    ]
    return raw(page, "\r\n".join(lines).encode() + b"\r\n\r\n" + body)


@pytest.mark.parametrize("path", ["/api/state", "/api/wall", "/", "/static/kiosk.js"])
@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "127.0.0.1:1", ""])
def test_a_name_that_was_bent_towards_us_reads_nothing(page, path, host):
    status, answer = raw(page, f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())

    assert status == 403
    assert b"Halle" not in answer


def test_a_bent_name_opens_nothing_although_its_origin_agrees(table, browser):
    evil = {"Host": "evil.example", "Origin": "http://evil.example"}

    assert browser.post("/api/enter", {"code": deposit_pin(10)}, **evil)[0] == 403
    assert table.pulses() == []


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        (["Content-Length: 10001"], b"{}", 413),
        (["Content-Length: " + "9" * 5000], b"{}", 413),
        (["Content-Length: -1"], b"{}", 413),
        (["Content-Length: x"], b"{}", 413),
        (["Transfer-Encoding: chunked"], b"2\r\n{}\r\n0\r\n\r\n", 413),
        (["Content-Length: 2"], b"[]", 400),
        (["Content-Length: 3"], b"\xff\xfe\x00", 400),
        (["Content-Length: 9"], b'{"code":1', 400),
        (["Content-Length: 500"], b'{"code":', 400),
    ],
)
def test_broken_bodies_are_answered_and_open_nothing(table, page, headers, body, status):
    assert posted(page, *headers, body=body)[0] == status
    assert table.pulses() == []
    assert table.bank.visit is None


GOOD = json.dumps({"code": deposit_pin(10)}).encode()


@pytest.mark.parametrize(
    "body",
    [
        b'{"code":"1",' + GOOD[1:],
        GOOD[:-1] + b',"more":NaN}',
        GOOD[:-1] + b',"more":1e999}',
        GOOD[:-1] + b',"more":"\\ud8a1"}',
        GOOD[:-1] + b',"more":"\\u0000"}',
        GOOD[:-1] + b',"more":' + b"9" * 9000 + b"}",
        GOOD[:-1] + b',"more":' + b"[" * 20 + b"]" * 20 + b"}",
        b"[" * 9000,
        b'{"a":' * 1900,
        b"\xef\xbb\xbf" + GOOD,
        GOOD.decode().encode("utf-16"),
        GOOD.decode().encode("utf-32"),
        GOOD[:-1] + b',"more":"\xed\xa0\x80"}',
    ],
    ids=lambda body: repr(body[:40]),
)
def test_a_right_code_in_a_strange_body_opens_nothing(table, page, body):
    assert posted(page, f"Content-Length: {len(body)}", body=body)[0] == 400
    assert table.pulses() == []
    assert table.bank.visit is None


def test_a_right_code_in_an_ordinary_body_opens(table, page):
    """The control: it is not the code that is refused above."""
    assert posted(page, f"Content-Length: {len(GOOD)}", body=GOOD)[0] == 200
    assert table.pulses() == ["A1"]


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "TRACE"])
def test_other_methods_are_refused_with_the_same_protection(page, method):
    status, answer = raw(page, f"{method} /api/enter HTTP/1.1\r\nHost: {urlsplit(page).netloc}\r\n\r\n".encode())

    assert status == 501
    assert b"default-src 'none'" in answer


def test_every_answer_forbids_everything_foreign(page, browser):
    with urllib.request.urlopen(page + "api/state", timeout=5) as answer:
        headers = answer.headers

    assert {name: headers[name] for name in SECURITY} == SECURITY
    assert "Access-Control-Allow-Origin" not in headers


def test_a_second_tap_does_not_claim_the_next_door(table, browser):
    table.confirm_all(table.bank.enter(deposit_pin(10)))
    browser.enter(collect_pin())

    first = browser.post("/api/claim", {"compartment": "A1"})[0]
    second = browser.post("/api/claim", {"compartment": "A1"})

    assert (first, second) == (200, (409, {"why": "stale", "seconds": None}))
    assert [data["legs"] for data in table.events("claim")] == [[71]]


def test_two_taps_on_open_again_are_one_pulse(table, browser):
    table.driver.delay_seconds = 0
    browser.enter(deposit_pin(10))
    table.shut("A1")
    table.driver.jammed.add(table.address("A1"))

    browser.post("/api/reopen")
    browser.post("/api/reopen")

    assert table.pulses() == ["A1", "A1"]


def test_two_codes_at_the_same_moment_open_one_door(table, page):
    tabs = [Browser(page) for _ in range(8)]
    start = threading.Barrier(len(tabs))
    statuses = []

    def enter(tab):
        start.wait()
        statuses.append(tab.enter(deposit_pin(10))[0])

    threads = [threading.Thread(target=enter, args=[tab]) for tab in tabs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(statuses) == [200] + [409] * 7
    assert table.pulses() == ["A1"]


@pytest.mark.parametrize("session", ["", "x", "0" * 32, "é", "' OR 1=1 --"])
def test_a_guessed_session_can_do_nothing(table, browser, session):
    browser.enter(deposit_pin(10))
    browser.session = session.encode("utf-8").decode("latin-1")

    for path in ("deposit", "claim", "skip", "reopen", "remark", "extend", "finish"):
        body = {"answer": "deposited", "code": "missing"}
        assert browser.post(f"/api/{path}", body) == (409, {"why": "no_visit", "seconds": None}), path
    assert browser.get("/api/state")[1]["visit"] is None
    assert table.bank.legs.shops_inside(71) == {}


def test_without_a_journal_nothing_opens_and_the_page_is_told(table, browser):
    table.journal.db.trouble = "full"

    entered = browser.enter(deposit_pin(10))
    seen = browser.get("/api/state")

    assert entered[0] == 409
    assert f"why_{entered[1]['why']}" in WORDS["fr"]
    assert (seen[0], seen[1]["out_of_order"], seen[1]["help_phone"]) == (200, "full", "01 23 45 67 89")
    assert table.pulses() == []


def test_a_bank_whose_doors_are_all_silent_says_so(table, browser):
    table.driver.cut.update(table.address(name) for name in table.bank.wall.compartments)
    table.wait(5)

    assert browser.get("/api/state")[1]["blind"] is True


def test_a_door_left_open_is_named_to_whoever_comes(table, browser):
    table.bank.finish(table.bank.enter(deposit_pin(10)).session)

    before = browser.get("/api/state")[1]["left_open"]
    table.wait(61)

    assert (before, browser.get("/api/state")[1]["left_open"]) == ([], ["A1"])


def test_the_page_learns_whose_bag_it_is_but_no_other_tab_does(table, page):
    table.apply(*leg_entries(order="1001", bags=2, shop_name="Épicerie du Quai"), seq=2)
    keeper, other = Browser(page), Browser(page)

    visit = keeper.enter(deposit_pin(10))[1]["visit"]

    assert (visit["order"], visit["shop"], visit["bags"]) == ("1001", "Épicerie du Quai", 2)
    assert "Quai" not in json.dumps(other.get("/api/state")[1])
