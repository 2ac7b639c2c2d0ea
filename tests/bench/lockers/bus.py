"""How long a person waits for the lock: from the code to the pulse on the wire, and how long the bank is held up meanwhile.

The whole controller with its real driver and journal; at the other end of a pseudo-terminal emulated KR-CU16 boards, which take
as long as bytes take at 19200 baud. The limits for openings in a quarter of an hour are lifted.

Usage: python -m tests.bench.lockers bus
"""

import json
import os
import random
import statistics
import tempfile
import time
from pathlib import Path

from pickup.conformance.boards.kerong import KerongBoards
from pickup.controller import config as configuration
from pickup.controller import drivers
from pickup.controller.bank import Bank
from pickup.controller.bus import ThreadedBus
from pickup.controller.drivers.cable import Cable
from pickup.controller.program import open_bank
from pickup.protocol.vocabulary import Door
from tests.protocol.kit import START, collect_pin, deposit_pin, leg_entries, settings, signed_list

OPENINGS = 40
BYTE_SECONDS = 10 / 19_200
THINK_SECONDS = 0.005
GOAL_MS = 100
CASES = {"1 board": (1, 0), "3 boards": (3, 0), "3 boards, one dead": (3, 1), "15 boards": (15, 0)}
"""Name: boards, and how many of them are dead."""


class SlowBoards(KerongBoards):
    """Boards on a wire that is as slow as it is."""

    def __init__(self, *numbers: int) -> None:
        super().__init__(*numbers)
        self.spoil = lambda answer: [(THINK_SECONDS + len(answer) * BYTE_SECONDS, answer)]
        self.pulsed_at = 0.0

    def pulse(self, address: int) -> None:
        """Note when the last byte of the request has come."""
        self.pulsed_at = time.monotonic() + 5 * BYTE_SECONDS
        super().pulse(address)


class Clocks:
    """The hour of the test's list, and a monotonic clock."""

    def wall(self):
        return START

    def mono(self):
        return time.monotonic()


def measure(name: str) -> dict:
    """Open one door again and again, at any moment of the round in which the boards are read."""
    boards, dead = CASES[name]
    with tempfile.TemporaryDirectory() as folder:
        wall = SlowBoards(*range(boards))
        cable = Cable(Path(folder), wall)
        bank = _bank(Path(folder), cable, boards)
        wall.dead = set(range(1, 1 + dead))
        try:
            samples = [_opening(bank, wall) for _ in range(OPENINGS)]
        finally:
            bank.doors.bus.stop()
            cable.pull_out()
    pulses, held = zip(*samples, strict=True)
    return {"wall": name, "openings": OPENINGS, **_spread("pulse", pulses), **_spread("held", held)}


def _bank(folder: Path, cable: Cable, boards: int) -> Bank:
    source = settings(folder / "state")
    box = source["compartments"][0]
    source["compartments"] = [
        box | {"id": f"B{board}", "row": board + 1, "address": 16 * board} for board in range(boards)
    ]
    source["driver"] = {"kind": "kerong_cu16", "port": str(cable.port), "pulse_ms": 100}
    config = configuration.read(source)
    driver = drivers.make(config.driver, [each.address for each in config.compartments])
    bank = open_bank(config, driver, Clocks(), bus_kind=ThreadedBus)
    bank.budget.allows_local = lambda compartment: True
    bank.access.apply(signed_list(*leg_entries()))
    visit = bank.enter(deposit_pin(10))
    _until(bank, lambda: visit.current.opened)
    bank.deposit(visit.session, "deposited")
    bank.finish(visit.session)
    return bank


def _opening(bank: Bank, wall: SlowBoards) -> tuple[float, float]:
    """Milliseconds from the code to the pulse, and of the longest moment in which the bank was held."""
    wall.open.clear()
    _until(bank, lambda: bank.doors.state("B0") is Door.CLOSED)
    time.sleep(random.random() / 2)
    before, began = len(wall.pulses), time.monotonic()
    visit = bank.enter(collect_pin())
    held = [time.monotonic() - began]
    while len(wall.pulses) == before or not visit.current.opened:
        asked = time.monotonic()
        bank.tick()
        held.append(time.monotonic() - asked)
        time.sleep(0.002)
        if asked - began > 10:
            raise SystemExit("The door did not open.")
    bank.finish(visit.session)
    return (wall.pulsed_at - began) * 1000, max(held) * 1000


def _until(bank: Bank, condition, seconds: float = 10.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise SystemExit("The wall does not do what it should.")
        bank.tick()
        time.sleep(0.01)


def _spread(name: str, samples: tuple[float, ...]) -> dict:
    ordered = sorted(samples)
    return {
        f"{name} p50 ms": round(statistics.median(ordered), 1),
        f"{name} p95 ms": round(ordered[int(len(ordered) * 0.95)], 1),
        f"{name} max ms": round(ordered[-1], 1),
    }


def main() -> None:
    from tests.bench.report import table

    rows = [measure(name) for name in CASES]
    path = Path(os.environ["BENCH_OUTPUT"]) / "lockers-bus.json"
    load = os.environ.get("BENCH_LOAD")
    path.write_text(json.dumps({"name": "lockers-bus", "cores": os.cpu_count(), "load": load, "rows": rows}, indent=2))
    print(f"\nFrom the code to the pulse; {os.cpu_count()} cores, load {load} before the run")
    print("\n".join(table(rows)))
    print(f"-> {path}")
    late = [row["wall"] for row in rows if row["pulse p95 ms"] > GOAL_MS]
    if late:
        raise SystemExit(f"More than {GOAL_MS} ms (p95): {', '.join(late)}.")


if __name__ == "__main__":
    main()
