"""What the tests of collection share."""

import pytest

from pickup.signals import collection_moved
from tests.pickup.device import Device
from tests.pickup.makers import make_bank


@pytest.fixture
def heard():
    """Every move that was told: (from, to)."""
    log = []

    def moved(collection, previous, **kwargs):
        log.append((str(previous), str(collection.status)))

    collection_moved.connect(moved, weak=False, dispatch_uid="tests.heard")
    yield log
    collection_moved.disconnect(dispatch_uid="tests.heard")


@pytest.fixture
def bank():
    """Two small ambient doors and a chilled one."""
    return make_bank("S", "S", "M chilled")


@pytest.fixture
def device(bank):
    """The program in that bank."""
    return Device(bank)
