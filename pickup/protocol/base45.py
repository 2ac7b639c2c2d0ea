"""Base45 (RFC 9285): bytes as the 45 characters that QR codes store most densely."""

from .errors import BadMessage

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
VALUES = {character: value for value, character in enumerate(ALPHABET)}


def encode(raw: bytes) -> str:
    """Return the base45 text: three characters for two bytes, two for a last single byte."""
    text = []
    for start in range(0, len(raw), 2):
        pair = raw[start : start + 2]
        number = int.from_bytes(pair, "big")
        for _ in range(len(pair) + 1):
            number, rest = divmod(number, 45)
            text.append(ALPHABET[rest])
    return "".join(text)


def decode(text: str) -> bytes:
    """Read base45; raises BadMessage on a foreign character, length or value."""
    if len(text) % 3 == 1 or any(character not in VALUES for character in text):
        raise BadMessage("The code is damaged.")
    raw = bytearray()
    for start in range(0, len(text), 3):
        group = text[start : start + 3]
        number = sum(VALUES[character] * 45**place for place, character in enumerate(group))
        size = len(group) - 1
        if number >= 256**size:
            raise BadMessage("The code is damaged.")
        raw += number.to_bytes(size, "big")
    return bytes(raw)
