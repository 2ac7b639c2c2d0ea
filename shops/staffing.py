"""The people of a shop: invited by e-mail address, given a role, let go. A shop never loses its last owner."""

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils.translation import gettext as _

from shops.models import Shop, ShopStaff

Role = ShopStaff.Role


class StaffError(Exception):
    """A change of people that the shop must not make."""


class LastOwner(StaffError):
    """Somebody must be able to manage the people."""

    def __init__(self):
        super().__init__(_("A shop needs at least one owner: name another one first."))


@transaction.atomic
def add(shop: Shop, *, email: str, role: str) -> ShopStaff:
    """Let the person with this address work in the shop; somebody unknown gets an account without a password.

    A person who was let go comes back with the new role. Raises `StaffError` when they work here already.
    """
    users = get_user_model().objects
    user = users.filter(email__iexact=email).first() or users.create_user(email)
    staff, created = ShopStaff.objects.get_or_create(shop=shop, user=user, defaults={"role": role})
    if not created and staff.is_active:
        raise StaffError(_("%(email)s already works in this shop.") % {"email": email})
    if not created:
        staff.role, staff.is_active = role, True
        staff.save(update_fields=["role", "is_active"])
    return staff


@transaction.atomic
def change_role(staff: ShopStaff, *, role: str) -> None:
    """Give the person another role. Raises `LastOwner`."""
    _keep_an_owner(staff, unless=role == Role.OWNER)
    ShopStaff.objects.filter(pk=staff.pk).update(role=role)


@transaction.atomic
def remove(staff: ShopStaff) -> None:
    """The person works here no longer; what they did stays written under their name. Raises `LastOwner`."""
    _keep_an_owner(staff, unless=False)
    ShopStaff.objects.filter(pk=staff.pk).update(is_active=False)


def _keep_an_owner(staff: ShopStaff, *, unless: bool) -> None:
    Shop.objects.select_for_update().get(pk=staff.shop_id)
    owners = ShopStaff.objects.filter(shop_id=staff.shop_id, role=Role.OWNER, is_active=True)
    if staff.role == Role.OWNER and not unless and not owners.exclude(pk=staff.pk).exists():
        raise LastOwner
