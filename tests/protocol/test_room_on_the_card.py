"""The journal does not outgrow its card: how long what is kept, and what goes first."""

from pickup.controller import housekeeping
from pickup.controller.program import JOURNAL_NAME
from pickup.protocol.vocabulary import CommandType

from .kit import HOUR, START, leg_entries

DAY = 24 * HOUR


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
