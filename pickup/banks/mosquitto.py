"""What a Mosquitto broker must know: who may come in, and which topics are whose.

Each identity is named one by one, with the topics of its own bank: no pattern lets a user name choose a topic. The texts are
made here; `manage.py write_broker_files` makes them from the database.
"""

import base64
import binascii
import hashlib
import hmac
import secrets

from pickup.protocol import topics
from pickup.protocol.topics import Channel

# Passwords have 256 random bits, so Mosquitto's own (low) number of rounds is enough.
ROUNDS = 101
SALT_BYTES = 12
HASH_BYTES = 64
SCHEME = "$7$"


def hashed(password: str) -> str:
    """A password as Mosquitto's password file keeps it: PBKDF2 with SHA-512."""
    return _hashed(password, secrets.token_bytes(SALT_BYTES))


def matches(password: str, known: str) -> bool:
    """Whether this is the hash of the password, made with any salt."""
    try:
        salt = base64.b64decode(known.removeprefix(f"{SCHEME}{ROUNDS}$").partition("$")[0], validate=True)
    except binascii.Error:
        return False
    return hmac.compare_digest(_hashed(password, salt).encode(), known.encode())


def _hashed(password: str, salt: bytes) -> str:
    digest = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, ROUNDS, HASH_BYTES)
    return f"{SCHEME}{ROUNDS}${base64.b64encode(salt).decode()}${base64.b64encode(digest).decode()}"


def bank_rules(user: str, bank: str) -> str:
    """The rights of one identity: it reports for its own bank and reads that bank's commands."""
    lines = [f"user {user}", f"topic read {topics.of(bank, Channel.COMMANDS)}"]
    lines += [f"topic write {topics.of(bank, channel)}" for channel in topics.FROM_BANK]
    return "\n".join(lines) + "\n"


def bridge_rules(user: str) -> str:
    """The rights of the server's bridge: the inverse, for all banks."""
    lines = [f"user {user}", f"topic write {topics.of('+', Channel.COMMANDS)}"]
    lines += [f"topic read {topics.of('+', channel)}" for channel in topics.FROM_BANK]
    return "\n".join(lines) + "\n"
