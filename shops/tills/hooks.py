"""Addresses of a shop that hear what happens: named by its people, with a secret that signs, which they can change."""

import base64
import secrets
from datetime import timedelta
from uuid import uuid4

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from marketplace.foundation import outside
from marketplace.foundation.nudges import nudge
from shops.models import HookCall, Shop, ShopEvent, ShopHook
from shops.tills import messages
from shops.tills.keys import TillError

MOST_HOOKS = 5  # of one shop
OLD_SECRET_SIGNS = timedelta(hours=24)  # beside the new one: time enough to carry it over
KEPT = timedelta(days=90)


class TooManyHooks(TillError):
    """More than a shop has programs."""

    def __init__(self):
        super().__init__(_("Your shop has %(most)s addresses already. Please remove one first.") % {"most": MOST_HOOKS})


class WrongAddress(TillError):
    """Not one that we call."""


@transaction.atomic
def add(shop: Shop, *, address: str, kinds: list[str]) -> ShopHook:
    """From now on `address` hears of events of these `kinds`. Raises `WrongAddress`, `TooManyHooks`."""
    _check(address)
    Shop.objects.select_for_update(no_key=True).get(pk=shop.pk)
    if shop.hooks.count() >= MOST_HOOKS:
        raise TooManyHooks
    known = [kind for kind in ShopEvent.Kind.values if kind in kinds]
    return ShopHook.objects.create(shop=shop, address=address, kinds=known, secret=_secret())


@transaction.atomic
def rotate(hook: ShopHook) -> str:
    """A new secret, which is returned; the old one signs beside it for a day."""
    hook = ShopHook.objects.select_for_update(no_key=True).get(pk=hook.pk)
    hook.old_secret, hook.old_until = hook.secret, timezone.now() + OLD_SECRET_SIGNS
    hook.secret = _secret()
    hook.save(update_fields=["secret", "old_secret", "old_until"])
    return hook.secret


def switch_on(hook: ShopHook) -> None:
    """Call the address again; what was not given up meanwhile is due."""
    ShopHook.objects.filter(pk=hook.pk).update(is_on=True)
    _nudge()


def remove(hook: ShopHook) -> None:
    """The address hears nothing more; its calls are forgotten."""
    hook.delete()


def try_line(hook: ShopHook) -> HookCall:
    """Owe a call that tells of nothing but itself."""
    uuid = uuid4()
    call = HookCall.objects.create(hook=hook, uuid=uuid, kind=messages.TEST, body=messages.test_body(uuid))
    _nudge()
    return call


def send_again(call: HookCall) -> bool:
    """The same message once more, with the same id: who has taken it already knows. Its attempts begin anew.

    False when it is being sent at this very moment.
    """
    now = timezone.now()
    idle = HookCall.objects.filter(Q(leased_until=None) | Q(leased_until__lt=now), pk=call.pk)
    done = idle.update(done_at=None, given_up_at=None, attempts=0, try_at=now, leased_until=None)
    _nudge()
    return bool(done)


def forget(now=None) -> int:
    """Delete calls that ended long ago; how many."""
    ended = HookCall.objects.filter(created_at__lt=(now or timezone.now()) - KEPT)
    deleted, _tables = ended.delete()
    return deleted


def _check(address: str) -> None:
    try:
        target = outside.check(address)
    except outside.Forbidden as error:
        raise WrongAddress(str(error)) from error
    if target.scheme != "https":
        raise WrongAddress(_("The address begins with https://: what is sent there must not be read on the way."))


def _secret() -> str:
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()


def _nudge() -> None:
    from shops.tasks import call_hooks  # tasks know this package

    nudge(call_hooks)
