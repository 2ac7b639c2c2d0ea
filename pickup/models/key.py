"""Secrets of this instance that belong to the database's backup, so that a restored server still speaks to its banks."""

import secrets

from django.db import models
from django.utils import timezone

from pickup.protocol import envelope

PIN_KEY_BYTES = 32


def new_pin_key() -> str:
    """A fresh key for deriving PINs, as base64url text."""
    return envelope.to_b64(secrets.token_bytes(PIN_KEY_BYTES))


class ServerKey(models.Model):
    """One secret, made once and never changed: the newest used one of its purpose is in use, older ones are still believed."""

    class Purpose(models.TextChoices):
        SIGN = "sign"
        """Ed25519 private key of everything that banks must believe."""
        COUNTER_PINS = "counter_pins"
        """Key from which the codes of counters are derived."""
        PROVISIONING = "provisioning"
        """Key of the tokens with which banks get their identity."""

    purpose = models.CharField(max_length=12, choices=Purpose)
    number = models.PositiveSmallIntegerField(default=1)
    secret = models.CharField(max_length=64)
    created_at = models.DateTimeField(default=timezone.now)
    used_from = models.DateTimeField(null=True, default=timezone.now)
    """Empty while a signing key is only announced: banks learn it before anything is signed with it."""

    class Meta:
        ordering = ["purpose", "number"]
        constraints = [models.UniqueConstraint(fields=["purpose", "number"], name="server_key_once")]

    def __str__(self):
        return f"{self.purpose} {self.number}"

    @property
    def kid(self) -> str:
        """The key's name on the wire."""
        return f"s{self.number}"
