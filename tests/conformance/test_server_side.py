"""The server's part of the acceptance list, told by a bank over the real views; most of it is tested beside its subject.

The table in docs/conformance.md says which test is about which scenario.
"""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from django.utils import translation

from pickup import collections
from pickup.conformance.scenarios import all_scenarios
from pickup.models import BankCommand, BankEvent, Compartment
from pickup.operating import acting, sentences
from pickup.protocol.vocabulary import Outcome, Phase
from tests.factories import make_user
from tests.pickup.device import Device, deposited
from tests.pickup.makers import confirmed, make_bank, make_sheet, parcels_of

ROOT = Path(__file__).parents[2]
ROW = re.compile(r"^\| (S\d+) \| `(tests/\S+\.py)` \| `(test_\w+)`", re.MULTILINE)
ROWS = ROW.findall((ROOT / "docs" / "conformance.md").read_text(encoding="utf-8"))
OF_THE_BANK_ALONE = {"S7", "S9", "S14", "S16", "S21", "S22", "S23"}
"""Of these the server has only an alarm to raise: `test_each_fault_is_told_once_to_every_operator`."""


@pytest.fixture
def bank():
    return make_bank("S", "S")


@pytest.fixture
def device(bank):
    return Device(bank)


@pytest.mark.parametrize(("number", "file", "name"), ROWS, ids=[f"{number}-{name}" for number, _, name in ROWS])
def test_the_table_names_tests_that_exist(number, file, name):
    assert f"\ndef {name}(" in (ROOT / file).read_text(encoding="utf-8")


def test_the_table_has_each_scenario_that_is_not_the_banks_alone():
    assert {number for number, _, _ in ROWS} | OF_THE_BANK_ALONE == {scenario.number for scenario in all_scenarios()}


@pytest.mark.django_db
def test_three_shops_fill_one_door_and_one_code_empties_it(bank, device):
    """S1."""
    collection = confirmed(bank.point, *((make_sheet(), 1) for _ in range(3)))
    parcels, code = parcels_of(collection), collection.pin_mac
    seen = []

    for parcel in parcels:
        device.sync(deposited(device, parcel))
        collection.refresh_from_db()
        seen.append(collection.status)
    pins = {collections.progress(collection).pin for _ in range(2)}
    device.sync(device.event("claim", reservation=collection.number, legs=[parcels[0].leg_id], compartments=["C1"]))

    collection.refresh_from_db()
    assert len({parcel.leg_id for parcel in parcels}) == 1
    assert [status == "ready" for status in seen] == [False, False, True]
    assert (len(pins), None in pins, collection.pin_mac) == (1, False, code)
    assert [parcel.status for parcel in parcels_of(collection)] == ["deposited"] * 3
    assert collection.legs.get().status == "collected"
    assert (collection.status, Compartment.objects.get(label="C1").contents) == ("collected", "empty")
    assert not BankEvent.objects.exclude(problem="").exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("outcome", "words"),
    [(Outcome.OPENED, "opened"), (Outcome.UNKNOWN_AFTER_RESTART, "not known, the bank was restarted")],
)
def test_an_order_to_open_is_pending_until_its_final_answer_comes(bank, device, outcome, words):
    """S3 and S4: "accepted" ends nothing, and what is final is not asked for again."""
    acting.open_empty(Compartment.objects.get(label="C1"), why="inspection", by=make_user(is_staff=True))
    command = device.sync().commands[0]
    final = device.outcome(command, outcome)
    accepted = replace(device.outcome(command, outcome), seq=final.seq, phase=Phase.ACCEPTED, outcome=None)

    device.sync(responses=[accepted])
    pending = told()
    late = device.sync(responses=[replace(final, seq=final.seq + 1)])
    again = device.sync(responses=[replace(final, seq=final.seq + 1)])

    assert pending == ("", "no answer yet")
    assert told() == (outcome, words)
    assert (late.commands, again.commands, again.cursor) == ((), (), 2)


def told() -> tuple[str, str]:
    """The outcome of the only command, as it is stored and as an operator reads it."""
    with translation.override("en"):
        command = BankCommand.objects.get()
        return command.outcome, sentences.outcome(command)
