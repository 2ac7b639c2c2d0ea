"""What a server hands out for one bank: its configuration, signed lists, PINs, tokens and commands."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pickup.protocol import codes, envelope, tokens
from pickup.protocol.authlist import AuthEntry, AuthList
from pickup.protocol.commands import Command, life_of
from pickup.protocol.vocabulary import CommandType, Purpose, Size, Temperature

BANK = "b7f3a"
SECRET = "secret-of-the-bank"  # noqa: S105 of a bank that exists in rehearsals only
KID = "s3"
START = datetime(2026, 9, 19, 16, 0, tzinfo=UTC)
SERVER_KEY = envelope.read_private_key(envelope.new_private_key())
PIN_KEY = bytes(range(32))
HOUR = 3600

RESERVATION, LEG, SHOP = 1, 71, 10

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
COLD = {"chilled": 3.0, "frozen": -19.5}
"""Zones with a probe, and how cold they are."""
ADDRESSES = {row[0]: row[-1] for row in WALL}


def settings(folder: Path, server: str) -> dict:
    """The content of a bank's configuration file, without its driver's details and its kiosk's port."""
    return {
        "bank": BANK,
        "name": "Halle",
        "server": server,
        "device_secret": SECRET,
        "server_keys": {KID: envelope.public_text(SERVER_KEY)},
        "pin_key": envelope.to_b64(PIN_KEY),
        "kiosk": {"host": "127.0.0.1", "port": 0, "help_phone": "01 23 45 67 89", "languages": ["fr", "en"]},
        "driver": {"kind": "simulator"},
        "state_dir": str(folder),
        "compartments": [dict(zip(NAMES, row, strict=True)) for row in WALL],
        "zones": [{"id": zone, "class": zone} for zone in COLD],
    }


def collect_pin(reservation: int = RESERVATION) -> str:
    """The resident's PIN."""
    return codes.derive_pin(PIN_KEY, f"collect:{reservation}", 1)


def deposit_pin(shop: int = SHOP, reservation: int = RESERVATION) -> str:
    """A shop's deposit PIN."""
    return codes.derive_pin(PIN_KEY, f"deposit:{reservation}:{shop}", 1)


def wrong_pins(number: int) -> list[str]:
    """PINs that fit nothing at this bank."""
    return [f"{20_000_000 + 7 * index}" for index in range(number)]


@dataclass(frozen=True)
class Papers:
    """Everything that has a date on it; `now` is the moment at which the rehearsal begins."""

    now: datetime = START

    @property
    def seconds(self) -> int:
        """`now` as lists and tokens write it."""
        return int(self.now.timestamp())

    def entry(self, purpose: Purpose, **more: object) -> AuthEntry:
        """A list entry of reservation 1, leg 71, ambient, S, valid for a day."""
        reservation = more.get("reservation", RESERVATION)
        pin = deposit_pin(more["shop"], reservation) if purpose is Purpose.DEPOSIT else collect_pin(reservation)
        values = {
            "entry": 1,
            "reservation": reservation,
            "leg": LEG,
            "purpose": purpose,
            "pin_mac": codes.pin_mac(PIN_KEY, pin),
            "nbf": self.seconds,
            "exp": self.seconds + 24 * HOUR,
            "temperature": Temperature.AMBIENT,
            "size": Size.S,
            "parcels_expected": 1,
        }
        return AuthEntry(**{**values, **more})

    def leg_entries(self, shops: tuple[int, ...] = (SHOP,), **more: object) -> tuple[AuthEntry, ...]:
        """The entries of one whole leg: a deposit for each shop, and the collection."""
        more = {"parcels_expected": len(shops), **more}
        leg = more.get("leg", LEG)
        deposits = [self.entry(Purpose.DEPOSIT, shop=shop, **{**more, "entry": leg * 100 + shop}) for shop in shops]
        return (*deposits, self.entry(Purpose.COLLECT, **{**more, "entry": leg * 100}))

    def signed_list(self, *entries: AuthEntry, seq: int = 1, revoked: Iterable[str] = ()) -> dict:
        """The authorisation list as it comes over the wire."""
        valid_until = self.now + timedelta(days=2)
        listed = AuthList(bank=BANK, list_seq=seq, valid_until=valid_until, entries=entries, revoked=tuple(revoked))
        return listed.sign(SERVER_KEY, KID)

    def deposit_token(self, shop: int = SHOP, parcels: int = 1, **more: object) -> str:
        """A deposit QR that teaches a bank which knows nothing."""
        token = tokens.Token(
            purpose=Purpose.DEPOSIT,
            bank=BANK,
            reservation=RESERVATION,
            leg=LEG,
            nbf=self.seconds,
            exp=self.seconds + 6 * HOUR,
            jti=f"{shop:012x}",
            teaching=tokens.Teaching(
                pin_mac=codes.pin_mac(PIN_KEY, collect_pin()),
                collect_exp=self.seconds + 24 * HOUR,
                parcels=parcels,
                shop=shop,
            ),
        )
        return tokens.encode(replace(token, **more), SERVER_KEY, KID)

    def collect_token(self, **more: object) -> str:
        """The resident's QR for all legs of reservation 1."""
        token = tokens.Token(
            purpose=Purpose.COLLECT,
            bank=BANK,
            reservation=RESERVATION,
            leg=tokens.ALL_LEGS,
            nbf=self.seconds,
            exp=self.seconds + 24 * HOUR,
            jti="0c011ec70000",
        )
        return tokens.encode(replace(token, **more), SERVER_KEY, KID)

    def service_token(self, **more: object) -> str:
        """The QR code of a technician (account 7), for every door and half a day."""
        token = tokens.Token(
            purpose=Purpose.SERVICE,
            bank=BANK,
            reservation=7,
            leg=tokens.ALL_LEGS,
            nbf=self.seconds,
            exp=self.seconds + 12 * HOUR,
            jti="5e121ce00000",
        )
        return tokens.encode(replace(token, **more), SERVER_KEY, KID)


def command(
    now: datetime, cseq: int, kind: str = CommandType.DOOR_OPEN, *, reason: str = "collect", **data: object
) -> Command:
    """A fresh command of the server."""
    return Command(
        type=kind,
        command_id=envelope.new_ulid(now),
        bank=BANK,
        cseq=cseq,
        issued_at=now,
        not_after=now + life_of(CommandType(kind)),
        actor={"kind": "operator", "ref": "7"},
        reason=reason,
        data=data,
    )
