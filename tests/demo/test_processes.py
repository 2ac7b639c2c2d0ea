"""Programs that start, are watched and stop together."""

import os
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from marketplace.demo.processes import Group, PortTaken, Program, ProgramDied, check_ports, says

ROOT = Path(__file__).resolve().parent.parent.parent
WAITS = "import time; print('up', flush=True); time.sleep(60)"
DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"


@pytest.fixture
def program(tmp_path):
    """Makes a Python program that says "up" when it is."""

    def make(code: str, name: str = "un programme"):
        return Program(name, [sys.executable, "-c", code], says("up"), tmp_path / "logs of it" / f"{name}.log")

    return make


def runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_taken_port_is_named_in_one_sentence():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        with pytest.raises(PortTaken, match=f"Port {port} is taken"):
            check_ports([port])

    check_ports([port])


def test_taken_port_stops_the_demonstration_before_anything_is_written(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        environment = {**os.environ, "PORT": str(port), "HALLES_VAR": str(tmp_path)}
        environment.pop("DJANGO_SETTINGS_MODULE")
        environment["DATABASE_URL"] = f"sqlite:///{tmp_path}/town.sqlite3"

        result = subprocess.run(
            [sys.executable, "manage.py", "run_demo"], cwd=ROOT, env=environment, capture_output=True, text=True
        )

    assert result.returncode == 1
    assert f"Port {port} is taken by another program." in result.stderr
    assert "Traceback" not in result.stderr
    assert not (tmp_path / "log").exists()


def test_all_stop_when_the_block_is_left(program):
    programs = [program(WAITS, "first"), program(WAITS, "second")]

    with Group(programs) as group:
        group.wait_until_up(lambda _text: None)
        pids = [each.process.pid for each in programs]
        assert [runs(pid) for pid in pids] == [True, True]

    assert [runs(pid) for pid in pids] == [False, False]


def test_death_of_one_is_told_with_its_last_words_and_stops_the_others(program):
    survivor = program(WAITS, "survivor")
    dying = program("print('up', flush=True); print('no more bread'); raise SystemExit(3)", "dying")

    with (
        pytest.raises(ProgramDied, match="dying stopped by itself.*exit code 3") as death,
        Group([survivor, dying]) as group,
    ):
        group.wait_until_up(lambda _text: None)
        group.watch()

    assert "no more bread" in str(death.value)
    assert not runs(survivor.process.pid)


def test_silent_program_is_given_up(program):
    with (
        pytest.raises(ProgramDied, match="does not answer"),
        Group([program("import time; time.sleep(60)")], start_seconds=1) as group,
    ):
        group.wait_until_up(lambda _text: None)


def test_deaf_program_is_killed(program, monkeypatch):
    monkeypatch.setattr("marketplace.demo.processes.STOP_SECONDS", 1)
    deaf = program(DEAF)

    with Group([deaf]) as group:
        group.wait_until_up(lambda _text: None)

    assert not runs(deaf.process.pid)


def test_stop_ends_the_watch(program):
    with Group([program(WAITS)]) as group:
        begun = time.monotonic()
        threading.Timer(0.5, group.stop).start()
        group.watch()

    assert time.monotonic() - begun < 20
