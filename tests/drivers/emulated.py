"""Lock boards for the other end of a cable: they answer as the real ones do, and break as the real ones do."""

from pickup.controller.drivers import kerong_cu16, modbus_relay


class Boards:
    """What hangs on the line, and what is wrong with it. `hear` yields (pause in seconds, bytes)."""

    def __init__(self) -> None:
        self.requests: list[bytes] = []
        self.pulses: list[int] = []
        self.open: set[int] = set()
        """Addresses of doors that stand open."""
        self.occupied: set[int] = set()
        self.stuck: set[int] = set()
        """Locks that do not let go."""
        self.dead: set[int] = set()
        """Boards without current."""
        self.no_ack = False
        """Pulses are done and not answered."""
        self.spoil = lambda answer: [(0.0, answer)]
        """What becomes of each answer on its way."""

    def hear(self, request: bytes) -> list[tuple[float, bytes]]:
        """Do what a request says and return what is heard of it."""
        self.requests.append(request)
        return [spoilt for answer in self.answers(request) for spoilt in self.spoil(answer)]

    def answers(self, request: bytes) -> list[bytes]:
        """Return the answers as the boards send them."""
        raise NotImplementedError

    def pulse(self, address: int) -> None:
        """Let a door spring open."""
        self.pulses.append(address)
        if address not in self.stuck:
            self.open.add(address)


class KerongBoards(Boards):
    """KR-CU16 boards: hook bit 1 is closed, infrared bit 1 is something inside."""

    def __init__(self, *numbers: int) -> None:
        super().__init__()
        self.numbers = numbers

    def answers(self, request: bytes) -> list[bytes]:
        if len(request) != 5 or request[-1] != sum(request[:-1]) & 0xFF:
            return []
        address, command = request[1], request[2]
        if command == kerong_cu16.STATUS_OF_ALL:
            return [self._status(board, 0x36) for board in self.numbers if board not in self.dead]
        board = address >> 4
        if board not in self.numbers or board in self.dead:
            return []
        if command == kerong_cu16.UNLOCK:
            self.pulse(address)
            return [] if self.no_ack else [self._status(board, 0x35, address)]
        return [self._status(board, 0x35)]

    def _status(self, board: int, command: int, address: int | None = None) -> bytes:
        first = board << 4
        hooks = sum(1 << lock for lock in range(16) if first + lock not in self.open)
        inside = sum(1 << lock for lock in range(16) if first + lock in self.occupied)
        data = hooks.to_bytes(2, "little") + inside.to_bytes(2, "little")
        return kerong_frame(first if address is None else address, command, data)


def kerong_frame(address: int, command: int, data: bytes) -> bytes:
    """A frame with data and the right sum."""
    body = bytes([2, address, command]) + data + bytes([3])
    return body + bytes([sum(body) & 0xFF])


class ModbusBoards(Boards):
    """Relay boards of eight channels: an input is 1 while its door is closed."""

    def __init__(self, *units: int) -> None:
        super().__init__()
        self.units = units
        self.busy = False
        self.has_inputs = True
        self.flashes: list[int] = []
        """Length of each pulse in ms."""
        self.switched_off = 0

    def answers(self, request: bytes) -> list[bytes]:
        if request[-2:] != modbus_relay.crc16(request[:-2]) or request[0] not in self.units or request[0] in self.dead:
            return []
        unit, function, data = request[0], request[1], request[2:-2]
        if self.busy:
            return [modbus_relay.frame(unit, function | 0x80, b"\x06")]
        if function == modbus_relay.WRITE_COIL:
            assert 0x0200 <= int.from_bytes(data[:2]) < 0x0220, "a relay was switched on for good"
            self.flashes.append(100 * int.from_bytes(data[2:]))
            self.pulse(100 * unit + 1 + int.from_bytes(data[:2]) - 0x0200)
            return [] if self.no_ack else [request]
        if function == modbus_relay.WRITE_COILS:
            assert not any(data[5:]), "a relay was switched on for good"
            self.switched_off += 1
            return [modbus_relay.frame(unit, function, data[:4])]
        if not self.has_inputs:
            return [modbus_relay.frame(unit, function | 0x80, b"\x01")]
        closed = sum(1 << place for place in range(8) if 100 * unit + 1 + place not in self.open)
        return [modbus_relay.frame(unit, function, bytes([1, closed]))]
