"""A memory card that is full, read-only or not there: the bank goes on, opens nothing, and says so."""

import json
import threading
import urllib.error
import urllib.request

import pytest

from pickup.controller import closed
from pickup.controller.bank import Refused
from pickup.controller.database import JournalFailed
from pickup.controller.kiosk import documents
from pickup.controller.kiosk.server import ClosedKiosk, Handler, Routes
from pickup.controller.program import JOURNAL_NAME, open_bank
from pickup.protocol.vocabulary import CommandType

from .kit import collect_pin, deposit_pin, leg_entries


def fill_up(table):
    """No page more: what SQLite says then is what it says of a full card."""
    table.journal.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    pages = table.journal.db.execute("PRAGMA page_count").fetchone()[0]
    table.journal.db.execute(f"PRAGMA max_page_count={pages}")
    with pytest.raises(Refused):
        while True:
            table.journal.emit("door.closed", compartment="A1", leg=None)
    table.journal.db.trouble = None


def make_room(table):
    table.journal.db.execute("PRAGMA max_page_count=1000000")


def forbid_writing(table):
    table.journal.db.execute("PRAGMA query_only=ON")


def allow_writing(table):
    table.journal.db.execute("PRAGMA query_only=OFF")


CARDS = {"full": (fill_up, make_room), "readonly": (forbid_writing, allow_writing)}


@pytest.fixture(params=CARDS)
def trouble(request):
    return request.param


def why(act, *arguments):
    with pytest.raises(Refused) as refused:
        act(*arguments)
    return refused.value.why


def lasting(table, trouble):
    """Break the card and let the bank notice."""
    CARDS[trouble][0](table)
    assert why(table.bank.enter, deposit_pin(10)) == "no_journal"


def test_nothing_opens_that_cannot_be_written(table, trouble):
    table.apply(*leg_entries())

    lasting(table, trouble)
    table.wait(60)
    again = why(table.bank.enter, deposit_pin(10))

    assert again == "no_journal"
    assert table.pulses() == []
    assert table.bank.visit is None


def test_the_page_says_it_and_the_doors_are_still_shown(table, trouble):
    lasting(table, trouble)

    shown = documents.state(table.bank, None)

    assert shown["out_of_order"] == trouble
    assert len(documents.wall(table.bank)["compartments"]) == 8


def test_the_server_opens_nothing_either_and_hears_of_it_later(table, trouble):
    lasting(table, trouble)
    command = table.command(CommandType.DOOR_OPEN, reason="service", compartment="A3")

    table.order(command)
    meanwhile = table.pulses()
    CARDS[trouble][1](table)
    table.wait(6)
    table.order(command)

    assert meanwhile == []
    assert table.pulses() == ["A3"]


def test_when_it_can_be_written_again_everybody_is_served_and_the_server_is_told(table, trouble):
    table.apply(*leg_entries())
    lasting(table, trouble)
    boot = table.journal.boot_id
    table.wait(30)

    CARDS[trouble][1](table)
    table.wait(6)
    table.bank.enter(deposit_pin(10))

    (told,) = table.events("journal.recovered")
    assert told["why"] == trouble
    assert 30 <= told["seconds"] <= 40
    assert table.journal.boot_id == boot + 1
    assert table.pulses() == ["A1"]
    assert documents.state(table.bank, None)["out_of_order"] is None


def test_an_attempt_under_way_is_not_made_again_when_the_card_works_again(table, trouble):
    table.apply(*leg_entries())
    table.driver.jammed.add(table.address("A1"))
    table.bank.enter(deposit_pin(10))
    CARDS[trouble][0](table)
    table.wait(60)
    pulses = table.pulses()

    CARDS[trouble][1](table)
    table.wait(30)

    assert table.pulses() == pulses
    assert len(pulses) <= 2
    assert [event["outcome"] for event in table.events("door.opened")] == ["unknown_after_restart"]


def test_a_start_without_a_journal_shows_that_the_bank_is_out_of_order_until_the_card_works(table):
    table.journal.close()
    path = table.config.state_dir / JOURNAL_NAME
    away = path.with_name("card")
    path.rename(away)
    path.mkdir()
    with pytest.raises(JournalFailed) as failed:
        open_bank(table.config, table.driver)
    kiosk = ClosedKiosk(table.config, failed.value.trouble)
    thread = threading.Thread(target=kiosk.run, daemon=True)
    thread.start()

    shown = [json.load(urllib.request.urlopen(f"{kiosk.address}api/{name}", timeout=5)) for name in ("state", "wall")]
    page = urllib.request.urlopen(kiosk.address, timeout=5).read()
    origin = kiosk.address.rstrip("/")
    entering = urllib.request.Request(
        f"{origin}/api/enter",
        json.dumps({"code": collect_pin()}).encode(),
        {"Content-Type": "application/json", "Origin": origin},
    )
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(entering, timeout=5)
    kiosk.stop()
    thread.join(2)

    assert (shown[0]["out_of_order"], shown[0]["help_phone"]) == ("io", "01 23 45 67 89")
    assert len(shown[1]["compartments"]) == 8
    assert b"<html" in page
    assert json.load(refused.value) == {"why": "no_journal", "seconds": None}
    assert table.pulses() == []


def test_the_program_waits_for_the_card_and_then_asks_for_an_ordinary_start(table):
    table.journal.close()
    path = table.config.state_dir / JOURNAL_NAME
    away = path.with_name("card")
    path.rename(away)
    path.mkdir()
    told = threading.Event()
    told.set()

    gave_up = closed.wait(table.config, "io", told, again=0.01)
    threading.Timer(0.1, lambda: (path.rmdir(), away.rename(path))).start()
    mended = closed.wait(table.config, "io", threading.Event(), again=0.01)

    assert (gave_up, mended) == (False, True)
    assert table.restart().journal.boot_id == 2
    assert documents.state(table.bank, None)["out_of_order"] is None


def test_a_look_at_a_journal_that_fails_is_answered_with_out_of_order(table):
    table.journal.db.trouble = "io"
    routes = Routes(table.bank, table.driver)

    def fail(session):
        raise JournalFailed("io")

    routes.looks["/api/simulator"] = fail
    handler = type("Looking", (Handler,), {"routes": routes, "__init__": lambda self: None, "headers": {}})

    assert handler()._look("/api/simulator") == documents.closed(table.config, "io")
