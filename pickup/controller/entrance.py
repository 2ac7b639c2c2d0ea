"""In front of the keypad and the scanner: which codes are looked at, at what pace, before anything opens."""

from collections import defaultdict
from typing import TYPE_CHECKING

from pickup.protocol.codes import PIN_DIGITS
from pickup.protocol.vocabulary import EventType

from .database import JournalFailed
from .grants import Denied, Grant
from .throttle import ScanPause

if TYPE_CHECKING:
    from .bank import Bank


MOST_ALIKE = 5
ALIKE_SECONDS = 60


def is_pin(text: str) -> bool:
    """Say whether somebody typed digits; all else comes from a scanner."""
    return text.isascii() and text.isdecimal()


class Entrance:
    """Judges what was typed or scanned. The caller holds the bank's lock."""

    def __init__(self, bank: "Bank") -> None:
        self.bank = bank
        self.scans = ScanPause(bank.clock)
        self._told: dict[tuple[str, str], list[float]] = defaultdict(list)

    def check_memory(self, text: str) -> None:
        """Without a journal nothing opens; with a new, empty one only service does. Raises JournalFailed."""
        trouble = self.bank.health.trouble()
        if trouble and not (trouble == "lost" and self.bank.access.is_service(text)):
            raise JournalFailed(trouble)

    def judge(self, text: str) -> Grant:
        """Return what a typed or scanned text allows; raises Denied."""
        return self._by_pin(text) if is_pin(text) else self._by_token(text)

    def report_refusal(self, kind: str, why: str) -> None:
        """Put a refusal on the record, the same one five times in a minute at most.

        A paper that hangs in front of the scanner would else fill the memory card, and push what the server has not heard yet out
        of the outbox.
        """
        now = self.bank.clock.mono()
        lately = [moment for moment in self._told[kind, why] if now - moment < ALIKE_SECONDS]
        if len(lately) < MOST_ALIKE:
            self.bank.journal.emit(EventType.CREDENTIAL_REJECTED, kind=kind, why=why)
            lately.append(now)
        self._told[kind, why] = lately

    def compare_bags(self, text: str, at_hand: Grant) -> str:
        """Say whether a scanned token is that of the bag whose door is open; a wrong bag is reported."""
        if not self.scans.allows():
            return "waiting"
        try:
            grant = self.bank.access.by_token(text, adopt=False)
        except Denied as denied:
            why = denied.why
        else:
            same = (grant.purpose, grant.reservation, grant.shop) == (
                at_hand.purpose,
                at_hand.reservation,
                at_hand.shop,
            )
            why = "right_bag" if same else "other_bag"
        if why != "right_bag":
            self.report_refusal("qr", why)
        return why

    def _by_pin(self, pin: str) -> Grant:
        throttle = self.bank.throttle
        waiting = throttle.waiting()
        if waiting:
            raise Denied("channel_closed" if waiting.seconds is None else "waiting")
        if len(pin) != PIN_DIGITS:
            raise Denied("damaged")
        try:
            grant = self.bank.access.by_pin(pin)
        except Denied as denied:
            if denied.why == "unknown":
                throttle.wrong()
            raise
        throttle.right()
        return grant

    def _by_token(self, text: str) -> Grant:
        if not self.scans.allows():
            raise Denied("waiting")
        return self.bank.access.by_token(text)
