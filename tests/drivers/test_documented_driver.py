"""The driver of docs/drivers.md is what a maker starts from: as it stands there it is found, proved, and passes a scenario."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def maker(tmp_path_factory):
    """The files of the document in a folder, installed as pip leaves them behind."""
    folder = tmp_path_factory.mktemp("maker")
    blocks = BLOCK.findall((ROOT / "docs" / "drivers.md").read_text(encoding="utf-8"))
    (folder / "acme_locks.py").write_text(the_one("python", "class AcmeLocks", blocks))
    (folder / "acme_wall.py").write_text(the_one("python", "class AcmeWall", blocks))
    (folder / "recording.json").write_text(the_one("json", '"kind": "acme"', blocks))
    points = tomllib.loads(the_one("toml", "halles.lock_drivers", blocks))["project"]["entry-points"]
    about = folder / "acme_locks-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: acme-locks\nVersion: 1.0\n")
    lines = [
        f"[{group}]\n" + "".join(f"{name} = {value}\n" for name, value in named.items())
        for group, named in points.items()
    ]
    (about / "entry_points.txt").write_text("".join(lines))
    return folder


def the_one(language, words, blocks):
    (found,) = [text for kind, text in blocks if kind == language and words in text]
    return found


def run(maker, *arguments):
    return subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(maker)},
    )


def test_its_recording_proves_it(maker):
    done = run(maker, "pickup.controller.drivers.proof", str(maker / "recording.json"))

    assert (done.stdout, done.stderr, done.returncode) == (f"{maker}/recording.json: done.\n", "", 0)


def test_without_its_check_sum_it_is_not_proved(maker):
    source = (maker / "acme_locks.py").read_text()
    careless = source.replace(" or answer[0] ^ answer[1] ^ answer[2] != answer[3]", "")
    (maker / "acme_locks.py").write_text(careless)

    done = run(maker, "pickup.controller.drivers.proof", str(maker / "recording.json"))

    (maker / "acme_locks.py").write_text(source)
    assert careless != source
    assert "byte 3 spoilt: read 0 open, which was never said" in done.stdout
    assert done.returncode == 1


def test_the_controller_passes_a_scenario_with_it(maker):
    done = run(maker, "pickup.conformance", "--wall", "acme_wall:AcmeWall", "--plainly", "--only", "S5")

    assert done.stdout.splitlines()[-1:] == ["1 passed, 0 failed"], done.stdout + done.stderr
    assert done.returncode == 0
