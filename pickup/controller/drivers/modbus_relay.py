"""Relay boards that speak Modbus RTU, such as Waveshare's: a relay for each lock, an input for each door.

    unit | function | data | CRC-16, low byte first

    05 write coil, at 0x0200 + channel with a value of n: "flash", on for n x 100 ms and off again by itself
    02 read inputs; 0F write coils, with zeros only, at start and stop

The board ends every pulse: when the program dies in the middle, the relay still goes off. Nothing here switches a
relay on for good. The `address` of a compartment is 100 x unit + channel, channels from 1.
"""

from collections.abc import Iterable, Mapping

from .base import Capabilities, CommError, Denial, Feedback, HardwareRefusal, Trouble
from .boards import LineDriver, Reading
from .line import Line

BAUD = 9600
READ_INPUTS, WRITE_COIL, WRITE_COILS = 0x02, 0x05, 0x0F
FLASH_ON = 0x0200
FLASH_STEP_MS = 100
ADDRESSES_PER_UNIT = 100
MOST_CHANNELS = 32
MOST_UNITS = 247
EXCEPTION = 0x80
DEVICE_BUSY = 0x06
CRC_BYTES = 2


class ModbusRelay(LineDriver):
    """All relay boards of one bus."""

    def __init__(self, settings: Mapping, addresses: Iterable[int], line: Line | None = None) -> None:
        """`settings`: those of `Line`; `feedback_type`, `none` for boards without inputs; `pulse_ms`."""
        super().__init__({"pulse_ms": 400} | dict(settings), addresses, line or Line(settings, baud=BAUD))
        for address in self.addresses:
            unit, channel = divmod(address, ADDRESSES_PER_UNIT)
            if not (1 <= unit <= MOST_UNITS and 1 <= channel <= MOST_CHANNELS):
                raise ValueError("address of a relay is 100 x unit (1 to 247) + channel (1 to 32).")

    @property
    def capabilities(self) -> Capabilities:
        """Return what the boards can do."""
        return Capabilities(feedback=self.feedback, max_pulse_ms=1000, duty_cycle=0.2)

    def board_of(self, address: int) -> int:
        """Return the unit."""
        return address // ADDRESSES_PER_UNIT

    def pulse(self, address: int, pulse_ms: int) -> None:
        """Flash one relay, never longer than asked: the board counts in tenths of a second."""
        unit, channel = divmod(address, ADDRESSES_PER_UNIT)
        tenths = max(1, pulse_ms // FLASH_STEP_MS)
        request = frame(unit, WRITE_COIL, (FLASH_ON + channel - 1).to_bytes(2) + tenths.to_bytes(2))
        body_of(self.line.ask(request, urgent=True), unit, WRITE_COIL, request[2:-CRC_BYTES])

    def read_board(self, board: int) -> Reading:
        """Ask one board for its inputs; without inputs only whether it is there."""
        count = max(address % ADDRESSES_PER_UNIT for address in self.addresses if self.board_of(address) == board)
        count = -(-count // 8) * 8
        answer = self.line.ask(frame(board, READ_INPUTS, bytes(2) + count.to_bytes(2)))
        if self.feedback is Feedback.NONE:
            heard_from(answer, board)
            return Reading()
        bits = inputs_of(answer, board)
        first = board * ADDRESSES_PER_UNIT + 1
        return Reading(doors={first + place: self.sees(bit) for place, bit in enumerate(bits[:count])})

    def all_off(self) -> None:
        """Switch all relays of every board off."""
        for board in self.boards:
            channels = max(
                address % ADDRESSES_PER_UNIT for address in self.addresses if self.board_of(address) == board
            )
            size = -(-channels // 8)
            data = bytes(2) + (size * 8).to_bytes(2) + bytes([size]) + bytes(size)
            try:
                self.line.ask(frame(board, WRITE_COILS, data), urgent=True)
            except CommError:
                continue


def crc16(data: bytes) -> bytes:
    """Return the check sum of Modbus RTU, low byte first (polynomial 0xA001, from 0xFFFF)."""
    crc = 0xFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0xA001 if crc & 1 else 0)
    return crc.to_bytes(CRC_BYTES, "little")


def frame(unit: int, function: int, data: bytes) -> bytes:
    """Return a request."""
    body = bytes([unit, function]) + data
    return body + crc16(body)


def body_of(answer: bytes, unit: int, function: int, echoed: bytes) -> None:
    """Check that a board has repeated what it was asked to do. Raises CommError or HardwareRefusal."""
    wanted = bytes([unit, function]) + echoed
    if wanted + crc16(wanted) not in answer:
        _raise_for(answer, unit, function)


def inputs_of(answer: bytes, unit: int) -> list[bool]:
    """Return the inputs that a board has told, the first one first. Raises CommError or HardwareRefusal."""
    found = set()
    for start in range(len(answer) - 4):
        size = answer[start + 2]
        body = answer[start : start + 3 + size]
        right = answer[start : start + 2] == bytes([unit, READ_INPUTS]) and size and len(body) == 3 + size
        if right and answer[start + len(body) :][:CRC_BYTES] == crc16(body):
            found.add(body[3:])
    if len(found) != 1:
        _raise_for(answer, unit, READ_INPUTS)
    return [bool(byte >> place & 1) for byte in found.pop() for place in range(8)]


def heard_from(answer: bytes, unit: int) -> None:
    """Accept any whole answer of a board to a reading, also "I have no inputs". Raises CommError."""
    refusals = [bytes([unit, READ_INPUTS | EXCEPTION, code]) for code in range(1, 12)]
    if not any(body + crc16(body) in answer for body in refusals):
        inputs_of(answer, unit)


def _raise_for(answer: bytes, unit: int, function: int) -> None:
    if not answer:
        raise CommError("No answer.")
    busy = bytes([unit, function | EXCEPTION, DEVICE_BUSY])
    if busy + crc16(busy) in answer:
        raise HardwareRefusal(Denial.BUSY)
    raise CommError(f"Not an answer to what was asked: {answer[:16].hex(' ')}", Trouble.GARBLED)
