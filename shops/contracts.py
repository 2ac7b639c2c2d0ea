"""The texts that shops agree to: versions, what binds today, who has accepted what.

A new version is announced to every owner at least 15 days before it binds (Regulation (EU) 2019/1150 art. 3(2)); the invoicing
mandate is a written contract of its own (CGI annexe II 242 nonies I).
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from marketplace.foundation import messages
from marketplace.foundation.nudges import nudge
from marketplace.foundation.tasks import send_messages
from shops.models import ContractAcceptance, ContractVersion, Shop, ShopStaff

NOTICE_DAYS = 15
Kind = ContractVersion.Kind


class ContractError(Exception):
    """A contract text that cannot be published or accepted so."""


class NoticeTooShort(ContractError):
    """Shops must be able to read a change before it binds them."""

    def __init__(self, earliest: date):
        text = _("Shops need %(count)s days' notice: the earliest day is %(day)s.")
        super().__init__(text % {"count": NOTICE_DAYS, "day": f"{earliest:%d/%m/%Y}"})


class VersionTaken(ContractError):
    """This number or this day has a text already."""

    def __init__(self):
        super().__init__(_("There is a version with this number or this day already."))


class NotOnOffer(ContractError):
    """The version is no longer, or was never, the one to accept: somebody had an old page open."""

    def __init__(self):
        super().__init__(_("This text is no longer the newest one. Please read the one below."))


@dataclass(frozen=True)
class Standing:
    """How a shop stands to one kind of contract."""

    kind: str
    in_force: ContractVersion | None
    coming: ContractVersion | None
    accepted: list[ContractAcceptance]

    @property
    def is_bound(self) -> bool:
        """Whether the shop has accepted what is in force today."""
        return self.in_force is not None and self._has(self.in_force)

    @property
    def to_accept(self) -> ContractVersion | None:
        """The one version to read now: the coming one first, for it replaces the other soon."""
        return next((each for each in (self.coming, self.in_force) if each and not self._has(each)), None)

    def _has(self, version: ContractVersion) -> bool:
        return any(each.version_id == version.pk for each in self.accepted)


def standing(shop: Shop, kind: str, *, today: date | None = None) -> Standing:
    """What binds the shop today, what will, and what it has accepted. Two queries."""
    today = today or timezone.localdate()
    versions = list(ContractVersion.objects.filter(kind=kind).order_by("valid_from"))
    past = [each for each in versions if each.valid_from <= today]
    future = [each for each in versions if each.valid_from > today]
    accepted = list(shop.acceptances.filter(version__kind=kind).select_related("version"))
    return Standing(kind, past[-1] if past else None, future[0] if future else None, accepted)


def publish(*, kind: str, number: str, text: str, valid_from: date) -> ContractVersion:
    """Publish a version and tell the owners of every shop that has not left. Raises `ContractError`.

    The first text of its kind may bind at once, for nobody is bound by another one yet.
    """
    check_notice(kind, valid_from)
    with transaction.atomic():
        try:
            with transaction.atomic():
                version = ContractVersion.objects.create(kind=kind, number=number, text=text, valid_from=valid_from)
        except IntegrityError as error:
            raise VersionTaken from error
        _announce(version)
    return version


def check_notice(kind: str, valid_from: date) -> None:
    """Raise `NoticeTooShort` when shops would hear of a change too late."""
    earliest = timezone.localdate() + timedelta(days=NOTICE_DAYS)
    if ContractVersion.objects.filter(kind=kind).exists() and valid_from < earliest:
        raise NoticeTooShort(earliest)


def _announce(version: ContractVersion) -> None:
    owners = ShopStaff.objects.filter(role=ShopStaff.Role.OWNER, is_active=True).exclude(
        shop__status=Shop.Status.CLOSED
    )
    for staff in owners.select_related("shop", "user"):
        with translation.override(settings.LANGUAGE_CODE):
            link = f"{settings.SITE_URL}{reverse('desk:contract', args=[staff.shop.slug, version.kind])}"
        messages.owe(
            "shop_contract",
            key=f"shop_contract:{version.pk}:{staff.pk}",
            to=staff.user.email,
            language=settings.LANGUAGE_CODE,
            context={"shop": staff.shop, "version": version, "link": link},
        )
    nudge(send_messages)


def accept(shop: Shop, *, kind: str, version_pk: int, by) -> ContractAcceptance:
    """The owner agrees to the version that was shown; accepting it twice is accepting it once. Raises `NotOnOffer`."""
    with transaction.atomic():
        Shop.objects.select_for_update().get(pk=shop.pk)
        found = standing(shop, kind)
        earlier = next((each for each in found.accepted if each.version_id == version_pk), None)
        if earlier is not None:
            return earlier
        version = found.to_accept
        if version is None or version.pk != version_pk:
            raise NotOnOffer
        return ContractAcceptance.objects.create(
            shop=shop, version=version, sha256=version.sha256, by=by, by_name=f"{by.get_full_name()} <{by.email}>"[:210]
        )
