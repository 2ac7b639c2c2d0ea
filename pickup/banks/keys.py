"""The instance's own keys, made at first use and kept in the database, where its backup finds them."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pickup.models import ServerKey
from pickup.models.key import new_pin_key
from pickup.protocol import envelope


def signing_key() -> tuple[Ed25519PrivateKey, str]:
    """The key that signs now, with its name on the wire."""
    key = _newest(ServerKey.Purpose.SIGN, envelope.new_private_key)
    return envelope.read_private_key(key.secret), key.kid


def public_keys() -> dict[str, str]:
    """What banks must believe: `kid` -> public key as text. Two: the key in use, and the next or the former one."""
    signing_key()
    newest = ServerKey.objects.filter(purpose=ServerKey.Purpose.SIGN).order_by("-number")[:2]
    return {key.kid: envelope.public_text(envelope.read_private_key(key.secret)) for key in newest}


def counter_pin_key() -> bytes:
    """The key from which the codes of counters are derived."""
    return envelope.from_b64(_newest(ServerKey.Purpose.COUNTER_PINS, new_pin_key).secret)


def provisioning_key() -> bytes:
    """The key of the tokens with which banks get their identity."""
    return envelope.from_b64(_newest(ServerKey.Purpose.PROVISIONING, new_pin_key).secret)


def _newest(purpose: str, make) -> ServerKey:
    key = ServerKey.objects.filter(purpose=purpose, used_from__isnull=False).order_by("-number").first()
    if key is None:
        key, _created = ServerKey.objects.get_or_create(purpose=purpose, number=1, defaults={"secret": make()})
    return key
