"""A network cable that can be cut: forwards TCP connections to one port of this computer, or refuses them."""

import contextlib
import socket
import threading

PIECE = 65_536


class Line:
    """Listens on a port of its own; `cut` breaks what is under way and refuses what comes, until `mend`."""

    def __init__(self, port: int) -> None:
        self.target = port
        self.is_cut = False
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """Break every connection, at once and without a farewell."""
        with self._lock:
            self.is_cut = True
            for end in self._open:
                _break(end)
            self._open.clear()

    def mend(self) -> None:
        """Let connections through again."""
        self.is_cut = False

    def close(self) -> None:
        """Cut for ever."""
        self.cut()
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            self._join(near)

    def _join(self, near: socket.socket) -> None:
        with self._lock:
            if self.is_cut:
                _break(near)
                return
            try:
                far = socket.create_connection(("127.0.0.1", self.target), 5)
            except OSError:
                _break(near)
                return
            far.settimeout(None)
            self._open |= {near, far}
        for source, sink in ((near, far), (far, near)):
            threading.Thread(target=self._carry, args=(source, sink), daemon=True).start()

    def _carry(self, source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while piece := source.recv(PIECE):
                sink.sendall(piece)
        with self._lock:
            for end in (source, sink):
                self._open.discard(end)
                _break(end)


class Cable:
    """All lines of a bank, cut and mended together."""

    def __init__(self, ports: list[int]) -> None:
        self._lines = [Line(port) for port in ports]
        self.ports = [line.port for line in self._lines]

    @property
    def is_cut(self) -> bool:
        """Say whether nothing goes through."""
        return any(line.is_cut for line in self._lines)

    def cut(self) -> None:
        """Break every connection."""
        for line in self._lines:
            line.cut()

    def mend(self) -> None:
        """Let connections through again."""
        for line in self._lines:
            line.mend()

    def close(self) -> None:
        """Cut for ever."""
        for line in self._lines:
            line.close()


def _break(end: socket.socket) -> None:
    with contextlib.suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()
