"""A line beside a motor: some answers of the boards do not arrive as they were sent."""

from collections.abc import Callable, Iterable
from itertools import count, cycle

from . import Boards

EVERY = 4

Heard = Iterable[tuple[float, bytes]]


def _one_bit_wrong(answer: bytes) -> bytes:
    place = len(answer) // 2
    return answer[:place] + bytes([answer[place] ^ 0x01]) + answer[place + 1 :]


FAULTS: list[Callable[[bytes], Heard]] = [
    lambda answer: [],
    lambda answer: [(0.0, answer[:-1])],
    lambda answer: [(0.0, _one_bit_wrong(answer))],
    lambda answer: [(0.0, bytes(len(answer)))],
]


class Noise:
    """Every fourth answer is lost, cut off, wrong by a bit or nothing but zeros, in turn; so is every other answer to a pulse."""

    def __init__(self, boards: Boards) -> None:
        self._boards = boards
        self._pulses = len(boards.pulses)
        self._answers = count(1)
        self._acknowledgements = count()
        self._faults = cycle(FAULTS)

    def __call__(self, answer: bytes) -> Heard:
        """Return what is heard of an answer: pauses in seconds, and the bytes after each."""
        if len(self._boards.pulses) > self._pulses:
            self._pulses = len(self._boards.pulses)
            is_spoilt = next(self._acknowledgements) % 2 == 0
        else:
            is_spoilt = next(self._answers) % EVERY == 0
        return next(self._faults)(answer) if is_spoilt else [(0.0, answer)]
