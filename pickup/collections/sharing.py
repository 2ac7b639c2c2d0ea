"""The resident sends somebody: one other person at a time, with a code of their own that can be withdrawn."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from pickup import codes, errors, signals
from pickup.collections.moving import lock
from pickup.models import Collection, Share

LONGEST_NAME = Share._meta.get_field("name").max_length


@transaction.atomic
def share(collection: Collection, *, name: str, by=None) -> Share:
    """Give `name` a PIN and a QR code for all that waits.

    Raises `NameNeeded`, `NothingHere` before there are goods to collect, and `SharedAlready`; nothing is written then.
    """
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise errors.NameNeeded
    collection = lock(collection)
    if not collection.is_waiting:
        raise errors.NothingHere
    if collection.shares.active().exists():
        raise errors.SharedAlready
    given = Share(collection=collection, name=name, by=by)
    codes.give_share(collection, given)
    try:
        with transaction.atomic():
            given.save()
    except IntegrityError as error:
        raise errors.SharedAlready from error
    return given


@transaction.atomic
def revoke(given: Share) -> bool:
    """The code opens nothing any more: at once at counters and at a bank that can be heard, elsewhere as soon as it can.

    False when it was withdrawn before.
    """
    collection = lock(given.collection)
    revoked = collection.shares.active().filter(pk=given.pk).update(revoked_at=timezone.now())
    given.refresh_from_db()
    return bool(revoked)


@transaction.atomic
def note_use(collection: Collection, jti: str, *, at: datetime) -> None:
    """A bank opened for this share. If it had not heard that it was withdrawn, the resident is told."""
    used = collection.shares.select_for_update().filter(jti=jti).first()
    if used is None:
        return
    used.used_at = max(filter(None, (used.used_at, at)))
    used.save(update_fields=["used_at"])
    if used.was_used_after_withdrawal:
        signals.share_used_after_withdrawal.send(sender=Share, share=used)
