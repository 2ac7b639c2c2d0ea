"""What systemd is told (sd_notify(3)): that the program is ready, and that it still ticks. Elsewhere it says nothing."""

import os
import socket

VARIABLE = "NOTIFY_SOCKET"


def ready() -> None:
    """Tell that the kiosk answers."""
    _tell("READY=1")


def alive() -> None:
    """Tell that a tick has just gone through; when this stays away, systemd restarts the program (WatchdogSec)."""
    _tell("WATCHDOG=1")


def stopping() -> None:
    """Tell that the end is wanted."""
    _tell("STOPPING=1")


def _tell(message: str) -> None:
    address = os.environ.get(VARIABLE, "")
    if not address:
        return
    if address.startswith("@"):
        address = "\0" + address[1:]
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
            line.connect(address)
            line.send(message.encode())
    except OSError:
        return  # the watchdog will notice
