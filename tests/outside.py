"""The world outside, on this machine: a server that says what it is told and counts who called, and names that lead to it."""

import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

from marketplace.foundation.outside import Network


def http(body: bytes = b"", *, status: str = "200 OK", **headers: str) -> bytes:
    """The bytes of an answer."""
    named = {"Content-Length": str(len(body))} | {name.replace("_", "-"): value for name, value in headers.items()}
    lines = "".join(f"{name}: {value}\r\n" for name, value in named.items())
    return f"HTTP/1.1 {status}\r\n{lines}\r\n".encode("latin-1") + body


class Server:
    """A server on loopback. `answers` are given one per connection, the last one for ever: bytes, or a function of the socket.

    `listens`: a request is read before it is answered; False leaves that to the function.
    """

    def __init__(self, *answers: bytes | Callable[[socket.socket], None], listens: bool = True):
        self._listens = listens
        self._last_caller = None
        self.calls = 0
        self.requests: list[bytes] = []
        self._answers = list(answers) or [http()]
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=50)
        self.port: int = self._listening.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def network(self, **more) -> Network:
        """Every name leads here, and here one may go."""
        return Network(resolve=lambda host, port: [("127.0.0.1", self.port)], allows=lambda number: True, **more)

    def close(self) -> None:
        """Hang up; whoever called is counted by then."""
        with socket.socket() as last:
            last.bind(("127.0.0.1", 0))
            self._last_caller = last.getsockname()
            last.connect(("127.0.0.1", self.port))
            self._thread.join(10)
        self._listening.close()

    def _serve(self) -> None:
        while True:
            line, caller = self._listening.accept()
            with closing(line):
                if caller == self._last_caller:
                    return
                self.calls += 1
                if self._listens:
                    self.requests.append(self._request(line))
                answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
                try:
                    line.sendall(answer) if isinstance(answer, bytes) else answer(line)
                except OSError:
                    continue  # the caller has hung up, as some tests want

    def _request(self, line: socket.socket) -> bytes:
        got = b""
        line.settimeout(10)
        try:
            while not _is_whole(got) and (more := line.recv(65536)):
                got += more
        except OSError:
            return got
        return got


def _is_whole(request: bytes) -> bool:
    """Whether the head is there, and as much of a body as it announces."""
    head, end, body = request.partition(b"\r\n\r\n")
    announced = re.search(rb"(?i)^content-length: *(\d+)", head, re.MULTILINE)
    return bool(end) and len(body) >= int(announced[1] if announced else 0)


@contextmanager
def serving(*answers, listens: bool = True) -> Iterator[Server]:
    """A `Server` for as long as the block lasts."""
    server = Server(*answers, listens=listens)
    try:
        yield server
    finally:
        server.close()
