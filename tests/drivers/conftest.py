"""Cables that are pulled out at the end of each test, and lock boards behind them."""

import contextlib

import pytest

from pickup.conformance.boards.kerong import KerongBoards
from pickup.controller.drivers.cable import Cable
from pickup.controller.drivers.kerong_cu16 import KerongCu16


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


@pytest.fixture
def boards():
    return KerongBoards(0, 1, 2)


@pytest.fixture
def cable(plug, boards):
    return plug(boards)


@pytest.fixture
def kerong(cable):
    """One lock on each of three boards."""
    driver = KerongCu16(settings_of(cable, ir=True), [0, 16, 47])
    yield driver
    driver.close()


def settings_of(cable, **more):
    """Settings for a line that is fast and patient: another process of this computer is at its other end."""
    return {"port": str(cable.port), "answer_ms": 300, "quiet_ms": 8, **more}
