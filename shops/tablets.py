"""A tablet that a whole shop shares: signed in for the shop, and a PIN says who taps.

The device holds a secret in a cookie of its own; who is at it stands in its session, which ends after some idle minutes. A PIN
opens nothing elsewhere, and never more than the tablet may (`Tablet.most_role`).
"""

import hashlib
import secrets
from datetime import timedelta

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from marketplace.foundation.ratelimits import allow, uncount
from shops import deeds
from shops.models import Deed, Shop, ShopStaff, Tablet

COOKIE = "halles-tablet"
COOKIE_SECONDS = 400 * 24 * 3600  # browsers keep none longer
PERSON, SEEN = "tablet_person", "tablet_seen"  # keys of the session
SHORTEST_PIN, LONGEST_PIN = 4, 6
TRIES, PERIOD = 5, timedelta(minutes=15)
TRIES_A_DAY = 20  # of one tablet: a PIN of four digits would be found in a year and more


class TabletError(Exception):
    """A tablet or PIN that cannot be used so."""


class WeakPin(TabletError):
    """The first that anybody would try."""

    def __init__(self):
        super().__init__(_("Please choose 4 to 6 digits that are not all the same and not in a row."))


class WrongPin(TabletError):
    """Not this person's PIN, or no such person here: both sound alike."""

    def __init__(self):
        super().__init__(_("This is not the right PIN."))


class TooManyTries(TabletError):
    """This tablet looks at no PIN for a while."""

    def __init__(self):
        super().__init__(_("Too many wrong PINs. Please wait 15 minutes, or sign in with your password."))


def choose_pin(staff: ShopStaff, pin: str) -> None:
    """This person's PIN at the tablets of this shop, kept as a hash. Raises `WeakPin`."""
    if not _is_fine(pin):
        raise WeakPin
    with transaction.atomic():
        ShopStaff.objects.filter(pk=staff.pk).update(pin=make_password(pin))
        deeds.note(staff.shop, Deed.Kind.PIN, by=staff.user)


def _is_fine(pin: str) -> bool:
    if not (pin.isascii() and pin.isdigit() and SHORTEST_PIN <= len(pin) <= LONGEST_PIN):
        return False
    steps = {(int(after) - int(before)) % 10 for before, after in zip(pin, pin[1:], strict=False)}
    return steps not in ({0}, {1}, {9})


def add(shop: Shop, *, name: str, most_role: str, idle_minutes: int, by) -> tuple[Tablet, str]:
    """Sign a device in for the shop; returns it and what its cookie holds, which is kept nowhere else."""
    secret = secrets.token_urlsafe(32)
    with transaction.atomic():
        tablet = Tablet.objects.create(
            shop=shop, name=name, most_role=most_role, idle_minutes=idle_minutes, secret_hash=_hash(secret), by=by
        )
        deeds.note(shop, Deed.Kind.TABLET, by=by, detail=name)
    return tablet, secret


@transaction.atomic
def end(tablet: Tablet, *, by) -> bool:
    """Sign the device out for good. False when it was."""
    ended = Tablet.objects.filter(pk=tablet.pk, ended_at=None).update(ended_at=timezone.now())
    if ended:
        deeds.note(tablet.shop, Deed.Kind.NO_TABLET, by=by, detail=tablet.name)
    return bool(ended)


def of(request) -> Tablet | None:
    """The tablet that this browser is. No query for others."""
    secret = request.COOKIES.get(COOKIE, "")
    if not secret:
        return None
    return Tablet.objects.filter(secret_hash=_hash(secret), ended_at=None).select_related("shop").first()


def people(tablet: Tablet) -> list[ShopStaff]:
    """Those who can tap here: the shop's people with a PIN."""
    with_pin = tablet.shop.staff.filter(is_active=True, user__is_active=True).exclude(pin="").select_related("user")
    return list(with_pin.order_by("user__first_name", "pk"))


def switch(request, tablet: Tablet, *, staff_pk: int, pin: str) -> ShopStaff:
    """From here on this person taps. Raises `WrongPin`, `TooManyTries`.

    Tries are counted by tablet before the PIN is looked at, right ones not at all: whoever guesses at the counter guesses
    for everybody.
    """
    keys = [f"pin:{tablet.pk}", f"pin-day:{tablet.pk}"]
    free = [allow(keys[0], limit=TRIES, per=PERIOD), allow(keys[1], limit=TRIES_A_DAY, per=timedelta(days=1))]
    if not all(free):
        raise TooManyTries
    staff = next((each for each in people(tablet) if each.pk == staff_pk), None)
    if not check_password(pin, staff.pin if staff else _NOBODY):
        _note_lock(tablet, keys[0])
        raise WrongPin
    uncount(keys)
    request.session.cycle_key()
    request.session[PERSON] = [tablet.pk, staff.pk]
    request.session[SEEN] = timezone.now().timestamp()
    return staff


def _note_lock(tablet: Tablet, key: str) -> None:
    """The owner reads in the shop's book that somebody has guessed."""
    from marketplace.foundation.models import RateLimit

    if RateLimit.objects.filter(key=key, used=TRIES).exists():
        deeds.note(tablet.shop, Deed.Kind.LOCKED, by=None, detail=tablet.name)


def person(request, tablet: Tablet) -> ShopStaff | None:
    """Who taps at this tablet, with no more than the tablet's rights; None when it is locked or was idle for too long."""
    kept = request.session.get(PERSON) or [0, 0]
    if kept[0] != tablet.pk or is_idle(request, tablet):
        return None
    rows = ShopStaff.objects.filter(pk=kept[1], shop=tablet.shop_id, is_active=True, user__is_active=True)
    return rows.exclude(pin="").select_related("shop", "user").first()


def is_idle(request, tablet: Tablet) -> bool:
    """Whether nobody has touched it for its idle minutes. A page that refreshes itself is no touch."""
    now = timezone.now().timestamp()
    seen = request.session.get(SEEN, now)
    if now - seen > tablet.idle_minutes * 60:
        return True
    by_itself = request.method == "GET" and request.headers.get("Sec-Fetch-Dest", "") == "empty"
    if SEEN not in request.session or (not by_itself and now - seen > 5):
        request.session[SEEN] = now
    return False


def is_left(request, tablet: Tablet) -> bool:
    """Whether somebody signed in with a password at the shared tablet, and has left it. Whoever tapped before is forgotten."""
    if PERSON in request.session:
        lock(request)
    return is_idle(request, tablet)


def lock(request) -> None:
    """Nobody taps any more."""
    request.session.pop(PERSON, None)
    request.session.pop(SEEN, None)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


_NOBODY = make_password(None)
