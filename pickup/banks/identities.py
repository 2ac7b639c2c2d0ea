"""Who may speak for a bank. One identity lives; making the next one ends it in the same transaction."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from pickup.banks import mosquitto
from pickup.models import Bank, BankIdentity
from pickup.protocol.errors import Unauthorised

NAME_BYTES = 12
NOBODY = "0" * 64


@dataclass(frozen=True, kw_only=True)
class Secrets:
    """What only the bank's computer will know; the server keeps hashes."""

    device_secret: str
    mqtt_user: str
    mqtt_password: str


@transaction.atomic
def renew(bank: Bank, *, device_key: str = "") -> Secrets:
    """Give the bank its next identity; the former one is refused from now on. `bank` is locked and as it is in the database.

    Boots are counted anew, for the journal may be a new one. The key of its PINs stays: codes that people hold are valid.
    """
    made = Secrets(
        device_secret=secrets.token_urlsafe(32),
        mqtt_user=secrets.token_hex(NAME_BYTES),
        mqtt_password=secrets.token_urlsafe(32),
    )
    bank.identities.live().update(disabled_at=timezone.now(), next_secret="")
    bank.generation += 1
    bank.boot_id = bank.cursor = 0
    bank.save(update_fields=["generation", "boot_id", "cursor"])
    BankIdentity.objects.create(
        bank=bank,
        generation=bank.generation,
        secret_hash=secret_hash(made.device_secret),
        device_key=device_key,
        mqtt_user=made.mqtt_user,
        mqtt_hash=mosquitto.hashed(made.mqtt_password),
    )
    return made


def authenticate(code: str, scheme: str, secret: str) -> Bank:
    """The bank whose code and secret a request carries; raises `Unauthorised`.

    A new secret that is on its way becomes the only one with its first use.
    """
    identity = BankIdentity.objects.live().select_related("bank").filter(bank__code=code).first()
    # An unknown bank costs as much time as a wrong secret.
    presented, expected = secret_hash(secret), identity.secret_hash if identity else NOBODY
    coming = secret_hash(identity.next_secret) if identity and identity.next_secret else NOBODY
    is_present, is_coming = hmac.compare_digest(presented, expected), hmac.compare_digest(presented, coming)
    if identity is None or scheme != "Bearer" or not (is_present or is_coming):
        raise Unauthorised("The bank or its device secret is not known here.")
    if is_coming:
        BankIdentity.objects.filter(pk=identity.pk, next_secret=identity.next_secret).update(
            secret_hash=coming, next_secret=""
        )
    return identity.bank


def is_known(bank: Bank, secret: str) -> bool:
    """Whether this is the secret of the bank's living identity."""
    return bank.identities.live().filter(secret_hash=secret_hash(secret)).exists()


def secret_hash(secret: str) -> str:
    """What we keep of a device secret: it has 256 random bits, so a fast hash is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()
