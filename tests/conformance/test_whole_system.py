"""Server and bank as one: whatever happens, in whatever order, no door opens without right and no goods are forgotten.

WHOLE_SYSTEM_EXAMPLES=900 python -m pytest -n 0 tests/conformance/test_whole_system.py -k no_history    long, at random
"""

import os

import pytest
from hypothesis import Phase

from pickup.banks import effects
from pickup.controller.legs import Legs, State
from pickup.protocol.vocabulary import EventType
from tests.conformance.histories import search


@pytest.mark.django_db
def test_no_history_opens_a_door_without_right_or_forgets_goods():
    examples = int(os.environ.get("WHOLE_SYSTEM_EXAMPLES", "0"))

    search(examples=examples or 25, at_random=bool(examples))


@pytest.mark.django_db
def test_a_controller_that_opens_after_the_end_is_found(monkeypatch):
    monkeypatch.setattr(Legs, "in_grace", lambda self, leg: leg.state is State.COLLECTED)

    with pytest.raises(AssertionError, match="a code was used again"):
        search(examples=60, phases=[Phase.generate])


@pytest.mark.django_db
def test_a_server_that_forgets_a_deposit_is_found(monkeypatch):
    monkeypatch.delitem(effects.EFFECTS, EventType.DEPOSIT_CONFIRMED)

    with pytest.raises(AssertionError, match="the server does not know what was deposited"):
        search(examples=12, phases=[Phase.generate])
