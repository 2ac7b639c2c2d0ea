"""The controller under test: a process that is started, killed without warning, and started again."""

import contextlib
import shlex
import socket
import subprocess
import time
from pathlib import Path

START_SECONDS = 30


class Controller:
    """One command line and its process. `{config}` in it stands for the path of the configuration file."""

    def __init__(self, command: str, config: Path, port: int) -> None:
        self.command = [part.format(config=config) for part in shlex.split(command)]
        self.config = config
        self.port = port
        self.log = config.with_suffix(".log")
        self._process: subprocess.Popen | None = None

    def start(self) -> None:
        """Start it and wait until its screen answers; raises RuntimeError with the end of its log."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(self.command, stdout=log, stderr=log)  # noqa: S603 the user's own command
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end and self._process.poll() is None:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                return
            time.sleep(0.01)
        self.kill()
        raise RuntimeError(f"The controller did not start: …{self.log.read_text(errors='replace')[-1500:]}")

    def has_ended(self, within_seconds: float = 0.0) -> bool:
        """Say whether the process has ended, or does so soon."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(within_seconds)
        return self._process.poll() is not None

    def kill(self) -> None:
        """SIGKILL: no farewell, no clean end."""
        if self._process:
            self._process.kill()
            self._process.wait()


def free_port() -> int:
    """A port of the loopback interface that nobody uses now."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]
