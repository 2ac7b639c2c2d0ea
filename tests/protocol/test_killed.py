"""kill -9 of the whole program at exact points: around the pulse, whoever asked for it, and in the middle of taking over a list.

The process of the program is held at the point by what this file puts under it; the program itself knows nothing of that.
"""

import contextlib
import json
import os
import re
import subprocess
import sys
import threading
import urllib.request
from datetime import UTC, datetime
from http.client import HTTPException
from pathlib import Path

import pytest

from pickup.conformance import papers
from pickup.conformance.server import Server
from pickup.controller.terms import State

from .kit import KID, SERVER_KEY, Table, collect_pin, deposit_pin, leg_entries, settings, signed_list

ROOT = Path(__file__).parents[2]
AROUND_THE_PULSE = [
    ("before the journal", "unwritten"),
    ("before the pulse", "before"),
    ("after the pulse", "pulsed 1"),
    ("before the report", "unreported"),
]
HELD = """
import sys, threading
from pickup.controller.attempts import Attempts
from pickup.controller.drivers.simulator import Simulator
from pickup.controller.legs import Legs

def hold(point):
    print("held", point, file=sys.stderr, flush=True)
    threading.Event().wait()

pulse, follow = Simulator.open, Legs.follow
POINTS = {
    "before the journal": (Attempts, "write", lambda *rest: hold("unwritten")),
    "before the report": (Attempts, "write_outcome", lambda *rest: hold("unreported")),
    "before the pulse": (Simulator, "open", lambda *rest: hold("before")),
    "after the pulse": (Simulator, "open", lambda *rest: (pulse(*rest), hold(f"pulsed {rest[1]}"))),
    "in the middle of a list": (Legs, "follow", lambda *rest: (follow(*rest), hold("list"))),
}
place, name, held = POINTS[sys.argv[2]]
setattr(place, name, held)
from pickup.controller.__main__ import main
sys.exit(main(["--config", sys.argv[1]]))
"""


class Program:
    """The program in a process of its own, held at one point and then killed there."""

    def __init__(self, file, point):
        self.process = subprocess.Popen(
            [sys.executable, "-c", HELD, str(file), point],
            cwd=ROOT,
            stderr=subprocess.PIPE,
            text=True,
            env={"PATH": os.environ["PATH"]},
        )

    def says(self, pattern):
        """Wait for a line of the program."""
        for line in self.process.stderr:
            if found := re.search(pattern, line):
                return found.group(1)
        raise AssertionError(f"The program ended with {self.process.wait()}.")

    def kill(self):
        self.process.kill()
        code = self.process.wait(timeout=10)
        self.process.stderr.close()
        return code


@pytest.fixture
def server():
    fake = Server(papers.Papers(datetime.now(UTC).replace(microsecond=0)), clock=lambda: datetime.now(UTC))
    yield fake
    fake.close()


@pytest.fixture
def full(tmp_path):
    """A bank switched off with a sealed leg behind A1."""
    table = Table(tmp_path / "state")
    table.apply(*leg_entries())
    table.confirm_all(table.bank.enter(deposit_pin(10)))
    table.shut("A1")
    table.driver.pulses.clear()
    table.journal.close()
    return table


def written(tmp_path, **changes):
    file = tmp_path / "bank.json"
    file.write_text(json.dumps(settings(tmp_path / "state") | changes), encoding="utf-8")
    return file


def enter(address, code):
    """Type a code and wait for nothing: the program may be held before it answers."""
    threading.Thread(target=_typed, args=(address, code), daemon=True).start()


def _typed(address, code):
    origin = address.rstrip("/")
    body = json.dumps({"code": code}).encode()
    headers = {"Content-Type": "application/json", "Origin": origin}
    with contextlib.suppress(OSError, HTTPException):
        urllib.request.urlopen(urllib.request.Request(f"{origin}/api/enter", body, headers), timeout=60).close()


@pytest.mark.parametrize(("point", "held"), AROUND_THE_PULSE)
def test_killed_at_a_pulse_it_pulses_no_second_time_and_knows_the_goods(full, tmp_path, point, held):
    program = Program(written(tmp_path), point)
    enter(program.says(r"kiosk at (\S+)"), collect_pin())
    reached = program.says(r"held (.+)")

    code = program.kill()
    full.restart()
    full.wait(60)

    outcomes = [event["outcome"] for event in full.events("door.opened") if event["purpose"] == "collect"]
    assert (reached, code) == (held, -9)
    assert full.pulses() == []
    assert outcomes == ([] if held == "unwritten" else ["unknown_after_restart"])
    assert full.bank.legs.find(71).state is State.SEALED
    assert full.bank.enter(collect_pin()).current.compartment == "A1"
    assert full.pulses() == ["A1"]


@pytest.mark.parametrize(("point", "held"), AROUND_THE_PULSE)
def test_killed_at_a_deposit_it_keeps_the_door_where_the_bag_may_be(tmp_path, server, point, held):
    server.authorise(*server.papers.leg_entries(), *server.papers.leg_entries(reservation=2, leg=72))
    program = Program(written(tmp_path, server=server.address), point)
    address = program.says(r"kiosk at (\S+)")
    server.wait_until(lambda: server.requests and server.requests[-1].list_etag == server.etag(), 10)
    enter(address, deposit_pin(10))
    reached = program.says(r"held (.+)")

    code = program.kill()
    table = Table(tmp_path / "state")
    table.wait(60)
    by_itself = table.pulses()
    somebody_else = table.bank.enter(deposit_pin(10, reservation=2))
    table.confirm_all(somebody_else)
    table.shut(table.pulses()[0])
    again = table.bank.enter(deposit_pin(10))

    assert (reached, code) == (held, -9)
    assert by_itself == []
    assert table.pulses() == ["A2", "A1"]
    assert again.current.compartment == "A1"
    assert table.bank.legs.shops_inside(71) == {}


@pytest.mark.parametrize(("point", "held"), AROUND_THE_PULSE)
def test_killed_at_an_order_of_the_server_it_never_does_it_again(tmp_path, server, point, held):
    order = papers.command(datetime.now(UTC), 1, reason="service", compartment="A1")
    server.order(order.sign(SERVER_KEY, KID))
    program = Program(written(tmp_path, server=server.address), point)
    reached = program.says(r"held (.+)")

    code = program.kill()
    table = Table(tmp_path / "state")
    table.wait(60)
    table.order(order)
    table.wait(5)

    finals = [answer.outcome for answer in table.journal.unsent(1000)[1] if answer.phase == "final"]
    assert (reached, code) == (held, -9)
    assert table.pulses() == []
    assert set(finals) == {"unknown_after_restart"}


def test_killed_in_the_middle_of_a_list_it_has_the_old_one_whole_and_takes_the_new_one_later(full, tmp_path, server):
    newer = signed_list(*leg_entries(), *leg_entries(shops=(11,), reservation=2, leg=72), seq=2)
    server.list = newer
    program = Program(written(tmp_path, server=server.address), "in the middle of a list")
    program.says(r"held (list)")

    code = program.kill()
    full.restart()
    old = full.bank.access.list.list_seq
    applied = [event for event in full.events("list.applied") if event["list_seq"] == 2]
    taken = full.bank.access.apply(newer)

    assert code == -9
    assert (old, applied) == (1, [])
    assert taken and full.bank.access.list.list_seq == 2
    assert full.bank.legs.taken_compartments() == {"A1": 71}
    assert full.bank.enter(collect_pin()).current.compartment == "A1"
