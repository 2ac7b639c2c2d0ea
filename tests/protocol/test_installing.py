"""The controller installed alone on an empty computer: no Django, no server, no network."""

import json
import os
import re
import runpy
import shutil
import signal
import socket
import subprocess
import sys
import urllib.request
import zipfile
from pathlib import Path

import pytest

from .kit import settings

ROOT = Path(__file__).parents[2]
WHEEL = runpy.run_path(str(ROOT / "scripts" / "controller_wheel.py"))
LOCKED = re.findall(r"^([\w-]+)==", (ROOT / "requirements-controller.lock").read_text(), re.MULTILINE)
IMPORTED = {"cffi": ["cffi", "_cffi_backend*"], "cryptography": ["cryptography"], "paho-mqtt": ["paho"]}
IMPORTED |= {"pycparser": ["pycparser"], "pyserial": ["serial"]}


@pytest.fixture(scope="module")
def computer(tmp_path_factory):
    """A virtual environment with what the lock file names, and our wheel: nothing else."""
    folder = tmp_path_factory.mktemp("computer")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    site = next(folder.glob("lib/python*/site-packages"))
    library = Path(json.__file__).parents[1]
    here = next(Path(path) for path in sys.path if path.endswith("site-packages") and library.name in path)
    for pattern in (pattern for name in LOCKED for pattern in IMPORTED[name]):
        for found in here.glob(pattern):
            (site / found.name).symlink_to(found)
    wheel = WHEEL["write"](tmp_path_factory.mktemp("wheel"))
    command = [sys.executable, "-m", "pip", "--python", folder, "install", "--no-index", "--no-deps", "--quiet", wheel]
    subprocess.run(command, check=True, cwd=folder)
    return folder


def test_wheel_holds_the_two_packages_and_nothing_of_the_server(tmp_path):
    names = zipfile.ZipFile(WHEEL["write"](tmp_path)).namelist()

    assert {"pickup/__init__.py", "pickup/controller/kiosk/words.json", "pickup/protocol/sentences.json"} <= set(names)
    assert {name.split("/")[1] for name in names if name.startswith("pickup/")} == {
        "__init__.py",
        "controller",
        "protocol",
    }
    assert not [name for name in names if "__pycache__" in name]


def test_same_sources_give_the_same_wheel(tmp_path):
    first, second = WHEEL["write"](tmp_path / "one"), WHEEL["write"](tmp_path / "two")

    assert first.read_bytes() == second.read_bytes()


def test_console_command_runs_a_bank_until_it_is_told_to_stop(computer, tmp_path):
    file = tmp_path / "bank.json"
    file.write_text(json.dumps(settings(tmp_path / "state")), encoding="utf-8")

    process = subprocess.Popen(
        [computer / "bin" / "halles-controller", "--config", file],
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        text=True,
        env={"PATH": os.environ["PATH"]},
    )
    address = next(found[1] for line in process.stderr if (found := re.search(r"kiosk at (\S+)", line)))
    with urllib.request.urlopen(address + "api/state", timeout=5) as answer:
        state = json.load(answer)
    with urllib.request.urlopen(address, timeout=5) as answer:
        page = answer.read()
    process.send_signal(signal.SIGTERM)

    assert process.wait(timeout=10) == 0
    process.stderr.close()
    assert state["name"] == "Halle"
    assert b"<html" in page


def test_empty_computer_has_no_django(computer):
    told = subprocess.run([computer / "bin" / "python", "-I", "-c", "import django"], capture_output=True, check=False)

    assert told.returncode == 1


def test_supervisor_hears_that_the_bank_is_ready_and_ticks(computer, tmp_path):
    file = tmp_path / "bank.json"
    file.write_text(json.dumps(settings(tmp_path / "state")), encoding="utf-8")
    heard = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    heard.bind(str(tmp_path / "notify"))
    heard.settimeout(10)

    process = subprocess.Popen(
        [computer / "bin" / "halles-controller", "--config", file],
        stderr=subprocess.DEVNULL,
        env={"PATH": os.environ["PATH"], "NOTIFY_SOCKET": str(tmp_path / "notify")},
    )
    said = {heard.recv(100) for _ in range(4)}
    process.send_signal(signal.SIGTERM)
    process.wait(timeout=10)
    heard.close()

    assert said >= {b"READY=1", b"WATCHDOG=1"}


@pytest.mark.parametrize("name", ["halles-controller.service", "halles-kiosk.service"])
def test_unit_is_accepted_by_systemd(name, tmp_path):
    text = (ROOT / "deploy" / name).read_text(encoding="utf-8")

    assert "Restart=always" in text
    assert "ProtectSystem=strict" in text
    if shutil.which("systemd-analyze"):
        bare = re.sub(r"(?m)^(ExecStart(?:Pre)?)=(\S+)", rf"\1={sys.executable}", text)
        (tmp_path / name).write_text(bare, encoding="utf-8")
        told = subprocess.run(
            ["systemd-analyze", "verify", tmp_path / name], capture_output=True, text=True, check=False
        )
        assert "Unknown key" not in told.stderr
        assert "Failed to parse" not in told.stderr
