"""Modbus RTU relay boards of eight channels such as Waveshare's: a relay for each lock, an input for each door.

unit | function | data | CRC-16, low byte first
02 read inputs; 05 write coil, at 0x0200 + channel: "flash" for n x 100 ms, at channel: on or off for good
0F write coils; function + 0x80: exception, 01 not known, 06 busy
"""

import struct

from . import Boards

READ_INPUTS, WRITE_COIL, WRITE_COILS, EXCEPTION = 0x02, 0x05, 0x0F, 0x80
NOT_KNOWN, BUSY = b"\x01", b"\x06"
FLASH_ON, CHANNELS = 0x0200, 8
STEP_MS = 100
FOR_GOOD = "A relay was switched on for good."


class ModbusBoards(Boards):
    """An input is 1 while its door is closed. `address`: 100 x unit + channel, channels from 1."""

    def __init__(self, *numbers: int) -> None:
        super().__init__(*numbers)
        self.busy = False
        self.has_inputs = True
        self.flashes: list[int] = []
        """Length of each pulse in ms."""

    def answers(self, request: bytes) -> list[bytes]:
        """Answer one whole request with the right check sum."""
        if len(request) < 4 or request[-2:] != crc16(request[:-2]) or not self.answering(request[0]):
            return []
        unit, function, data = request[0], request[1], request[2:-2]
        if self.busy:
            return [modbus_frame(unit, function | EXCEPTION, BUSY)]
        if function == WRITE_COIL:
            return self._flash(unit, *struct.unpack(">HH", data), request)
        if function == WRITE_COILS:
            if any(data[5:]):
                self.dangers.append(FOR_GOOD)
            self.switched_off += 1
            return [modbus_frame(unit, function, data[:4])]
        if not self.has_inputs:
            return [modbus_frame(unit, function | EXCEPTION, NOT_KNOWN)]
        first = 100 * unit + 1
        closed = sum(1 << place for place in range(CHANNELS) if self.contact(first + place))
        return [modbus_frame(unit, function, bytes([1, closed]))]

    def _flash(self, unit: int, coil: int, tenths: int, request: bytes) -> list[bytes]:
        if not FLASH_ON <= coil < FLASH_ON + CHANNELS:
            if tenths:
                self.dangers.append(FOR_GOOD)
            return [modbus_frame(unit, WRITE_COIL | EXCEPTION, NOT_KNOWN)]
        self.flashes.append(STEP_MS * tenths)
        self.pulse(100 * unit + 1 + coil - FLASH_ON)
        return [] if self.no_ack else [request]


def crc16(data: bytes) -> bytes:
    """Return the check sum of "Modbus over serial line" V1.02, 6.2.2, low byte first."""
    crc = 0xFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc, carry = crc >> 1, crc & 1
            crc ^= 0xA001 * carry
    return crc.to_bytes(2, "little")


def modbus_frame(unit: int, function: int, data: bytes) -> bytes:
    """Return a frame with the right check sum."""
    body = bytes([unit, function]) + data
    return body + crc16(body)
