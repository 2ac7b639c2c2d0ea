"""Signed JSON: one spelling of a document, an Ed25519 signature over it, and names for messages.

A signed document carries `kid` (which key) and `sig`, the base64url signature over the canonical
JSON of the document without `sig`. Floats are forbidden, because two machines may spell them
differently.
"""

import base64
import json
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from .errors import BadMessage, BadSignature, UnknownKey

VERSION = 1
DEVICE_KID = "device"
"""Names the key of a bank's own computer, which signs its request for an identity, and its record."""
FIRST_YEAR, LAST_YEAR = 1970, 2199
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
ULID_RANDOM_BITS = 80
ULID_LENGTH = 26


def is_ours(document: Mapping) -> bool:
    """Say whether a document is of this version of the protocol. `true` is no number, though Python thinks so."""
    version = document.get("v")
    return version == VERSION and not isinstance(version, bool)


def to_b64(raw: bytes) -> str:
    """Return base64url without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def from_b64(text: str) -> bytes:
    """Read base64url with or without padding; raises BadMessage."""
    try:
        padded = text + "=" * (-len(text) % 4)
        return base64.b64decode(padded, altchars=b"-_", validate=True)
    except (ValueError, TypeError) as error:
        raise BadMessage("A value is not base64url.") from error


def canonical(document: Mapping) -> bytes:
    """Return the one spelling that is signed: UTF-8, sorted keys, no white space, no floats."""
    _refuse_floats(document)
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8")


def _refuse_floats(value: object) -> None:
    if isinstance(value, float):
        raise BadMessage("Signed messages carry no floating-point numbers.")
    if isinstance(value, Mapping):
        for item in value.values():
            _refuse_floats(item)
    elif isinstance(value, list | tuple):
        for item in value:
            _refuse_floats(item)


def sign(document: Mapping, key: Ed25519PrivateKey, kid: str) -> dict:
    """Return a copy of the document with `kid` and `sig`."""
    named = {**document, "kid": kid}
    named.pop("sig", None)
    return {**named, "sig": to_b64(key.sign(canonical(named)))}


def verify(document: Mapping, keys: Mapping[str, Ed25519PublicKey]) -> None:
    """Raise UnknownKey or BadSignature unless one of `keys` (by `kid`) signed this document."""
    unsigned = {name: value for name, value in document.items() if name != "sig"}
    signature = document.get("sig")
    if not isinstance(signature, str):
        raise BadSignature("The message is not signed.")
    verify_bytes(canonical(unsigned), from_b64(signature), document.get("kid"), keys)


def verify_bytes(content: bytes, signature: bytes, kid: object, keys: Mapping[str, Ed25519PublicKey]) -> None:
    """Raise UnknownKey or BadSignature unless the key named `kid` signed `content`."""
    if not isinstance(kid, str) or kid not in keys:
        raise UnknownKey(f"No key named {kid!r} is known here.")
    try:
        keys[kid].verify(signature, content)
    except InvalidSignature as error:
        raise BadSignature("The signature does not belong to this content.") from error


def new_private_key() -> str:
    """Return a fresh Ed25519 private key as base64url text (32 bytes), for a secret store."""
    return to_b64(Ed25519PrivateKey.generate().private_bytes_raw())


def read_private_key(text: str) -> Ed25519PrivateKey:
    """Read a private key written by `new_private_key`."""
    return Ed25519PrivateKey.from_private_bytes(from_b64(text))


def public_text(key: Ed25519PrivateKey) -> str:
    """Return the public half as base64url text, as it stands in a bank's configuration."""
    return to_b64(key.public_key().public_bytes_raw())


def read_public_keys(texts: Mapping[str, str]) -> dict[str, Ed25519PublicKey]:
    """Read `{kid: base64url public key}`; two kids at once allow rotation."""
    return {kid: Ed25519PublicKey.from_public_bytes(from_b64(text)) for kid, text in texts.items()}


def new_ulid(now: datetime | None = None) -> str:
    """Return a ULID: 26 characters, sorted by time to the millisecond, 80 random bits."""
    moment = now or datetime.now(UTC)
    number = int(moment.timestamp() * 1000) << ULID_RANDOM_BITS | secrets.randbits(ULID_RANDOM_BITS)
    digits = []
    for _ in range(ULID_LENGTH):
        number, rest = divmod(number, len(CROCKFORD))
        digits.append(CROCKFORD[rest])
    return "".join(reversed(digits))


def to_text(moment: datetime) -> str:
    """Spell an aware moment as `2026-09-19T18:02:11.120Z`."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def to_moment(text: object) -> datetime:
    """Read a moment in UTC (`…Z`) of the years 1970 to 2199, which every reader can compute with; raises BadMessage."""
    try:
        moment = datetime.fromisoformat(text)
    except (TypeError, ValueError) as error:
        raise BadMessage(f"{text!r} is not a moment in time.") from error
    if moment.tzinfo is None:
        raise BadMessage(f"{text!r} has no time zone.")
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise BadMessage(f"{text!r} lies outside the years {FIRST_YEAR} to {LAST_YEAR}.")
    return moment.astimezone(UTC)
