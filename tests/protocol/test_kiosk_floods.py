"""The page's server among clients that talk slowly, without end, not at all, or go away: real sockets, short moments."""

import logging
import socket
import struct
import threading
import time
from contextlib import ExitStack, contextmanager, suppress
from urllib.parse import urlsplit

import pytest

from pickup.controller.kiosk import bounded
from pickup.controller.kiosk.bounded import MOST_CONNECTIONS, BoundedServer

from .kit import deposit_pin, leg_entries
from .test_kiosk import Browser
from .test_kiosk_attacks import posted, served

BEGINNING = b"POST /api/enter HTTP/1.1\r\nHost: "
FLOOD = 40


@pytest.fixture
def page(table):
    table.apply(*leg_entries())
    with served(table) as address:
        yield address


@pytest.fixture
def soon(monkeypatch):
    """A request has a third of a second."""
    monkeypatch.setattr(bounded, "SLOWEST_REQUEST_SECONDS", 0.3)


@pytest.fixture
def flood(page):
    """Clients that each hold a connection and never end their request."""
    with ExitStack() as lines:

        def begin(many=FLOOD, say=BEGINNING):
            held = [lines.enter_context(connected(page)) for _ in range(many)]
            for line in held:
                with suppress(ConnectionError):
                    line.sendall(say)
            return held

        yield begin


def connected(page):
    where = urlsplit(page)
    return socket.create_connection((where.hostname, where.port), timeout=5)


def busy_threads():
    """The threads that serve a connection."""
    return [thread for thread in threading.enumerate() if "process_request_thread" in thread.name]


def eventually(is_so, seconds=2.0):
    """Say whether it becomes so within a moment."""
    end = time.monotonic() + seconds
    while not is_so() and time.monotonic() < end:
        time.sleep(0.01)
    return is_so()


def test_the_page_works_while_a_flood_holds_every_place(table, page, flood):
    flood()

    browser = Browser(page)
    entered = browser.enter(deposit_pin(10))

    assert (entered[0], browser.get("/api/state")[0]) == (200, 200)
    assert table.pulses() == ["A1"]
    assert len(busy_threads()) <= MOST_CONNECTIONS


def test_the_page_works_while_new_connections_keep_coming(page):
    enough = threading.Event()
    came = []

    def pour():
        while not enough.is_set():
            with connected(page), connected(page), connected(page):
                came.append(3)

    pouring = threading.Thread(target=pour)
    pouring.start()
    try:
        statuses = [Browser(page).get("/api/state")[0] for _ in range(10)]
    finally:
        enough.set()
        pouring.join()

    assert statuses == [200] * 10
    assert sum(came) > MOST_CONNECTIONS


def test_without_the_cap_each_connection_would_hold_a_thread(page, flood, monkeypatch):
    monkeypatch.setattr(bounded, "MOST_CONNECTIONS", 10_000)

    flood()

    assert eventually(lambda: len(busy_threads()) >= FLOOD)


def test_without_cutting_the_oldest_the_page_would_be_locked_out(page, flood, monkeypatch):
    monkeypatch.setattr(BoundedServer, "_cut_the_oldest", lambda server: None)
    monkeypatch.setattr(bounded, "GOING_SECONDS", 0)

    flood()

    with pytest.raises(OSError, match="closed connection|reset"):
        Browser(page).get("/api/state")


def test_a_deed_under_way_is_not_cut(table, page, flood, monkeypatch):
    answers, begun, uncut = [], threading.Event(), BoundedServer.uncut

    @contextmanager
    def watched(server, connection):
        with uncut(server, connection):
            begun.set()
            yield

    monkeypatch.setattr(BoundedServer, "uncut", watched)
    with table.bank.lock:
        entering = threading.Thread(target=lambda: answers.append(Browser(page).enter(deposit_pin(10))[0]))
        entering.start()
        assert begun.wait(5)
        flood()

    entering.join()

    assert answers == [200]
    assert table.pulses() == ["A1"]


def test_when_all_places_wait_for_a_deed_the_next_is_closed_at_once(table, page):
    answers = []
    with table.bank.lock:
        tabs = [
            threading.Thread(target=lambda: answers.append(Browser(page).enter(deposit_pin(10))[0]))
            for _ in range(MOST_CONNECTIONS)
        ]
        for tab in tabs:
            tab.start()
        assert eventually(lambda: len(busy_threads()) == MOST_CONNECTIONS)
        with connected(page) as line:
            closed = line.recv(1)

    for tab in tabs:
        tab.join()

    assert closed == b""
    assert sorted(answers) == [200] + [409] * (MOST_CONNECTIONS - 1)


@pytest.mark.parametrize("beginning", [BEGINNING, b"GET /" + b"a", b""])
def test_a_byte_now_and_then_prolongs_nothing(table, page, soon, beginning):
    began = time.monotonic()
    with connected(page) as line:
        line.sendall(beginning)
        line.settimeout(0.05)
        while time.monotonic() - began < 2:
            try:
                line.sendall(b"x")
                if line.recv(1000) == b"":
                    break
            except TimeoutError:
                continue
            except ConnectionError:
                break
    took = time.monotonic() - began

    assert took < 1
    assert eventually(lambda: not busy_threads())


def test_a_body_that_does_not_come_is_answered(table, page, soon):
    host = urlsplit(page).netloc
    head = f"POST /api/enter HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nContent-Type: application/json\r\n"
    with connected(page) as line:
        line.sendall(head.encode() + b'Content-Length: 20\r\n\r\n{"code":')
        answer = line.recv(1000)

    assert answer.startswith(b"HTTP/1.1 408 ")
    assert table.bank.visit is None


@pytest.mark.parametrize("body", [b"{}", b""])
def test_a_body_that_is_shorter_than_announced_is_answered_and_does_nothing(table, page, body):
    assert posted(page, "Content-Length: 300", body=body)[0] == 400
    assert table.bank.visit is None


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ([f"X-{number}: 1" for number in range(101)], 431),
        (["X: " + "1" * 30_000], 431),
        ([f"X-{number}: {'1' * 1_000}" for number in range(25)], 431),
    ],
)
def test_headers_without_end_are_refused(table, page, headers, status):
    assert posted(page, *headers, "Content-Length: 2")[0] == status
    assert table.bank.visit is None


def test_many_headers_and_a_long_body_are_too_much_together(table, page):
    headers = [f"X-{number}: {'1' * 1_000}" for number in range(15)]

    assert posted(page, *headers, "Content-Length: 9000", body=b" " * 9_000)[0] == 413
    assert table.bank.visit is None


def test_a_request_line_without_end_is_cut_off(page):
    with connected(page) as line:
        with suppress(ConnectionError):
            line.sendall(b"GET /" + b"a" * 60_000)
        with suppress(ConnectionError):
            assert line.recv(1000) == b""

    assert eventually(lambda: not busy_threads())


@pytest.mark.parametrize("path", ["http://[", "//[", "*", "/%00", "/api/enter?" + "a" * 1000])
def test_a_broken_address_is_answered(page, caplog, path):
    with connected(page) as line:
        line.sendall(f"GET {path} HTTP/1.1\r\nHost: {urlsplit(page).netloc}\r\n\r\n".encode())

        assert line.recv(1000).startswith(b"HTTP/1.1 404 ")
    assert caplog.records == []


@pytest.mark.parametrize("say", [b"", BEGINNING, b"GET / HTTP/1.1\r\n\r\n" * 50])
def test_a_client_that_vanishes_leaves_no_trace(page, say, capfd, caplog):
    caplog.set_level(logging.INFO)
    for _ in range(5):
        with connected(page) as line:
            line.sendall(say)
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # a reset, not a good-bye

    assert eventually(lambda: not busy_threads())
    assert Browser(page).get("/api/state")[0] == 200
    assert (capfd.readouterr().err, caplog.records) == ("", [])


def test_a_mistake_of_ours_is_logged(table, page, caplog, monkeypatch):
    monkeypatch.setattr(table.bank, "enter", lambda *_: 1 / 0)

    with pytest.raises(OSError, match="closed connection"):
        Browser(page).enter(deposit_pin(10))

    assert eventually(lambda: caplog.records)
    assert caplog.records[0].exc_info[0] is ZeroDivisionError
