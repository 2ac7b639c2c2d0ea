"""Collection and deposit PINs: derived, never stored.

Eight digits give a guess at a busy keypad (40 live codes) a chance of 4 in 10 million; the
controller's delays do the rest (RFC 4226 section 7.3).
"""

import hashlib
import hmac
from collections.abc import Callable

from .envelope import to_b64

PIN_DIGITS = 8
PIN_MAC_BYTES = 10
TAUGHT_MAC_BYTES = 8
FEWEST_DISTINCT_DIGITS = 4
PIN_SPACE = 10**PIN_DIGITS
DRAW_SPACE = 2**64
LARGEST_FAIR_DRAW = DRAW_SPACE - DRAW_SPACE % PIN_SPACE


def derive_pin(key: bytes, subject: str, version: int) -> str:
    """Return the 8-digit PIN of `subject` (for example "collect:4711") under the bank's PIN key.

    Uniform over all PINs that are not trivial: draws above the largest multiple of 10^8 and
    trivial PINs are thrown away and drawn again. The same input always gives the same PIN; raise
    `version` to issue a new one, or when another live code of the bank has the same PIN.
    """
    attempt = 0
    while True:
        draw = _draw(key, f"tlp1 pin\0{subject}\0{version}\0{attempt}")
        pin = f"{draw % PIN_SPACE:0{PIN_DIGITS}d}"
        if draw < LARGEST_FAIR_DRAW and not is_trivial(pin):
            return pin
        attempt += 1


def is_trivial(pin: str) -> bool:
    """Say whether a person might try this PIN first.

    Trivial: fewer than four different digits (11112222), each digit one more or one less than
    the one before (12345678, 98765432, also across 9-0), or two equal halves (48134813).
    """
    steps = {(int(after) - int(before)) % 10 for before, after in zip(pin, pin[1:], strict=False)}
    half = len(pin) // 2
    return len(set(pin)) < FEWEST_DISTINCT_DIGITS or steps in ({1}, {9}) or pin[:half] == pin[half:]


def pin_mac(key: bytes, pin: str) -> str:
    """Return what the authorisation list says of a PIN: 10 bytes of a keyed hash, base64url."""
    return to_b64(_hash(key, f"tlp1 mac\0{pin}")[:PIN_MAC_BYTES])


def first_free_version(key: bytes, subject: str, is_taken: Callable[[str], bool], version: int = 1) -> int:
    """Return the lowest version from `version` on whose `pin_mac` is not taken at the bank."""
    while is_taken(pin_mac(key, derive_pin(key, subject, version))):
        version += 1
    return version


def _draw(key: bytes, text: str) -> int:
    return int.from_bytes(_hash(key, text)[:8], "big")


def _hash(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode("utf-8"), hashlib.sha256).digest()
