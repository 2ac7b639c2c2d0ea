"""The proof that other makers run too: ours pass it, and drivers that believe too much do not."""

import json
from pathlib import Path

import pytest

from pickup.controller import drivers
from pickup.controller.drivers.base import CommError
from pickup.controller.drivers.kerong_cu16 import KerongCu16
from pickup.controller.drivers.proof import Proof, main
from pickup.protocol.vocabulary import Door

RECORDINGS = Path(__file__).parent / "recordings"


def recording(name):
    return json.loads((RECORDINGS / f"{name}.json").read_text())


@pytest.mark.parametrize("name", ["kerong_cu16", "modbus_relay"])
def test_our_drivers_pass(name, capsys):
    assert main([str(RECORDINGS / f"{name}.json")]) == 0
    assert capsys.readouterr().out.endswith("done.\n")


class Gullible(KerongCu16):
    """Takes anything for an acknowledgement, and silence for closed doors."""

    def pulse(self, address, pulse_ms):
        try:
            super().pulse(address, pulse_ms)
        except CommError:
            return

    def read_doors(self):
        return {
            address: Door.CLOSED if door is Door.UNKNOWN else door for address, door in super().read_doors().items()
        }


class Eager(KerongCu16):
    """Pulses again by itself when no answer comes."""

    def pulse(self, address, pulse_ms):
        try:
            super().pulse(address, pulse_ms)
        except CommError:
            super().pulse(address, pulse_ms)


class Clumsy(KerongCu16):
    """Falls over what it cannot read."""

    def read_board(self, board):
        answer = self.line.ask(bytes.fromhex("02 00 30 03 35"))
        return {0: Door.OPEN if answer[8] else Door.CLOSED}


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (Gullible, "took it for an acknowledgement"),
        (Gullible, "which was never said"),
        (Eager, "asked 2 times for the pulse"),
        (Clumsy, "raised IndexError"),
    ],
)
def test_driver_that_believes_or_does_too_much_is_found_out(monkeypatch, kind, words):
    monkeypatch.setattr(drivers, "make", lambda settings, addresses: kind(settings, addresses))

    assert any(words in complaint for complaint in Proof(recording("kerong_cu16")).complaints())


def test_other_requests_and_doors_than_recorded_are_found_out():
    source = recording("modbus_relay")
    source["driver"]["pulse_ms"] = 400
    source["driver"]["feedback_type"] = "door_opening"

    complaints = list(Proof(source).complaints())

    assert any("instead of 01 05 02 00 00 07" in complaint for complaint in complaints)
    assert any("instead of 101 closed, 102 open" in complaint for complaint in complaints)
