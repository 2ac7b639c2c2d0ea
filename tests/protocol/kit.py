"""A bank on a table: virtual time, simulated doors, a server's key, and short ways to say what a test needs."""

from datetime import datetime, timedelta
from pathlib import Path

from pickup.conformance import papers
from pickup.conformance.papers import (
    BANK,
    HOUR,
    KID,
    PIN_KEY,
    SERVER_KEY,
    START,
    Papers,
    collect_pin,
    deposit_pin,
)
from pickup.controller import config as configuration
from pickup.controller.bank import Bank
from pickup.controller.clock import Clock
from pickup.controller.drivers.simulator import Simulator
from pickup.controller.journal import Journal
from pickup.controller.program import open_bank
from pickup.protocol.authlist import AuthEntry
from pickup.protocol.commands import Command
from pickup.protocol.vocabulary import CommandType

__all__ = [
    "BANK",
    "HOUR",
    "KID",
    "PIN_KEY",
    "SERVER_KEY",
    "START",
    "collect_pin",
    "deposit_pin",
]

PAPERS = Papers()
signed_list = PAPERS.signed_list
entry = PAPERS.entry
leg_entries = PAPERS.leg_entries
deposit_token = PAPERS.deposit_token
collect_token = PAPERS.collect_token
service_token = PAPERS.service_token


class VirtualTicker:
    """Time that passes only when a test says so."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.offset = timedelta()

    def wall(self) -> datetime:
        return START + self.offset + timedelta(seconds=self.seconds)

    def mono(self) -> float:
        return self.seconds

    def wait(self, event, seconds: float) -> bool:
        return event.wait(seconds)


def settings(folder: Path, server: str = "http://127.0.0.1:9") -> dict:
    """The content of a bank's configuration file, for a bank without probes."""
    return papers.settings(folder, server) | {"zones": []}


class Table:
    """One bank with everything around it, which can be switched off and on again."""

    def __init__(self, folder: Path, server: str = "http://127.0.0.1:9", **more: object) -> None:
        """`more` goes into the bank's configuration file."""
        self.config = configuration.read(settings(folder, server) | more)
        self.ticker = VirtualTicker()
        self.driver = Simulator({}, [box.address for box in self.config.compartments])
        self.cseq = 0
        self.bank = open_bank(self.config, self.driver, self.ticker)

    @property
    def journal(self) -> Journal:
        return self.bank.journal

    def restart(self) -> Bank:
        """Pull the plug and start again on the same memory card, the doors staying as they are."""
        self.journal.close()
        self.bank = open_bank(self.config, self.driver, self.ticker)
        return self.bank

    def wait(self, seconds: float, step: float = 0.5) -> None:
        """Let time pass in ticks of half a second (or larger ones for long waits)."""
        end = self.ticker.seconds + seconds
        while self.ticker.seconds < end:
            self.ticker.seconds = min(end, self.ticker.seconds + step)
            self.bank.tick()

    def shut(self, compartment: str) -> None:
        """Push a door shut and let the sensor settle."""
        self.driver.push_shut(self.address(compartment))
        self.wait(1)

    def address(self, compartment: str) -> int:
        return self.bank.doors.addresses[compartment]

    def pulses(self) -> list[str]:
        """The compartments whose locks were pulsed, in order."""
        names = {box.address: box.id for box in self.config.compartments}
        return [names[address] for address in self.driver.pulses]

    def now(self) -> int:
        return int(self.bank.clock.timestamp())

    def events(self, kind: str | None = None) -> list:
        """What waits in the outbox: all events as (type, data), or the data of one type."""
        found, _ = self.journal.unsent(10_000)
        return [event.data for event in found if event.type == kind] if kind else [(e.type, e.data) for e in found]

    def responses(self) -> list[tuple]:
        """What waits in the outbox as (phase, outcome, reason, duplicate)."""
        _, found = self.journal.unsent(10_000)
        return [(each.phase, each.outcome, each.detail.get("reason"), each.duplicate) for each in found]

    def apply(self, *entries: AuthEntry, seq: int = 1, revoked: tuple[str, ...] = ()) -> bool:
        """Give the bank a signed list."""
        return self.bank.access.apply(signed_list(*entries, seq=seq, revoked=revoked))

    def command(self, kind: str = CommandType.DOOR_OPEN, reason: str = "collect", **data: object) -> Command:
        """A fresh command of the server, with the next `cseq`."""
        self.cseq += 1
        return papers.command(self.bank.clock.now(), self.cseq, kind, reason=reason, **data)

    def order(self, command: Command) -> None:
        """Let the server's signed command arrive."""
        self.bank.remote.apply(command.sign(SERVER_KEY, KID))

    def confirm_all(self, visit) -> None:
        """A shop answers "deposited" for every door and shuts it."""
        while visit.current:
            compartment = visit.current.compartment
            self.bank.deposit(visit.session, "deposited")
            self.shut(compartment)
        self.bank.finish(visit.session)


def fresh_clock() -> tuple[VirtualTicker, Clock]:
    """A clock on virtual time, without a bank."""
    ticker = VirtualTicker()
    return ticker, Clock(ticker)
