"""The bank's own record: complete, readable, and impossible to change without a trace."""

import json
import os
import sqlite3
import stat
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from pickup.controller import audit
from pickup.controller.audit import Audit, Head
from pickup.controller.bank import Refused
from pickup.controller.program import JOURNAL_NAME
from pickup.protocol.vocabulary import CommandType

from .kit import HOUR, SERVER_KEY, collect_pin, deposit_pin, leg_entries, service_token, settings

ROOT = Path(__file__).parents[2]


@pytest.fixture
def lived(table):
    """A bank where something was refused, put in, looked into, opened by the server, and sealed."""
    table.bank.clock.learn(table.ticker.wall())
    table.apply(*leg_entries())
    with pytest.raises(Refused):
        table.bank.enter("00000000")
    table.confirm_all(table.bank.enter(deposit_pin(10)))
    session = table.bank.enter(service_token()).session
    table.bank.servicing.open(session, "A2")
    table.shut("A2")
    table.bank.servicing.take_out(session, "A2")
    table.bank.servicing.finish(session)
    table.order(table.command(CommandType.DOOR_OPEN, reason="collect", compartment="A1", leg=71))
    table.shut("A1")
    table.bank.housekeeping.seal()
    return table


def faults(table, **more):
    return audit.faults(table.journal.audit, table.bank.housekeeping.key.public_key(), **more)


def tamper(table, *statements):
    """Do as somebody with the memory card in another computer would: nothing there stops them."""
    db = sqlite3.connect(table.config.state_dir / JOURNAL_NAME)
    db.executescript("DROP TRIGGER audit_is_not_changed; DROP TRIGGER audit_is_cut_at_a_seal;" + ";".join(statements))
    db.close()


def kinds(table):
    return [json.loads(row["document"])["type"] for row in table.journal.audit.rows()]


def test_everything_that_matters_is_in_it(lived):
    assert set(kinds(lived)) >= {
        "credential.rejected",
        "credential.accepted",
        "door.opened",
        "door.closed",
        "deposit.confirmed",
        "service.entered",
        "compartment.service",
        "command.outcome",
        "power.restored",
    }
    assert faults(lived) == []


def test_no_code_and_no_key_is_in_it(lived):
    text = "".join(row["document"] for row in lived.journal.audit.rows())

    assert collect_pin() not in text
    assert deposit_pin(10) not in text
    assert "00000000" not in text
    assert lived.config.device_secret not in text


def test_a_deed_that_was_rolled_back_leaves_no_row(table):
    before = table.journal.audit.head()

    with pytest.raises(ZeroDivisionError), table.journal.transaction():
        table.journal.emit("remark", leg=1, code="missing")
        raise ZeroDivisionError

    assert table.journal.audit.head() == before


@pytest.mark.parametrize(
    "statement", ["UPDATE audit SET at = ''", "DELETE FROM audit", "DELETE FROM audit WHERE n = 3"]
)
def test_the_program_itself_cannot_change_it(lived, statement):
    before = list(map(tuple, lived.journal.audit.rows()))

    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        lived.journal.db.execute(statement)

    assert list(map(tuple, lived.journal.audit.rows())) == before


@pytest.mark.parametrize(
    ("statements", "found"),
    [
        (["UPDATE audit SET document = replace(document, 'A1', 'A2') WHERE n = 5"], ["Row 5 was changed."]),
        (["UPDATE audit SET at = '2020-01-01T00:00:00.000Z' WHERE n = 5"], ["Row 5 was changed."]),
        (["DELETE FROM audit WHERE n = 5"], ["Row 5 is missing."]),
        (["DELETE FROM audit WHERE n IN (5, 6)"], ["Rows 5 to 6 are missing."]),
        (["DELETE FROM audit WHERE n < 3"], ["Rows 1 to 2 are missing."]),
        (
            [
                "UPDATE audit SET n = 999 WHERE n = 5",
                "UPDATE audit SET n = 5 WHERE n = 6",
                "UPDATE audit SET n = 6 WHERE n = 999",
            ],
            [
                "Row 5 does not follow row 4.",
                "Row 5 was changed.",
                "Row 6 does not follow row 5.",
                "Row 6 was changed.",
                "Row 7 does not follow row 6.",
            ],
        ),
    ],
)
def test_a_changed_missing_or_moved_row_is_found(lived, statements, found):
    tamper(lived, *statements)

    assert faults(lived) == found


def test_a_chain_computed_anew_does_not_fit_its_seals(lived):
    prev, statements = audit.GENESIS, []
    for row in list(lived.journal.audit.rows()):
        text = row["document"].replace("A1", "A5")
        prev_hash, prev = prev, audit.link(prev, row["n"], text)
        statements.append(
            f"UPDATE audit SET document = '{text}', prev_hash = '{prev_hash}', hash = '{prev}' WHERE n = {row['n']}"
        )
    sealed = lived.journal.audit.last_seal()["n"]

    tamper(lived, *statements)

    assert faults(lived) == [f"Row {sealed} is not the row that was sealed."]


def test_a_seal_by_another_key_is_found(lived):
    seal = lived.journal.audit.last_seal()
    forged = audit.envelope.sign(seal, SERVER_KEY, audit.KID)

    tamper(lived, f"UPDATE audit_seals SET document = '{json.dumps(forged)}'")

    assert faults(lived) == [f"The seal of row {seal['n']} was not made by this device."]


def test_a_tail_cut_off_is_found_by_its_seal(lived):
    last = lived.journal.audit.last_seal()["n"]

    tamper(lived, f"DELETE FROM audit WHERE n > {last - 2}")

    assert faults(lived) == [f"Rows {last - 1} to {last} are missing at the end."]


def test_a_tail_cut_off_with_its_seal_is_found_by_what_the_server_was_told(lived):
    told = lived.events("audit.sealed")[-1]

    tamper(lived, f"DELETE FROM audit WHERE n >= {told['n']}", "DELETE FROM audit_seals")

    assert faults(lived) == []
    assert faults(lived, expect=Head(n=told["n"], hash=told["hash"])) == [
        f"Row {told['n']} is not the row that the server was told."
    ]


def test_each_seal_tells_the_server_what_became_of_the_one_before(lived):
    lived.order(lived.command(CommandType.DOOR_LOCATE, compartment="A1"))
    lived.wait(2 * HOUR, step=60)
    lived.order(lived.command(CommandType.DOOR_LOCATE, compartment="A1"))
    lived.wait(2 * HOUR, step=60)

    first, second, third = lived.events("audit.sealed")
    assert first["before"] is None
    assert second["before"] == {"n": first["n"], "hash": first["hash"]}
    assert third["before"] == {"n": second["n"], "hash": second["hash"]}
    assert first["n"] < second["n"] < third["n"]
    assert first["key"] == second["key"] == third["key"]


def test_an_hour_in_which_nothing_happened_needs_no_seal(lived):
    lived.wait(5 * HOUR, step=60)
    seals = lived.events("audit.sealed")

    lived.wait(5 * HOUR, step=60)

    assert lived.events("audit.sealed") == seals


def test_chain_goes_on_over_a_restart(lived):
    before = lived.journal.audit.head().n

    lived.restart()

    assert lived.journal.audit.head().n > before
    assert faults(lived) == []


def test_after_eighteen_months_rows_go_up_to_a_seal_and_the_rest_still_holds(lived):
    sealed = lived.journal.audit.last_seal()["n"]
    head = lived.journal.audit.head().n

    gone = lived.journal.audit.cut(lived.bank.clock.now() + audit.KEEP + timedelta(days=1))

    assert gone == sealed
    assert [row["n"] for row in lived.journal.audit.rows()] == list(range(sealed + 1, head + 1))
    assert faults(lived) == []


def test_nothing_is_dropped_earlier_or_without_a_seal(lived):
    early = lived.journal.audit.cut(lived.bank.clock.now() + audit.KEEP - timedelta(days=1))
    tamper(lived, "DELETE FROM audit_seals")
    unsealed = lived.journal.audit.cut(lived.bank.clock.now() + audit.KEEP + timedelta(days=1))

    assert (early, unsealed) == (0, 0)


def test_device_key_is_readable_by_its_user_alone_and_stays(tmp_path):
    first = audit.device_key(tmp_path)

    assert stat.S_IMODE((tmp_path / audit.KEY_NAME).stat().st_mode) == 0o600
    assert audit.device_key(tmp_path).private_bytes_raw() == first.private_bytes_raw()


def command(folder, *options):
    file = folder / "bank.json"
    file.write_text(json.dumps(settings(folder)), encoding="utf-8")
    return subprocess.run(
        [sys.executable, "-m", "pickup.controller", "audit", "--config", str(file), *options],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env={"PATH": os.environ["PATH"]},
        check=False,
    )


def test_it_is_printed_in_plain_words_while_the_bank_runs(lived, tmp_path):
    printed = command(tmp_path)

    assert printed.returncode == 0
    assert "Somebody typed a code that opens nothing here." in printed.stdout
    assert "Door A1 opened for a deposit." in printed.stdout


def test_it_is_printed_in_french(lived, tmp_path):
    assert "La porte A1 s’est ouverte pour un dépôt." in command(tmp_path, "--language", "fr").stdout


def test_verifying_says_that_it_holds_or_what_is_wrong(lived, tmp_path):
    good = command(tmp_path, "--verify")
    told = lived.events("audit.sealed")[-1]
    wrong = command(tmp_path, "--verify", "--expect", f"{told['n']}:{'0' * 64}")
    tamper(lived, "DELETE FROM audit WHERE n = 5")
    bad = command(tmp_path, "--verify")

    assert (good.returncode, good.stdout.splitlines()[-1][:10]) == (0, "The record")
    assert (wrong.returncode, wrong.stdout) == (1, f"Row {told['n']} is not the row that the server was told.\n")
    assert (bad.returncode, bad.stdout) == (1, "Row 5 is missing.\n")


def test_an_audit_that_is_not_there_is_said_in_a_sentence(tmp_path):
    printed = command(tmp_path)

    assert printed.returncode == 2
    assert "no journal" in printed.stderr
    assert not (tmp_path / JOURNAL_NAME).exists()


def test_audit_of_another_file_can_be_checked(lived, tmp_path):
    copy = sqlite3.connect(tmp_path / "copy.sqlite3")
    lived.journal.db.backup(copy)
    copy.row_factory = sqlite3.Row

    assert audit.faults(Audit(copy), lived.bank.housekeeping.key.public_key()) == []
