"""One attempt to open one door: pulse, acknowledgement, edge. An acknowledgement is not an open door.

    asked --ack--> watching --edge within 3 s--> opened
      |               | sensor unknown, or open already --> opened_unverified
      |               | no edge, sensor closed --> one more pulse --> jammed
      |               +--edge 3 to 10 s after the pulse, whatever the outcome was--> opened, late
      | the board will not --> refused
      | no answer --> the door is read again --open--> opened
      +<--not open: again after 1 s, three times in all--> failed_comm

The edges are seen by `doors`, which calls `move_on` with every look.
"""

import logging
from typing import TYPE_CHECKING

from pickup.protocol.vocabulary import Door, Outcome

from .actuation import Actuation, OpenFor
from .drivers.base import CommError, HardwareRefusal

if TYPE_CHECKING:
    from .doors import Doors

log = logging.getLogger(__name__)

EDGE_SECONDS = 3.0
RETRY_SECONDS = 1.0
ANSWER_SECONDS = 20.0
MOST_PULSES = 2
MOST_COMM_ERRORS = 3


class Asking:
    """Moves attempts on until they have an outcome."""

    def __init__(self, doors: "Doors") -> None:
        self.doors = doors

    def ask(self, actuation: Actuation) -> None:
        """Ask for the pulse; the attempt is on disk."""
        actuation.retry_at = None
        actuation.asked_at = self.doors.clock.mono()
        actuation.request = self.doors.bus.pulse(self.doors.addresses[actuation.compartment])
        self._hear(actuation)

    def _hear(self, actuation: Actuation) -> None:
        request = actuation.request
        if not request.done():
            self._lose_patience(actuation)
            return
        actuation.request = None
        try:
            actuation.pulsed_at = request.result()
            actuation.pulses += 1
        except HardwareRefusal as refusal:
            actuation.reason = str(refusal.denial)
            self.doors.end(actuation, Outcome.REFUSED)
        except CommError as error:
            log.warning("Door %s: %s", actuation.compartment, error)
            self._fail(actuation)
        except Exception:
            log.exception("Door %s: the driver failed.", actuation.compartment)
            self._fail(actuation)

    def _lose_patience(self, actuation: Actuation) -> None:
        if self.doors.clock.mono() - actuation.asked_at >= ANSWER_SECONDS:
            actuation.request.cancel()
            self.doors.end(actuation, Outcome.FAILED_COMM)

    def _fail(self, actuation: Actuation) -> None:
        actuation.comm_errors += 1
        actuation.failed_at = self.doors.clock.mono()
        actuation.retry_at = actuation.failed_at + RETRY_SECONDS
        if actuation.comm_errors >= MOST_COMM_ERRORS:
            self.doors.end(actuation, Outcome.FAILED_COMM)

    def move_on(self, actuation: Actuation) -> None:
        """Hear the board, ask it again or judge the door, whatever is due."""
        if actuation.request is not None:
            self._hear(actuation)
        elif actuation.retry_at is not None:
            self._try_again(actuation)
        if actuation.outcome is None and actuation.request is None and actuation.retry_at is None:
            self._judge(actuation)

    def _try_again(self, actuation: Actuation) -> None:
        """The pulse may have worked although no answer came: only a fresh look at the door allows another."""
        now, looked_at = self.doors.clock.mono(), self.doors.sight.at
        if now < actuation.retry_at or looked_at < actuation.failed_at or self._overlooked(actuation.compartment):
            if now - actuation.failed_at >= ANSWER_SECONDS:
                self.doors.end(actuation, Outcome.FAILED_COMM)
        elif self.doors.stands_open(actuation.compartment):
            self.doors.end(actuation, Outcome.OPENED_UNVERIFIED)
        else:
            self.ask(actuation)

    def _judge(self, actuation: Actuation) -> None:
        """The pulse was acknowledged: did the door open?"""
        state = self.doors.sensors[actuation.compartment].state
        suspect = self.doors.distrusts(actuation.compartment) and actuation.purpose is not OpenFor.SERVICE
        if actuation.was_open or state is Door.UNKNOWN or suspect:
            self.doors.end(actuation, Outcome.OPENED_UNVERIFIED)
        elif self.doors.sight.at - actuation.pulsed_at < EDGE_SECONDS or self._overlooked(actuation.compartment):
            return
        elif actuation.pulses < MOST_PULSES:
            self.ask(actuation)
        else:
            self.doors.end(actuation, Outcome.JAMMED)

    def _overlooked(self, compartment: str) -> bool:
        """Say whether the last look did not read this door, which counts as what it was until three looks have failed."""
        said = self.doors.sight.doors.get(self.doors.addresses[compartment], Door.UNKNOWN)
        return said is Door.UNKNOWN and self.doors.sensors[compartment].state is not Door.UNKNOWN
