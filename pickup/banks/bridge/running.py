"""The bridge's one loop: what arrived is stored, confirmed and acknowledged; what is owed is sent."""

import logging
import queue
import threading
import time

from django.db import close_old_connections, connection

from pickup.banks.bridge import storing
from pickup.banks.bridge.broker import Arrival, Broker
from pickup.banks.bridge.nudges import COMMANDS, Listener
from pickup.banks.bridge.sending import Sender
from pickup.banks.inbox import NO_DATABASE
from pickup.models import Bank

logger = logging.getLogger(__name__)
LOOK_SECONDS = 0.25
# Under load a little patience makes batches of messages that would each have cost a transaction.
LINGER_SECONDS = 0.05
MOST_AT_ONCE = 1000
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0


class Bridge:
    """Runs until stopped. A database or a broker that is away costs time, never a message."""

    def __init__(self, broker: Broker) -> None:
        self.broker = broker
        self.sender = Sender(broker)
        self.listener = Listener(broker.arrivals.put)
        self._stop = threading.Event()
        self._failures = 0

    def run(self) -> None:
        """Go on until `stop`."""
        self.listener.start()
        self.broker.start()
        try:
            while not self._stop.is_set():
                self.turn()
        finally:
            self.listener.stop()
            self.broker.stop()

    def stop(self) -> None:
        """End `run` soon."""
        self._stop.set()

    def turn(self) -> None:
        """Wait a moment for messages and nudges, store and send.

        What the database refuses is tried again until it is there; the broker waits meanwhile.
        """
        arrivals, nudges = self._wait()
        batches = storing.batches(arrivals)
        while not self._stop.is_set():
            try:
                self._take(batches)
                batches = []
                self._send(nudges)
            except NO_DATABASE as error:
                self._rest(error)
            else:
                self._failures = 0
                return

    def _take(self, batches: list[storing.Batch]) -> None:
        for reply in storing.store(batches):
            self.sender.confirm(reply)
        for batch in batches:
            self.broker.acknowledge(batch.arrivals)
        self.sender.greet([batch.bank for batch in batches if batch.presence and batch.presence[-1].online])

    def _send(self, nudges: set[str]) -> None:
        self.sender.send_new()
        self.sender.sweep()
        points = {int(word) for word in nudges if word.isdecimal()}
        if points:
            self.sender.tell_lists(Bank.objects.filter(point__in=points))

    def _wait(self) -> tuple[list[Arrival], set[str]]:
        """What has arrived, or been nudged, within a quarter of a second."""
        arrivals: list[Arrival] = []
        nudges: set[str] = set()
        end = time.monotonic() + LOOK_SECONDS
        while len(arrivals) < MOST_AT_ONCE and (left := end - time.monotonic()) > 0:
            try:
                item = self.broker.arrivals.get(timeout=left)
            except queue.Empty:
                break
            if isinstance(item, Arrival):
                arrivals.append(item)
            else:
                nudges.add(item)
            end = min(end, time.monotonic() + (0 if item == COMMANDS and not arrivals else LINGER_SECONDS))
        return arrivals, nudges

    def _rest(self, error: Exception) -> None:
        self._failures += 1
        pause = min(FIRST_PAUSE * 2 ** (self._failures - 1), LONGEST_PAUSE)
        logger.warning("The database is not there, next try in %.1f s: %s", pause, error)
        connection.close()
        close_old_connections()
        self._stop.wait(pause)
