"""Links to choose a password: signed by Django, good once and for `PASSWORD_RESET_TIMEOUT`, sent to the address on file."""

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.dispatch import receiver
from django.urls import reverse
from django.utils import translation
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from marketplace.accounts.models import User
from marketplace.foundation import messages
from marketplace.foundation.nudges import nudge
from marketplace.foundation.tasks import send_messages
from shops.signals import staff_invited

LINK_DAYS = settings.PASSWORD_RESET_TIMEOUT // (24 * 60 * 60)


def send_link(email: str, *, language: str) -> None:
    """Owe a link to the account of `email`, if there is one.

    An unknown address costs the same work, rolled back at the end: the answer does not tell whether it is known, nor does
    the time that it took, but for the commit itself.
    """
    user = get_user_model().objects.known_as(email).filter(is_active=True).first()
    with transaction.atomic():
        _owe("password", user or User(pk=0, email=email), language=language, **_link(user or User(pk=0), language))
        if user is None:
            transaction.set_rollback(True)
    nudge(send_messages)


@receiver(staff_invited, dispatch_uid="accounts.staff_invited")
def tell_of_invitation(staff, by, **kwargs):
    """Somebody may work in a shop: with a password of their own they sign in, without one they choose it first."""
    language = translation.get_language() or settings.LANGUAGE_CODE
    context = {
        "shop": staff.shop,
        "role": staff.get_role_display(),
        "by": by.get_full_name() if by else "",
        "key": f"{staff.pk}:{staff.invited_at.isoformat()}",
    }
    if staff.user.has_usable_password():
        with translation.override(language):
            desk = f"{settings.SITE_URL}{reverse('desk:board', args=[staff.shop.slug])}"
        _owe("staff_added", staff.user, language=language, link=desk, **context)
    else:
        _owe("staff_invited", staff.user, language=language, **context | {"link": _link(staff.user, language)["link"]})
    nudge(send_messages)


def _link(user: User, language: str) -> dict[str, str]:
    """The address where `user` chooses a password, and a key under which one such link is one message."""
    uid, token = urlsafe_base64_encode(force_bytes(user.pk)), default_token_generator.make_token(user)
    with translation.override(language):
        address = reverse("accounts:choose_password", args=[uid, token])
    return {"link": f"{settings.SITE_URL}{address}", "key": f"{uid}:{token}"}


def _owe(kind: str, user: User, *, key: str, language: str, **context) -> bool:
    context |= {"days": LINK_DAYS, "email": user.email}
    return messages.owe(kind, key=f"{kind}:{key}", to=user.email, language=language, context=context)
