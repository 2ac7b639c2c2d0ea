"""A memory card that is full, read-only or damaged: the bank goes on, opens nothing, and says so."""

import json
import threading
import urllib.error
import urllib.request

import pytest

from pickup.controller import closed, housekeeping
from pickup.controller.bank import Refused
from pickup.controller.database import JournalFailed
from pickup.controller.health import BOOT_NAME
from pickup.controller.kiosk import documents
from pickup.controller.kiosk.server import ClosedKiosk, Handler, Routes
from pickup.controller.program import JOURNAL_NAME, open_bank
from pickup.protocol.vocabulary import CommandType

from .kit import HOUR, START, collect_pin, deposit_pin, leg_entries, service_token

DAY = 24 * HOUR


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


def damage_head(path):
    content = bytearray(path.read_bytes())
    content[:64] = b"x" * 64
    path.write_bytes(content)


def damage_pages(path):
    content = bytearray(path.read_bytes())
    for start in range(4096, len(content), 4096):
        content[start : start + 200] = b"\xff" * 200
    path.write_bytes(content)


@pytest.fixture(params=[damage_head, damage_pages])
def lost(request, table):
    """Goods lie in A1; then the card is damaged while the power is off."""
    table.bank.clock.learn(START)
    table.apply(*leg_entries())
    table.confirm_all(table.bank.enter(deposit_pin(10)))
    table.driver.pulses.clear()
    table.boots = table.journal.boot_id
    table.journal.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    table.journal.close()
    request.param(table.config.state_dir / JOURNAL_NAME)
    table.restart()
    table.apply(*leg_entries(compartment="A1"), seq=2)
    return table


def test_a_damaged_journal_is_kept_and_opens_nothing(lost):
    kept = list(lost.config.state_dir.glob(f"{JOURNAL_NAME}.damaged-*"))

    refused = [why(lost.bank.enter, collect_pin()), why(lost.bank.enter, deposit_pin(10))]
    lost.order(lost.command(CommandType.DOOR_OPEN, reason="clear", compartment="A1"))

    assert refused == ["no_journal", "no_journal"]
    assert lost.pulses() == []
    assert lost.responses() == [("final", "refused", "no_journal", False)]
    assert len(kept) == 1
    assert lost.events("journal.lost") == [{"copy": kept[0].name}]
    assert documents.state(lost.bank, None)["out_of_order"] == "lost"


def test_the_number_of_boots_goes_on_so_that_the_server_still_listens(lost):
    assert lost.journal.boot_id == lost.boots + 1


def test_a_technician_looks_at_the_doors_and_then_everybody_is_served(lost):
    lost.bank.clock.learn(START)
    session = lost.bank.enter(service_token()).session
    lost.bank.servicing.open(session, "A1")
    lost.shut("A1")
    lost.bank.servicing.accept_journal(session)
    lost.bank.servicing.finish(session)

    lost.bank.enter(collect_pin())

    assert lost.pulses() == ["A1", "A1"]
    assert lost.events("journal.accepted") == [{}]


def test_it_stays_closed_over_another_restart_until_it_is_accepted(lost):
    lost.restart()

    assert why(lost.bank.enter, collect_pin()) == "no_journal"
    assert len(lost.events("journal.lost")) == 2


def test_a_sound_journal_is_not_put_aside(table):
    table.restart()

    assert list(table.config.state_dir.glob("*.damaged-*")) == []
    assert (table.config.state_dir / BOOT_NAME).read_text() == "2"


def test_two_days_without_the_server_cost_little_room(table):
    table.apply(*leg_entries())
    with table.journal.transaction():
        for _ in range(2000):
            table.journal.emit("door.closed", compartment="A1", leg=None)

    table.journal.db.execute("PRAGMA synchronous=OFF")
    table.wait(2 * DAY, step=60)
    table.journal.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    assert table.journal.unsent_count() < 2100
    assert (table.config.state_dir / JOURNAL_NAME).stat().st_size < 3_000_000


def test_more_than_can_be_kept_is_dropped_from_the_old_end_and_said(table, monkeypatch):
    monkeypatch.setattr(housekeeping, "MOST_UNSENT", 50)
    with table.journal.transaction():
        for number in range(100):
            table.journal.emit("door.left_open", compartment="A1", seconds=number)

    table.bank.housekeeping.tidy()

    left = table.events("door.left_open")
    assert [left[0]["seconds"], left[-1]["seconds"]] == [50, 99]
    assert table.events("alert") == [{"why": "outbox_full", "detail": "51 reports dropped"}]


def test_commands_are_remembered_for_a_week(table):
    table.bank.clock.learn(START)
    command = table.command(CommandType.DOOR_OPEN, reason="service", compartment="A3")
    table.order(command)
    table.shut("A3")
    count = "SELECT COUNT(*) FROM commands"

    table.journal.db.execute("PRAGMA synchronous=OFF")
    table.wait(6 * DAY, step=HOUR)
    after_six = table.journal.db.execute(count).fetchone()[0]
    table.wait(2 * DAY, step=HOUR)
    after_eight = table.journal.db.execute(count).fetchone()[0]

    assert (after_six, after_eight) == (1, 0)


def test_nothing_is_dropped_while_the_date_is_not_sure(table):
    table.order(table.command(CommandType.DOOR_OPEN, reason="service", compartment="A3"))
    table.ticker.offset = 400 * (START - START.replace(day=18))
    table.restart()

    table.bank.housekeeping.tidy()

    assert table.journal.db.execute("SELECT COUNT(*) FROM commands").fetchone()[0] == 1
    assert table.journal.db.execute("SELECT COUNT(*) FROM actuations").fetchone()[0] == 1


def test_the_log_of_writes_does_not_grow_for_ever(table):
    table.journal.db.execute("PRAGMA synchronous=OFF")
    for _ in range(1000):
        table.journal.emit("door.closed", compartment="A1", leg=None)
    table.bank.housekeeping.tidy()

    assert (table.config.state_dir / f"{JOURNAL_NAME}-wal").stat().st_size == 0


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
