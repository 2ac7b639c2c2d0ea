"""The one door to addresses that people type in: nobody can make us knock at our own machines or hold us for long.

A shop may name the address of a picture or of its till. Such an address could point into our own network (OWASP,
server-side request forgery). So the name is resolved here, every answer must be public, and the connection goes to the very
address that was checked: a name that answers differently the second time (DNS rebinding) gains nothing. No proxy, no
cookies, no redirect that was not checked in the same way. Resolving a name takes as long as the system's resolver allows;
all that follows ends at the deadline, however slowly the other side drips.
"""

import io
import re
import socket
import ssl
import time
from collections.abc import Callable
from http.client import HTTPConnection, HTTPException, HTTPResponse
from typing import NamedTuple
from urllib.parse import quote, urljoin, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from marketplace.foundation.addresses import is_public

PORTS = {"http": 80, "https": 443}
LONGEST_ADDRESS = 2000
MOST_NUMBERS = 4  # of one name that are tried, one after the other
REDIRECTS = {301, 302, 303, 307, 308}
_CHUNK = 64 * 1024
_HOST = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9._-]{0,251}[A-Za-z0-9_])?|[0-9A-Fa-f:.]{2,45}", re.ASCII)


class OutsideError(Exception):
    """Nothing could be had from this address; the text says why, in a sentence."""


class Forbidden(OutsideError):
    """We do not go to this address: no connection was made."""


class Unreachable(OutsideError):
    """Nobody answers there, or not in a way that we understand. Another time it may work."""


class TooSlow(Unreachable):
    """The answer was not there in time."""


class TooLarge(OutsideError):
    """The answer is larger than the caller wants."""


def resolve(host: str, port: int) -> list[tuple[str, int]]:
    """Every numeric address and port at which `host` can be reached. Raises `Unreachable`."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Unreachable(_("There is no server called “%(host)s”.") % {"host": host}) from error
    return [(sockaddr[0], sockaddr[1]) for *_rest, sockaddr in found]


class Network(NamedTuple):
    """How names are resolved, which numeric addresses may be called and whose certificates are believed."""

    resolve: Callable[[str, int], list[tuple[str, int]]] = resolve
    allows: Callable[[str], bool] = is_public
    certificates: Callable[[], ssl.SSLContext] = ssl.create_default_context


INTERNET = Network()


class Target(NamedTuple):
    """An address taken apart; `host` in ASCII, as certificates name it."""

    scheme: str
    host: str
    path: str

    @property
    def port(self) -> int:
        return PORTS[self.scheme]


def check(address: str) -> Target:
    """The parts of an http or https address on its usual port; asks nobody. Raises `Forbidden`."""
    if len(address) > LONGEST_ADDRESS or re.search(r"[\x00-\x20\x7f\\]", address):
        raise Forbidden(_("This is not an address on the web."))
    try:
        parts = urlsplit(address)
        scheme, port = parts.scheme, parts.port
        host = (parts.hostname or "").rstrip(".")
        host = host if host.isascii() else host.encode("idna").decode()
    except (ValueError, UnicodeError) as error:
        raise Forbidden(_("This is not an address on the web.")) from error
    if scheme not in PORTS or not _HOST.fullmatch(host):
        raise Forbidden(_("An address on the web begins with https:// or http://."))
    if "@" in parts.netloc:
        raise Forbidden(_("An address with a name and a password in it is not used."))
    if port not in (None, PORTS[scheme]):
        raise Forbidden(_("An address with a port of its own is not used."))
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    query = quote(parts.query, safe="/%:@!$&'()*+,;=~-._?[]")
    return Target(scheme, host, f"{path}?{query}" if query else path)


def open_public(
    address: str,
    *,
    method: str = "GET",
    body: bytes | None = None,
    headers: dict[str, str] | None = None,
    seconds: float = 20,
    redirects: int = 0,
    network: Network = INTERNET,
) -> "Answer":
    """Ask `address` and return the answer, whatever its status; close it, or use it with `with`.

    A GET follows up to `redirects` redirects. All of it, reading included, ends after `seconds`.
    Raises `Forbidden`, `Unreachable`, `TooSlow`.
    """
    deadline = Deadline(seconds)
    for left in range(redirects, -1, -1):
        answer = _ask(check(address), method, body, headers or {}, deadline, network)
        location = answer.headers.get("Location", "")
        if not (redirects and method == "GET" and answer.status in REDIRECTS and location):
            return answer
        answer.close()
        if left:
            address = _led_on(address, location)
    raise Unreachable(_("This address leads on to another one too often."))


def _led_on(address: str, location: str) -> str:
    try:
        return urljoin(address, location.encode("latin-1").decode("utf-8", "replace"))
    except ValueError as error:
        raise Forbidden(_("This is not an address on the web.")) from error


class Deadline:
    """A moment after which nothing is waited for."""

    def __init__(self, seconds: float):
        self._ends_at = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds, more than zero. Raises `TooSlow`."""
        left = self._ends_at - time.monotonic()
        if left <= 0:
            raise TooSlow(_("The server of this address is too slow."))
        return left


class Answer:
    """An answer whose body is still on its way."""

    def __init__(self, response: HTTPResponse, wire: "_Wire"):
        self.status: int = response.status
        self.headers = response.headers
        self._response = response
        self._wire = wire

    def read(self, most: int) -> bytes:
        """The whole body, of at most `most` bytes. Raises `TooLarge`, `Unreachable`, `TooSlow`."""
        response = self._response
        got, size = [], 0
        try:
            while size <= most and (response.length or 0) <= most - size:
                chunk = response.read(min(_CHUNK, most + 1 - size))
                if not chunk:
                    break
                got.append(chunk)
                size += len(chunk)
        except (OSError, HTTPException) as error:
            raise Unreachable(_("The answer of this address broke off.")) from error
        if size > most or (response.length or 0) > most - size:
            raise TooLarge(_("What lies at this address is too large."))
        if response.length:
            raise Unreachable(_("The answer of this address broke off."))
        return b"".join(got)

    def close(self) -> None:
        self._response.close()
        self._wire.end()

    def __enter__(self) -> "Answer":
        return self

    def __exit__(self, *_error) -> None:
        self.close()


def _ask(
    target: Target, method: str, body: bytes | None, headers: dict, deadline: Deadline, network: Network
) -> Answer:
    wire = _Wire(_connect(target, deadline, network), deadline)
    line = HTTPConnection(target.host, target.port)
    line.sock, line.auto_open = wire, 0
    host = f"[{target.host}]" if ":" in target.host else target.host
    own = {"Host": host, "User-Agent": f"Halles (+{settings.SITE_URL})", "Connection": "close"}
    try:
        line.request(method, target.path, body=body, headers={**headers, **own})
        return Answer(line.getresponse(), wire)
    except (OSError, HTTPException) as error:
        wire.end()
        raise Unreachable(_("“%(host)s” gives no answer that we understand.") % {"host": target.host}) from error
    except TooSlow:
        wire.end()
        raise


def _connect(target: Target, deadline: Deadline, network: Network) -> socket.socket:
    """A line to the first number of the host that takes the call; every number must be public before any is called."""
    numbers = list(dict.fromkeys(network.resolve(target.host, target.port)))
    if not numbers or not all(network.allows(number) for number, _port in numbers):
        raise Forbidden(_("“%(host)s” is not an address on the public web.") % {"host": target.host})
    numbers = numbers[:MOST_NUMBERS]
    for tried, number in enumerate(numbers):
        try:
            line = socket.create_connection(number, timeout=deadline.left() / (len(numbers) - tried))
        except OSError as error:
            failure = error
            continue
        return _secure(line, target, deadline, network) if target.scheme == "https" else line
    raise Unreachable(_("“%(host)s” does not answer.") % {"host": target.host}) from failure


def _secure(line: socket.socket, target: Target, deadline: Deadline, network: Network) -> socket.socket:
    """The line encrypted, with a certificate for the name, not for the number."""
    try:
        line.settimeout(deadline.left())
        return network.certificates().wrap_socket(line, server_hostname=target.host)
    except (OSError, ValueError) as error:
        line.close()
        raise Unreachable(_("“%(host)s” does not prove who it is.") % {"host": target.host}) from error


class _Wire:
    """A socket as `http.client` wants it, on which every single wait ends at the same deadline."""

    def __init__(self, line: socket.socket, deadline: Deadline):
        self._line, self._deadline = line, deadline

    def sendall(self, content) -> None:
        view = memoryview(content)
        while view:
            self._line.settimeout(self._deadline.left())
            view = view[self._line.send(view) :]

    def makefile(self, *_how) -> io.BufferedReader:
        return io.BufferedReader(_Reader(self._line, self._deadline))

    def close(self) -> None:
        """Asked by `http.client` when the answer begins; the body is still to come."""

    def end(self) -> None:
        self._line.close()


class _Reader(io.RawIOBase):
    def __init__(self, line: socket.socket, deadline: Deadline):
        self._line, self._deadline = line, deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        self._line.settimeout(self._deadline.left())
        try:
            return self._line.recv_into(buffer)
        except TimeoutError:
            self._deadline.left()
            raise
