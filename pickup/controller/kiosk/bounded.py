"""What the kiosk's server gives to each connection at most: a place among few, a moment to say all, and so many bytes.

Whoever floods it keeps nobody out: when all places are taken, the connection that has been silent the longest goes for the new one.
"""

import io
import logging
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPException, LineTooLong
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

log = logging.getLogger(__name__)

MOST_CONNECTIONS = 16
"""A browser opens 6 to one server; each connection is a thread here."""
LONGEST_QUEUE = 64
SLOWEST_REQUEST_SECONDS = 10
MOST_REQUEST_BYTES = 20_000
"""With all headers; `http.client` takes 100 of them."""
GOING_SECONDS = 0.1
"""How long a new connection waits for the place of one that was cut."""


class Arriving(io.RawIOBase):
    """The bytes of a connection, so many for each request and only until its moment has passed."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self.begin()

    def begin(self) -> None:
        """Let another request come."""
        self._left = MOST_REQUEST_BYTES
        self._end = time.monotonic() + SLOWEST_REQUEST_SECONDS

    def readable(self) -> bool:
        """Say that this can be read."""
        return True

    def readinto(self, buffer: memoryview) -> int:
        """Read what there is. Raises TimeoutError when the time is over, LineTooLong when it was too much."""
        if not self._left:
            raise LineTooLong("request")
        rest = self._end - time.monotonic()
        if rest <= 0:
            raise TimeoutError
        self._connection.settimeout(rest)
        try:
            count = self._connection.recv_into(buffer, min(len(buffer), self._left))
        finally:
            self._connection.settimeout(SLOWEST_REQUEST_SECONDS)  # for the answer
        self._left -= count
        return count


class BoundedServer(ThreadingHTTPServer):
    """Serves few connections at once, each in a thread."""

    request_queue_size = LONGEST_QUEUE

    def __init__(self, host: str, port: int, handler: type["BoundedHandler"]) -> None:
        """Bind; port 0 takes any free one."""
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._open: dict[socket.socket, bool] = {}
        """Connection -> may be cut, the oldest first."""
        self._changed = threading.Condition()
        super().__init__((host, port), handler)

    @contextmanager
    def uncut(self, connection: socket.socket) -> Iterator[None]:
        """Keep the connection whatever comes: somebody waits for the answer to a deed."""
        self._open[connection] = False
        try:
            yield
        finally:
            self._open[connection] = True

    def process_request(self, request: socket.socket, client_address: tuple) -> None:
        """Serve a connection in a thread of its own, or close it when there is no place."""
        if self._takes(request):
            super().process_request(request, client_address)
        else:
            self.shutdown_request(request)

    def shutdown_request(self, request: socket.socket) -> None:
        """Close a connection and give its place free."""
        with self._changed:
            self._open.pop(request, None)
            self._changed.notify()
        super().shutdown_request(request)

    def handle_error(self, request: socket.socket, client_address: tuple) -> None:
        """A client that went away, or talks no end, is no mistake of ours; all else is logged as one."""
        if isinstance(sys.exception(), ConnectionError | TimeoutError | HTTPException):
            log.debug("A client is gone: %s", sys.exception())
        else:
            log.exception("A request failed.")

    def _takes(self, request: socket.socket) -> bool:
        with self._changed:
            if not self._has_place():
                self._cut_the_oldest()
            if not self._changed.wait_for(self._has_place, GOING_SECONDS):
                return False
            self._open[request] = True
            return True

    def _has_place(self) -> bool:
        return len(self._open) < MOST_CONNECTIONS

    def _cut_the_oldest(self) -> None:
        oldest = next((connection for connection, may_be_cut in self._open.items() if may_be_cut), None)
        if oldest:
            with suppress(OSError):
                oldest.shutdown(socket.SHUT_RDWR)  # wakes its thread, which closes it


class BoundedHandler(BaseHTTPRequestHandler):
    """Reads requests within the bounds."""

    server: BoundedServer
    protocol_version = "HTTP/1.1"

    def setup(self) -> None:
        """Let what arrives be counted."""
        super().setup()
        self._arriving = Arriving(self.connection)
        self.rfile = io.BufferedReader(self._arriving)

    def handle_one_request(self) -> None:
        """Read and answer one request."""
        self._arriving.begin()
        super().handle_one_request()
