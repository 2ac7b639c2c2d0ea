"""A serial port whose other end is in this process: for proving drivers, and for tests with emulated boards."""

import os
import pty
import select
import threading
import time
import tty
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

GAP_SECONDS = 0.003
IDLE_SECONDS = 0.02
JOIN_SECONDS = 2


class Listener(Protocol):
    """What hangs on the line."""

    def hear(self, request: bytes) -> Iterable[tuple[float, bytes]]:
        """Return what is answered to a request: pauses in seconds, and the bytes after each."""


class Cable:
    """The adapter: a name in a folder, which can be pulled out and put back. Plugged in at first."""

    def __init__(self, folder: Path, boards: Listener) -> None:
        self.port = folder / "ttyUSB0"
        self.boards = boards
        self.plug_in()

    def plug_in(self) -> None:
        """Give the port its name, with the boards behind it."""
        self._ours, self._theirs = pty.openpty()
        tty.setraw(self._theirs)
        self.port.symlink_to(os.ttyname(self._theirs))
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._serve, args=(self._ours, self._stop), daemon=True)
        self._thread.start()

    def pull_out(self) -> None:
        """Take the adapter away: its name goes, and whoever has it open gets errors."""
        self.port.unlink()
        self._stop.set()
        self._thread.join(JOIN_SECONDS)
        os.close(self._theirs)
        os.close(self._ours)

    def _serve(self, ours: int, stop: threading.Event) -> None:
        request = b""
        while not stop.is_set():
            ready, _, _ = select.select([ours], [], [], GAP_SECONDS if request else IDLE_SECONDS)
            if ready:
                request += os.read(ours, 256)
            elif request:
                for pause, piece in self.boards.hear(request):
                    time.sleep(pause)
                    os.write(ours, piece)
                request = b""
