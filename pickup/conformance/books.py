"""Whether the pulses that the wall felt are those that the bank accounts for."""

from collections import Counter
from collections.abc import Iterator, Set

from pickup.protocol.vocabulary import Outcome

from .server import Server
from .wall import Wall

PULSED = {Outcome.OPENED, Outcome.OPENED_UNVERIFIED, Outcome.UNKNOWN_AFTER_RESTART}


def unaccounted(server: Server, wall: Wall, *, unsure: Set[str]) -> Iterator[tuple[str, int, int]]:
    """Yield (compartment, pulses felt, pulses told) where they differ.

    In an `unsure` compartment `unknown_after_restart` may also stand for no pulse: the controller died before it.
    """
    openings = server.events("door.opened")
    told = Counter(data["compartment"] for data in openings if data["outcome"] in PULSED)
    unknown = Counter(data["compartment"] for data in openings if data["outcome"] == Outcome.UNKNOWN_AFTER_RESTART)
    felt = Counter(wall.pulses)
    for compartment in sorted(told.keys() | felt.keys()):
        doubt = unknown[compartment] if compartment in unsure else 0
        if not told[compartment] - doubt <= felt[compartment] <= told[compartment]:
            yield compartment, felt[compartment], told[compartment]
