"""A wall that stands in another process of this computer, and outlives the controller: for rehearsals.

One line of JSON each way: {"do": "open", "address": 3} is answered by {} or by {"error": "no answer"};
{"do": "read"} by {"doors": {"3": "closed"}}; {"do": "locate", "address": 3} and {"do": "off"} by {}.
"""

import json
import socket
from collections.abc import Mapping
from typing import IO

from pickup.protocol.vocabulary import Door

from .base import CommError, Driver

TIMEOUT_SECONDS = 5


class SocketWall(Driver):
    """Asks the wall that listens on a port of the loopback interface."""

    def __init__(self, settings: Mapping, addresses: list[int]) -> None:
        """`settings` name the `port`."""
        self.port = int(settings["port"])
        self.addresses = addresses
        self._line: IO[bytes] | None = None

    def open(self, address: int) -> None:
        """Pulse one lock."""
        self._ask(do="open", address=address)

    def read_doors(self) -> dict[int, Door]:
        """Return what the sensors say."""
        doors = self._ask(do="read")["doors"]
        return {address: Door(doors.get(str(address), Door.UNKNOWN)) for address in self.addresses}

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
        try:
            self._line = self._line or self._connect()
            self._line.write(json.dumps(request).encode() + b"\n")
            answer = json.loads(self._line.readline())
        except (OSError, ValueError) as error:
            self._hang_up()
            raise CommError(f"The wall does not answer: {error}") from error
        if "error" in answer:
            raise CommError(answer["error"])
        return answer

    def _connect(self) -> IO[bytes]:
        with socket.create_connection(("127.0.0.1", self.port), TIMEOUT_SECONDS) as connection:
            return connection.makefile("rwb", buffering=0)

    def _hang_up(self) -> None:
        if self._line:
            self._line.close()
        self._line = None
