"""KR-CU16 lock boards: 16 locks each, a hook contact and an infrared sensor for each lock.

02 | ADDR | CMD | data | 03 | SUM        ADDR: board in the high nibble, lock - 1 in the low one
0x30 status of one board, 0x31 unlock -> 0x35; 0x32 status of all -> 0x36 from each; 0x33 unlock all
"""

from . import Boards

STATUS, UNLOCK, STATUS_OF_ALL, UNLOCK_ALL = 0x30, 0x31, 0x32, 0x33
BOARD_SAYS, EACH_BOARD_SAYS = 0x35, 0x36
REQUEST_BYTES = 5
LOCKS = 16


class KerongBoards(Boards):
    """Hook bit 1 is closed, infrared bit 1 is something inside."""

    def answers(self, request: bytes) -> list[bytes]:
        """Answer one whole request with the right sum."""
        if len(request) != REQUEST_BYTES or request[-1] != sum(request[:-1]) & 0xFF:
            return []
        address, command = request[1], request[2]
        if command == STATUS_OF_ALL:
            return [self._status(board, EACH_BOARD_SAYS) for board in self.numbers if self.answering(board)]
        if command == UNLOCK_ALL:
            self.dangers.append("All locks of a board were told to open at once.")
        board = address >> 4
        if not self.answering(board):
            return []
        if command == UNLOCK:
            self.pulse(address)
            return [] if self.no_ack else [self._status(board, BOARD_SAYS, address)]
        return [self._status(board, BOARD_SAYS)]

    def _status(self, board: int, command: int, address: int | None = None) -> bytes:
        first = board << 4
        hooks = sum(1 << lock for lock in range(LOCKS) if self.contact(first + lock))
        inside = sum(1 << lock for lock in range(LOCKS) if first + lock in self.occupied)
        data = hooks.to_bytes(2, "little") + inside.to_bytes(2, "little")
        return kerong_frame(first if address is None else address, command, data)


def kerong_frame(address: int, command: int, data: bytes) -> bytes:
    """Return a frame with data and the right sum."""
    body = bytes([2, address, command]) + data + bytes([3])
    return body + bytes([sum(body) & 0xFF])
