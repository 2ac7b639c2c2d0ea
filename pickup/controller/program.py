"""The parts of the controller put together: memory, bank, link to the server, kiosk page."""

import logging
import threading
from datetime import UTC, datetime

from . import drivers, supervisor
from .bank import Bank
from .bus import Bus, InlineBus
from .clock import RUNNING_FACT, TRUSTED_TIME_FACT, Clock, SystemTicker, Ticker
from .config import Config
from .drivers.base import Driver
from .health import open_journal
from .steering import SteeredTicker
from .transports.https import Sync
from .transports.switching import Transports

log = logging.getLogger(__name__)

TICK_SECONDS = 0.5
JOURNAL_NAME = "journal.sqlite3"


def make_driver(config: Config) -> Driver:
    """Return the driver of the wall that the configuration names."""
    return drivers.make(config.driver, [compartment.address for compartment in config.compartments])


def make_ticker(config: Config) -> Ticker:
    """Return the clocks of this computer, or the steered ones of a rehearsal."""
    return SystemTicker() if config.steered_clock is None else SteeredTicker(config.steered_clock)


def open_bank(config: Config, driver: Driver, ticker: Ticker | None = None, *, bus_kind: type[Bus] = InlineBus) -> Bank:
    """Open the journal, restore the last trusted time, and start the bank.

    `ThreadedBus` is for boards on a wire; the default does everything in the caller.
    """
    config.state_dir.mkdir(parents=True, exist_ok=True)
    journal = open_journal(config.state_dir, JOURNAL_NAME)
    floor = journal.fact(TRUSTED_TIME_FACT)
    clock = Clock(
        ticker or make_ticker(config),
        datetime.fromtimestamp(floor, UTC) if floor else None,
        float(journal.fact(RUNNING_FACT, 0)),
    )
    journal.clock = clock
    bank = Bank(config, journal, clock, bus_kind(driver, clock.mono))
    bank.start()
    return bank


def make_transports(bank: Bank) -> Transports:
    """Return the ways of a bank to its server."""
    return Transports(bank)


def make_sync(bank: Bank) -> Sync:
    """Return the way over HTTPS alone, exchange by exchange."""
    return Transports(bank).https


class Heartbeat:
    """Calls `bank.tick` every half second, and whenever the bus has news, until stopped."""

    def __init__(self, bank: Bank) -> None:
        self.bank = bank
        self._stop = threading.Event()

    def run(self) -> None:
        """Tick on. A failing tick is logged and the next one comes all the same."""
        news = self.bank.doors.bus.news
        while not self._stop.is_set():
            self.bank.clock.ticker.wait(news, TICK_SECONDS)
            news.clear()
            try:
                self.bank.tick()
                supervisor.alive()
            except Exception:
                log.exception("A tick failed.")

    def stop(self) -> None:
        """End `run` soon."""
        self._stop.set()
        self.bank.doors.bus.news.set()
