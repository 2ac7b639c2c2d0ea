"""A wall without a wall: doors in memory that open when pulsed, and break when asked to."""

import threading
from collections.abc import Mapping

from pickup.protocol.vocabulary import Door

from .base import CommError, Driver


class Simulator(Driver):
    """The doors of a bank, all closed at first. A person, or a test, closes them again."""

    def __init__(self, settings: Mapping, addresses: list[int]) -> None:
        """`settings` may name `jammed`, `silent` and `cut` addresses to start with."""
        self._lock = threading.Lock()
        self._open = dict.fromkeys(addresses, False)
        self.pulses: list[int] = []
        self.located: list[int] = []
        self.jammed = set(settings.get("jammed", ()))
        """Locks that click but do not let go."""
        self.silent = set(settings.get("silent", ()))
        """Locks whose board does not answer."""
        self.cut = set(settings.get("cut", ()))
        """Doors whose sensor cable is cut."""

    def open(self, address: int) -> None:
        """Pulse one lock."""
        with self._lock:
            if address in self.silent:
                raise CommError(f"No answer from lock {address}.")
            self.pulses.append(address)
            if address not in self.jammed:
                self._open[address] = True

    def read_doors(self) -> dict[int, Door]:
        """Return what the sensors say."""
        with self._lock:
            return {address: self._sensor(address) for address in self._open}

    def locate(self, address: int) -> None:
        """Note that the door showed itself."""
        if address in self.silent:
            raise CommError(f"No answer from lock {address}.")
        self.located.append(address)

    def all_off(self) -> None:
        """Nothing is under current in memory."""

    def push_shut(self, address: int) -> None:
        """Close a door, as a person does."""
        with self._lock:
            self._open[address] = False

    def force(self, address: int) -> None:
        """Open a door with a crowbar."""
        with self._lock:
            self._open[address] = True

    def is_open(self, address: int) -> bool:
        """Say whether the door really stands open, whatever its sensor says."""
        return self._open[address]

    def _sensor(self, address: int) -> Door:
        if address in self.cut or address in self.silent:
            return Door.UNKNOWN
        return Door.OPEN if self._open[address] else Door.CLOSED
