"""What a report holds and what a reply does, whichever way they travel.

A failed attempt loses nothing: the outbox keeps what the server has not confirmed, and the bank goes on opening.
"""

import shutil
from collections import deque
from datetime import timedelta

from pickup.protocol import messages
from pickup.protocol.errors import BadMessage
from pickup.protocol.messages import Event, Health, Response, Snapshot, SyncReply, SyncRequest

from ..bank import Bank
from ..snapshots import FIRMWARE
from .pauses import FRESH_MS

BYTES_IN_A_MEGABYTE = 1_000_000
MOST_ASKED = 500


class Exchange:
    """One bank's side of the conversation."""

    def __init__(self, bank: Bank) -> None:
        self.bank = bank
        self.journal = bank.journal
        self._asked: deque[int] = deque(maxlen=MOST_ASKED)
        """The moments of our last reports, on the monotonic clock in ms."""

    def report(
        self,
        *,
        events: tuple[Event, ...] = (),
        responses: tuple[Response, ...] = (),
        snapshot: Snapshot | None = None,
        health: Health | None = None,
    ) -> SyncRequest:
        """Return a report of this moment with these contents."""
        with self.bank.lock:
            self._asked.append(self.bank.clock.mono_ms())
            return SyncRequest(
                bank=self.bank.config.bank,
                generation=self.bank.config.generation,
                boot_id=self.journal.boot_id,
                mono_ms=self._asked[-1],
                clock=self.bank.clock.report(),
                cfg_hash=self.bank.config.cfg_hash,
                list_etag=self.bank.access.etag,
                snapshot=snapshot,
                events=events,
                responses=responses,
                health=health,
            )

    def health(self) -> Health:
        """Return how the bank's computer is."""
        with self.bank.lock:
            return Health(
                fw=FIRMWARE,
                queue=self.journal.unsent_count(),
                uptime_s=int(self.bank.clock.mono() - self.bank.began_at),
                free_mb=shutil.disk_usage(self.bank.config.state_dir).free // BYTES_IN_A_MEGABYTE,
            )

    def heed(self, reply: SyncReply, *, sent: SyncRequest | None = None) -> None:
        """Do what a verified reply says: forget what is stored, take the time, do commands, note what to fetch.

        `sent` is the request that this reply answers for certain; else only `echo_ms` tells when it was asked for. A reply
        that took long sets no clock: whoever holds it back could make late commands look timely. Without a sure clock
        its commands are left out for the same reason: the server sends them again. What another computer with our identity
        reported is not confirmed to us.
        """
        with self.bank.lock:
            self._refuse_foreign(reply)
            self.bank.heard_at = self.bank.clock.mono()
            with self.journal.transaction():
                took = self._took_ms(reply, sent)
                if took is not None and 0 <= took <= FRESH_MS:
                    self.bank.clock.learn(reply.server_time, timedelta(milliseconds=took))
                    self.bank.housekeeping.store_time()
                is_ours = sent is not None or reply.echo_ms in self._asked
                if is_ours and reply.boot_id == self.journal.boot_id:
                    self.journal.forget_up_to(reply.cursor)
                for boot_id, seq in (*reply.stored, *_earlier(sent)):
                    self.journal.forget_earlier_boot(boot_id, seq)
            self.bank.remote.note(list_etag=reply.list_etag, cfg_hash=reply.cfg_hash)
            if self.knows_the_time():
                for document in reply.commands:
                    self.bank.remote.apply(document)

    def knows_the_time(self) -> bool:
        """Say whether the deadline of a command can be judged."""
        with self.bank.lock:
            return self.bank.clock.is_sure()

    def _took_ms(self, reply: SyncReply, sent: SyncRequest | None) -> int | None:
        """Return how long ago the reply was asked for; None when nobody can tell."""
        asked_at = sent.mono_ms if sent else reply.echo_ms
        if asked_at is None or (not sent and reply.boot_id != self.journal.boot_id):
            return None
        return self.bank.clock.mono_ms() - asked_at

    def _refuse_foreign(self, reply: SyncReply) -> None:
        if not self.bank.config.is_generation(reply.generation):
            raise BadMessage("The reply is for another identity of this bank.")


def _earlier(sent: SyncRequest | None) -> list[tuple[int, int]]:
    """What a reply to `sent` confirms beside its cursor: everything that was in it."""
    return [(item.boot_id, item.seq) for item in (*sent.events, *sent.responses)] if sent else []


def is_full(request: SyncRequest) -> bool:
    """Say whether there was more to report than one request holds."""
    return len(request.events) + len(request.responses) >= messages.MAX_ITEMS
