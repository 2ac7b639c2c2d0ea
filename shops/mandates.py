"""The association acts for a shop: when its owner has said so, in words, until a day; never on money, orders or people."""

from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from shops import deeds
from shops.models import Deed, Mandate, Shop, ShopStaff

ACTS_FOR_SHOPS = "shops.act_for_shop"
LONGEST = timedelta(days=366)


class MandateError(Exception):
    """A mandate that cannot be given or ended so."""


class RunsAlready(MandateError):
    """One at a time."""

    def __init__(self):
        super().__init__(_("The association has a mandate already."))


class NotSoLong(MandateError):
    """A mandate has an end that one can see."""

    def __init__(self):
        super().__init__(_("Please choose a day from today on, within one year."))


def text_for(shop: Shop) -> str:
    """The words that the owner agrees to."""
    return _(
        "I let the association's animators act for %(shop)s: write and change products, pictures, prices and stock, the shop "
        "page, opening hours, closures and pauses. They never see or answer orders, never touch money, refunds or payouts, "
        "and never the team, contracts or keys. All they do is written down under their name. I can end this at any time."
    ) % {"shop": shop.name}


def give(shop: Shop, *, until_on: date, by) -> Mandate:
    """The owner gives a mandate until the end of that day. Raises `MandateError`."""
    today = timezone.localdate()
    if not today <= until_on <= today + LONGEST:
        raise NotSoLong
    try:
        with transaction.atomic():
            Mandate.objects.filter(shop=shop, ended_at=None, until_on__lt=today).update(ended_at=timezone.now())
            mandate = Mandate.objects.create(
                shop=shop,
                text=text_for(shop),
                given_by=by,
                given_name=f"{by.get_full_name()} <{by.email}>"[:210],
                until_on=until_on,
            )
            deeds.note(shop, Deed.Kind.MANDATE, by=by, detail=date_format(until_on, "j F Y"))
    except IntegrityError as error:
        raise RunsAlready from error
    return mandate


@transaction.atomic
def end(shop: Shop, *, by) -> bool:
    """From the next request on nobody acts for the shop. False when nobody could."""
    ended = Mandate.objects.filter(shop=shop, ended_at=None).update(ended_at=timezone.now(), ended_by=by)
    if ended:
        deeds.note(shop, Deed.Kind.NO_MANDATE, by=by)
    return bool(ended)


def place_of(user, slug: str) -> ShopStaff | None:
    """The place of an animator in a shop that has given a mandate: like a manager's, `mandate` says why. Not a stored row."""
    if not user.has_perm(ACTS_FOR_SHOPS):
        return None
    mandate = Mandate.objects.running().filter(shop__slug=slug).select_related("shop").first()
    if mandate is None:
        return None
    place = ShopStaff(shop=mandate.shop, user=user, role=ShopStaff.Role.MANAGER)
    place.mandate = mandate
    return place


def shops_of(user) -> list[Shop]:
    """The shops for which this person may act at the moment."""
    if not user.has_perm(ACTS_FOR_SHOPS):
        return []
    running = Mandate.objects.running().values("shop")
    return list(Shop.objects.filter(pk__in=running).exclude(status=Shop.Status.CLOSED))
