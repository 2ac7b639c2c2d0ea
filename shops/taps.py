"""A tap is done once, however often a phone on poor signal sends it: the second time hears what the first one did."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shops.models import Shop, Tap

# A phone that was away longer than this finds its orders over anyway.
KEPT = timedelta(days=7)


@dataclass(frozen=True)
class Outcome:
    """Whether a tap did what it wanted, and the sentence that tells so."""

    done: bool
    words: str


def once(shop: Shop, *, key: UUID | None, deed: str, action: Callable[[], Outcome]) -> Outcome:
    """Do `action` unless a tap of this shop with this `key` was done; then its answer, and nothing happens.

    `deed` names what is done to what: a key that comes back with another deed does nothing. Of two at the same moment the
    second waits for the first. When `action` raises, nothing is kept and the tap can come again. Without a key it is simply done.
    """
    if key is None:
        return action()
    with transaction.atomic():
        tap, is_first = Tap.objects.get_or_create(shop=shop, key=key, defaults={"deed": deed})
        if not is_first:
            return Outcome(tap.done, tap.words) if tap.deed == deed else Outcome(False, _("This tap was used before."))
        outcome = action()
        Tap.objects.filter(pk=tap.pk).update(done=outcome.done, words=outcome.words[:300])
    return outcome


def forget(now: datetime | None = None) -> int:
    """Delete the taps that no phone will send again; how many."""
    deleted, _tables = Tap.objects.filter(at__lt=(now or timezone.now()) - KEPT).delete()
    return deleted
