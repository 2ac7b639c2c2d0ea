"""The whole program in a process of its own, on a computer without Django."""

import json
import os
import re
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from pickup.controller import config as configuration
from pickup.controller.__main__ import main
from pickup.controller.journal import Journal
from pickup.controller.program import JOURNAL_NAME

from .kit import settings

ROOT = Path(__file__).parents[2]
BLOCKED = ("django", "oscar", "wagtail", "shops", "cms", "marketplace", "segno")
START_WITHOUT_DJANGO = f"""
import runpy, sys
class Nothing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {BLOCKED!r}:
            raise ImportError(name + " is not installed on a locker")
sys.meta_path.insert(0, Nothing())
sys.argv = ["pickup.controller", "--config", sys.argv[1]]
runpy.run_module("pickup.controller", run_name="__main__")
"""


def start(file):
    """Start the controller and return (process, address of its page)."""
    process = subprocess.Popen(
        [sys.executable, "-c", START_WITHOUT_DJANGO, str(file)],
        cwd=ROOT,
        stderr=subprocess.PIPE,
        text=True,
        env={"PATH": os.environ["PATH"]},
    )
    for line in process.stderr:
        found = re.search(r"kiosk at (\S+)", line)
        if found:
            return process, found.group(1)
    raise AssertionError(f"The controller ended with {process.wait()}.")


def boots(file):
    """How often the program has started on this memory card."""
    journal = Journal(configuration.load(file).state_dir / JOURNAL_NAME)
    try:
        return journal.fact("boot_id")
    finally:
        journal.close()


def test_controller_runs_without_django_and_stops_when_told(tmp_path):
    file = tmp_path / "bank.json"
    file.write_text(json.dumps(settings(tmp_path / "state")), encoding="utf-8")

    process, address = start(file)
    with urllib.request.urlopen(address + "api/state", timeout=5) as answer:
        state = json.load(answer)
    process.send_signal(signal.SIGTERM)
    code = process.wait(timeout=10)
    process.stderr.close()

    assert state["name"] == "Halle"
    assert code == 0
    assert boots(file) == 1


def test_controller_survives_being_killed(tmp_path):
    file = tmp_path / "bank.json"
    file.write_text(json.dumps(settings(tmp_path / "state")), encoding="utf-8")

    for _ in range(2):
        process, _ = start(file)
        process.kill()
        process.wait(timeout=10)
        process.stderr.close()

    assert boots(file) == 2


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"server": "http://shop.example"}, "https"),
        ({"pin_key": "AAAA"}, "16 bytes"),
        ({"kiosk": {"host": "192.168.1.20"}}, "this very computer"),
        ({"server_keys": {"s3": "AAAA"}}, "wrong value"),
        ({"compartments": None}, "wrong value"),
        ({"server": "https://shop.example", "steered_clock": "/run/clock"}, "rehearsals"),
        ({"driver": {"kind": "kerong_cu16"}, "steered_clock": "/run/clock"}, "rehearsals"),
        ({"driver": {"kind": "kerong_cu16", "port": "/dev/ttyUSB0"}, "steered_clock": "/run/clock"}, "rehearsals"),
    ],
)
def test_unusable_configuration_is_refused_with_a_sentence(tmp_path, changes, words):
    with pytest.raises(configuration.ConfigError, match=words):
        configuration.read({**settings(tmp_path), **changes})


def test_two_doors_on_one_lock_are_refused(tmp_path):
    source = settings(tmp_path)
    source["compartments"][1]["address"] = source["compartments"][0]["address"]

    with pytest.raises(configuration.ConfigError, match="same address"):
        configuration.read(source)


def test_missing_entry_is_named(tmp_path):
    source = settings(tmp_path)
    del source["pin_key"]

    with pytest.raises(configuration.ConfigError, match="pin_key is missing"):
        configuration.read(source)


def test_provision_after_an_option_is_refused_and_starts_no_bank(tmp_path, caplog):
    file = tmp_path / "bank.json"
    file.write_text(json.dumps(settings(tmp_path / "state")))

    code = main(["--config", str(file), "provision"])

    assert code == 2
    assert "provision comes first" in caplog.text
    assert not (tmp_path / "state").exists()
