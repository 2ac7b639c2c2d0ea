"""A real Mosquitto on a loopback port, with the settings and the rules of a live one, save that nothing is encrypted."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

from pickup.banks import mosquitto
from tests import services

PASSWORD = "a password for tests"
BRIDGE = "bridge"
PATIENCE_SECONDS = 10
SHIPPED = Path(__file__).parents[1] / "deploy" / "mosquitto" / "mosquitto.conf"


class Broker:
    """One broker that can be killed, started again, and given other users."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = _free_port()
        self.process: subprocess.Popen | None = None
        self.write([])

    @property
    def url(self) -> str:
        """The address for clients, without user and password."""
        return f"mqtt://127.0.0.1:{self.port}"

    @property
    def bridge_url(self) -> str:
        """The address with the bridge's user and password, as in the setting MQTT_URL."""
        return f"mqtt://{BRIDGE}:{PASSWORD.replace(' ', '%20')}@127.0.0.1:{self.port}"

    def settings_of(self, bank: str) -> dict:
        """The entry `mqtt` in the file of a bank's controller."""
        return {"url": self.url, "user": f"user-of-{bank}", "password": PASSWORD}

    def write(self, banks: list[str], passwords: str = "", rules: str = "") -> None:
        """Admit the bridge and one user per bank (`user-of-BANK`, all with PASSWORD), and whatever is given as text."""
        users = [BRIDGE, *(f"user-of-{bank}" for bank in banks)]
        passwords += "".join(f"{user}:{mosquitto.hashed(PASSWORD)}\n" for user in users)
        rules += mosquitto.bridge_rules(BRIDGE) + "".join(mosquitto.bank_rules(f"user-of-{b}", b) for b in banks)
        (self.folder / "passwords").write_text(passwords)
        (self.folder / "acl").write_text(rules)
        for name in ("passwords", "acl"):
            (self.folder / name).chmod(0o600)
        self._write_settings()

    def _write_settings(self) -> None:
        """Those that a town gets, on our port and in our folder, without the certificate that a test does not have."""
        here = {
            "listener": f"{self.port} 127.0.0.1",
            "password_file": self.folder / "passwords",
            "acl_file": self.folder / "acl",
            "persistence_location": f"{self.folder}/",
            "log_dest": f"file {self.folder / 'log'}",
        }
        lines = [f"user {'root' if os.geteuid() == 0 else 'mosquitto'}"]
        for line in SHIPPED.read_text().splitlines():
            name = line.partition(" ")[0]
            if name not in ("certfile", "keyfile", "tls_version"):
                lines.append(f"{name} {here[name]}" if name in here else line)
        (self.folder / "mosquitto.conf").write_text("\n".join(lines) + "\n")

    def start(self) -> None:
        """Start it and wait until it answers."""
        program = services.find("mosquitto")
        self.process = subprocess.Popen([program, "-c", self.folder / "mosquitto.conf"], stderr=subprocess.DEVNULL)
        end = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < end:
            with socket.socket() as attempt:
                if attempt.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.02)
        raise AssertionError(f"Mosquitto did not start: {(self.folder / 'log').read_text()}")

    def stop(self) -> None:
        """End it in good order; it keeps sessions and retained messages."""
        self.process.terminate()
        self.process.wait(PATIENCE_SECONDS)

    def kill(self) -> None:
        """Pull the plug."""
        self.process.kill()
        self.process.wait(PATIENCE_SECONDS)

    def reload(self) -> None:
        """Let it read users and rules again, as `systemctl reload mosquitto` does."""
        self.process.send_signal(1)


@contextmanager
def broker(*banks: str):
    """A running broker that admits the bridge and one user for each bank; gone at the end of the block."""
    folder = Path(tempfile.mkdtemp(prefix="halles-broker-"))
    made = Broker(folder)
    made.write(list(banks))
    made.start()
    try:
        yield made
    finally:
        made.kill()
        shutil.rmtree(folder)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
