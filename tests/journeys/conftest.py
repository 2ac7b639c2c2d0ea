"""A whole town for the browser: the same processes as `make demo`, on free ports, in a scratch folder."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent.parent
START_SECONDS = 420


@dataclass(frozen=True)
class Town:
    """A running demo town."""

    site: str
    kiosks: tuple[str, str]
    environment: dict

    def manage(self, *arguments: str) -> subprocess.CompletedProcess:
        """Run a management command in the town's own environment."""
        return subprocess.run(
            [sys.executable, "manage.py", *arguments], cwd=ROOT, env=self.environment, capture_output=True, text=True
        )


def three_free_ports() -> int:
    """The first of three neighbouring free ports: the site and two kiosks."""
    for first in range(18000, 18900, 10):
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


def wait_for(address: str, process: subprocess.Popen, log: Path) -> None:
    """Until `address` answers; fails with the end of the log when the town stops or takes too long."""
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.5)
    raise RuntimeError(f"The demo town did not start:\n{log.read_text()[-4000:]}")


@pytest.fixture(scope="session")
def town(tmp_path_factory):
    """Started once for all journeys, stopped together as Ctrl-C does."""
    folder = tmp_path_factory.mktemp("une ville é")  # a path with a space and an accent, as people have
    port = three_free_ports()
    environment = {
        **os.environ,
        "HALLES_VAR": str(folder),
        "PORT": str(port),
        "DJANGO_SETTINGS_MODULE": "marketplace.settings.base",
        "DATABASE_URL": f"sqlite:///{folder}/halles.sqlite3",
    }
    log = folder / "log.txt"
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "run_demo"],
            cwd=ROOT,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    kiosks = (f"http://127.0.0.1:{port + 1}", f"http://127.0.0.1:{port + 2}")
    try:
        for address in (f"http://127.0.0.1:{port}/healthz", *kiosks):
            wait_for(address, process, log)
        yield Town(f"http://127.0.0.1:{port}", kiosks, environment)
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()


@pytest.fixture(scope="session")
def chromium():
    """Debian's Chromium, which contacts nobody."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=["--no-sandbox", "--disable-background-networking", "--disable-sync"],
        )
        yield browser
        browser.close()


@pytest.fixture
def phone(chromium):
    """A new visitor with a phone 390 px wide; fails the test when any page asks a foreign host or logs an error."""
    context = chromium.new_context(viewport={"width": 390, "height": 844}, locale="fr-FR", timezone_id="Europe/Paris")
    foreign, errors = [], []
    context.on(
        "request", lambda request: request.url.startswith(("http://127.0.0.1", "data:")) or foreign.append(request.url)
    )
    page = context.new_page()
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.set_default_timeout(15_000)
    yield page
    context.close()
    assert (foreign, errors) == ([], [])
