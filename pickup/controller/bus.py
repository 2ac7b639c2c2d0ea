"""The way from the doors to their boards. Nobody who holds the bank's lock waits for a wire.

A pulse is asked for now and answered later; what the sensors say is what they said when the bus was last looked
at. `InlineBus` does both at once in the caller, for boards in memory and for tests on virtual time; `ThreadedBus`
has one thread that looks and one that pulses, so that a slow board never holds up a pulse for another.
"""

import logging
import queue
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field, replace

from pickup.protocol.vocabulary import Door, Presence

from .drivers.base import BoardState, CommError, Driver, Trouble

log = logging.getLogger(__name__)

LOOK_SECONDS = 0.5
HURRIED_LOOK_SECONDS = 0.1
HURRY_SECONDS = 10.0
BLIND_SECONDS = 3.0
START_SECONDS = 3.0
LATEST_PULSE_SECONDS = 5.0


@dataclass(frozen=True, kw_only=True)
class Sight:
    """What one look at the bus showed. `at` is the moment when the look began, on the monotonic clock."""

    number: int
    at: float
    doors: Mapping[int, Door] = field(default_factory=dict)
    presence: Mapping[int, Presence] = field(default_factory=dict)
    temperatures: Mapping[str, float] = field(default_factory=dict)
    boards: tuple[BoardState, ...] = ()


class Bus(ABC):
    """One driver, and how to use it without waiting."""

    def __init__(self, driver: Driver, mono: Callable[[], float]) -> None:
        self.driver = driver
        self.mono = driver.mono = mono
        self.news = threading.Event()
        """Set when there is something new to see or to hear."""
        self._number = 0

    @abstractmethod
    def start(self) -> None:
        """Take the outputs off and look once; returns within three seconds, even when nothing answers."""

    @abstractmethod
    def ask(self, act: Callable[[], object]) -> Future:
        """Have `act` called with the bus at hand; the future yields the moment it ended, or what it raised."""

    @abstractmethod
    def look(self) -> Sight:
        """Return the newest sight; the same number as before when there is no newer one."""

    @abstractmethod
    def stop(self) -> None:
        """Take the outputs off and let go of the bus."""

    def pulse(self, address: int) -> Future:
        """Ask for one pulse."""
        return self.ask(lambda: self.driver.open(address))

    def locate(self, address: int) -> Future:
        """Ask a door to show itself."""
        return self.ask(lambda: self.driver.locate(address))

    def _take(self) -> Sight:
        at, trouble = self.mono(), None
        try:
            doors = self.driver.read_doors()
        except CommError as error:
            doors, trouble = {}, error.trouble
        boards = self.driver.board_states()
        if all(state.board is not None for state in boards):
            boards = [BoardState(board=None, trouble=trouble), *boards]
        return Sight(
            number=0,
            at=at,
            doors=doors,
            presence=self.driver.read_presence(),
            temperatures=self.driver.read_temperatures(),
            boards=tuple(boards),
        )

    def _do(self, future: Future, act: Callable[[], object]) -> None:
        try:
            act()
        except Exception as error:
            future.set_exception(error)
        else:
            future.set_result(self.mono())


class InlineBus(Bus):
    """Does everything in the caller, at once."""

    def start(self) -> None:
        """Take the outputs off."""
        self.driver.all_off()

    def ask(self, act: Callable[[], object]) -> Future:
        """Call `act` now."""
        future: Future = Future()
        self._do(future, act)
        return future

    def look(self) -> Sight:
        """Look now."""
        self._number += 1
        return replace(self._take(), number=self._number)

    def stop(self) -> None:
        """Take the outputs off."""
        self.driver.close()


class ThreadedBus(Bus):
    """Looks in one thread and pulses in another; a driver that hangs holds up neither the bank nor the screen."""

    def __init__(self, driver: Driver, mono: Callable[[], float]) -> None:
        super().__init__(driver, mono)
        self._jobs: queue.SimpleQueue = queue.SimpleQueue()
        self._sight = Sight(number=0, at=mono())
        self._shown_at = mono()
        self._numbering = threading.Lock()
        self._seen = threading.Event()
        self._wake = threading.Event()
        self._stopped = threading.Event()
        self._hurried_until = float("-inf")

    def start(self) -> None:
        """Start both threads and wait for the first look, for three seconds at most."""
        for name, run in (("bus-look", self._look_on), ("bus-pulse", self._work)):
            threading.Thread(target=run, name=name, daemon=True).start()
        self._seen.wait(START_SECONDS)

    def ask(self, act: Callable[[], object]) -> Future:
        """Put `act` into the queue; it is dropped, as a CommError, when the bus comes to it only after 5 s."""
        future: Future = Future()
        self._hurried_until = self.mono() + HURRY_SECONDS
        self._jobs.put((future, act, self.mono() + LATEST_PULSE_SECONDS))
        return future

    def look(self) -> Sight:
        """Return the newest sight; a blind one when the bus has shown nothing for three seconds."""
        with self._numbering:
            now, last = self.mono(), self._sight
            if now - self._shown_at > BLIND_SECONDS:
                self._number += 1
                self._shown_at = now - BLIND_SECONDS + LOOK_SECONDS
                blocked = (*_without_bus(last.boards), BoardState(board=None, trouble=Trouble.IO))
                self._sight = Sight(number=self._number, at=now, boards=blocked)
            return self._sight

    def stop(self) -> None:
        """End both threads; the outputs go off when the bus is free, within a second or not at all."""
        self._stopped.set()
        self._wake.set()
        closed = self.ask(self.driver.close)
        self._jobs.put(None)
        try:
            closed.result(timeout=1)
        except (CommError, TimeoutError) as error:
            log.warning("The bus could not be let go of: %s", error)

    def _look_on(self) -> None:
        self.driver.all_off()
        while not self._stopped.is_set():
            try:
                sight = self._take()
            except Exception:
                log.exception("The driver failed to look.")
                sight = Sight(number=0, at=self.mono(), boards=(BoardState(board=None, trouble=Trouble.IO),))
            self._show(sight)
            hurried = self.mono() < self._hurried_until
            self._wake.wait(HURRIED_LOOK_SECONDS if hurried else LOOK_SECONDS)
            self._wake.clear()

    def _show(self, sight: Sight) -> None:
        with self._numbering:
            self._number += 1
            self._shown_at = self.mono()
            self._sight = replace(sight, number=self._number)
        self._seen.set()
        self.news.set()

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            future, act, not_after = job
            if not future.set_running_or_notify_cancel():
                continue
            if self.mono() > not_after:
                future.set_exception(CommError("The bus was busy for too long."))
            else:
                self._do(future, act)
            self._wake.set()
            self.news.set()


def _without_bus(boards: tuple[BoardState, ...]) -> tuple[BoardState, ...]:
    return tuple(state for state in boards if state.board is not None)
