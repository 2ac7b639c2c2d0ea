"""The people of a shop: invited by e-mail address, given a role, let go. A shop never loses its last owner."""

from datetime import timedelta

from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from marketplace.foundation.ratelimits import allow
from shops import deeds, signals
from shops.models import Deed, Shop, ShopStaff

Role = ShopStaff.Role
INVITATIONS_A_DAY = 20  # of one shop: nobody's letter box is filled through us


class StaffError(Exception):
    """A change of people that the shop must not make."""


class LastOwner(StaffError):
    """Somebody must be able to manage the people."""

    def __init__(self):
        super().__init__(_("A shop needs at least one owner: name another one first."))


class WorksHere(StaffError):
    """The person is in the team already."""

    def __init__(self, email: str):
        super().__init__(_("%(email)s already works in this shop.") % {"email": email})


class TooManyInvitations(StaffError):
    """More mails than a shop has people."""

    def __init__(self):
        super().__init__(_("Too many invitations were sent today. Please try again tomorrow."))


def add(shop: Shop, *, email: str, role: str, by=None) -> ShopStaff:
    """Let the person with this address work in the shop, and tell them; somebody unknown gets an account without a password.

    A person who was let go comes back with the new role. Raises `StaffError` when they work here already.
    """
    _count_invitation(shop)
    with transaction.atomic():
        Shop.objects.select_for_update().get(pk=shop.pk)
        invited = {"role": role, "is_active": True, "invited_at": timezone.now(), "joined_at": None}
        user = account_of(email)
        if ShopStaff.objects.filter(shop=shop, user=user, is_active=True).exists():
            raise WorksHere(email)
        staff, _created = ShopStaff.objects.update_or_create(shop=shop, user=user, defaults=invited)
        signals.staff_invited.send(sender=ShopStaff, staff=staff, by=by)
        deeds.note(shop, Deed.Kind.PERSON, by=by, detail=email)
    return staff


def invite_again(staff: ShopStaff, *, by=None) -> None:
    """Send the invitation once more to somebody who has not come yet. Raises `StaffError`."""
    _count_invitation(staff.shop)
    with transaction.atomic():
        waiting = ShopStaff.objects.filter(pk=staff.pk, is_active=True, joined_at=None)
        if not waiting.update(invited_at=timezone.now()):
            raise WorksHere(staff.user.email)
        staff.refresh_from_db()
        signals.staff_invited.send(sender=ShopStaff, staff=staff, by=by)


def note_arrival(staff: ShopStaff) -> None:
    """The person has opened the desk: no longer only invited."""
    if staff.joined_at is None:
        staff.joined_at = timezone.now()
        ShopStaff.objects.filter(pk=staff.pk, joined_at=None).update(joined_at=staff.joined_at)


@transaction.atomic
def change_role(staff: ShopStaff, *, role: str, by=None) -> None:
    """Give the person another role. Raises `LastOwner`."""
    _keep_an_owner(staff, unless=role == Role.OWNER)
    ShopStaff.objects.filter(pk=staff.pk).update(role=role)
    deeds.note(staff.shop, Deed.Kind.ROLE, by=by, detail=f"{staff.user} ({Role(role).label})")


@transaction.atomic
def remove(staff: ShopStaff, *, by=None) -> None:
    """The person works here no longer; what they did stays written under their name. Raises `LastOwner`."""
    _keep_an_owner(staff, unless=False)
    ShopStaff.objects.filter(pk=staff.pk).update(is_active=False, pin="")
    deeds.note(staff.shop, Deed.Kind.NO_PERSON, by=by, detail=str(staff.user))


def account_of(email: str):
    """The account with this address; made without a password when there is none."""
    users = get_user_model().objects
    found = users.known_as(email).first()
    if found is not None:
        return found
    try:
        with transaction.atomic():
            return users.create_user(email)
    except IntegrityError:  # another shop invited the same person at the same moment
        return users.known_as(email).get()


def _count_invitation(shop: Shop) -> None:
    if not allow(f"invite:{shop.pk}", limit=INVITATIONS_A_DAY, per=timedelta(days=1)):
        raise TooManyInvitations


def _keep_an_owner(staff: ShopStaff, *, unless: bool) -> None:
    Shop.objects.select_for_update().get(pk=staff.shop_id)
    owners = ShopStaff.objects.filter(shop_id=staff.shop_id, role=Role.OWNER, is_active=True)
    if not unless and owners.filter(pk=staff.pk).exists() and not owners.exclude(pk=staff.pk).exists():
        raise LastOwner
