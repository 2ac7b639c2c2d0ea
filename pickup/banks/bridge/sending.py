"""What banks are owed: commands at once and again until they are answered, and word of a new list."""

import time
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from pickup.banks import keys, lists, outbox, replies
from pickup.banks.bridge.broker import Broker
from pickup.models import Bank, BankCommand
from pickup.protocol.messages import SyncReply
from pickup.protocol.topics import ACKNOWLEDGEMENT_LIFE_SECONDS

SWEEP_SECONDS = 2.0
REPEAT_SECONDS = {"door.open": 5.0, "door.locate": 5.0}
REPEAT_OTHERS_SECONDS = 60.0
LISTS_SECONDS = 10.0
MOST_COMMANDS = 2000
PRESENT_FOR = timedelta(minutes=3)


class Sender:
    """Remembers only when it last sent what, so that it does not repeat itself too often; losing that does no harm."""

    def __init__(self, broker: Broker) -> None:
        self.broker = broker
        self._sent_at: dict[int, float] = {}
        self._newest = 0
        self._swept_at = self._listed_at = float("-inf")
        self._key = None

    def confirm(self, reply: SyncReply) -> None:
        """Tell a bank what is stored."""
        self.broker.publish(reply.bank, reply.sign(*self._signing_key()), seconds=ACKNOWLEDGEMENT_LIFE_SECONDS)

    def send_new(self) -> None:
        """Send the commands that were written since the last look: one query on an index."""
        self._send(BankCommand.objects.filter(pk__gt=self._newest))

    def sweep(self) -> None:
        """Every two seconds: send again what got no answer, which also finds what a look has missed; see to the lists."""
        now = time.monotonic()
        if now - self._swept_at >= SWEEP_SECONDS:
            self._swept_at, self._key = now, None
            self._send(BankCommand.objects.all())
            self._sent_at = {pk: at for pk, at in self._sent_at.items() if now - at < REPEAT_OTHERS_SECONDS}
        if now - self._listed_at >= LISTS_SECONDS:
            self._listed_at = now
            self.tell_lists(self._present())

    def greet(self, codes: list[str]) -> None:
        """These banks have come back: whatever they are owed goes out now, in order."""
        if codes:
            owed = BankCommand.objects.filter(bank__code__in=codes)
            for pk in owed.unanswered().values_list("pk", flat=True):
                self._sent_at.pop(pk, None)
            self._send(owed)

    def tell_lists(self, banks) -> None:
        """Bring the lists of these banks up to date and name them to banks that have another one."""
        known = {bank.pk: bank for bank in banks}
        for bank in lists.outdated(list(known.values()), timezone.now()):
            with transaction.atomic():
                locked = Bank.objects.select_for_update().get(pk=bank.pk)
                lists.current(locked, timezone.now())
            known[bank.pk] = locked
        for bank in known.values():
            if bank.list_etag != bank.applied_etag:
                self.confirm(replies.notice(bank))

    def _present(self):
        return Bank.objects.filter(last_seen_at__gt=timezone.now() - PRESENT_FOR)

    def _send(self, commands) -> None:
        """Publish those that are due, lowest number of each bank first."""
        if not self.broker.is_up:
            return
        now, moment = time.monotonic(), timezone.now()
        unanswered = commands.unanswered(moment).order_by("pk").values_list("pk", "type")
        due = [pk for pk, kind in unanswered if now - self._sent_at.get(pk, float("-inf")) >= _repeat_seconds(kind)]
        for row in BankCommand.objects.filter(pk__in=due[:MOST_COMMANDS]).prefetch_related("bank").order_by("pk"):
            self._newest = max(self._newest, row.pk)
            document = outbox.envelope_of(row).sign(*self._signing_key())
            if self.broker.publish(row.bank.code, document, seconds=int((row.not_after - moment).total_seconds())):
                self._sent_at[row.pk] = now

    def _signing_key(self):
        self._key = self._key or keys.signing_key()
        return self._key


def _repeat_seconds(kind: str) -> float:
    return REPEAT_SECONDS.get(kind, REPEAT_OTHERS_SECONDS)
