"""`python -m pickup.controller.drivers.proof RECORDING.json …`: prove a driver with frames that were recorded at a real board.

The driver runs as it is, on a serial port whose other end plays the recording. First everything answers as recorded, and the
driver must send exactly the recorded requests and read exactly the recorded doors. Then each answer is left out, cut off at
each length, spoilt at each byte, and replaced: a door may then be what it was, or unknown, and nothing else; an opening must
end in a CommError or a HardwareRefusal, and must have been asked for once. `docs/drivers.md` shows a recording.
"""

import json
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pickup.controller import drivers
from pickup.protocol.vocabulary import Door

from .base import CommError, Driver, HardwareRefusal
from .cable import Cable

FOREIGN = bytes.fromhex("80 01 00 00 00 33 B2")
NOISE = bytes.fromhex("00 FF 00 FF 55")

Spoil = Callable[[bytes], bytes]


@dataclass(frozen=True)
class Step:
    """One call, the frames that it exchanges, and what it must return."""

    do: str
    address: int | None
    frames: tuple[tuple[bytes, bytes], ...]
    doors: Mapping[int, Door]

    @classmethod
    def read(cls, source: Mapping) -> "Step":
        """Read one step of a recording."""
        return cls(
            do=source["do"],
            address=source.get("address"),
            frames=tuple((bytes.fromhex(asked), bytes.fromhex(answered)) for asked, answered in source["frames"]),
            doors={int(address): Door(door) for address, door in source.get("doors", {}).items()},
        )


@dataclass
class Player:
    """The boards of a recording: every request gets its recorded answer, spoilt on its way."""

    answers: Mapping[bytes, bytes]
    spoil: Spoil = bytes
    requests: list[bytes] = field(default_factory=list)

    def hear(self, request: bytes) -> list[tuple[float, bytes]]:
        """Return the recorded answer; a request that is not in the recording is not answered."""
        self.requests.append(request)
        return [(0.0, self.spoil(self.answers[request]))] if request in self.answers else []


class Proof:
    """One recording, proved."""

    def __init__(self, recording: Mapping) -> None:
        self.settings = dict(recording["driver"])
        self.addresses = [int(address) for address in recording["addresses"]]
        self.steps = [Step.read(source) for source in recording["steps"]]

    def complaints(self) -> Iterator[str]:
        """Yield a sentence for everything that the driver does wrong."""
        for number, step in enumerate(self.steps, start=1):
            name = f"Step {number} ({step.do})"
            yield from (f"{name}: {words}" for words in self._as_recorded(step))
            for fault, spoil in _faults(max(len(answer) for _, answer in step.frames)):
                yield from (f"{name}, {fault}: {words}" for words in self._spoilt(step, spoil))
            yield from (f"{name}, no port: {words}" for words in self._without_port(step))

    def _as_recorded(self, step: Step) -> Iterator[str]:
        seen, error, requests = self._play(step, bytes)
        wanted = [request for request, _ in step.frames]
        if requests != wanted:
            yield f"sent {_hexed(requests)} instead of {_hexed(wanted)}."
        if error is not None:
            yield f"raised {error!r}."
        elif any(seen.get(address) is not door for address, door in step.doors.items()):
            yield f"read {_words(seen)} instead of {_words(step.doors)}."

    def _spoilt(self, step: Step, spoil: Spoil) -> Iterator[str]:
        seen, error, requests = self._play(step, spoil)
        yield from self._judge(step, seen, error)
        if step.do == "open" and requests.count(step.frames[0][0]) != 1:
            yield f"asked {requests.count(step.frames[0][0])} times for the pulse."

    def _without_port(self, step: Step) -> Iterator[str]:
        with tempfile.TemporaryDirectory() as folder:
            seen, error = self._call(self._make(Path(folder) / "gone"), step)
        yield from self._judge(step, seen, error)

    def _judge(self, step: Step, seen: Mapping[int, Door], error: Exception | None) -> Iterator[str]:
        if error is not None and not isinstance(error, CommError | HardwareRefusal):
            yield f"raised {error!r}."
        if error is None and step.do == "open":
            yield "took it for an acknowledgement."
        lies = {address: door for address, door in seen.items() if door not in (Door.UNKNOWN, step.doors.get(address))}
        if lies:
            yield f"read {_words(lies)}, which was never said."

    def _play(self, step: Step, spoil: Spoil) -> tuple[Mapping[int, Door], Exception | None, list[bytes]]:
        player = Player(dict(step.frames), spoil)
        with tempfile.TemporaryDirectory() as folder:
            cable = Cable(Path(folder), player)
            driver = self._make(cable.port)
            seen, error = self._call(driver, step)
            requests = list(player.requests)
            driver.close()
            cable.pull_out()
        return seen, error, requests

    def _make(self, port: Path) -> Driver:
        return drivers.make(self.settings | {"port": str(port)}, self.addresses)

    def _call(self, driver: Driver, step: Step) -> tuple[Mapping[int, Door], Exception | None]:
        try:
            if step.do == "open":
                driver.open(step.address)
                return {}, None
            return driver.read_doors(), None
        except Exception as error:
            return {}, error


def _faults(longest: int) -> Iterator[tuple[str, Spoil]]:
    yield "no answer", lambda answer: b""
    yield "answer of another board", lambda answer: FOREIGN
    yield "noise", lambda answer: NOISE
    for place in range(longest):
        yield f"cut off after {place} bytes", lambda answer, place=place: answer[: min(place, len(answer) - 1)]
        yield f"byte {place + 1} spoilt", lambda answer, place=place: _flipped(answer, min(place, len(answer) - 1))


def _flipped(answer: bytes, place: int) -> bytes:
    return answer[:place] + bytes([answer[place] ^ 0x01]) + answer[place + 1 :]


def _hexed(frames: list[bytes]) -> str:
    return " | ".join(frame.hex(" ") for frame in frames) or "nothing"


def _words(doors: Mapping[int, Door]) -> str:
    return ", ".join(f"{address} {door}" for address, door in doors.items()) or "nothing"


def main(paths: list[str]) -> int:
    """Prove each recording; 0 when nothing is to be complained of."""
    found = 0
    for path in paths:
        for words in Proof(json.loads(Path(path).read_text(encoding="utf-8"))).complaints():
            found += 1
            print(f"{path}: {words}")
        print(f"{path}: done.")
    return 1 if found or not paths else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
