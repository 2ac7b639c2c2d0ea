"""Emulated lock boards for the other end of a serial cable: they answer as the real ones do, and break as the real ones do.

Written from the makers' documents and not from the drivers, so that a mistake of a driver is not made here a second time.
"""

from collections.abc import Callable, Iterable


class Boards:
    """What hangs on one line, and what is wrong with it. A maker derives his own and writes `answers`.

    Doors and locks go by the `address` that the driver gives them.
    """

    def __init__(self, *numbers: int) -> None:
        self.numbers = numbers
        self.requests: list[bytes] = []
        self.pulses: list[int] = []
        self.at_pulse: Callable[[], None] | None = None
        """Called when a lock has had its pulse, before the board answers."""
        self.at_request: Callable[[], None] | None = None
        """Called when a pulse is asked for; while this is set, no lock gets one."""
        self.open: set[int] = set()
        """Doors that stand open."""
        self.occupied: set[int] = set()
        """Compartments with something inside."""
        self.cut: set[int] = set()
        """Doors whose sensor cable is cut."""
        self.stuck: set[int] = set()
        """Locks that do not let go."""
        self.dead: set[int] = set()
        """Boards without current."""
        self.no_ack = False
        """Pulses are done and not answered."""
        self.switched_off = 0
        """How often the outputs of a board were switched off."""
        self.dangers: list[str] = []
        """What no driver may ever ask for, in a sentence each."""
        self.spoil: Callable[[bytes], Iterable[tuple[float, bytes]]] = lambda answer: [(0.0, answer)]
        """What becomes of each answer on its way: pauses in seconds, and the bytes after each."""

    def hear(self, request: bytes) -> list[tuple[float, bytes]]:
        """Do what a request says and return what is heard of it, as pauses in seconds and the bytes after each."""
        self.requests.append(request)
        return [spoilt for answer in self.answers(request) for spoilt in self.spoil(answer)]

    def answers(self, request: bytes) -> list[bytes]:
        """Return the answers as the boards send them; none to what they do not understand."""
        raise NotImplementedError

    def pulse(self, address: int) -> None:
        """Let a door spring open."""
        if self.at_request:
            self.at_request()
            return
        self.pulses.append(address)
        if address not in self.stuck:
            self.open.add(address)
        if self.at_pulse:
            self.at_pulse()

    def answering(self, number: int) -> bool:
        """Say whether there is such a board, under current."""
        return number in self.numbers and number not in self.dead

    def contact(self, address: int) -> bool:
        """Say whether the contact that a shut door closes is closed: never over a cable that is cut."""
        return address not in self.open and address not in self.cut
