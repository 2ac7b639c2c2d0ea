"""What the tests of collection share."""

import pytest

from pickup.signals import collection_moved


@pytest.fixture
def heard():
    """Every move that was told: (from, to)."""
    log = []

    def moved(collection, previous, **kwargs):
        log.append((str(previous), str(collection.status)))

    collection_moved.connect(moved, weak=False, dispatch_uid="tests.heard")
    yield log
    collection_moved.disconnect(dispatch_uid="tests.heard")
