"""A Mosquitto of one rehearsal: on a free port of the loopback interface, open to everybody, without a memory."""

import contextlib
import os
import shutil
import socket
import subprocess
import time
from pathlib import Path

from .process import free_port

START_SECONDS = 10


class Broker:
    """Started in a folder; gone with `close`."""

    def __init__(self, folder: Path) -> None:
        program = shutil.which("mosquitto", path=f"{os.environ['PATH']}:/usr/sbin:/sbin")
        if program is None:
            raise RuntimeError("Scenarios over MQTT need the program mosquitto.")
        self.port = free_port()
        config = folder / "mosquitto.conf"
        config.write_text(f"listener {self.port} 127.0.0.1\nallow_anonymous true\nlog_dest none\n", encoding="ascii")
        self._process = subprocess.Popen([program, "-c", config], stderr=subprocess.DEVNULL)  # noqa: S603 Debian's own
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                return
            time.sleep(0.01)
        self.close()
        raise RuntimeError("Mosquitto did not start.")

    def close(self) -> None:
        """End it."""
        self._process.kill()
        self._process.wait()
