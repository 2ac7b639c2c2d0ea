"""One module for each kind of lock board, and the table of their names."""

from collections.abc import Mapping

from .base import Driver
from .simulator import Simulator
from .socket_wall import SocketWall

DRIVERS = {"simulator": Simulator, "socket_wall": SocketWall}


def make(settings: Mapping, addresses: list[int]) -> Driver:
    """Return the driver that the configuration names; raises KeyError for an unknown kind."""
    return DRIVERS[settings["kind"]](settings, addresses)
