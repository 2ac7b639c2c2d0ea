"""LQ1: a signed QR token that a bank believes without asking anyone.

Body, integers big-endian:

    ver(1) kid(1) purpose(1) bank(4) reservation(8) leg(4) nbf(4) exp(4) flags(1) jti(6)   34 bytes
    deposit tokens add  pin_mac(8) collect_exp(4) parcels(1) shop(4)                       51 bytes

followed by the Ed25519 signature over the body (64 bytes), all in base45 (RFC 9285) behind "L1:".
That is a QR code of version 6 (collect) or 7 (deposit) at level M.
"""

import hashlib
import secrets
import struct
from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from . import base45
from .envelope import from_b64, to_b64, verify_bytes
from .errors import BadMessage, ForeignBank, WrongVersion
from .vocabulary import Purpose, Size, Temperature

PREFIX = "L1:"
BODY_VERSION = 1
SIGNATURE_BYTES = 64
JTI_BYTES = 6
ALL_LEGS = 0
HEAD = struct.Struct(">BBBIQIIIB6s")
TAIL = struct.Struct(">8sIBI")
PURPOSES = {Purpose.DEPOSIT: 1, Purpose.COLLECT: 2, Purpose.SERVICE: 3, Purpose.SHARE: 4}
SIZES = list(Size)
TEMPERATURES = list(Temperature)
LOW, FOOD, HARD_EXP, OWN_COMPARTMENT = 0x01, 0x02, 0x04, 0x80
SIZE_SHIFT, TEMPERATURE_SHIFT, TWO_BITS = 3, 5, 0x03


@dataclass(frozen=True, kw_only=True)
class Teaching:
    """What a deposit token tells a bank that has never heard of the reservation."""

    pin_mac: str
    """The resident's collection PIN: first 8 of the 10 bytes of `codes.pin_mac`, base64url."""
    collect_exp: int
    parcels: int
    """How many parcels (shops) the leg waits for before it is sealed."""
    shop: int


@dataclass(frozen=True, kw_only=True)
class Token:
    """One LQ1 token. Moments are whole seconds since 1970 UTC; `leg` 0 means all legs.

    A service token names in `reservation` the account of its holder, and in `leg` the only leg that may be cleared with it;
    `leg` 0 is for technicians and operators, who may open every door, one at a time.
    """

    purpose: Purpose
    bank: str
    reservation: int
    leg: int
    nbf: int
    exp: int
    jti: str
    temperature: Temperature = Temperature.AMBIENT
    size: Size = Size.S
    low: bool = False
    food: bool = False
    hard_exp: bool = False
    """The end of stay is final: nobody but a shop or operator opens afterwards."""
    own_compartment: bool = False
    teaching: Teaching | None = None


def new_jti() -> str:
    """Return a fresh token name: 12 hexadecimal characters."""
    return secrets.token_hex(JTI_BYTES)


def bank_mark(bank: str) -> int:
    """Return the 4-byte mark of a bank code inside tokens (first bytes of its SHA-256)."""
    return int.from_bytes(hashlib.sha256(bank.encode("utf-8")).digest()[:4], "big")


def encode(token: Token, key: Ed25519PrivateKey, kid: str) -> str:
    """Return the text for the QR code. `kid` is "s" and a number up to 255."""
    body = _pack(token, kid)
    return PREFIX + base45.encode(body + key.sign(body))


def decode(text: str, keys: Mapping[str, Ed25519PublicKey], bank: str) -> Token:
    """Read a scanned token and check its signature and that it was made for this bank.

    Raises BadMessage (not an LQ1 token), ForeignBank, WrongVersion, UnknownKey or
    BadSignature. Time, revocation and use are the caller's to judge.
    """
    raw = _raw(text)
    body, signature = raw[:-SIGNATURE_BYTES], raw[-SIGNATURE_BYTES:]
    verify_bytes(body, signature, f"s{body[1]}", keys)
    return _unpack(body, bank)


def _raw(text: str) -> bytes:
    if not text.startswith(PREFIX):
        raise BadMessage("This is not a code for a locker bank.")
    raw = base45.decode(text[len(PREFIX) :])
    size = len(raw) - SIGNATURE_BYTES
    if size not in (HEAD.size, HEAD.size + TAIL.size):
        raise BadMessage("The code is not complete.")
    if raw[0] != BODY_VERSION:
        raise WrongVersion("The code is of a version that this bank does not know.")
    return raw


def _kid_number(kid: str) -> int:
    number = int(kid[1:]) if kid[:1] == "s" and kid[1:].isdecimal() else -1
    if not 0 <= number <= 255:
        raise ValueError(f"A key for tokens is named s0 to s255, not {kid!r}.")
    return number


def _pack(token: Token, kid: str) -> bytes:
    if (token.purpose is Purpose.DEPOSIT) != (token.teaching is not None):
        raise ValueError("Deposit tokens, and only they, carry a teaching.")
    head = HEAD.pack(
        BODY_VERSION,
        _kid_number(kid),
        PURPOSES[token.purpose],
        bank_mark(token.bank),
        token.reservation,
        token.leg,
        token.nbf,
        token.exp,
        _flags(token),
        bytes.fromhex(token.jti),
    )
    return head + (_pack_teaching(token.teaching) if token.teaching else b"")


def _pack_teaching(teaching: Teaching) -> bytes:
    mac = from_b64(teaching.pin_mac)[:8]
    return TAIL.pack(mac, teaching.collect_exp, teaching.parcels, teaching.shop)


def _flags(token: Token) -> int:
    marks = (
        (token.low, LOW),
        (token.food, FOOD),
        (token.hard_exp, HARD_EXP),
        (token.own_compartment, OWN_COMPARTMENT),
    )
    return (
        sum(bit for wanted, bit in marks if wanted)
        | SIZES.index(token.size) << SIZE_SHIFT
        | TEMPERATURES.index(token.temperature) << TEMPERATURE_SHIFT
    )


def _unpack(body: bytes, bank: str) -> Token:
    _, _, purpose, mark, reservation, leg, nbf, exp, flags, jti = HEAD.unpack(body[: HEAD.size])
    purposes = {number: name for name, number in PURPOSES.items()}
    if purpose not in purposes:
        raise BadMessage("The purpose of this code is not known here.")
    if mark != bank_mark(bank):
        raise ForeignBank("This code belongs to another locker bank.")
    teaching = _unpack_teaching(body[HEAD.size :])
    if (purposes[purpose] is Purpose.DEPOSIT) != (teaching is not None):
        raise BadMessage("The code has the wrong length for its purpose.")
    return Token(
        purpose=purposes[purpose],
        bank=bank,
        reservation=reservation,
        leg=leg,
        nbf=nbf,
        exp=exp,
        jti=jti.hex(),
        temperature=_pick(TEMPERATURES, flags >> TEMPERATURE_SHIFT & TWO_BITS),
        size=_pick(SIZES, flags >> SIZE_SHIFT & TWO_BITS),
        low=bool(flags & LOW),
        food=bool(flags & FOOD),
        hard_exp=bool(flags & HARD_EXP),
        own_compartment=bool(flags & OWN_COMPARTMENT),
        teaching=teaching,
    )


def _unpack_teaching(tail: bytes) -> Teaching | None:
    if not tail:
        return None
    mac, collect_exp, parcels, shop = TAIL.unpack(tail)
    return Teaching(pin_mac=to_b64(mac), collect_exp=collect_exp, parcels=parcels, shop=shop)


def _pick(choices: list, index: int):
    if index >= len(choices):
        raise BadMessage("The size or temperature of this code is not known here.")
    return choices[index]
