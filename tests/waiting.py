"""Waiting for what another thread or process does, in real time."""

import time
from collections.abc import Callable

PATIENCE_SECONDS = 10


def until(condition: Callable[[], object], what: str = "") -> object:
    """Wait for something that another thread or process brings about; its value."""
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        if value := condition():
            return value
        time.sleep(0.01)
    raise AssertionError(f"It did not happen: {what or condition}")
