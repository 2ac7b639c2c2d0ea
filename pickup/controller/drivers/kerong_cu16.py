"""Kerong KR-CU16 lock boards on RS-485, 19200 8N1: 16 locks a board, hooks and presence sensors.

    02 | ADDR | CMD | data | 03 | SUM        SUM: low byte of the sum of all bytes before it
    ADDR: low nibble lock - 1, high nibble board. It is the `address` of a compartment: lock 1 of board 1 is 16.

    unlock 0x31, status 0x30 -> 0x35 with H1-8 H9-16 IR1-8 IR9-16; status of all boards F0 0x32 -> 0x36 from each

"Unlock all" (0x33) is not written here, and no argument can make it. How long the coil is under current is set on the
board (0x37); `pulse_ms` only says what it is, for the rest that coils need.
"""

from collections.abc import Iterable, Iterator, Mapping

from pickup.protocol.vocabulary import Presence

from .base import Capabilities, CommError, Trouble
from .boards import LineDriver, Reading
from .line import Line

BAUD = 19200
START, END = 0x02, 0x03
STATUS, UNLOCK, STATUS_OF_ALL, BOARD_SAYS, EACH_BOARD_SAYS = 0x30, 0x31, 0x32, 0x35, 0x36
ALL_BOARDS = 0xF0
LOCKS_PER_BOARD = 16
MOST_BOARDS = 15
HEAD_BYTES = 3
FULL_BYTES = 4
FRAME_BYTES = HEAD_BYTES + FULL_BYTES + 2


class KerongCu16(LineDriver):
    """All KR-CU16 boards of one bus."""

    def __init__(self, settings: Mapping, addresses: Iterable[int], line: Line | None = None) -> None:
        """`settings`: those of `Line`; `feedback_type`; `ir`: presence sensors are connected; `answers_unlock`.

        A board that stays silent after an unlock (`answers_unlock` false) is asked for its status instead.
        """
        super().__init__(settings, addresses, line or Line(settings, baud=BAUD))
        if any(not 0 <= address < MOST_BOARDS * LOCKS_PER_BOARD for address in self.addresses):
            raise ValueError("address of a KR-CU16 lock is 16 x board (0 to 14) + lock - 1.")
        self.ir = bool(settings.get("ir", False))
        self.answers_unlock = bool(settings.get("answers_unlock", True))

    @property
    def capabilities(self) -> Capabilities:
        """Return what the boards can do."""
        return Capabilities(feedback=self.feedback, ir=self.ir, max_pulse_ms=2550, duty_cycle=0.2)

    def board_of(self, address: int) -> int:
        """Return the high nibble."""
        return address // LOCKS_PER_BOARD

    def pulse(self, address: int, pulse_ms: int) -> None:
        """Unlock one lock."""
        board = self.board_of(address)
        answer = self.line.ask(frame(address, UNLOCK), urgent=True)
        if not answer and not self.answers_unlock:
            answer = self.line.ask(frame(board * LOCKS_PER_BOARD, STATUS), urgent=True)
        data_of(answer, BOARD_SAYS, {address, board * LOCKS_PER_BOARD})

    def read_board(self, board: int) -> Reading:
        """Ask one board for hooks and presence."""
        first = board * LOCKS_PER_BOARD
        return self._reading(first, data_of(self.line.ask(frame(first, STATUS)), BOARD_SAYS, {first}))

    def find_boards(self) -> list[int]:
        """Return the boards that answer when all are asked at once: for commissioning."""
        answer = self.line.ask(frame(ALL_BOARDS, STATUS_OF_ALL))
        return sorted(
            {address // LOCKS_PER_BOARD for address, command, _ in frames(answer) if command == EACH_BOARD_SAYS}
        )

    def _reading(self, first: int, data: bytes) -> Reading:
        hooks = dict(enumerate(_bits(data[:2]), start=first))
        inside = dict(enumerate(_bits(data[2:]), start=first)) if len(data) == FULL_BYTES and self.ir else {}
        return Reading(
            doors={address: self.sees(bit) for address, bit in hooks.items()},
            presence={address: Presence.OCCUPIED if bit else Presence.EMPTY for address, bit in inside.items()},
        )


def frame(address: int, command: int) -> bytes:
    """Return a request."""
    body = bytes([START, address, command, END])
    return body + bytes([sum(body) & 0xFF])


def frames(answer: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Yield address, command and data of every whole frame in what was heard, noise around it left out."""
    start = 0
    while start + FRAME_BYTES <= len(answer):
        piece = answer[start : start + FRAME_BYTES]
        if piece[0] == START and piece[-2] == END and piece[-1] == sum(piece[:-1]) & 0xFF:
            yield piece[1], piece[2], piece[HEAD_BYTES:-2]
            start += FRAME_BYTES
        else:
            start += 1


def data_of(answer: bytes, command: int, addresses: set[int]) -> bytes:
    """Return the data of the one frame that answers: right sum, right command, right address.

    A board with fewer locks answers with fewer bytes; then only its first byte is certain, and nothing may be around
    the frame. Raises CommError for everything else.
    """
    if not answer:
        raise CommError("No answer.")
    found = [data for address, said, data in frames(answer) if said == command and address in addresses]
    if len(set(found)) == 1:
        return found[0]
    if not found and _is_short_frame(answer) and answer[1] in addresses and answer[2] == command:
        return answer[HEAD_BYTES : HEAD_BYTES + 1]
    raise CommError(f"Not an answer to what was asked: {answer[:16].hex(' ')}", Trouble.GARBLED)


def _is_short_frame(answer: bytes) -> bool:
    whole = HEAD_BYTES + 2 < len(answer) < FRAME_BYTES
    return whole and answer[0] == START and answer[-2] == END and answer[-1] == sum(answer[:-1]) & 0xFF


def _bits(data: bytes) -> Iterator[bool]:
    for byte in data:
        for place in range(8):
            yield bool(byte >> place & 1)
