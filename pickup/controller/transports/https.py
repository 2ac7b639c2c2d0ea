"""HTTPS: the transport that every bank has. Lists and configurations are fetched by it, always.

It runs in a thread of its own; the kiosk never waits for it. While MQTT carries the conversation it asks only now and then.
"""

import http.client
import logging
import threading
from collections.abc import Callable
from contextlib import suppress

from pickup.protocol import messages, wire
from pickup.protocol.errors import BadMessage, ProtocolError
from pickup.protocol.messages import SyncReply, SyncRequest
from pickup.protocol.vocabulary import Alert, EventType

from .. import reconfiguring, snapshots, web
from ..bank import Bank
from ..clock import UNSURE
from ..database import JournalFailed
from .exchange import Exchange, is_full
from .pauses import pause_after

log = logging.getLogger(__name__)

PORTION_PAUSE = 0.1
RELIEVED_PAUSE = 300.0
LOOK_SECONDS = 0.5
MOST_REPLY_BYTES = 2_000_000


class Unreachable(Exception):
    """The server did not answer in a way that helps."""


class ServerLink:
    """The HTTP client: three requests, one secret."""

    def __init__(self, server: str, bank: str, secret: str) -> None:
        self.server = server
        self.headers = {
            "Authorization": f"Bearer {secret}",
            messages.BANK_HEADER: bank,
            "Content-Type": "application/json",
        }

    def sync(self, document: dict) -> object:
        """Post the body; raises Unreachable."""
        _, answer = self._ask(messages.SYNC_PATH, self.headers, wire.encode(document))
        return answer

    def authlist(self, etag: str | None) -> object | None:
        """Fetch the list; None when it has not changed. Raises Unreachable."""
        headers = {**self.headers, "If-None-Match": f'"{etag}"'} if etag else self.headers
        status, answer = self._ask(messages.AUTHLIST_PATH, headers)
        return None if status == http.client.NOT_MODIFIED else answer

    def config(self, cfg_hash: str | None) -> object | None:
        """Fetch the configuration; None when it has not changed. Raises Unreachable."""
        headers = {**self.headers, "If-None-Match": f'"{cfg_hash}"'} if cfg_hash else self.headers
        status, answer = self._ask(messages.CONFIG_PATH, headers)
        return None if status == http.client.NOT_MODIFIED else answer

    def _ask(self, path: str, headers: dict, body: bytes | None = None) -> tuple[int, object]:
        try:
            answer = web.ask(self.server + path, headers, body, most=MOST_REPLY_BYTES)
            if answer.status == http.client.NOT_MODIFIED:
                return answer.status, None
            if answer.status != http.client.OK:
                raise Unreachable(f"{path}: HTTP {answer.status}")
            return answer.status, wire.decode(answer.body, most=MOST_REPLY_BYTES)
        except (web.NoAnswer, ProtocolError) as error:
            raise Unreachable(f"{path}: {error}") from error


class Sync:
    """One exchange after the other, with growing pauses while nobody answers."""

    def __init__(self, bank: Bank, link: ServerLink, relieved: Callable[[], bool] = lambda: False) -> None:
        """`relieved` says whether another transport carries the conversation."""
        self.bank = bank
        self.link = link
        self.relieved = relieved
        self.conversation = Exchange(bank)
        self.journal = bank.journal
        self._answered_snapshot = None
        self._stop = threading.Event()
        self._unsure = False

    def run(self) -> None:
        """Go on until `stop`."""
        failures = 0
        while not self._stop.is_set():
            try:
                pause = self.exchange()
                failures = 0
            except (Unreachable, ProtocolError, JournalFailed) as error:
                failures += 1
                pause = pause_after(failures)
                log.warning("Sync failed, next try in %.0f s: %s", pause, error)
            with suppress(JournalFailed):
                self._watch_clock()
            self._rest(pause, failing=failures > 0)

    def stop(self) -> None:
        """End `run` soon."""
        self._stop.set()
        self.journal.news.set()

    def exchange(self) -> float:
        """Do one exchange and return the seconds until the next; raises Unreachable or ProtocolError."""
        request = self.ask()
        return self.take(self.link.sync(request.as_document()), request)

    def ask(self) -> SyncRequest:
        """Return what there is to tell the server now."""
        with self.bank.lock:
            self.journal.news.clear()
            events, responses = self.journal.unsent(messages.MAX_ITEMS)
            snapshot = snapshots.take(self.bank)
            is_known = snapshot == self._answered_snapshot
            return self.conversation.report(events=events, responses=responses, snapshot=None if is_known else snapshot)

    def take(self, answer: object, request: SyncRequest) -> float:
        """Heed the answer to `request`, however long it took, and fetch what it names; as `exchange` otherwise."""
        reply = SyncReply.read(answer, self.bank.config.server_keys, self.bank.config.bank)
        self._answered_snapshot = request.snapshot or self._answered_snapshot
        self.conversation.heed(reply, sent=request)
        if self.bank.remote.config_wanted:
            reconfiguring.take(self.bank, self.link.config(self.bank.config.cfg_hash))
        if self.bank.remote.list_wanted and not self.bank.restart_wanted:  # a new list may need the new keys
            self._fetch_list()
        return PORTION_PAUSE if is_full(request) else reply.next_ms / 1000

    def _fetch_list(self) -> None:
        document = self.link.authlist(self.bank.access.etag)
        with self.bank.lock:
            self.bank.remote.list_wanted = False
            if document is None:
                return
            try:
                accepted = self.bank.access.apply(document)
            except ProtocolError as error:
                self.journal.emit(EventType.ALERT, why=Alert.BAD_SIGNATURE, detail=str(error))
                raise
            if not accepted:
                self.journal.emit(EventType.ALERT, why=Alert.OLD_LIST, detail="The list is older than ours.")
                raise BadMessage("The server offers an older list.")

    def _watch_clock(self) -> None:
        with self.bank.lock:
            uncertainty = self.bank.clock.uncertainty()
            unsure = uncertainty > UNSURE
            if unsure and not self._unsure:
                milliseconds = int(uncertainty.total_seconds() * 1000)
                self.journal.emit(EventType.CLOCK_UNSYNCED, uncertainty_ms=milliseconds)
            self._unsure = unsure

    def _rest(self, pause: float, *, failing: bool) -> None:
        if self.relieved() and not failing:
            self._rest_relieved()
        else:
            self.bank.clock.ticker.wait(self._stop if failing else self.journal.news, pause)

    def _rest_relieved(self) -> None:
        """Wait long, unless the other transport fails or something is to be fetched."""
        end = self.bank.clock.mono() + RELIEVED_PAUSE
        while self.bank.clock.mono() < end and self.relieved() and not self.bank.remote.wants_a_fetch():
            if self.bank.clock.ticker.wait(self._stop, LOOK_SECONDS):
                return
