"""The exchange with the server, over real HTTP: nothing lost, nothing twice, nothing believed unsigned."""

import threading
import time
from dataclasses import replace
from datetime import timedelta

import pytest

from pickup.conformance.server import Server
from pickup.controller.program import make_sync
from pickup.controller.transports.https import PORTION_PAUSE, Unreachable
from pickup.controller.transports.pauses import LONGEST_PAUSE, pause_after
from pickup.protocol import envelope
from pickup.protocol.errors import BadMessage, BadSignature

from .kit import START, Table, collect_pin, deposit_pin, leg_entries, signed_list


@pytest.fixture
def server():
    fake = Server()
    yield fake
    fake.close()


@pytest.fixture
def table(tmp_path, server):
    return Table(tmp_path, server.address)


@pytest.fixture
def sync(table):
    return make_sync(table.bank)


def gone(sync):
    """The server's address while nobody listens there."""
    sync.link.server = "http://127.0.0.1:9"


def test_list_is_fetched_once_and_applied(server, sync, table):
    server.list = signed_list(*leg_entries())

    sync.exchange()
    sync.exchange()

    assert table.bank.access.etag == server.etag()
    assert server.list_fetches == 1
    assert [request.list_etag for request in server.requests] == [None, server.etag()]


def test_deposit_and_collection_work_while_the_web_site_is_stopped(server, sync, table):
    """S2: the list is known; the events arrive later, each exactly once and in order."""
    server.list = signed_list(*leg_entries())
    sync.exchange()
    address, _ = sync.link.server, gone(sync)
    table.wait(61)

    table.confirm_all(table.bank.enter(deposit_pin(10)))
    collecting = table.bank.enter(collect_pin())
    table.bank.claim(collecting.session)
    table.shut("A1")
    with pytest.raises(Unreachable):
        sync.exchange()
    sync.link.server = address
    sync.exchange()
    sync.exchange()

    assert server.types() == [
        "power.restored",
        "list.applied",
        "credential.accepted",
        "door.opened",
        "deposit.confirmed",
        "door.closed",
        "credential.accepted",
        "door.opened",
        "claim",
        "door.closed",
    ]
    assert server.twice == 0
    assert table.events() == []


def test_lost_answer_sends_again_and_the_server_knows_it(server, sync, table):
    server.lose_next_answers = 1

    with pytest.raises(Unreachable):
        sync.exchange()
    sync.exchange()

    assert server.types() == ["power.restored"]
    assert server.twice == 1
    assert [kind for kind, _ in table.events()] == ["list.applied"]


def test_line_cut_between_accepted_and_final_makes_no_second_pulse(server, sync, table):
    """S3."""
    table.driver.jammed.add(table.address("A1"))
    command = table.command(compartment="A1").sign(server.key, "s3")
    server.commands = [command]
    sync.exchange()
    server.commands = []
    sync.exchange()
    before = server.outcomes()

    table.driver.jammed.clear()
    table.wait(4)
    server.commands = [command]
    sync.exchange()
    sync.exchange()

    assert before == [("accepted", None)]
    assert server.outcomes()[:2] == [("accepted", None), ("final", "opened")]
    assert table.pulses() == ["A1", "A1"]


def test_events_of_an_earlier_start_are_delivered_and_forgotten(server, sync, table):
    gone(sync)
    with pytest.raises(Unreachable):
        sync.exchange()

    table.restart()
    make_sync(table.bank).exchange()

    assert sorted(server.stored) == [(1, 1), (2, 1)]
    assert [kind for kind, _ in table.events()] == ["list.applied"]


def test_long_outage_is_delivered_in_portions(server, sync, table):
    for _ in range(450):
        table.journal.emit("remark", code="missing")

    pauses = [sync.exchange() for _ in range(3)]

    assert pauses == [PORTION_PAUSE, PORTION_PAUSE, 1]
    assert [len(request.events) for request in server.requests] == [200, 200, 52]
    assert server.twice == 0


def test_snapshot_is_sent_when_something_changed(server, sync, table):
    sync.exchange()
    sync.exchange()
    table.driver.force(table.address("A1"))
    table.wait(1)
    sync.exchange()

    snapshots = [request.snapshot for request in server.requests]
    assert snapshots[1] is None
    assert [(box.id, box.door, box.svc) for box in snapshots[2].compartments][0] == ("A1", "open", "quarantined")


def test_reply_with_a_foreign_signature_is_ignored(server, sync, table):
    server.key = envelope.read_private_key(envelope.new_private_key())
    server.commands = [table.command(compartment="A1").sign(server.key, "s3")]

    with pytest.raises(BadSignature):
        sync.exchange()

    assert table.pulses() == []
    assert [kind for kind, _ in table.events()] == ["power.restored"]


def test_older_list_raises_the_alarm_and_stays_out(server, sync, table):
    """S23."""
    server.list = signed_list(*leg_entries(), seq=5)
    sync.exchange()
    server.list = signed_list(seq=4)

    with pytest.raises(BadMessage):
        sync.exchange()

    assert [data["why"] for data in table.events("alert")] == ["old_list"]
    assert len(table.bank.access.list.entries) == 2


def test_wrong_secret_loses_nothing(server, table):
    sync = make_sync(table.bank)
    sync.link.headers["Authorization"] = "Bearer wrong"

    with pytest.raises(Unreachable):
        sync.exchange()

    assert server.stored == {}
    assert [kind for kind, _ in table.events()] == ["power.restored"]


def test_bank_takes_its_time_from_the_signed_reply(server, sync, table):
    sync.exchange()

    report = table.bank.clock.report()

    assert table.bank.clock.now() == START
    assert report.synced
    assert report.uncertainty_ms == 250


@pytest.mark.parametrize(("seconds", "believed"), [(9, True), (11, False)])
def test_an_answer_that_took_long_sets_no_clock(server, sync, table, monkeypatch, seconds, believed):
    slow_down(monkeypatch, sync, table, seconds)

    sync.exchange()

    assert table.bank.clock.is_sure() == believed


def test_the_bank_says_how_long_the_answer_took_that_set_its_clock(server, sync, table, monkeypatch):
    slow_down(monkeypatch, sync, table, 9)

    sync.exchange()

    assert table.bank.clock.now() == START
    assert table.bank.clock.report().uncertainty_ms == 9250


def test_commands_in_an_answer_that_took_long_wait_for_a_sure_clock(server, sync, table, monkeypatch):
    """The bank's clock is an hour behind: a command that was held back for half an hour would look timely."""
    server.clock = lambda: table.ticker.wall() + timedelta(hours=1)
    command = table.command(compartment="A1")
    server.commands = [replace(command, not_after=command.not_after + timedelta(hours=1)).sign(server.key, "s3")]
    with monkeypatch.context() as patch:
        slow_down(patch, sync, table, 1800)
        sync.exchange()
    before = (table.pulses(), table.responses())

    sync.exchange()

    assert before == ([], [])
    assert (table.pulses(), table.responses()) == ([], [("final", "expired", None, False)])


def slow_down(monkeypatch, sync, table, seconds):
    """The answers are so long on their way."""
    answer = sync.link.sync

    def slowly(document):
        reply = answer(document)
        table.ticker.seconds += seconds
        return reply

    monkeypatch.setattr(sync.link, "sync", slowly)


def test_pauses_grow_to_a_minute_and_differ():
    pauses = [pause_after(failures) for failures in range(1, 12)]

    assert 0.5 <= pauses[0] <= 1
    assert all(LONGEST_PAUSE / 2 <= pause <= LONGEST_PAUSE for pause in pauses[6:])
    assert len(set(pauses)) == len(pauses)


def test_people_at_the_bank_do_not_wait_for_a_server_that_hangs(table):
    """The exchange hangs in the network; a PIN is judged meanwhile."""
    sync = make_sync(table.bank)
    hanging, may_end = threading.Event(), threading.Event()

    def hang(_):
        hanging.set()
        may_end.wait(5)
        raise Unreachable("gone")

    sync.link.sync = hang
    table.apply(*leg_entries())
    thread = threading.Thread(target=sync.run, daemon=True)
    thread.start()
    hanging.wait(2)
    began = time.monotonic()

    visit = table.bank.enter(deposit_pin(10))

    assert visit.current.door == "open"
    assert time.monotonic() - began < 1
    assert not may_end.is_set()
    sync.stop()
    may_end.set()
    thread.join(2)
    assert not thread.is_alive()
