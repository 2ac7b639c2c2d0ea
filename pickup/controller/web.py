"""One request to the server and its answer: from that very server, soon, and not too long.

A redirect is an answer like any other, and none that helps: followed, it would carry the bank's secret to another host, or
fetch a new computer's first configuration from there.
"""

import http.client
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

SILENCE_SECONDS = 10
LONGEST_SECONDS = 60
"""A full list on a slow mobile line takes 40; a server that sends a byte now and then would else hold the bank for ever."""


class NoAnswer(Exception):
    """Nothing that can be read came back; the text says why."""


@dataclass(frozen=True)
class Answer:
    """What came back, whatever it says."""

    status: int
    body: bytes
    """One byte more than was allowed when it was too long."""


def ask(
    url: str, headers: Mapping[str, str], body: bytes | None = None, *, most: int, authority: Path | None = None
) -> Answer:
    """Get `url`, or post the body to it, and read `most` bytes. Raises NoAnswer.

    `authority`: the one certificate authority that is believed, a PEM file; None: those of the system.
    """
    address = urlsplit(url)
    try:
        with _connected(_connection(address.scheme, address.netloc, authority)) as connection:
            connection.request(
                "GET" if body is None else "POST", address.path, body, {**headers, "Connection": "close"}
            )
            answer = connection.getresponse()
            read = answer.read(most + 1)
            if answer.length and len(read) <= most:
                raise http.client.IncompleteRead(read, answer.length)
            return Answer(answer.status, read)
    except (OSError, http.client.HTTPException) as error:
        raise NoAnswer(str(error) or type(error).__name__) from error


def _connection(scheme: str, place: str, authority: Path | None) -> http.client.HTTPConnection:
    if scheme == "http":  # of this very computer; whoever names the server has seen to that
        return http.client.HTTPConnection(place, timeout=SILENCE_SECONDS)
    context = ssl.create_default_context(cafile=str(authority) if authority else None)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return http.client.HTTPSConnection(place, timeout=SILENCE_SECONDS, context=context)


@contextmanager
def _connected(connection: http.client.HTTPConnection) -> Iterator[http.client.HTTPConnection]:
    """Hang up at the latest when the time is over: each byte on its own may be in time."""
    connection.connect()
    line = connection.sock  # the connection lets go of it as soon as the server says that it will close
    end = threading.Timer(LONGEST_SECONDS, _hang_up, [line])
    end.daemon = True
    end.start()
    try:
        yield connection
    finally:
        end.cancel()
        connection.close()


def _hang_up(line: socket.socket) -> None:
    with suppress(OSError):
        socket.socket.shutdown(line, socket.SHUT_RDWR)  # under TLS too: its reader is woken, not pulled the rug from
