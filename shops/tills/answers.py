"""A call of a till is done once, however often a poor line makes it come: the second time it hears the first answer."""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shops.models import TillAnswer, TillKey
from shops.tills.keys import TillError

KEPT = timedelta(days=7)


class KeyReused(TillError):
    """The idempotency key came with another body."""

    def __init__(self):
        super().__init__(_("This Idempotency-Key was used for another call: each new call needs a new one."))


def once(till_key: TillKey, *, key: str, body: bytes, action: Callable[[], list | dict]) -> list | dict:
    """The answer of `action`, or the one that the same call got before; then nothing is done.

    Of two calls at the same moment the second waits for the first. When `action` raises, nothing is kept and the call can
    come again. Without a `key` it is simply done. Raises `KeyReused`.
    """
    if not key:
        return action()
    fingerprint = hashlib.sha256(body).hexdigest()
    with transaction.atomic():
        row, is_first = TillAnswer.objects.get_or_create(
            till_key=till_key, key=key, defaults={"fingerprint": fingerprint}
        )
        if row.fingerprint != fingerprint:
            raise KeyReused
        if is_first:
            row.answer = action()
            row.save(update_fields=["answer"])
    return row.answer


def forget(now: datetime | None = None) -> int:
    """Delete the answers that no till will ask for again; how many."""
    deleted, _tables = TillAnswer.objects.filter(at__lt=(now or timezone.now()) - KEPT).delete()
    return deleted
