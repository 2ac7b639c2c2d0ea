"""Probes that are files of this computer, such as 1-wire thermometers: read in a thread of their own, for each takes a second.

The number in the file times `scale` is degrees Celsius: 0.001 for `/sys/bus/w1/devices/28-…/temperature`.
"""

import logging
import math
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

log = logging.getLogger(__name__)

READ_SECONDS = 10.0
FRESH_SECONDS = 30.0
POWER_ON_C = 85.0
"""What a DS18B20 says before its first measurement."""
COLDEST_C, WARMEST_C = -55.0, 80.0


@dataclass(frozen=True, kw_only=True)
class FileProbe:
    """One file with a number."""

    path: Path
    scale: float = 1.0

    def read(self) -> float | None:
        """Return degrees Celsius; None when the file holds no temperature that can be believed."""
        try:
            degrees = float(self.path.read_text(encoding="ascii")) * self.scale
        except (OSError, ValueError):
            return None
        believable = math.isfinite(degrees) and COLDEST_C <= degrees <= WARMEST_C
        return degrees if believable and degrees != POWER_ON_C else None


class FileProbes:
    """All probes of a bank that are files, read every ten seconds; not `in_background`: whenever somebody asks."""

    def __init__(
        self, probes: Mapping[str, FileProbe], mono: Callable[[], float], *, in_background: bool = True
    ) -> None:
        self.probes = probes
        self.mono = mono
        self.in_background = in_background
        self._read: dict[str, tuple[float, float]] = {}
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Read on until the program ends; without probes there is nothing to do."""
        if self.probes and self.in_background and self._thread is None:
            self._thread = threading.Thread(target=self._run, name="probes", daemon=True)
            self._thread.start()

    def readings(self) -> dict[str, float]:
        """Return the readings of the last half minute; a clock that is steered leaves no time to read in between."""
        if not self.in_background:
            self.read()
        since = self.mono() - FRESH_SECONDS
        return {name: degrees for name, (degrees, at) in self._read.copy().items() if at >= since}

    def read(self) -> None:
        """Read all of them once."""
        for name, probe in self.probes.items():
            degrees = probe.read()
            if degrees is not None:
                self._read[name] = (degrees, self.mono())

    def _run(self) -> None:
        silent: set[str] = set()
        while True:
            self.read()
            before, silent = silent, self.probes.keys() - self.readings().keys()
            for name in silent - before:
                log.warning("Probe %s cannot be read.", name)
            time.sleep(READ_SECONDS)
