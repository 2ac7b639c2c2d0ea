"""What every lock board must be able to do. There is no way to open all doors at once."""

from abc import ABC, abstractmethod

from pickup.protocol.vocabulary import Door


class CommError(Exception):
    """The board did not answer, or answered nonsense."""


class HardwareRefusal(Exception):
    """The board answered that it will not pulse now (busy, cooling down)."""


class Driver(ABC):
    """A bus with lock boards. Calls return within 20 s and are made by one thread at a time."""

    @abstractmethod
    def open(self, address: int) -> None:
        """Pulse one lock. Returning means "acknowledged", not "opened".

        Raises CommError or HardwareRefusal.
        """

    @abstractmethod
    def read_doors(self) -> dict[int, Door]:
        """Return what the sensors say now; `unknown` for a door that cannot be read."""

    @abstractmethod
    def locate(self, address: int) -> None:
        """Make one door show itself (light, tap of the lock). Raises CommError."""

    @abstractmethod
    def all_off(self) -> None:
        """Take the current from every output, at start and stop."""
