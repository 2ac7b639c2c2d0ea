"""A whole town for the browser: the same processes as `make demo`, on free ports, in a scratch folder."""

import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
START_SECONDS = 420
BALANCED_SECONDS = 90


class Town:
    """A running demo town. Whatever no person can do in a browser is asked of `tests.journeys.inside`."""

    def __init__(self, folder: Path):
        port = three_free_ports()
        self.folder = folder
        self.database = folder / "halles.sqlite3"
        self.site = f"http://127.0.0.1:{port}"
        self.kiosks = {
            "Consigne de la Gare": f"http://127.0.0.1:{port + 1}",
            "Consigne du Marché": f"http://127.0.0.1:{port + 2}",
        }
        self.environment = {
            **os.environ,
            "HALLES_VAR": str(folder),
            "PORT": str(port),
            "DJANGO_SETTINGS_MODULE": "marketplace.settings.base",
            "DATABASE_URL": f"sqlite:///{self.database}",
        }
        self._inside: subprocess.Popen | None = None

    def open_and_close(self) -> str:
        """`make demo` with an empty database until the town is open, then Ctrl-C; what it has printed."""
        log = self.folder / "run_demo.txt"
        with log.open("w") as output:
            process = self._popen("manage.py", "run_demo", stdout=output)
            try:
                wait_for("the town is open", log, process)
            finally:
                process.send_signal(signal.SIGINT)
                code = process.wait(60)
        said = log.read_text()
        if code != 0:
            raise RuntimeError(f"Ctrl-C ended the demonstration with {code}:\n{said[-4000:]}")
        return said

    def open(self) -> None:
        """Run it again, where each process can be killed and started."""
        self._log = (self.folder / "inside.txt").open("w")
        self._inside = self._popen(
            "-m", "tests.journeys.inside", stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._log, text=True
        )
        self._answer()

    def close(self) -> None:
        """All processes together."""
        self._inside.stdin.close()
        self._inside.wait(60)
        self._log.close()

    def ask(self, name: str, *arguments):
        """Have `tests.journeys.inside` do it; its answer."""
        self._inside.stdin.write(json.dumps([name, arguments]) + "\n")
        self._inside.stdin.flush()
        return self._answer()

    def eventually(self, happened) -> None:
        """Until `happened()` is true; the worker and the sweeps need some seconds."""
        end = time.monotonic() + BALANCED_SECONDS
        while not happened():
            assert time.monotonic() < end, "It never happened."
            time.sleep(1)

    def books_balance(self) -> None:
        """What is under way may take its time; then stock, orders, Stripe and ledger agree to the cent."""
        end = time.monotonic() + BALANCED_SECONDS
        while wrong := self.ask("check_books"):
            assert time.monotonic() < end, wrong
            time.sleep(2)

    def _answer(self):
        line = self._inside.stdout.readline()
        if not line:
            raise RuntimeError(f"The town is gone:\n{(self.folder / 'inside.txt').read_text()[-4000:]}")
        document = json.loads(line)
        if "error" in document:
            raise AssertionError(document["error"])
        return document["answer"]

    def _popen(self, *command: str, **pipes) -> subprocess.Popen:
        pipes.setdefault("stderr", subprocess.STDOUT)
        return subprocess.Popen([sys.executable, *command], cwd=ROOT, env=self.environment, **pipes)


def three_free_ports() -> int:
    """The first of three neighbouring free ports: the site and two kiosks. Drawn, for other towns may look for some too."""
    for first in random.sample(range(18000, 28000, 10), 100):
        sockets = []
        try:
            for port in range(first, first + 3):
                sockets.append(socket.create_server(("127.0.0.1", port)))
        except OSError:
            continue
        else:
            return first
        finally:
            for taken in sockets:
                taken.close()
    raise RuntimeError("No three neighbouring ports are free.")


def wait_for(words: str, log: Path, process: subprocess.Popen) -> None:
    """Until the log holds `words`; fails with its end when the process stops or takes too long."""
    end = time.monotonic() + START_SECONDS
    while words not in log.read_text():
        if process.poll() is not None or time.monotonic() > end:
            raise RuntimeError(f"The demo town did not start:\n{log.read_text()[-4000:]}")
        time.sleep(0.3)
