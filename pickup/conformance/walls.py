"""The walls that scenarios can be played on, by name; a maker names his own as `module:Class`."""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from .serial_wall import BlindRelayWall, KerongWall, RelayWall
from .wall import SimulatedWall, Wall

WALLS: dict[str, Callable[[Path], Wall]] = {
    "socket_wall": SimulatedWall,
    "kerong_cu16": KerongWall,
    "modbus_relay": RelayWall,
    "modbus_relay_without_inputs": BlindRelayWall,
}


def find(name: str) -> Callable[[Path], Wall]:
    """Return the class that makes a wall in a folder; raises LookupError with a sentence."""
    if name in WALLS:
        return WALLS[name]
    module, _, attribute = name.partition(":")
    try:
        return getattr(import_module(module), attribute)
    except (ImportError, AttributeError, ValueError) as error:
        raise LookupError(f"There is no wall {name}: {error}. Known are {', '.join(WALLS)}.") from error
