"""Our own controller, a process of its own on a computer without Django, passes every scenario of the conformance kit."""

import sys
from pathlib import Path

import pytest

from pickup.conformance.running import run, variants
from pickup.conformance.scenarios import HTTPS, all_scenarios

STARTER = Path(__file__).with_name("without_django.py")
COMMAND = f"{sys.executable} {STARTER} {{config}}"
PLAYS = [
    pytest.param(scenario, transport, interruption, id=f"{scenario.number}-{transport}-{interruption}")
    for scenario in all_scenarios()
    for transport in (HTTPS,)
    for interruption in variants(scenario, transport)
]


@pytest.mark.parametrize(("scenario", "transport", "interruption"), PLAYS)
def test_our_controller_passes(scenario, transport, interruption):
    result = run(scenario, COMMAND, transport=transport, interruption=interruption)

    assert result.passed, result.words
