"""The screen of a locker bank in a browser: a real controller and its page, simulated doors, time that tests let pass."""

import threading

import pytest

from pickup.controller.kiosk.server import KioskServer
from pickup.protocol.vocabulary import Temperature
from tests.kiosk.screen import Screen
from tests.protocol.kit import Table, leg_entries

SHOP = {"shop_name": "Épicerie du Quai", "bags": 2}
UPRIGHT = {"width": 1080, "height": 1920}


@pytest.fixture
def table(tmp_path):
    """A bank whose list has a leg for two shops, frozen goods of the first, and a second order of it."""
    table = Table(tmp_path / "bank")
    frozen = leg_entries(leg=72, temperature=Temperature.FROZEN, order="1001", **SHOP)
    other = leg_entries(reservation=2, leg=73, order="1002", **SHOP)
    table.apply(*leg_entries(shops=(10, 11), order="1001", **SHOP), *frozen, *other)
    yield table
    table.journal.close()


@pytest.fixture
def address(table):
    """Where the page is served."""
    server = KioskServer(table.bank, table.driver)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield server.address
    server.stop()
    thread.join(2)


@pytest.fixture
def window(chromium, address):
    """Opens windows on the page; fails when one asks a foreign host or meets an error of its own."""
    contexts, wrong = [], []

    def open_window(size=UPRIGHT):
        context = chromium.new_context(viewport=size, locale="fr-FR", reduced_motion="reduce")
        context.set_default_timeout(10_000)
        context.on("request", lambda request: request.url.startswith(address) or wrong.append(request.url))
        context.on("weberror", lambda error: wrong.append(str(error.error)))
        contexts.append(context)
        page = context.new_page()
        page.goto(address)
        return page

    yield open_window
    for context in contexts:
        context.close()
    assert wrong == []


@pytest.fixture
def screen(table, window):
    """An upright screen, used by keys alone."""
    return Screen(window(), table)
