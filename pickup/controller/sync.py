"""Talking to the server, in a thread of its own. The kiosk never waits for this.

A failed attempt loses nothing: the outbox keeps what the server has not confirmed, and the bank goes on opening.
"""

import http.client
import json
import logging
import random
import threading
import urllib.error
import urllib.request

from pickup.protocol import messages
from pickup.protocol.errors import BadMessage, ProtocolError
from pickup.protocol.messages import SyncReply, SyncRequest
from pickup.protocol.vocabulary import Alert, EventType

from .bank import Bank
from .clock import UNSURE

log = logging.getLogger(__name__)

TIMEOUT_SECONDS = 10
FIRST_PAUSE = 1.0
LONGEST_PAUSE = 60.0
PORTION_PAUSE = 0.1
MOST_REPLY_BYTES = 2_000_000
TRUSTED_TIME_FACT = "trusted_time"


class Unreachable(Exception):
    """The server did not answer in a way that helps."""


class ServerLink:
    """The HTTP client: two requests, one secret."""

    def __init__(self, server: str, bank: str, secret: str) -> None:
        self.server = server
        self.headers = {
            "Authorization": f"Bearer {secret}",
            messages.BANK_HEADER: bank,
            "Content-Type": "application/json",
        }

    def sync(self, document: dict) -> object:
        """Post the body; raises Unreachable."""
        body = json.dumps(document, separators=(",", ":")).encode()
        _, answer = self._ask(messages.SYNC_PATH, self.headers, body)
        return answer

    def authlist(self, etag: str | None) -> object | None:
        """Fetch the list; None when it has not changed. Raises Unreachable."""
        headers = {**self.headers, "If-None-Match": f'"{etag}"'} if etag else self.headers
        status, answer = self._ask(messages.AUTHLIST_PATH, headers)
        return None if status == http.client.NOT_MODIFIED else answer

    def _ask(self, path: str, headers: dict, body: bytes | None = None) -> tuple[int, object]:
        request = urllib.request.Request(self.server + path, data=body, headers=headers)  # noqa: S310 config checks it
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310
                return answer.status, json.loads(answer.read(MOST_REPLY_BYTES))
        except urllib.error.HTTPError as error:
            with error:
                if error.code == http.client.NOT_MODIFIED:
                    return error.code, None
                raise Unreachable(f"{path}: HTTP {error.code}") from error
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise Unreachable(f"{path}: {error}") from error


class Sync:
    """One exchange after the other, with growing pauses while nobody answers."""

    def __init__(self, bank: Bank, link: ServerLink) -> None:
        self.bank = bank
        self.link = link
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
            except (Unreachable, ProtocolError) as error:
                failures += 1
                pause = pause_after(failures)
                log.warning("Sync failed, next try in %.0f s: %s", pause, error)
            self._watch_clock()
            self._rest(pause, wake_early=failures == 0)

    def stop(self) -> None:
        """End `run` soon."""
        self._stop.set()
        self.journal.news.set()

    def exchange(self) -> float:
        """Do one exchange and return the seconds until the next; raises Unreachable or ProtocolError."""
        request = self._request()
        reply = SyncReply.read(
            self.link.sync(request.as_document()), self.bank.config.server_keys, self.bank.config.bank
        )
        self._apply(request, reply)
        if self.bank.remote.list_wanted or reply.list_etag != self.bank.access.etag:
            self._fetch_list()
        full = len(request.events) + len(request.responses) == messages.MAX_ITEMS
        return PORTION_PAUSE if full else reply.next_ms / 1000

    def _request(self) -> SyncRequest:
        with self.bank.lock:
            self.journal.news.clear()
            events, responses = self.journal.unsent(messages.MAX_ITEMS)
            snapshot = self.bank.snapshot()
            return SyncRequest(
                bank=self.bank.config.bank,
                boot_id=self.journal.boot_id,
                clock=self.bank.clock.report(),
                list_etag=self.bank.access.etag,
                snapshot=None if snapshot == self._answered_snapshot else snapshot,
                events=events,
                responses=responses,
            )

    def _apply(self, request: SyncRequest, reply: SyncReply) -> None:
        with self.bank.lock:
            self.bank.clock.learn(reply.server_time)
            self.bank.heard_at = self.bank.clock.mono()
            self._answered_snapshot = request.snapshot or self._answered_snapshot
            with self.journal.transaction():
                self.journal.remember(TRUSTED_TIME_FACT, reply.server_time.timestamp())
                if reply.boot_id == self.journal.boot_id:
                    self.journal.forget_up_to(reply.cursor)
                for item in (*request.events, *request.responses):
                    self.journal.forget_earlier_boot(item.boot_id, item.seq)
            for document in reply.commands:
                self.bank.remote.apply(document)

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

    def _rest(self, pause: float, *, wake_early: bool) -> None:
        self.bank.clock.ticker.wait(self.journal.news if wake_early else self._stop, pause)


def pause_after(failures: int) -> float:
    """Return seconds to wait: 1, 2, 4… up to 60, each shortened by up to half at random."""
    longest = min(FIRST_PAUSE * 2 ** (failures - 1), LONGEST_PAUSE)
    return longest * random.uniform(0.5, 1)  # noqa: S311 spreads the load, guards nothing
