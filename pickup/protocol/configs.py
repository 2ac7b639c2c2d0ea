"""The part of a bank's configuration that the server manages: keys, the wall, words on the screen, where the broker is.

It holds secrets and travels over TLS to the authenticated bank alone; the signature says that it is the server's, and
`config_seq` that it is not an old one.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from . import envelope, fields
from .errors import BadMessage, WrongVersion
from .reports import MAX_COMPARTMENTS
from .vocabulary import Size, Temperature

MOST_KEYS = 8
HASH_DIGITS = 16
LONGEST_ANSWER_MINUTES = 24 * 60


@dataclass(frozen=True, kw_only=True)
class Compartment:
    """One box and its lock. `side` and `column` count from the left, `row` from the top."""

    id: str
    side: int
    column: int
    row: int
    size: Size
    temperature: Temperature
    low: bool
    address: int
    """Where the driver finds the lock."""

    def as_document(self) -> dict:
        """Return it for the wire and for the bank's file."""
        return {**vars(self), "size": str(self.size), "temperature": str(self.temperature)}

    @classmethod
    def read(cls, value: object) -> "Compartment":
        """Read one; raises BadMessage."""
        source = fields.document(value, "A compartment")
        return cls(
            id=fields.text(source, "id", longest=20),
            side=fields.number(source, "side", most=1000),
            column=fields.number(source, "column", most=1000),
            row=fields.number(source, "row", most=1000),
            size=fields.choice(source, "size", Size),
            temperature=fields.choice(source, "temperature", Temperature),
            low=fields.flag(source, "low"),
            address=fields.number(source, "address", most=2**31),
        )


@dataclass(frozen=True, kw_only=True)
class BankConfig:
    """What one identity of one bank should have in force, at one `config_seq`."""

    bank: str
    generation: int
    config_seq: int
    name: str
    help_phone: str
    server_keys: Mapping[str, str]
    """Public keys by `kid`, base64url: the one in use and, during a rotation, the next or the former."""
    pin_key: str
    mqtt_url: str | None
    mqtt_ca: str | None
    """The certificate authority of the broker, as PEM text."""
    compartments: tuple[Compartment, ...]
    secret_number: int
    """Rises when the device secret is to be changed."""
    answer_minutes: int | None = None
    """Within how long `help_phone` is answered, at any hour; None: nothing is promised."""
    device_secret: str | None = None
    """The new secret while it is on its way; not part of the hash."""

    @property
    def cfg_hash(self) -> str:
        """Name the content."""
        return hashlib.sha256(envelope.canonical(self._content())).hexdigest()[:HASH_DIGITS]

    def for_file(self, own: Mapping) -> dict:
        """Return the entries of the bank's file that are the server's; `own` is the `kiosk` of the computer itself."""
        return {
            "bank": self.bank,
            "generation": self.generation,
            "config_seq": self.config_seq,
            "cfg_hash": self.cfg_hash,
            "name": self.name,
            "server_keys": dict(self.server_keys),
            "pin_key": self.pin_key,
            "kiosk": {**own, "help_phone": self.help_phone, "answer_minutes": self.answer_minutes},
            "compartments": [box.as_document() for box in self.compartments],
        }

    def broker(self) -> dict:
        """Return the entries of the file's `mqtt` that are the server's; none when there is no broker."""
        return {"url": self.mqtt_url, "ca": self.mqtt_ca} if self.mqtt_url else {}

    def sign(self, key: Ed25519PrivateKey, kid: str) -> dict:
        """Return the signed document."""
        document = {
            "v": envelope.VERSION,
            "type": "config",
            "config_seq": self.config_seq,
            "cfg_hash": self.cfg_hash,
            "device_secret": self.device_secret,
            **self._content(),
        }
        return envelope.sign(document, key, kid)

    def _content(self) -> dict:
        promise = {} if self.answer_minutes is None else {"answer_minutes": self.answer_minutes}
        return {
            **promise,
            "bank": self.bank,
            "generation": self.generation,
            "name": self.name,
            "help_phone": self.help_phone,
            "server_keys": dict(self.server_keys),
            "pin_key": self.pin_key,
            "mqtt_url": self.mqtt_url,
            "mqtt_ca": self.mqtt_ca,
            "compartments": [box.as_document() for box in self.compartments],
            "secret_number": self.secret_number,
        }


def verify(document: object, keys: Mapping[str, Ed25519PublicKey], bank: str) -> BankConfig:
    """Return the configuration if it is signed, well formed and made for this bank.

    Raises UnknownKey, BadSignature, WrongVersion or BadMessage. Whether its `config_seq` may be applied is for the caller.
    """
    envelope.verify(fields.document(document, "The configuration"), keys)
    return read(document, bank)


def read(document: object, bank: str) -> BankConfig:
    """Read a configuration without trusting it; raises WrongVersion or BadMessage."""
    source = fields.document(document, "The configuration")
    if not envelope.is_ours(source) or source.get("type") != "config":
        raise WrongVersion("This is not a configuration of TLP/1.")
    if source.get("bank") != bank:
        raise BadMessage("The configuration belongs to another bank.")
    return BankConfig(
        bank=bank,
        generation=fields.number(source, "generation"),
        config_seq=fields.number(source, "config_seq"),
        name=fields.text(source, "name"),
        help_phone="" if source.get("help_phone") in ("", None) else fields.text(source, "help_phone", longest=40),
        server_keys=_keys(source.get("server_keys")),
        pin_key=fields.text(source, "pin_key"),
        mqtt_url=fields.optional(fields.text, source, "mqtt_url"),
        mqtt_ca=fields.optional(fields.text, source, "mqtt_ca", longest=20_000),
        compartments=fields.items(source, "compartments", Compartment.read, most=MAX_COMPARTMENTS),
        secret_number=fields.number(source, "secret_number"),
        answer_minutes=fields.optional(fields.number, source, "answer_minutes", least=1, most=LONGEST_ANSWER_MINUTES),
        device_secret=fields.optional(fields.text, source, "device_secret"),
    )


def _keys(value: object) -> dict[str, str]:
    source = fields.document(value, "server_keys")
    if not source or len(source) > MOST_KEYS:
        raise BadMessage(f"server_keys must name 1 to {MOST_KEYS} keys.")
    return {kid: fields.text(source, kid) for kid in source}
