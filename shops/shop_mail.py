"""Mails about the standing of a shop: to its owners, and to the people who open shops."""

from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.urls import reverse
from django.utils import translation

from marketplace.foundation import messages
from marketplace.foundation.nudges import nudge
from marketplace.foundation.tasks import send_messages
from shops.models import Shop, ShopStaff
from shops.permissions import OPENS_SHOPS


def openers():
    """The active people who hold the right to open shops."""
    return ModelBackend().with_perm(OPENS_SHOPS)


def tell_owners(kind: str, shop: Shop, *, key: str, page: str = "joining", **context) -> None:
    """Owe every owner the mail `kind`, with a link to the desk's `page`. Inside the transaction of what it tells."""
    owners = shop.staff.filter(role=ShopStaff.Role.OWNER, is_active=True).select_related("user")
    _owe(kind, shop, [staff.user for staff in owners], key=key, link=("desk:" + page, shop.slug), **context)


def tell_openers(kind: str, shop: Shop, *, key: str, **context) -> None:
    """Owe the people who open shops the mail `kind`, with a link to the shop's page in their list."""
    _owe(kind, shop, list(openers()), key=key, link=("admission:shop", shop.slug), **context)


def _owe(kind: str, shop: Shop, people: list, *, key: str, link: tuple[str, str], **context) -> None:
    with translation.override(settings.LANGUAGE_CODE):
        address = f"{settings.SITE_URL}{reverse(link[0], args=[link[1]])}"
    for person in people:
        messages.owe(
            kind,
            key=f"{kind}:{shop.pk}:{key}:{person.pk}",
            to=person.email,
            language=settings.LANGUAGE_CODE,
            context={"shop": shop, "link": address, **context},
        )
    nudge(send_messages)
