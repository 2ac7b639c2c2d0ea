"""One RS-485 bus behind a serial adapter: one request at a time, its answer ended by quiet.

Answers of an earlier request are thrown away before the next one. A frame ends when the line has been quiet, not when
a number of bytes has come: boards answer with fewer, and noise brings more. An adapter that has gone is opened again by
the next request.
"""

import errno
import termios
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

import serial

from .base import CommError, Trouble

MOST_BYTES = 256
GONE = {errno.ENOENT, errno.ENXIO, errno.ENODEV}
FORBIDDEN = {errno.EACCES, errno.EPERM}


class Line:
    """A serial port. `ask` may be called from several threads; who pulses goes before who looks."""

    def __init__(self, settings: Mapping, *, baud: int, mono: Callable[[], float] = time.monotonic) -> None:
        """`settings`: `port`, and where they differ from the usual, `baud` and the times in ms.

        `answer_ms`: how long a board may take to begin; `quiet_ms`: what ends a frame, more than the 16 ms in which a
        USB adapter collects bytes; `gap_ms`: rest between two frames, without which boards miss requests.
        `echo`: the adapter hears itself, so each answer begins with the request.
        """
        self.port = settings["port"]
        self.baud = int(settings.get("baud", baud))
        self.answer_s = settings.get("answer_ms", 100) / 1000
        self.quiet_s = settings.get("quiet_ms", 20) / 1000
        self.gap_s = settings.get("gap_ms", 5) / 1000
        self.echo = bool(settings.get("echo", False))
        self.mono = mono
        self._serial: serial.Serial | None = None
        self._free_at = 0.0
        self._turns = threading.Condition()
        self._busy = False
        self._urgent = 0

    def ask(self, request: bytes, *, urgent: bool = False) -> bytes:
        """Send a request and return whatever came back, nothing at all included.

        Raises CommError when there is no port to send it through: `absent`, `io` or `permission`, by the error's number.
        """
        with self._turn(urgent):
            try:
                return self._exchange(request)
            except (OSError, termios.error) as error:
                self._hang_up()
                raise CommError(f"{self.port}: {error}", trouble_of(error)) from error
            finally:
                self._free_at = self.mono() + self.gap_s

    def close(self) -> None:
        """Let go of the port."""
        with self._turn(True):
            self._hang_up()

    @contextmanager
    def _turn(self, urgent: bool) -> Iterator[None]:
        with self._turns:
            self._urgent += urgent
            self._turns.wait_for(lambda: not self._busy and (urgent or not self._urgent))
            self._urgent -= urgent
            self._busy = True
        try:
            yield
        finally:
            with self._turns:
                self._busy = False
                self._turns.notify_all()

    def _exchange(self, request: bytes) -> bytes:
        port = self._serial = self._serial or self._open()
        time.sleep(max(0.0, self._free_at - self.mono()))
        port.reset_input_buffer()
        port.write(request)
        frame = self._listen(port)
        return frame.removeprefix(request) if self.echo else frame

    def _listen(self, port: serial.Serial) -> bytes:
        deadline = self.mono() + self.answer_s
        frame = b""
        while len(frame) < MOST_BYTES:
            got = port.read(max(1, min(port.in_waiting, MOST_BYTES)))
            frame += got
            if not got and (frame or self.mono() >= deadline):
                break
        return frame

    def _open(self) -> serial.Serial:
        return serial.Serial(self.port, self.baud, timeout=self.quiet_s, write_timeout=self.answer_s, exclusive=True)

    def _hang_up(self) -> None:
        port, self._serial = self._serial, None
        if port:
            try:
                port.close()
            except (OSError, termios.error):
                return


def trouble_of(error: BaseException) -> Trouble:
    """Say what an error of the port means, by its number or by that of the error which caused it."""
    numbers = set()
    cause: BaseException | None = error
    while cause is not None:
        numbers.add(getattr(cause, "errno", None) or next(iter(cause.args), None))
        cause = cause.__cause__ or cause.__context__
    if numbers & FORBIDDEN:
        return Trouble.PERMISSION
    return Trouble.ABSENT if numbers & GONE else Trouble.IO
