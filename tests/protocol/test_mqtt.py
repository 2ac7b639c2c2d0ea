"""The line over MQTT against a real broker: nothing lost, nothing twice, nothing late, nothing unsigned, nothing retained."""

import threading
from datetime import timedelta

import pytest

from pickup.protocol import envelope
from tests.broker import broker as running_broker
from tests.waiting import until

from .kit import BANK, KID, SERVER_KEY
from .mqtt_kit import Bridge, LineTable


@pytest.fixture
def broker():
    with running_broker(BANK) as made:
        yield made


@pytest.fixture
def server(broker):
    bridge = Bridge(broker)
    yield bridge
    bridge.close()


@pytest.fixture
def table(tmp_path, broker, server):
    table = LineTable(tmp_path, broker)
    server.sent_time = table.ticker.wall
    return table


@pytest.fixture
def line(table):
    """The bank's line, up and with the time known."""
    line, thread = run(table)
    until(lambda: table.bank.clock.report().synced)
    yield line
    hang_up(line, thread)


def run(table):
    line = table.line()
    thread = threading.Thread(target=line.run, daemon=True)
    thread.start()
    until(line.carries, "connected")
    return line, thread


def hang_up(line, thread):
    line.stop()
    thread.join(5)
    assert not thread.is_alive()


def test_reports_arrive_once_and_are_forgotten_when_the_server_confirms_them(server, table, line):
    table.driver.force(table.address("A1"))

    until(lambda: table.bank.tick() or (len(server.stored) > 1 and not table.events()))

    types = [server.stored[key].type for key in sorted(server.stored)]
    assert types[0] == "power.restored"
    assert "door.uncommanded_open" in types
    assert server.twice == 0


def test_a_puback_of_the_broker_is_no_confirmation(server, table, line):
    until(lambda: not table.events())
    server.confirming = False
    table.emit("missing")
    until(lambda: len(server.stored) == 2)

    kept = table.events("remark")
    server.confirming = True
    table.ticker.seconds += 11
    until(lambda: not table.events())

    assert kept == [{"code": "missing"}]
    assert server.twice == 1


def test_state_and_presence_are_there_for_a_bridge_that_comes_later(server, broker, table, line):
    until(lambda: server.snapshots and server.presence)

    late = Bridge(broker)
    until(lambda: late.snapshots and late.presence)
    late.close()

    assert len(late.snapshots[0].compartments) == 8
    assert (late.presence[-1].online, late.presence[-1].boot_id) == (True, table.journal.boot_id)
    assert late.beats == []
    assert server.beats[0].fw.startswith("halles-controller")


def test_a_bank_that_stops_says_so(server, table):
    line, thread = run(table)
    until(lambda: server.presence)

    hang_up(line, thread)

    until(lambda: not server.presence[-1].online)


def test_an_open_command_pulses_at_once(server, table, line):
    server.send(table.command(compartment="A1").sign(SERVER_KEY, KID), seconds=30)

    until(lambda: len(server.outcomes()) == 2 or table.bank.tick())

    assert table.pulses() == ["A1"]
    assert server.outcomes() == [("accepted", None, False), ("opened", None, False)]


def test_a_command_that_comes_twice_pulses_once(server, table, line):
    """S5."""
    command = table.command(compartment="A1").sign(SERVER_KEY, KID)
    server.send(command)
    until(lambda: len(server.outcomes()) == 2 or table.bank.tick())

    server.send(command)
    until(lambda: len(server.outcomes()) == 3)

    assert table.pulses() == ["A1"]
    assert server.outcomes()[2] == ("opened", None, True)


def test_a_command_that_the_broker_held_back_is_expired(server, table, line):
    """S6: without an expiry at the broker, ten minutes late."""
    command = table.command(compartment="A1").sign(SERVER_KEY, KID)
    table.ticker.seconds += 600

    server.send(command)
    until(server.outcomes)

    assert table.pulses() == []
    assert server.outcomes() == [("expired", None, False)]


def test_a_retained_command_is_dropped_and_counted(server, table, line):
    """S7, while the bank listens."""
    server.send(table.command(compartment="A1").sign(SERVER_KEY, KID), retain=True)
    until(server.alerts)

    assert server.alerts() == ["retained_command"]
    assert (table.pulses(), server.outcomes(), line.retained_commands) == ([], [], 1)


def test_a_retained_command_does_not_even_reach_a_bank_that_comes_later(server, table):
    """S7, left at the broker before."""
    server.send(table.command(compartment="A1").sign(SERVER_KEY, KID), retain=True)

    line, thread = run(table)
    until(lambda: server.stored and not table.events())
    hang_up(line, thread)

    assert (table.pulses(), server.outcomes()) == ([], [])


def test_an_unsigned_command_and_an_old_number_open_nothing(server, table, line):
    """S8."""
    good = table.command(compartment="A1")
    stranger = envelope.read_private_key(envelope.new_private_key())
    server.send(good.sign(stranger, KID))
    until(lambda: server.alerts() == ["bad_signature"])
    late = table.command(compartment="A2")
    server.send(table.command("door.locate", compartment="A2").sign(SERVER_KEY, KID))
    until(server.outcomes)
    server.send(late.sign(SERVER_KEY, KID))
    until(lambda: len(server.outcomes()) == 2 and len(server.alerts()) == 2)

    assert table.pulses() == []
    assert server.alerts() == ["bad_signature", "old_cseq"]
    assert server.outcomes()[-1] == ("refused", "old_cseq", False)


@pytest.mark.parametrize("raw", [b"", b"{", b"\xff", b"[" * 5000, b'{"v":1,"v":1}', b'{"type":"sync"}', b"x" * 200_000])
def test_rubbish_on_the_command_topic_does_no_harm(server, table, line, raw):
    server.send(None, raw=raw)
    server.send(table.command(compartment="A1").sign(SERVER_KEY, KID))

    until(lambda: table.pulses() == ["A1"])


def test_line_cut_between_accepted_and_final_makes_no_second_pulse(server, broker, table, line):
    """S3, with the broker killed: the outcome arrives from the outbox."""
    table.driver.jammed.add(table.address("A1"))
    server.send(table.command(compartment="A1").sign(SERVER_KEY, KID))
    until(lambda: server.outcomes() == [("accepted", None, False)])
    broker.kill()
    table.driver.jammed.clear()
    table.wait(4)
    pulses = table.pulses()

    broker.start()
    until(lambda: len(server.outcomes()) == 2 and not table.responses())

    assert table.pulses() == pulses
    assert server.outcomes() == [("accepted", None, False), ("opened", None, False)]


def test_a_broker_that_dies_loses_and_doubles_nothing(server, broker, table, line):
    for number in range(100):
        table.emit(f"a{number}")
    broker.kill()
    for number in range(100):
        table.emit(f"b{number}")
    broker.start()
    until(server.client.is_connected)
    table.ticker.seconds += 11

    until(lambda: len(server.stored) == 201 and not table.events())

    codes = [server.stored[key].data.get("code") for key in sorted(server.stored)][1:]
    assert codes == [f"{letter}{number}" for letter in "ab" for number in range(100)]


def test_items_of_an_earlier_start_are_delivered_too(server, table):
    table.restart()

    line, thread = run(table)
    until(lambda: len(server.stored) == 2 and not table.events())
    hang_up(line, thread)

    assert sorted(server.stored) == [(1, 1), (2, 1)]


def test_commands_wait_until_the_time_is_known(server, table):
    """A bank whose clock is a day behind would take yesterday's command for a fresh one."""
    server.confirming = False
    server.send(table.command(compartment="A1").sign(SERVER_KEY, KID))
    line, thread = run(table)
    server.send(table.command(compartment="A2").sign(SERVER_KEY, KID))
    until(lambda: line._early)
    before = table.pulses()

    server.sent_time = lambda: table.ticker.wall() + timedelta(hours=1)
    server.confirming = True
    table.emit("missing")
    until(server.outcomes)
    hang_up(line, thread)

    assert (before, table.pulses()) == ([], [])
    assert server.outcomes()[-1] == ("expired", None, False)


def test_a_reply_that_was_held_back_does_not_set_the_clock(server, table, line):
    until(lambda: not table.events())
    request = line.conversation.report()
    old = table.ticker.wall()
    table.ticker.seconds += 11

    server.confirm(request, server_time=old)
    table.emit("missing")
    until(lambda: not table.events())

    assert table.bank.clock.now() - table.ticker.wall() < timedelta(seconds=1)


def test_a_reply_to_another_identity_makes_nothing_forgotten(server, table, line):
    until(lambda: not table.events())
    server.confirming = False
    table.emit("missing")
    until(lambda: len(server.stored) == 2)

    server.confirm(line.conversation.report(), generation=2, cursor=99)
    server.send(table.command("door.locate", compartment="A1").sign(SERVER_KEY, KID))
    until(server.outcomes)

    assert table.events("remark") == [{"code": "missing"}]


def test_two_computers_with_one_identity_take_the_line_from_each_other_and_lose_nothing(
    tmp_path, server, broker, table
):
    """A copied card: the server takes what came first, and the other one keeps what nobody stored."""
    first, first_thread = run(table)
    table.emit("mine")  # the two may have started in the same millisecond
    until(lambda: not table.events())
    known = dict(server.stored)
    copy = LineTable(tmp_path / "copy", broker)
    copy.ticker.seconds += 100
    copy.emit("missing")
    unsent = copy.events()

    second, second_thread = run(copy)
    until(lambda: server.refused, "the copy was heard")
    kept = copy.events()
    hang_up(second, second_thread)
    table.emit("other")
    until(lambda: not table.events(), "the first one was heard again")
    hang_up(first, first_thread)

    assert kept == copy.events() == unsent
    assert {number: server.stored[number] for number in known} == known
    assert server.stored[1, 3].data == {"code": "other"}
