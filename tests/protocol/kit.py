"""A bank on a table: virtual time, simulated doors, a server's key, and short ways to say what a test needs."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pickup.controller import config as configuration
from pickup.controller.bank import Bank
from pickup.controller.clock import Clock
from pickup.controller.drivers.simulator import Simulator
from pickup.controller.journal import Journal
from pickup.controller.program import open_bank
from pickup.protocol import codes, envelope, tokens
from pickup.protocol.authlist import AuthEntry, AuthList
from pickup.protocol.commands import Command, life_of
from pickup.protocol.vocabulary import CommandType, Purpose, Size, Temperature

BANK = "b7f3a"
KID = "s3"
START = datetime(2026, 9, 19, 16, 0, tzinfo=UTC)
SERVER_KEY = envelope.read_private_key(envelope.new_private_key())
PIN_KEY = bytes(range(32))
HOUR = 3600

WALL = [
    # id, side, column, row, size, temperature, low, address
    ("A1", 0, 0, 1, "S", "ambient", False, 1),
    ("A2", 0, 0, 2, "S", "ambient", True, 2),
    ("A3", 0, 0, 3, "M", "ambient", False, 3),
    ("A4", 0, 1, 1, "M", "ambient", True, 4),
    ("A5", 0, 1, 2, "L", "ambient", True, 5),
    ("C1", 1, 0, 1, "S", "chilled", False, 6),
    ("C2", 1, 0, 2, "L", "chilled", True, 7),
    ("F1", 1, 1, 1, "M", "frozen", True, 8),
]
NAMES = ("id", "side", "column", "row", "size", "temperature", "low", "address")


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
    """The content of a bank's configuration file."""
    return {
        "bank": BANK,
        "name": "Halle",
        "server": server,
        "device_secret": "secret-of-the-bank",
        "server_keys": {KID: envelope.public_text(SERVER_KEY)},
        "pin_key": envelope.to_b64(PIN_KEY),
        "kiosk": {"host": "127.0.0.1", "port": 0, "help_phone": "01 23 45 67 89", "languages": ["fr", "en"]},
        "driver": {"kind": "simulator"},
        "state_dir": str(folder),
        "compartments": [dict(zip(NAMES, row, strict=True)) for row in WALL],
    }


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
        now = self.bank.clock.now()
        return Command(
            type=kind,
            command_id=envelope.new_ulid(now),
            bank=BANK,
            cseq=self.cseq,
            issued_at=now,
            not_after=now + life_of(CommandType(kind)),
            actor={"kind": "operator", "ref": "7"},
            reason=reason,
            data=data,
        )

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


def signed_list(*entries: AuthEntry, seq: int = 1, revoked: tuple[str, ...] = ()) -> dict:
    """The authorisation list as it comes over the wire."""
    valid_until = START + timedelta(days=2)
    return AuthList(bank=BANK, list_seq=seq, valid_until=valid_until, entries=entries, revoked=revoked).sign(
        SERVER_KEY, KID
    )


def collect_pin(reservation: int = 1) -> str:
    """The resident's PIN."""
    return codes.derive_pin(PIN_KEY, f"collect:{reservation}", 1)


def deposit_pin(shop: int, reservation: int = 1) -> str:
    """A shop's deposit PIN."""
    return codes.derive_pin(PIN_KEY, f"deposit:{reservation}:{shop}", 1)


def entry(purpose: Purpose, **more: object) -> AuthEntry:
    """A list entry of reservation 1, leg 71, ambient, S, valid now for a day."""
    reservation = more.get("reservation", 1)
    pin = deposit_pin(more["shop"], reservation) if purpose is Purpose.DEPOSIT else collect_pin(reservation)
    now = int(START.timestamp())
    values = {
        "entry": 1,
        "reservation": reservation,
        "leg": 71,
        "purpose": purpose,
        "pin_mac": codes.pin_mac(PIN_KEY, pin),
        "nbf": now,
        "exp": now + 24 * HOUR,
        "temperature": Temperature.AMBIENT,
        "size": Size.S,
        "parcels_expected": 1,
    }
    return AuthEntry(**{**values, **more})


def leg_entries(shops: tuple[int, ...] = (10,), **more: object) -> tuple[AuthEntry, ...]:
    """The entries of one whole leg: a deposit for each shop, and the collection."""
    more = {"parcels_expected": len(shops), **more}
    leg = more.get("leg", 71)
    deposits = [entry(Purpose.DEPOSIT, shop=shop, **{**more, "entry": leg * 100 + shop}) for shop in shops]
    return (*deposits, entry(Purpose.COLLECT, **{**more, "entry": leg * 100}))


def deposit_token(shop: int = 10, **more: object) -> str:
    """A deposit QR that teaches a bank which knows nothing."""
    now = int(START.timestamp())
    parcels = more.pop("parcels", 1)
    token = tokens.Token(
        purpose=Purpose.DEPOSIT,
        bank=BANK,
        reservation=1,
        leg=71,
        nbf=now,
        exp=now + 6 * HOUR,
        jti=f"{shop:012x}",
        teaching=tokens.Teaching(
            pin_mac=codes.pin_mac(PIN_KEY, collect_pin()), collect_exp=now + 24 * HOUR, parcels=parcels, shop=shop
        ),
    )
    return tokens.encode(replace(token, **more), SERVER_KEY, KID)


def collect_token(**more: object) -> str:
    """The resident's QR for all legs of reservation 1."""
    now = int(START.timestamp())
    token = tokens.Token(
        purpose=Purpose.COLLECT,
        bank=BANK,
        reservation=1,
        leg=tokens.ALL_LEGS,
        nbf=now,
        exp=now + 24 * HOUR,
        jti="0c011ec70000",
    )
    return tokens.encode(replace(token, **more), SERVER_KEY, KID)


def service_token(**more: object) -> str:
    """The QR code of a technician (account 7), for every door and half a day."""
    now = int(START.timestamp())
    token = tokens.Token(
        purpose=Purpose.SERVICE,
        bank=BANK,
        reservation=7,
        leg=tokens.ALL_LEGS,
        nbf=now,
        exp=now + 12 * HOUR,
        jti="5e121ce00000",
    )
    return tokens.encode(replace(token, **more), SERVER_KEY, KID)


def fresh_clock() -> tuple[VirtualTicker, Clock]:
    """A clock on virtual time, without a bank."""
    ticker = VirtualTicker()
    return ticker, Clock(ticker)
