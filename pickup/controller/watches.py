"""What is watched besides attempts: doors that stand open, and boards that fall silent. Moments are monotonic seconds.

What is due is yielded one by one and counts as told only then: when the journal fails in between, the rest comes next time.
"""

from collections.abc import Iterable, Iterator

from .drivers.base import BoardState

LEFT_OPEN_SECONDS = (60, 120, 600)


class OpenDoors:
    """Since when which doors stand open, and how often that was warned of."""

    def __init__(self) -> None:
        self._since: dict[str, float] = {}
        self._warned: dict[str, int] = {}

    def __iter__(self) -> Iterator[str]:
        return iter(self._since)

    def opened(self, compartment: str, now: float) -> None:
        """The door stands open from now on."""
        self._since[compartment] = now
        self._warned[compartment] = 0

    def forget(self, compartment: str) -> None:
        """The door is shut, or nobody can say."""
        self._since.pop(compartment, None)

    def longer_than(self, seconds: float, now: float) -> list[str]:
        """Return the doors that have been standing open for so long."""
        return [compartment for compartment, since in self._since.items() if now - since >= seconds]

    def warnings(self, now: float) -> Iterator[tuple[str, int]]:
        """Yield the doors to warn of now, each with the seconds of `LEFT_OPEN_SECONDS` that it has reached, each once."""
        for compartment, since in self._since.items():
            warned = self._warned[compartment]
            if warned < len(LEFT_OPEN_SECONDS) and now - since >= LEFT_OPEN_SECONDS[warned]:
                self._warned[compartment] = warned + 1
                yield compartment, LEFT_OPEN_SECONDS[warned]


class SilentBoards:
    """The boards, and the bus itself (None), that cannot be reached, since when."""

    def __init__(self) -> None:
        self._since: dict[int | None, float] = {}

    def lost(self, boards: Iterable[BoardState], now: float) -> Iterator[BoardState]:
        """Yield those that cannot be reached any more, each once."""
        for state in boards:
            if state.trouble and state.board not in self._since:
                self._since[state.board] = now
                yield state

    def found(self, boards: Iterable[BoardState], now: float) -> Iterator[tuple[int | None, int]]:
        """Yield those that can be reached again, with the whole seconds that they were away."""
        for state in boards:
            if not state.trouble and state.board in self._since:
                yield state.board, int(now - self._since.pop(state.board))
