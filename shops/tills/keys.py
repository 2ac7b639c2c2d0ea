"""Keys of a shop's programs: made by its people, shown once, withdrawn at once."""

import hashlib
import secrets
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shops.models import Shop, TillKey

MOST_KEYS = 20  # of one shop, valid at the same time
PREFIX = "halles_"
NOTED_EVERY = timedelta(minutes=1)  # nobody needs the second at which a key was used last


class TillError(Exception):
    """Something about a shop's till that its people understand."""


class TooManyKeys(TillError):
    """More than a shop has programs."""

    def __init__(self):
        super().__init__(_("Your shop has %(most)s keys already. Please withdraw one first.") % {"most": MOST_KEYS})


@transaction.atomic
def make(shop: Shop, *, name: str, may_stock: bool, may_orders: bool, by=None) -> tuple[TillKey, str]:
    """A new key of `shop` and its secret, which can be read nowhere afterwards. Raises `TooManyKeys`."""
    Shop.objects.select_for_update(no_key=True).get(pk=shop.pk)
    if shop.till_keys.valid().count() >= MOST_KEYS:
        raise TooManyKeys
    secret = PREFIX + secrets.token_urlsafe(32)
    key = TillKey.objects.create(
        shop=shop,
        name=name,
        digest=_digest(secret),
        hint=secret[-4:],
        may_stock=may_stock,
        may_orders=may_orders,
        created_by=by,
    )
    return key, secret


def find(secret: str) -> TillKey | None:
    """The valid key with this secret, with its shop; None when there is none."""
    return TillKey.objects.valid().filter(digest=_digest(secret)).select_related("shop").first()


def note_use(key: TillKey) -> None:
    """The key was just used; written once a minute."""
    now = timezone.now()
    if key.used_at is None or key.used_at < now - NOTED_EVERY:
        TillKey.objects.filter(pk=key.pk).update(used_at=now)


def revoke(key: TillKey) -> None:
    """The next call with this key is refused. Safe to repeat."""
    TillKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=timezone.now())


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
