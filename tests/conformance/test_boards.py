"""The same scenarios with the real drivers: the controller speaks to emulated boards at the other end of a serial cable.

Here those that depend on what boards and their sensors can say; `python -m pickup.conformance --wall …` plays all.
"""

import sys
from pathlib import Path

import pytest

from pickup.conformance import walls
from pickup.conformance.__main__ import main
from pickup.conformance.clocks import RealClock
from pickup.conformance.rehearsal import Interruption
from pickup.conformance.running import run, why_left_out
from pickup.conformance.scenarios import all_scenarios

from .test_scenarios import COMMAND

SCENARIOS = {scenario.number: scenario for scenario in all_scenarios()}
PLAYS = [
    ("kerong_cu16", "S1", "noise"),
    ("kerong_cu16", "S4", "none"),
    ("kerong_cu16", "S11", "none"),
    ("kerong_cu16", "S22", "none"),
    ("modbus_relay", "S21", "none"),
    ("modbus_relay_without_inputs", "S5", "killed"),
]
BROKEN = Path(__file__).with_name("broken_drivers.py")
CAUGHT_BY = {
    "asks_again_by_itself": ("kerong_cu16", "S5", "noise", "pulses"),
    "unlocks_the_neighbour": ("kerong_cu16", "S5", "none", "finally answered"),
    "opens_all_to_be_sure": ("kerong_cu16", "S5", "none", "what no board may be asked for"),
    "leaves_the_relay_on": ("modbus_relay", "S5", "none", "what no board may be asked for"),
    "switches_nothing_off": ("modbus_relay", "S21", "none", "switched off"),
}


@pytest.mark.parametrize(("wall", "number", "interruption"), PLAYS)
def test_our_controller_passes_with_real_drivers(wall, number, interruption):
    result = run(SCENARIOS[number], COMMAND, wall=walls.find(wall), interruption=Interruption(interruption))

    assert result.passed, result.words


@pytest.mark.parametrize("name", CAUGHT_BY)
def test_broken_driver_is_found(name):
    wall, number, interruption, words = CAUGHT_BY[name]

    result = run(
        SCENARIOS[number],
        f"{sys.executable} {BROKEN} {name} {{config}}",
        wall=walls.find(wall),
        interruption=Interruption(interruption),
    )

    assert not result.passed
    assert words in result.words


def test_driver_on_a_real_clock_is_looked_at_by_a_thread_of_its_own():
    result = run(SCENARIOS["S5"], COMMAND, wall=walls.find("modbus_relay"), clock=RealClock)

    assert result.passed, result.words


def test_boards_without_inputs_are_played_only_what_asks_nothing_of_a_door(capsys):
    blind = walls.find("modbus_relay_without_inputs")
    playable = {number for number, scenario in SCENARIOS.items() if why_left_out(scenario, blind) is None}

    code = main(["--wall", "modbus_relay_without_inputs", "--only", "S1,S5", "--plainly"])

    said = capsys.readouterr().out
    assert playable == {"S4", "S5", "S6", "S7", "S8", "S9"}
    assert (code, said.splitlines()[0]) == (0, "S1  left out: asks what a door does, and these boards have no sensors")


def test_with_a_real_clock_what_lasts_too_long_or_needs_a_wrong_clock_is_left_out():
    wall = walls.find("kerong_cu16")
    left_out = {
        number: why
        for number, scenario in SCENARIOS.items()
        if (why := why_left_out(scenario, wall, is_steered=False, longest=20))
    }

    assert set(left_out) == {"S12", "S14", "S16", "S17", "S24"}
    assert (left_out["S14"], left_out["S12"]) == (
        "its clock must go wrong, and a real one does not",
        "lasts up to 492 minutes",
    )


@pytest.mark.parametrize("name", ["acme", "acme:Wall", "pickup.conformance.walls:Missing"])
def test_wall_that_is_not_there_is_refused_in_a_sentence(name):
    with pytest.raises(SystemExit, match=f"There is no wall {name}"):
        main(["--wall", name])
