"""Processor time of running processes, as Linux counts it: what a part costs, however busy the machine is."""

import os
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def seconds(process: int) -> float:
    """Used so far by a process and by those of its children that have ended; 0 when it has just ended itself."""
    try:
        fields = _fields(process)
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return sum(int(ticks) for ticks in fields[11:15]) / TICKS


def family_seconds(parent: int) -> float:
    """The same of a process and of all its children, those that run included."""
    running = (int(folder.name) for folder in Path("/proc").iterdir() if folder.name.isdecimal())
    return seconds(parent) + sum(seconds(each) for each in running if parent_of(each) == parent)


def parent_of(process: int) -> int | None:
    """The number of its parent; None when it has just ended."""
    try:
        return int(_fields(process)[1])
    except (FileNotFoundError, ProcessLookupError):
        return None


def _fields(process: int) -> list[str]:
    """What /proc/N/stat says after the name, which may hold anything: state, parent, ..."""
    return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
