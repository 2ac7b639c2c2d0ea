"""A shop applies: a form, a link in a mail, and with the first tap on it an account, a shop in draft and its owner."""

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import uuid4

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.core import signing
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.text import slugify
from django.utils.translation import gettext as _

from marketplace.foundation import messages
from marketplace.foundation.nudges import nudge
from marketplace.foundation.ratelimits import allow
from marketplace.foundation.tasks import send_messages
from shops import staffing
from shops.models import Application, Shop, ShopStaff

LINK_DAYS = 7
KEPT = timedelta(days=30)  # of what nobody has confirmed
MAILS, PERIOD = 3, timedelta(minutes=10)  # to one address
SALT = "shops.application"


class ApplyingError(Exception):
    """An application that cannot go on."""


class SiretTaken(ApplyingError):
    """A shop with this number has begun here already; whose it is stays untold."""

    def __init__(self):
        super().__init__(
            _(
                "A shop with this SIRET number has already begun here. If it is yours, sign in to your shop desk, "
                "or ask its owner to add you to the team."
            )
        )


class TooManyMails(ApplyingError):
    """Nobody's letter box is filled through us."""

    def __init__(self):
        super().__init__(_("Too many tries. Please wait ten minutes."))


class LinkSpent(ApplyingError):
    """The link is too old, was changed on the way, or its application is gone."""

    def __init__(self):
        super().__init__(_("This link is no longer good. Please fill in the form once more: it takes three minutes."))


class Begun(NamedTuple):
    """What a confirmed application has become."""

    shop: Shop
    owner: AbstractBaseUser


def apply(*, email: str, siret: str, language: str, **fields) -> Application:
    """Write the application down and owe the link that confirms it. Raises `SiretTaken` or `TooManyMails`.

    The same person with the same number changes the application that still waits. Several people may wait with one number,
    for anybody can type it: the first who confirms has it.
    """
    email = email.lower()
    if Shop.objects.filter(siret=siret).exists():
        raise SiretTaken
    if not allow(f"application:{email[:120]}", limit=MAILS, per=PERIOD):
        raise TooManyMails
    with transaction.atomic():
        waiting = Application.objects.select_for_update().filter(email=email, siret=siret, confirmed_at=None).first()
        application = waiting or Application(email=email, siret=siret)
        for name, value in (fields | {"language": language, "sent_at": timezone.now()}).items():
            setattr(application, name, value)
        application.save()
        _owe_link(application)
    return application


def _owe_link(application: Application) -> None:
    token = signing.dumps(application.pk, salt=SALT)
    with translation.override(application.language):
        link = f"{settings.SITE_URL}{reverse('shops:confirm_application', args=[token])}"
    messages.owe(
        "shop_application",
        key=f"shop_application:{application.pk}:{application.sent_at.isoformat()}",
        to=application.email,
        language=application.language,
        context={"link": link, "days": LINK_DAYS},
    )
    nudge(send_messages)


def read(token: str) -> Application:
    """The application behind a mailed link; confirmed ones too. Raises `LinkSpent`."""
    try:
        pk = signing.loads(token, salt=SALT, max_age=timedelta(days=LINK_DAYS))
        return Application.objects.select_related("shop").get(pk=pk)
    except (signing.BadSignature, Application.DoesNotExist) as error:
        raise LinkSpent from error


@transaction.atomic
def confirm(token: str) -> Begun:
    """The person reads the mail of that address: their account, if there was none, and the shop in draft with its owner.

    Of several calls one makes the shop, the others find it. Raises `LinkSpent` or `SiretTaken`; nothing is written then.
    """
    application = Application.objects.select_for_update().get(pk=read(token).pk)
    if application.confirmed_at is not None:
        owner = get_user_model().objects.known_as(application.email).filter(shop_roles__shop=application.shop).first()
        if application.shop is None or owner is None:
            raise LinkSpent
        return Begun(application.shop, owner)
    shop = _found(application)
    owner = staffing.account_of(application.email)
    if not owner.get_full_name() or owner.get_full_name() == owner.email:
        owner.first_name, owner.last_name = application.first_name, application.last_name
        owner.save(update_fields=["first_name", "last_name"])
    ShopStaff.objects.create(shop=shop, user=owner, role=ShopStaff.Role.OWNER)
    application.shop, application.confirmed_at = shop, timezone.now()
    application.save(update_fields=["shop", "confirmed_at"])
    return Begun(shop, owner)


def _found(application: Application) -> Shop:
    slug = slugify(application.shop_name)[:80] or "boutique"
    if Shop.objects.filter(slug=slug).exists():
        slug = f"{slug}-{uuid4().hex[:6]}"
    copied = ("trade", "siret", "street", "postcode", "town", "email")
    shop = Shop(name=application.shop_name, slug=slug, **{name: getattr(application, name) for name in copied})
    try:
        with transaction.atomic():
            shop.save()
    except IntegrityError as error:
        if Shop.objects.filter(siret=application.siret).exists():
            raise SiretTaken from error
        raise
    return shop


def forget(now: datetime | None = None) -> int:
    """Delete the wishes that nobody has confirmed: nobody knows whether the people in them asked for it. How many."""
    waited = Application.objects.filter(confirmed_at=None, sent_at__lt=(now or timezone.now()) - KEPT)
    deleted, _tables = waited.delete()
    return deleted
