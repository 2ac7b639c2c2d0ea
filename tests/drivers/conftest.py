"""Cables that are pulled out at the end of each test."""

import contextlib

import pytest

from pickup.controller.drivers.cable import Cable


@pytest.fixture
def plug(tmp_path):
    """Returns a cable with the given boards behind it."""
    cables = []

    def made(boards):
        cables.append(Cable(tmp_path, boards))
        return cables[-1]

    yield made
    for cable in cables:
        with contextlib.suppress(OSError):
            cable.pull_out()


def settings_of(cable, **more):
    """Settings for a line that is fast and patient: another process of this computer is at its other end."""
    return {"port": str(cable.port), "answer_ms": 300, "quiet_ms": 8, **more}
