"""A judge who never says no proves nothing: each broken controller fails at the scenario that is about its fault."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from pickup.conformance.rehearsal import Interruption
from pickup.conformance.running import run
from pickup.conformance.scenarios import all_scenarios

from .broken import FAULTS

BROKEN = Path(__file__).with_name("broken.py")
ROOT = Path(__file__).parents[2]
SCENARIOS = {scenario.number: scenario for scenario in all_scenarios()}
CAUGHT_BY = {
    "pulses_twice": ("S5", "none", "pulses"),
    "completes_when_the_door_closes": ("S20", "none", "completions"),
    "completes_at_the_opening": ("S21", "none", "claims"),
    "ignores_cseq": ("S8", "none", "pulses"),
    "believes_any_signature": ("S8", "none", "pulses"),
    "forgets_commands": ("S5", "none", "repeated finals"),
    "never_expires": ("S6", "none", "final"),
    "pulses_again_after_a_restart": ("S4", "none", "pulses"),
    "writes_after_the_pulse": ("S4", "none", "pulses of"),
    "forgets_a_deposit_that_was_cut_short": ("S4", "none", "where the bag may be"),
    "takes_a_cut_for_a_collection": ("S4", "none", "claims"),
    "has_no_open_budget": ("S9", "none", "doors shut again"),
    "trusts_its_acknowledgement": ("S10", "none", "jammed door"),
    "takes_older_lists": ("S23", "none", "answer to the person"),
    "never_closes_the_pin_channel": ("S16", "none", "channel_closed"),
    "overlooks_a_crowbar": ("S13", "none", "without command"),
    "opens_without_the_server_only_for_a_minute": ("S24", "none", "answer to the person"),
    "forgets_its_outbox_at_the_start": ("S2", "killed", "deposits"),
    "opens_only_the_larger_door": ("S18", "none", "Both doors"),
    "gives_up_after_a_fault_of_the_bus": ("S22", "none", "outcome"),
    "ignores_revocations": ("S15", "none", "revoked"),
    "obeys_retained_commands": ("S7", "none", "pulses"),
    "overlooks_a_warm_freezer": ("S17", "none", "answer to the person"),
    "believes_any_clock": ("S14", "none", "last trusted time"),
    "serves_with_any_clock": ("S14", "none", "clock_unsure"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_is_found(name):
    number, interruption, words = CAUGHT_BY[name]

    result = run(
        SCENARIOS[number],
        f"{sys.executable} {BROKEN} {name} {{config}}",
        transport=SCENARIOS[number].transports[0],
        interruption=Interruption(interruption),
    )

    assert not result.passed
    assert words in result.words
    assert "did not start" not in result.words


def test_the_command_prints_a_table_and_says_with_its_exit_code_who_failed(tmp_path):
    file = tmp_path / "results.json"

    done = subprocess.run(
        [
            *(sys.executable, "-m", "pickup.conformance", "--only", "S6,S8", "--plainly", "--json", str(file)),
            *("--command", f"{sys.executable} {BROKEN} never_expires {{config}}"),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )

    assert (done.returncode, done.stderr) == (1, "")
    assert [line[:8] for line in done.stdout.splitlines()] == ["S6  FAIL", "      fi", "S8  pass", "1 passed"]
    document = json.loads(file.read_text(encoding="utf-8"))
    assert document["passed"] is False
    assert [(each["number"], each["passed"]) for each in document["results"]] == [("S6", False), ("S8", True)]


def test_a_controller_that_does_not_start_has_failed():
    result = run(SCENARIOS["S1"], f"{sys.executable} -c 'raise SystemExit(1)'")

    assert (result.passed, "did not start" in result.words) == (False, True)
