"""The server's side of the wire, as thin as the contract allows: a real HTTP server in a thread."""

import json
import threading
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from pickup.protocol.errors import ProtocolError
from pickup.protocol.messages import AUTHLIST_PATH, SYNC_PATH, SyncReply, SyncRequest

from .kit import BANK, KID, SERVER_KEY, signed_list


class FakeServer:
    """Stores what a bank reports, once each, and answers as the test wishes."""

    def __init__(self) -> None:
        self.stored: dict[tuple[int, int], object] = {}
        self.requests: list[SyncRequest] = []
        self.twice = 0
        self.list_fetches = 0
        self.list = signed_list()
        self.commands: list[dict] = []
        self.time = datetime(2026, 9, 19, 16, 0, tzinfo=UTC)
        self.lose_next_answers = 0
        self.key = SERVER_KEY
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (_Handler,), {"fake": self}))
        self.address = f"http://127.0.0.1:{self._http.server_address[1]}"
        threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()

    def types(self) -> list[str]:
        """The types of the stored events, in the order that they happened."""
        return [self.stored[key].type for key in sorted(self.stored) if hasattr(self.stored[key], "type")]

    def outcomes(self) -> list[tuple]:
        """The stored answers to commands."""
        stored = (self.stored[key] for key in sorted(self.stored))
        return [(each.phase, each.outcome) for each in stored if hasattr(each, "phase")]

    def etag(self) -> str:
        return self.list["etag"]

    def sync(self, body: object) -> dict:
        request = SyncRequest.read(body, BANK)
        self.requests.append(request)
        for item in (*request.events, *request.responses):
            self.twice += (item.boot_id, item.seq) in self.stored
            self.stored[item.boot_id, item.seq] = item
        reply = SyncReply(
            bank=BANK,
            boot_id=request.boot_id,
            cursor=self._cursor(request.boot_id),
            list_etag=self.etag(),
            server_time=self.time,
            next_ms=1000,
            commands=tuple(self.commands),
        )
        return reply.sign(self.key, KID)

    def _cursor(self, boot_id: int) -> int:
        cursor = 0
        while (boot_id, cursor + 1) in self.stored:
            cursor += 1
        return cursor


class _Handler(BaseHTTPRequestHandler):
    fake: FakeServer

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path != SYNC_PATH or self.headers["Authorization"] != "Bearer secret-of-the-bank":
            self._answer(401, {"error": {"code": "unauthorised", "detail": "No."}})
            return
        try:
            answer = self.fake.sync(body)
        except ProtocolError as error:
            self._answer(error.status, error.as_document())
            return
        if self.fake.lose_next_answers:
            self.fake.lose_next_answers -= 1
            self.close_connection = True
            return
        self._answer(200, answer)

    def do_GET(self) -> None:
        if self.path != AUTHLIST_PATH or self.headers["X-Bank"] != BANK:
            self._answer(404, {})
        elif self.headers["If-None-Match"] == f'"{self.fake.etag()}"':
            self._answer(304, None)
        else:
            self.fake.list_fetches += 1
            self._answer(200, self.fake.list)

    def log_message(self, *_: object) -> None:
        """Keep the test output clean."""

    def _answer(self, status: int, document: object) -> None:
        body = b"" if document is None else json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
