"""A wall that stands in another process of this computer, and outlives the controller: for rehearsals.

One line of JSON each way: {"do": "open", "address": 3} is answered by {} or by {"error": "no answer"}, or by {"denial": "busy"};
{"do": "read"} by {"doors": {"3": "closed"}, "presence": {"3": "empty"}, "temperatures": {"chilled": 4.1}}, of which the last
two may be missing; {"do": "locate", "address": 3} and {"do": "off"} by {}.
"""

import json
import socket
import threading
from collections.abc import Iterable, Mapping
from typing import IO

from pickup.protocol.vocabulary import Door, Presence

from .base import Capabilities, CommError, Denial, Driver, Feedback, HardwareRefusal, Trouble

TIMEOUT_SECONDS = 5


class SocketWall(Driver):
    """Asks the wall that listens on a port of the loopback interface."""

    capabilities = Capabilities(feedback=Feedback.DOOR_CLOSING, ir=True, locate=True, temperatures=True)

    def __init__(self, settings: Mapping, addresses: Iterable[int]) -> None:
        """`settings` name the `port`."""
        self.port = int(settings["port"])
        self.addresses = tuple(addresses)
        self._mutex = threading.Lock()
        self._line: IO[bytes] | None = None
        self._seen: dict = {}

    def open(self, address: int, pulse_ms: int | None = None) -> None:
        """Pulse one lock."""
        self._ask(do="open", address=address)

    def read_doors(self) -> dict[int, Door]:
        """Return what the sensors say."""
        self._seen = self._ask(do="read")
        doors = self._seen["doors"]
        return {address: Door(doors.get(str(address), Door.UNKNOWN)) for address in self.addresses}

    def read_presence(self) -> dict[int, Presence]:
        """Return what the sensors inside said at the last reading of the doors."""
        return {int(address): Presence(seen) for address, seen in self._seen.get("presence", {}).items()}

    def read_temperatures(self) -> dict[str, float]:
        """Return what the probes said at the last reading of the doors."""
        return dict(self._seen.get("temperatures", {}))

    def locate(self, address: int) -> None:
        """Make one door show itself."""
        self._ask(do="locate", address=address)

    def all_off(self) -> None:
        """Take the current from every output; a wall that has gone has none."""
        try:
            self._ask(do="off")
        except CommError:
            return

    def _ask(self, **request: object) -> dict:
        with self._mutex:
            try:
                self._line = self._line or self._connect()
                self._line.write(json.dumps(request).encode() + b"\n")
                answer = json.loads(self._line.readline())
            except (OSError, ValueError) as error:
                self._hang_up()
                raise CommError(f"The wall does not answer: {error}", Trouble.ABSENT) from error
        if "error" in answer:
            raise CommError(answer["error"])
        if "denial" in answer:
            raise HardwareRefusal(Denial(answer["denial"]))
        return answer

    def _connect(self) -> IO[bytes]:
        with socket.create_connection(("127.0.0.1", self.port), TIMEOUT_SECONDS) as connection:
            return connection.makefile("rwb", buffering=0)

    def _hang_up(self) -> None:
        if self._line:
            self._line.close()
        self._line = None
