"""Drivers are found by name: ours, and those that other makers install."""

import json
import sys

import pytest

from pickup.controller import drivers
from pickup.controller.__main__ import main
from pickup.controller.drivers.kerong_cu16 import KerongCu16
from pickup.controller.drivers.simulator import Simulator
from tests.protocol.kit import settings

MODULE = """
from pickup.controller.drivers.simulator import Simulator

class Ours(Simulator):
    pass
"""
ENTRY_POINTS = """[halles.lock_drivers]
maker_x = maker_x_locks:Ours
simulator = maker_x_locks:Ours
broken = maker_x_locks:Missing
"""


@pytest.fixture
def maker(tmp_path, monkeypatch):
    """A package of another maker, as an installer leaves it behind."""
    (tmp_path / "maker_x_locks.py").write_text(MODULE)
    metadata = tmp_path / "maker_x-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: maker-x\nVersion: 1.0\n")
    (metadata / "entry_points.txt").write_text(ENTRY_POINTS)
    monkeypatch.syspath_prepend(tmp_path)
    yield
    sys.modules.pop("maker_x_locks", None)


def test_driver_of_another_maker_is_found(maker):
    driver = drivers.make({"kind": "maker_x"}, [1])

    assert type(driver).__name__ == "Ours"
    assert "maker_x" in drivers.kinds()


def test_names_of_our_own_drivers_cannot_be_taken(maker):
    assert type(drivers.make({"kind": "simulator"}, [1])) is Simulator


def test_making_a_driver_touches_no_port():
    assert isinstance(drivers.make({"kind": "kerong_cu16", "port": "/nowhere"}, [0]), KerongCu16)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"kind": "lockomat"}, "no driver called lockomat"),
        ({}, "no driver called None"),
        ({"kind": "kerong_cu16"}, "port is missing"),
        ({"kind": "kerong_cu16", "port": "x", "feedback_type": "maybe"}, "maybe"),
        ({"kind": "modbus_relay", "port": "x", "baud": "fast"}, "fast"),
        ({"kind": "modbus_relay", "port": "x"}, "address"),
    ],
)
def test_driver_that_cannot_be_made_is_refused_in_a_sentence(settings, words):
    with pytest.raises(drivers.DriverError, match=words):
        drivers.make(settings, [7])


def test_broken_package_of_another_maker_is_named(maker):
    with pytest.raises(drivers.DriverError, match="driver broken"):
        drivers.make({"kind": "broken"}, [1])


def test_program_ends_with_a_sentence_when_the_driver_is_unknown(tmp_path, caplog):

    file = tmp_path / "bank.json"
    file.write_text(json.dumps(settings(tmp_path) | {"driver": {"kind": "lockomat"}}))

    assert main(["--config", str(file)]) == 2
    assert "no driver called lockomat" in caplog.text
