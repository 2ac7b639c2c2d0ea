"""Our own controller, a process of its own on a computer without Django, passes every scenario of the conformance kit."""

import sys
from pathlib import Path

import pytest

from pickup.conformance.rehearsal import HTTPS, MQTT, Interruption
from pickup.conformance.running import run, variants
from pickup.conformance.scenarios import all_scenarios

STARTER = Path(__file__).with_name("without_django.py")
COMMAND = f"{sys.executable} {STARTER} {{config}}"
PLAYS = [
    pytest.param(scenario, transport, interruption, id=f"{scenario.number}-{transport}-{interruption}")
    for scenario in all_scenarios()
    for transport in (HTTPS, MQTT)
    for interruption in variants(scenario, transport)
    if transport == HTTPS or interruption is Interruption.NONE or scenario.transports == (MQTT,)
]


@pytest.mark.parametrize(("scenario", "transport", "interruption"), PLAYS)
def test_our_controller_passes(scenario, transport, interruption):
    result = run(scenario, COMMAND, transport=transport, interruption=interruption)

    assert result.passed, result.words
    assert result.waited_seconds <= 60 * scenario.minutes + (0 if interruption is Interruption.NONE else 120)


def test_the_table_has_all_24_scenarios():
    assert [scenario.number for scenario in all_scenarios()] == [f"S{number}" for number in range(1, 25)]
    assert all(scenario.title and scenario.expected for scenario in all_scenarios())
