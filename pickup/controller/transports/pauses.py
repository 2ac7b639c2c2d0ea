"""How long the transports wait."""

import random

FIRST_PAUSE = 1.0
LONGEST_PAUSE = 60.0
FRESH_MS = 10_000
"""A reply that is older than this says nothing about the time."""


def pause_after(failures: int) -> float:
    """Return seconds to wait: 1, 2, 4… up to 60, each shortened by up to half at random."""
    longest = min(FIRST_PAUSE * 2 ** (failures - 1), LONGEST_PAUSE)
    return longest * random.uniform(0.5, 1)  # noqa: S311 spreads the load, guards nothing
