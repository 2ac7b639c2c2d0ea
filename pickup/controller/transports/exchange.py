"""What a report holds and what a reply does, whichever way they travel.

A failed attempt loses nothing: the outbox keeps what the server has not confirmed, and the bank goes on opening.
"""

import shutil

from pickup.protocol import messages
from pickup.protocol.errors import BadMessage
from pickup.protocol.messages import Event, Health, Response, Snapshot, SyncReply, SyncRequest

from ..bank import FIRMWARE, Bank
from .pauses import FRESH_MS

BYTES_IN_A_MEGABYTE = 1_000_000


class Exchange:
    """One bank's side of the conversation."""

    def __init__(self, bank: Bank) -> None:
        self.bank = bank
        self.journal = bank.journal

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
            return SyncRequest(
                bank=self.bank.config.bank,
                generation=self.bank.config.generation,
                boot_id=self.journal.boot_id,
                mono_ms=self.bank.clock.mono_ms(),
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

        `sent` is the request that this reply answers for certain; else only `echo_ms` tells how old it may be. An old
        reply sets no clock: a broker could hold it back and so make late commands look timely.
        """
        with self.bank.lock:
            self._refuse_foreign(reply)
            self.bank.heard_at = self.bank.clock.mono()
            with self.journal.transaction():
                if sent or self._is_fresh(reply):
                    self.bank.clock.learn(reply.server_time)
                    self.bank.housekeeping.store_time()
                if reply.boot_id == self.journal.boot_id:
                    self.journal.forget_up_to(reply.cursor)
                for boot_id, seq in (*reply.stored, *_earlier(sent)):
                    self.journal.forget_earlier_boot(boot_id, seq)
            self.bank.remote.note(list_etag=reply.list_etag, cfg_hash=reply.cfg_hash)
            for document in reply.commands:
                self.bank.remote.apply(document)

    def knows_the_time(self) -> bool:
        """Say whether the deadline of a command can be judged."""
        with self.bank.lock:
            return self.bank.clock.is_sure()

    def _is_fresh(self, reply: SyncReply) -> bool:
        if reply.echo_ms is None or reply.boot_id != self.journal.boot_id:
            return False
        return 0 <= self.bank.clock.mono_ms() - reply.echo_ms <= FRESH_MS

    def _refuse_foreign(self, reply: SyncReply) -> None:
        if not self.bank.config.is_generation(reply.generation):
            raise BadMessage("The reply is for another identity of this bank.")


def _earlier(sent: SyncRequest | None) -> list[tuple[int, int]]:
    """What a reply to `sent` confirms beside its cursor: everything that was in it."""
    return [(item.boot_id, item.seq) for item in (*sent.events, *sent.responses)] if sent else []


def is_full(request: SyncRequest) -> bool:
    """Say whether there was more to report than one request holds."""
    return len(request.events) + len(request.responses) >= messages.MAX_ITEMS
