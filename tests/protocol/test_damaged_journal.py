"""A journal that the card damaged while the power was off: it is kept aside, and nothing opens until a technician has looked."""

import pytest

from pickup.controller.bank import Refused
from pickup.controller.health import BOOT_NAME
from pickup.controller.kiosk import documents
from pickup.controller.program import JOURNAL_NAME
from pickup.protocol.vocabulary import CommandType

from .kit import START, collect_pin, deposit_pin, leg_entries, service_token


def why(act, *arguments):
    with pytest.raises(Refused) as refused:
        act(*arguments)
    return refused.value.why


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
