"""One module for each kind of lock board, and how they are found by name.

Other makers' drivers are found by the entry point group `halles.lock_drivers` of an installed package; the names of
our own cannot be taken.
"""

from collections.abc import Iterable, Mapping
from importlib.metadata import EntryPoint, entry_points

from .base import Driver

GROUP = "halles.lock_drivers"
SHIPPED = {
    "simulator": "simulator:Simulator",
    "socket_wall": "socket_wall:SocketWall",
    "kerong_cu16": "kerong_cu16:KerongCu16",
    "modbus_relay": "modbus_relay:ModbusRelay",
}


class DriverError(Exception):
    """The driver cannot be made as the configuration says; the text says why."""


def make(settings: Mapping, addresses: Iterable[int]) -> Driver:
    """Return the driver that the configuration names, which touches no wire yet; raises DriverError."""
    kind = settings.get("kind")
    found = find(kind)
    if found is None:
        raise DriverError(f"There is no driver called {kind}; known are {', '.join(kinds())}.")
    try:
        return found.load()(settings, list(addresses))
    except KeyError as error:
        raise DriverError(f"driver: {error.args[0]} is missing.") from error
    except (ImportError, AttributeError, TypeError, ValueError) as error:
        raise DriverError(f"driver {kind}: {error}") from error


def kinds() -> list[str]:
    """Return the names of all drivers that are installed."""
    return sorted({*SHIPPED, *entry_points(group=GROUP).names})


def find(kind: object) -> EntryPoint | None:
    """Return where a driver is, ours first."""
    if kind in SHIPPED:
        return EntryPoint(name=kind, group=GROUP, value=f"{__name__}.{SHIPPED[kind]}")
    return next((point for point in entry_points(group=GROUP) if point.name == kind), None)
