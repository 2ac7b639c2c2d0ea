"""The offline authorisation list: all that one bank may open without asking the server.

The server signs the whole list; the bank applies it whole or not at all, and never one whose
`list_seq` is lower than what it has seen. No names of people, no PINs: only keyed hashes of PINs.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from . import envelope, fields
from .errors import BadMessage, WrongVersion
from .vocabulary import Purpose, Size, Temperature

MOST_ENTRIES = 400
MOST_REVOKED = 2000
MOST_DOORS = 400


@dataclass(frozen=True, kw_only=True)
class AuthEntry:
    """One credential for one leg. Moments are whole seconds since 1970 UTC.

    Entries with the same `pin_mac` belong to one PIN: it opens the doors of all their legs, one
    after the other. `shop` is set on deposit entries only, `jti` on share entries only. `compartment` is null while no door is
    bound; on a collect entry it is set only when the server knows the goods to be in it.
    """

    entry: int
    reservation: int
    leg: int
    purpose: Purpose
    pin_mac: str
    nbf: int
    exp: int
    temperature: Temperature
    size: Size
    parcels_expected: int
    """Parcels that the leg waits for in all; the leg is sealed when so many are deposited."""
    compartment: str | None = None
    compartments: tuple[str, ...] = ()
    """All doors of the leg, `compartment` first, when there are several; not in the document when there are not."""
    hard_exp: int | None = None
    """After this moment a resident opens no more (food); null when the goods keep."""
    low: bool = False
    shop: int | None = None
    own_compartment: bool = False
    """The leg's shop does not share its compartment with others."""
    jti: str | None = None
    """Names the share that this PIN belongs to, as its token does."""
    rev: int = 1
    """Raised by the server each time this entry changes."""
    order: str | None = None
    """The number on the bag's label, to tell bags apart at the screen. Deposit entries only, as the next two."""
    bags: int | None = None
    """How many bags the shop has packed; null while it is not known."""
    shop_name: str | None = None
    """What stands on the shop's sign."""

    @property
    def doors(self) -> tuple[str, ...]:
        """All doors that the server names for the leg."""
        return self.compartments or ((self.compartment,) if self.compartment else ())

    def as_document(self) -> dict:
        """Return the entry as it stands in the signed list."""
        document = asdict(self)
        if self.compartments:
            return {**document, "compartments": list(self.compartments)}
        del document["compartments"]
        return document

    @classmethod
    def read(cls, value: object) -> "AuthEntry":
        """Read one entry; raises BadMessage naming the wrong field."""
        source = fields.document(value, "An entry")
        entry = cls(
            entry=fields.number(source, "entry"),
            reservation=fields.number(source, "reservation"),
            leg=fields.number(source, "leg", least=1, most=2**32 - 1),
            purpose=fields.choice(source, "purpose", Purpose),
            pin_mac=fields.text(source, "pin_mac", longest=20),
            nbf=fields.number(source, "nbf"),
            exp=fields.number(source, "exp"),
            temperature=fields.choice(source, "temperature", Temperature),
            size=fields.choice(source, "size", Size),
            parcels_expected=fields.number(source, "parcels_expected", most=255),
            compartment=fields.optional(fields.text, source, "compartment", longest=20),
            compartments=fields.items({"compartments": [], **source}, "compartments", _door, most=MOST_DOORS),
            hard_exp=fields.optional(fields.number, source, "hard_exp"),
            low=fields.flag(source, "low"),
            shop=fields.optional(fields.number, source, "shop", most=2**32 - 1),
            own_compartment=fields.flag(source, "own_compartment"),
            jti=fields.optional(fields.text, source, "jti", longest=32),
            rev=fields.number(source, "rev"),
            order=fields.optional(fields.text, source, "order", longest=40),
            bags=fields.optional(fields.number, source, "bags", most=999),
            shop_name=fields.optional(fields.text, source, "shop_name", longest=100),
        )
        if (entry.purpose is Purpose.DEPOSIT) != (entry.shop is not None):
            raise BadMessage("shop must be set on deposit entries, and on no others.")
        if (entry.purpose is Purpose.SHARE) != (entry.jti is not None):
            raise BadMessage("jti must be set on share entries, and on no others.")
        if entry.compartments and entry.compartments[0] != entry.compartment:
            raise BadMessage("compartment must be the first of compartments.")
        return entry


@dataclass(frozen=True, kw_only=True)
class AuthList:
    """The whole list of one bank, at one `list_seq`."""

    bank: str
    list_seq: int
    valid_until: datetime
    entries: tuple[AuthEntry, ...] = ()
    revoked: tuple[str, ...] = ()
    """Names (`jti`) of tokens that must not open any more, kept until their `exp`."""

    @property
    def etag(self) -> str:
        """Name the content: equal for equal entries, revocations and `valid_until`.

        The server raises `list_seq` whenever this changes, so it must choose a coarse
        `valid_until` (such as the end of tomorrow), or the list changes with every request.
        """
        content = {**self._content(), "bank": self.bank}
        return hashlib.sha256(envelope.canonical(content)).hexdigest()[:16]

    def sign(self, key: Ed25519PrivateKey, kid: str) -> dict:
        """Return the signed document, ready for JSON."""
        document = {
            "v": envelope.VERSION,
            "type": "authlist",
            "bank": self.bank,
            "list_seq": self.list_seq,
            "etag": self.etag,
            **self._content(),
        }
        return envelope.sign(document, key, kid)

    def _content(self) -> dict:
        return {
            "valid_until": envelope.to_text(self.valid_until),
            "entries": _in_order(self.entries),
            "revoked": sorted(self.revoked),
        }


def _in_order(entries: Iterable[AuthEntry]) -> list[dict]:
    return [entry.as_document() for entry in sorted(entries, key=lambda entry: entry.entry)]


def verify(document: object, keys: Mapping[str, Ed25519PublicKey], bank: str) -> AuthList:
    """Return the list if it is signed, well formed and made for this bank.

    Raises UnknownKey, BadSignature, WrongVersion or BadMessage. Whether its `list_seq` may be
    applied is for the caller to decide.
    """
    envelope.verify(fields.document(document, "The list"), keys)
    return read(document, bank)


def read(document: object, bank: str) -> AuthList:
    """Return a list that was verified before, for example when it was stored.

    Raises WrongVersion or BadMessage.
    """
    source = fields.document(document, "The list")
    if not envelope.is_ours(source) or source.get("type") != "authlist":
        raise WrongVersion("This is not an authorisation list of TLP/1.")
    if source.get("bank") != bank:
        raise BadMessage("The list belongs to another bank.")
    return AuthList(
        bank=bank,
        list_seq=fields.number(source, "list_seq"),
        valid_until=fields.moment(source, "valid_until"),
        entries=fields.items(source, "entries", AuthEntry.read, most=MOST_ENTRIES),
        revoked=fields.items(source, "revoked", _jti, most=MOST_REVOKED),
    )


def _door(value: object) -> str:
    return fields.text({"compartments": value}, "compartments", longest=20)


def _jti(value: object) -> str:
    return fields.text({"revoked": value}, "revoked", longest=32)
