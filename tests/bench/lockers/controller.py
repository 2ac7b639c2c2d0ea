"""The controller as a process of its own, with the simulated wall: from the code to the pulse, start, memory, a full list.

The page's own request is timed: POST /api/enter answers when the simulated board has acknowledged the pulse, after the journal was
synced to disk. The list in force has 400 entries; the server cannot be reached. Start is from the kill to the first
answer of the page, memory is what Linux counts as resident.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.request
from datetime import UTC, datetime
from pathlib import Path

from pickup.controller.config import read
from pickup.controller.program import make_driver, open_bank
from pickup.protocol.authlist import MOST_ENTRIES, AuthList
from pickup.protocol.vocabulary import Purpose
from tests.bench.report import spread, table
from tests.protocol.kit import BANK, KID, SERVER_KEY, collect_pin, entry, settings

STARTS = 5
AUDIT_ROWS = 200_000
"""About a year and a half of a busy bank."""
# A thousand rows more, as long as real ones.
LONG_RECORD = """
INSERT INTO audit WITH RECURSIVE more(n) AS (
    SELECT (SELECT MAX(n) + 1 FROM audit) UNION ALL SELECT n + 1 FROM more LIMIT 1000
) SELECT n, '2026-09-19T16:00:00.000Z', hex(zeroblob(150)), hex(zeroblob(32)), hex(zeroblob(32)) FROM more
"""


def wall_of_48(folder: Path) -> dict:
    """A bank with 48 doors."""
    source = settings(folder)
    source["compartments"] = [
        {
            **source["compartments"][0],
            "id": f"C{number}",
            "column": number // 8,
            "row": number % 8,
            "address": number,
            "low": False,
        }
        for number in range(1, 49)
    ]
    return source


def full_list() -> dict:
    """400 entries, of which the last 48 are goods behind the 48 doors."""
    now = time.time()
    entries = []
    for number in range(1, MOST_ENTRIES + 1):
        door = number - (MOST_ENTRIES - 48)
        more = {"compartment": f"C{door}"} if door > 0 else {}
        entries.append(
            entry(
                Purpose.COLLECT,
                entry=number,
                leg=number,
                reservation=number,
                nbf=int(now) - 3600,
                exp=int(now) + 86400,
                **more,
            )
        )
    valid_until = datetime.fromtimestamp(now + 2 * 86400, UTC)
    return AuthList(bank=BANK, list_seq=1, valid_until=valid_until, entries=tuple(entries)).sign(SERVER_KEY, KID)


def prepare(folder: Path) -> tuple[Path, dict, float]:
    """Give the bank its list and a long record; return its file, the list, and the seconds that the list took."""
    source = wall_of_48(folder / "state")
    file = folder / "bank.json"
    file.write_text(json.dumps(source), encoding="utf-8")
    config = read(source)
    bank = open_bank(config, make_driver(config))
    document = full_list()
    began = time.perf_counter()
    bank.access.apply(document)
    took = time.perf_counter() - began
    with bank.journal.transaction():
        for _ in range(AUDIT_ROWS // 1000):
            bank.journal.db.execute(LONG_RECORD)
    bank.journal.close()
    return file, document, took


class Controller:
    """The running program."""

    def __init__(self, file: Path) -> None:
        began = time.perf_counter()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "pickup.controller", "--config", str(file)], stderr=subprocess.PIPE, text=True
        )
        self.address = next(found[1] for line in self.process.stderr if (found := re.search(r"kiosk at (\S+)/", line)))
        self.ask("/api/state")
        self.start_seconds = time.perf_counter() - began

    def ask(self, path: str, body: dict | None = None, session: str = "") -> dict:
        headers = {"Content-Type": "application/json", "Origin": self.address, "X-Visit": session}
        data = None if body is None else json.dumps(body).encode()
        with urllib.request.urlopen(
            urllib.request.Request(self.address + path, data=data, headers=headers), timeout=10
        ) as answer:
            return json.load(answer)

    def resident_mb(self) -> float:
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        self.process.stderr.close()


def collect(controller: Controller, number: int) -> float:
    """One resident: code, door, taken. Returns the milliseconds from the code to the acknowledged pulse."""
    began = time.perf_counter()
    answer = controller.ask("/api/enter", {"code": collect_pin(number)})
    took = (time.perf_counter() - began) * 1000
    pulsed = controller.ask("/api/simulator")["compartments"]
    door = answer["visit"]["steps"][0]["compartment"]
    assert next(box["pulses"] for box in pulsed if box["id"] == door) >= 1
    controller.ask("/api/simulator/close", {"compartment": door})
    controller.ask("/api/claim", {}, answer["session"])
    controller.ask("/api/finish", {}, answer["session"])
    return took


def main() -> None:
    """Measure and keep."""
    with tempfile.TemporaryDirectory() as folder:
        file, document, list_seconds = prepare(Path(folder))
        starts = []
        for _ in range(STARTS):
            controller = Controller(file)
            starts.append(controller.start_seconds)
            controller.kill()
        controller = Controller(file)
        first = controller.resident_mb()
        milliseconds = [collect(controller, MOST_ENTRIES - 47 + number) for number in range(48)]
        memory = controller.resident_mb()
        controller.kill()
    rows = [
        {
            "what": "code typed to pulse acknowledged, ms",
            "median": spread(milliseconds)["median_ms"],
            "worst or p95": spread(milliseconds)["p95_ms"],
            "goal": 100,
        },
        {
            "what": "power back to first answer, s",
            "median": round(sorted(starts)[len(starts) // 2], 2),
            "worst or p95": round(max(starts), 2),
            "goal": 3,
        },
        {"what": "resident memory, MB", "median": round(first, 1), "worst or p95": round(memory, 1), "goal": 60},
        {
            "what": f"full list of {len(json.dumps(document)) / 1000:.0f} kB verified and applied, s",
            "median": round(list_seconds, 3),
            "worst or p95": round(list_seconds, 3),
            "goal": "-",
        },
    ]
    path = Path(os.environ["BENCH_OUTPUT"]) / "lockers-controller.json"
    path.write_text(
        json.dumps({"name": "lockers-controller", "rows": rows, "samples_ms": milliseconds}, indent=2) + "\n"
    )
    print(f"\nThe controller alone, 48 doors, {MOST_ENTRIES} entries, off line, {AUDIT_ROWS} rows in its record:")
    print("\n".join(table(rows)))
    print(f"-> {path}")


if __name__ == "__main__":
    main()
