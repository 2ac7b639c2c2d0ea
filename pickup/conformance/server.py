"""The server's side of the wire, as thin as the contract allows: what a bank reports is kept, what it shall do is sent."""

import json
import sys
import threading
from collections.abc import Callable, Iterable
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from pickup.protocol.authlist import AuthEntry
from pickup.protocol.commands import Command
from pickup.protocol.errors import ProtocolError
from pickup.protocol.messages import (
    AUTHLIST_PATH,
    BANK_HEADER,
    SYNC_PATH,
    Event,
    Response,
    Snapshot,
    SyncReply,
    SyncRequest,
)
from pickup.protocol.vocabulary import Phase

from .papers import BANK, KID, SECRET, SERVER_KEY, START, Papers


class QuietHTTPServer(ThreadingHTTPServer):
    """Says nothing about callers that hang up: cut cables and killed controllers are what it is for."""

    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Show real mistakes only."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


class Server:
    """Stores what one bank reports, once each, and answers as the rehearsal wishes."""

    def __init__(self, papers: Papers | None = None, clock: Callable[[], datetime] = lambda: START) -> None:
        self.papers = papers or Papers()
        self.clock = clock
        self.stored: dict[tuple[int, int], Event | Response] = {}
        self.requests: list[SyncRequest] = []
        self.snapshot: Snapshot | None = None
        """The last one that the bank sent."""
        self.twice = 0
        """How many items came again although they were stored."""
        self.list_fetches = 0
        self.fetched: str | None = None
        """The etag of the list that was fetched last."""
        self.list = self.papers.signed_list()
        self.commands: list[dict] = []
        """Envelopes that go out with every reply."""
        self.lose_next_answers = 0
        self.next_ms = 1000
        self.key = SERVER_KEY
        self.news = threading.Condition(threading.RLock())
        self._http = QuietHTTPServer(("127.0.0.1", 0), type("Bound", (_Handler,), {"server_side": self}))
        self.port = self._http.server_address[1]
        self.address = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def close(self) -> None:
        """Stop listening."""
        self._http.shutdown()
        self._http.server_close()

    # What the rehearsal asks

    def events(self, kind: str) -> list[dict]:
        """The data of all stored events of one type, in the order in which they happened."""
        return [item.data for item in self._items() if isinstance(item, Event) and item.type == kind]

    def all_events(self) -> list[Event]:
        """All stored events."""
        return [item for item in self._items() if isinstance(item, Event)]

    def types(self) -> list[str]:
        """The types of the stored events."""
        return [event.type for event in self.all_events()]

    def alerts(self) -> list[str]:
        """Why the bank called for somebody."""
        return [data["why"] for data in self.events("alert")]

    def outcomes(self) -> list[tuple]:
        """The stored answers to commands, as (phase, outcome)."""
        return [(item.phase, item.outcome) for item in self._items() if isinstance(item, Response)]

    def answers(self, command: Command) -> list[Response]:
        """All answers to one command."""
        return [item for item in self._items() if isinstance(item, Response) and item.command_id == command.command_id]

    def finals(self, command: Command) -> list[tuple]:
        """The final answers to one command, as (outcome, reason, duplicate)."""
        return [
            (answer.outcome, answer.detail.get("reason"), answer.duplicate)
            for answer in self.answers(command)
            if answer.phase is Phase.FINAL
        ]

    def compartment(self, name: str) -> dict:
        """What the last snapshot says of one compartment: door, svc, why, leg."""
        state = next(state for state in self.snapshot.compartments if state.id == name)
        return {"door": state.door, "svc": state.svc, "why": state.why, "leg": state.leg}

    # What the rehearsal orders

    def authorise(self, *entries: AuthEntry, revoked: Iterable[str] = ()) -> None:
        """Put a new list in force, with the next number."""
        self.list = self.papers.signed_list(*entries, seq=self.list["list_seq"] + 1, revoked=revoked)

    def etag(self) -> str:
        """Name the list in force."""
        return self.list["etag"]

    def order(self, *documents: dict) -> None:
        """Send envelopes to the bank, with each reply until `withdraw`."""
        self.commands.extend(documents)

    def withdraw(self) -> None:
        """Send no command any more."""
        self.commands.clear()

    # What the bank asks

    def sync(self, body: object) -> dict:
        """Take one request and return the signed reply; raises ProtocolError."""
        request = SyncRequest.read(body, BANK)
        self.store(request)
        return self.reply(request)

    def store(self, request: SyncRequest) -> None:
        """Keep what a request reports."""
        with self.news:
            self.requests.append(request)
            for item in (*request.events, *request.responses):
                self.twice += (item.boot_id, item.seq) in self.stored
                self.stored[item.boot_id, item.seq] = item
            self.snapshot = request.snapshot or self.snapshot
            self.news.notify_all()

    def reply(self, request: SyncRequest) -> dict:
        """Confirm what is stored, tell the time and what to do."""
        items = [(item.boot_id, item.seq) for item in (*request.events, *request.responses)]
        reply = SyncReply(
            bank=BANK,
            generation=request.generation,
            boot_id=request.boot_id,
            echo_ms=request.mono_ms,
            stored=tuple(item for item in items if item[0] < request.boot_id),
            cursor=self._cursor(request.boot_id) if items else 0,
            list_etag=self.etag(),
            server_time=self.clock(),
            next_ms=self.next_ms,
            commands=tuple(self.commands),
        )
        return reply.sign(self.key, KID)

    def wait_until(self, condition: Callable[[], bool], seconds: float) -> bool:
        """Wait for what a report of the bank makes true; `seconds` of real time at most."""
        with self.news:
            return self.news.wait_for(condition, seconds)

    def lacks_nothing(self) -> bool:
        """Say whether the numbers of each start of the bank are without a gap."""
        last: dict[int, int] = {}
        for boot_id, seq in self.stored:
            last[boot_id] = max(last.get(boot_id, 0), seq)
        return len(self.stored) == sum(last.values())

    def _items(self) -> list[Event | Response]:
        with self.news:
            return [self.stored[key] for key in sorted(self.stored)]

    def _cursor(self, boot_id: int) -> int:
        cursor = 0
        while (boot_id, cursor + 1) in self.stored:
            cursor += 1
        return cursor


class _Handler(BaseHTTPRequestHandler):
    server_side: Server

    def do_POST(self) -> None:
        """Take a sync."""
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path != SYNC_PATH or not self._is_the_bank():
            self._answer(401, {"error": {"code": "unauthorised", "detail": "No."}})
            return
        try:
            answer = self.server_side.sync(body)
        except ProtocolError as error:
            self._answer(error.status, error.as_document())
            return
        if self.server_side.lose_next_answers:
            self.server_side.lose_next_answers -= 1
            self.close_connection = True
            return
        self._answer(200, answer)

    def do_GET(self) -> None:
        """Give the list."""
        if self.path != AUTHLIST_PATH or not self._is_the_bank():
            self._answer(404, {})
        elif self.headers["If-None-Match"] == f'"{self.server_side.etag()}"':
            self._answer(304, None)
        else:
            self._answer(200, self.server_side.list)
            with self.server_side.news:
                self.server_side.list_fetches += 1
                self.server_side.fetched = self.server_side.etag()

    def log_message(self, *_: object) -> None:
        """Keep the output clean."""

    def _is_the_bank(self) -> bool:
        return (self.headers["Authorization"], self.headers[BANK_HEADER]) == (f"Bearer {SECRET}", BANK)

    def _answer(self, status: int, document: object) -> None:
        body = b"" if document is None else json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
