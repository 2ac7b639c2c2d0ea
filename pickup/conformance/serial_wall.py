"""Emulated boards behind a serial port, in front of the real driver. A maker of boards derives a wall of his own."""

from collections.abc import Callable, Mapping
from pathlib import Path

from pickup.controller.drivers.cable import Cable

from .boards import Boards
from .boards.kerong import KerongBoards
from .boards.noise import Noise
from .boards.relays import ModbusBoards
from .papers import COLD
from .wall import BOARDS, LOCKS_PER_BOARD, Traits

PATIENT = {"answer_ms": 300, "quiet_ms": 5, "gap_ms": 1}
"""The emulated boards share a busy computer with the controller, but their answers come in one piece."""
PLACES = {name: list(BOARDS).index(name) % LOCKS_PER_BOARD for name in BOARDS}


class SerialWall:
    """Three boards on one line. The derived class names the driver's `kind`, makes the boards and knows their addresses.

    The cold zones have probes that are files, as 1-wire thermometers are.
    """

    kind: str
    more: Mapping = {}
    """What the driver's entry says besides `kind`, `port` and times."""
    traits = Traits(cut_is_told=False)

    def __init__(self, folder: Path) -> None:
        self.boards = self.make_boards()
        self.addresses = {name: self.address(BOARDS[name], PLACES[name]) for name in BOARDS}
        self._names = {address: name for name, address in self.addresses.items()}
        self._probes = {zone: folder / f"{zone}.celsius" for zone in COLD}
        for zone, celsius in COLD.items():
            self.warm(zone, celsius)
        self._cable = Cable(folder, self.boards)

    def make_boards(self) -> Boards:
        """Return the three boards, with the numbers that `number` gives them."""
        raise NotImplementedError

    def number(self, board: int) -> int:
        """Return what the maker calls the first, second or third board."""
        return board

    def address(self, board: int, place: int) -> int:
        """Return what the driver calls a lock; boards from 1, places from 0."""
        raise NotImplementedError

    # What the kit asks and does

    @property
    def pulses(self) -> list[str]:
        """The compartments whose lock got a pulse, in order; a lock without a compartment goes by its address."""
        return [self._names.get(address, f"lock {address}") for address in self.boards.pulses]

    @property
    def at_pulse(self) -> Callable[[], None] | None:
        """Called when a lock has had its pulse, before the board acknowledges it."""
        return self.boards.at_pulse

    @at_pulse.setter
    def at_pulse(self, act: Callable[[], None] | None) -> None:
        self.boards.at_pulse = act

    @property
    def at_request(self) -> Callable[[], None] | None:
        """Called when a board is asked for a pulse; while this is set, no lock gets one."""
        return self.boards.at_request

    @at_request.setter
    def at_request(self, act: Callable[[], None] | None) -> None:
        self.boards.at_request = act

    @property
    def offs(self) -> int:
        """How often outputs were switched off."""
        return self.boards.switched_off

    @property
    def dangers(self) -> list[str]:
        """What the driver asked for and never may."""
        return self.boards.dangers

    def settings(self) -> dict:
        """The `driver` entry and the `probes` of the controller's configuration."""
        driver = {"kind": self.kind, "port": str(self._cable.port), **PATIENT, **self.more}
        return {"driver": driver, "probes": {zone: {"file": str(file)} for zone, file in self._probes.items()}}

    def shut(self, compartment: str) -> None:
        """Push a door shut."""
        self.boards.open.discard(self.addresses[compartment])

    def force(self, compartment: str) -> None:
        """Open a door with a crowbar."""
        self.boards.open.add(self.addresses[compartment])

    def is_open(self, compartment: str) -> bool:
        """Say whether the door really stands open."""
        return self.addresses[compartment] in self.boards.open

    def jam(self, compartment: str) -> None:
        """Let the lock click without letting go."""
        self.boards.stuck.add(self.addresses[compartment])

    def free(self, compartment: str) -> None:
        """Let the lock work again."""
        self.boards.stuck.discard(self.addresses[compartment])

    def cut_sensor(self, compartment: str) -> None:
        """Cut the cable of the door's sensor."""
        self.boards.cut.add(self.addresses[compartment])

    def silence(self, board: int) -> None:
        """Let a board answer nothing more."""
        self.boards.dead.add(self.number(board))

    def wake(self, board: int) -> None:
        """Let the board answer again."""
        self.boards.dead.discard(self.number(board))

    def disturb(self) -> None:
        """Let the line be noisy from now on."""
        self.boards.spoil = Noise(self.boards)

    def warm(self, zone: str, celsius: float) -> None:
        """Set the temperature of a zone."""
        unfinished = self._probes[zone].with_suffix(".new")
        unfinished.write_text(f"{celsius}\n", encoding="ascii")
        unfinished.replace(self._probes[zone])

    def close(self) -> None:
        """Pull the cable out."""
        self._cable.pull_out()


class KerongWall(SerialWall):
    """Boards 0 to 2; they end their pulses themselves."""

    kind = "kerong_cu16"
    traits = Traits(cut_is_told=False, outputs_stay=False)

    def make_boards(self) -> KerongBoards:
        """Return the boards."""
        return KerongBoards(0, 1, 2)

    def number(self, board: int) -> int:
        """Count from 0."""
        return board - 1

    def address(self, board: int, place: int) -> int:
        """Return 16 x board + lock - 1."""
        return 16 * self.number(board) + place


class RelayWall(SerialWall):
    """Units 1 to 3, with an input for each door."""

    kind = "modbus_relay"

    def make_boards(self) -> ModbusBoards:
        """Return the boards."""
        return ModbusBoards(1, 2, 3)

    def address(self, board: int, place: int) -> int:
        """Return 100 x unit + channel."""
        return 100 * board + place + 1


class BlindRelayWall(RelayWall):
    """The same boards without inputs: for use with a person."""

    more = {"feedback_type": "none"}
    traits = Traits(sensors=False, cut_is_told=False)

    def make_boards(self) -> ModbusBoards:
        """Return boards that refuse to be read."""
        boards = super().make_boards()
        boards.has_inputs = False
        return boards
