"""Server and bank as one: whatever happens, in whatever order, no door opens without right and no goods are forgotten.

WHOLE_SYSTEM_EXAMPLES=900 python -m pytest -n 0 tests/conformance/test_whole_system.py -k no_history    long, at random
"""

import os

import pytest
from hypothesis import Phase

from tests.conformance.whole.faults import FAULTS
from tests.conformance.whole.histories import search
from tests.conformance.whole.town import play

pytestmark = pytest.mark.django_db


def test_no_history_opens_a_door_without_right_or_forgets_goods():
    examples = int(os.environ.get("WHOLE_SYSTEM_EXAMPLES", "0"))

    search(examples=examples or 15, at_random=bool(examples))


@pytest.mark.parametrize("name", FAULTS)
def test_each_promise_can_be_broken(name, monkeypatch):
    fault = FAULTS[name]
    play(fault.history)
    fault.spoil(monkeypatch)

    with pytest.raises(AssertionError, match=fault.words):
        play(fault.history)


@pytest.mark.parametrize("name", ["opens_after_the_end", "overhears_deposits"])
def test_the_search_finds_faults_by_itself(name, monkeypatch):
    FAULTS[name].spoil(monkeypatch)

    with pytest.raises(AssertionError, match=FAULTS[name].words):
        search(examples=60, phases=[Phase.generate])
