"""Several programs that start together, are watched together and stop together. Knows nothing of the town."""

import contextlib
import os
import signal
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

PAUSE_SECONDS = 0.2
STOP_SECONDS = 15
LAST_LINES = 12


class ProgramDied(Exception):
    """One of the programs ended by itself, or never answered; the text says which and what it said last."""


class PortTaken(Exception):
    """Another program listens where one of ours should."""

    def __init__(self, port: int):
        self.port = port
        super().__init__(
            f"Port {port} is taken by another program. Stop it, or choose another port: make demo PORT=9000"
        )


@dataclass
class Program:
    """A command with its log; `answers` tells whether it is up."""

    name: str
    command: list[str]
    answers: Callable[["Program"], bool]
    log: Path
    environment: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen | None = None

    def start(self) -> None:
        """Run it in a session of its own, so that Ctrl-C reaches it through us only."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("w") as output:
            self.process = subprocess.Popen(  # noqa: S603  our own commands, no shell
                self.command,
                env={**os.environ, **self.environment},
                stdout=output,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )

    def check(self) -> None:
        """Raise `ProgramDied` when it is not running any more."""
        code = self.process.poll()
        if code is not None:
            raise ProgramDied(f"{self.name} stopped by itself (exit code {code}). {self.last_words()}")

    def last_words(self) -> str:
        """The end of its log."""
        lines = self.log.read_text(errors="replace").splitlines()[-LAST_LINES:]
        return f"The end of {self.log}:\n" + "\n".join(f"    {line}" for line in lines)


def listens(address: str) -> Callable[[Program], bool]:
    """Up when an HTTP server answers at `address`, whatever it answers."""

    def answers(_program: Program) -> bool:
        try:
            with urllib.request.urlopen(address, timeout=5):  # noqa: S310  our own address
                return True
        except urllib.error.HTTPError:
            return True
        except OSError:
            return False

    return answers


def says(words: str) -> Callable[[Program], bool]:
    """Up when its log holds `words`."""
    return lambda program: words in program.log.read_text(errors="replace")


def check_ports(ports: list[int]) -> None:
    """Raise `PortTaken` for the first port on which we could not listen."""
    for port in ports:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError as error:
                raise PortTaken(port) from error


class Group:
    """Programs that live and die together. Use it in a `with` block: leaving it, however, stops all of them."""

    def __init__(self, programs: list[Program], *, start_seconds: float = 120):
        self.programs = programs
        self.start_seconds = start_seconds
        self._asked = threading.Event()

    def __enter__(self) -> "Group":
        for program in self.programs:
            program.start()
        return self

    def __exit__(self, *_error) -> None:
        """Ask all at once, wait for each, kill what does not hear. Ctrl-C during this changes nothing."""
        previous = signal.signal(signal.SIGINT, signal.SIG_IGN)
        running = [program.process for program in self.programs if program.process]
        for process in running:
            _signal(process, signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        for process in running:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(max(0.1, deadline - time.monotonic()))
            _signal(process, signal.SIGKILL)  # also what it may have left behind in its session
            process.wait()
        signal.signal(signal.SIGINT, previous)

    def wait_until_up(self, say: Callable[[str], None]) -> None:
        """Return when each program answers; raises `ProgramDied` when one ends or stays silent too long."""
        deadline = time.monotonic() + self.start_seconds
        for program in self.programs:
            begun = time.monotonic()
            while not program.answers(program):
                for each in self.programs:
                    each.check()
                if time.monotonic() > deadline:
                    raise ProgramDied(f"{program.name} does not answer. {program.last_words()}")
                time.sleep(PAUSE_SECONDS)
            say(f"{program.name} is up ({time.monotonic() - begun:.1f} s)")

    def watch(self) -> None:
        """Return when `stop` is called; raises `ProgramDied` when a program ends by itself."""
        while not self._asked.wait(PAUSE_SECONDS):
            for program in self.programs:
                program.check()

    def stop(self) -> None:
        """End `watch`. May be called from a signal handler."""
        self._asked.set()


def _signal(process: subprocess.Popen, number: int) -> None:
    """To the session of the process: its workers hear it too."""
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        return
