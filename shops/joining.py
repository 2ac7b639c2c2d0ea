"""From draft to open: what a shop needs before it may sell, in one table, and the three steps of its opening.

A shop asks, the people who hold the right `shops.open_shop` open it or send it back. Each step is a `StateChange` and a mail.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shops import contracts, hours, shop_mail
from shops.models import Shop, Waiver
from shops.models.shop import validate_siret
from shops.signals import shop_changed

Status = Shop.Status


class JoiningError(Exception):
    """A step of the opening that cannot be done now."""


class NotComplete(JoiningError):
    """Something is missing."""

    def __init__(self, items):
        names = ", ".join(str(item.requirement.name) for item in items)
        super().__init__(_("Something is still missing: %(names)s.") % {"names": names})


class NotWaiting(JoiningError):
    """The shop does not wait for this: somebody else was faster, or it was called back."""

    def __init__(self):
        super().__init__(_("Somebody has decided already, or the shop no longer waits. Please look at the list again."))


class NoReason(JoiningError):
    """Whoever lets a shop off, or sends it back, says why."""

    def __init__(self):
        super().__init__(_("Please say why: the shop reads it."))


class NotWaivable(JoiningError):
    """The law asks for it: nobody can let a shop off."""

    def __init__(self):
        super().__init__(_("The law asks for this: nobody can let a shop off."))


@dataclass(frozen=True, kw_only=True)
class Requirement:
    """One thing that a shop needs. `address` is the name of the desk's page where it is done."""

    key: str
    name: str
    why: str
    button: str
    address: str
    is_done: Callable[[Shop], bool]
    waits_for: Callable[[Shop], str] = lambda shop: ""
    """Whom the shop waits for, as a sentence; "" when it is the shop's turn."""
    arguments: tuple = ()
    advised: bool = False
    """True: good to have, never in the way."""
    waivable: bool = True


@dataclass(frozen=True)
class Item:
    """A requirement and how one shop stands."""

    requirement: Requirement
    done: bool
    waits_for: str = ""
    waiver: Waiver | None = None

    @property
    def state(self) -> str:
        """ "done", "waived", "waiting" or "missing"."""
        if self.done:
            return "done"
        if self.waiver:
            return "waived"
        return "waiting" if self.waits_for else "missing"

    @property
    def settled(self) -> bool:
        """Whether nothing more is asked of the shop."""
        return self.done or self.waiver is not None or self.requirement.advised


def trader_is_known(shop: Shop) -> bool:
    """Regulation (EU) 2022/2065 art. 30(1): name, address, phone, e-mail, register, and the promise to sell lawful goods."""
    told = (shop.legal_name, shop.street, shop.postcode, shop.town, shop.phone, shop.email, shop.register_number)
    return all(told) and bool(shop.vat_number or shop.vat_exempt) and shop.certified_at is not None


def siret_is_valid(shop: Shop) -> bool:
    """The key of the number, where the instance is live."""
    try:
        validate_siret(shop.siret)
    except ValidationError:
        return False
    return True


def hours_are_confirmed(shop: Shop) -> bool:
    """Somebody has said that these are the real hours, and they can be read."""
    try:
        return shop.hours_confirmed_at is not None and any(hours.parse_week(shop.opening_hours).values())
    except hours.UnreadableHours:
        return False


def _is_bound(kind: str) -> Callable[[Shop], bool]:
    return lambda shop: contracts.standing(shop, kind).is_bound


def _without_text(kind: str) -> Callable[[Shop], str]:
    def waits(shop: Shop) -> str:
        found = contracts.standing(shop, kind)
        return "" if found.to_accept else _("The marketplace has not published this text yet.")

    return waits


def _stripe_looks(shop: Shop) -> str:
    return _("Your account is open; Stripe still needs something, or is checking it.") if shop.stripe_account else ""


def products_on_shelf(shop: Shop) -> int:
    """Visible products, sold out or not."""
    return shop.sheets.filter(product__is_public=True).count()


REQUIREMENTS: tuple[Requirement, ...] = (
    Requirement(
        key="trader",
        name=gettext_lazy("Who you are"),
        why=gettext_lazy("Residents must be able to read who sells to them, and how to reach you."),
        button=gettext_lazy("Give my details"),
        address="trader",
        is_done=trader_is_known,
        waivable=False,
    ),
    Requirement(
        key="siret",
        name=gettext_lazy("SIRET number"),
        why=gettext_lazy("It shows that your business is registered. You gave it when you applied."),
        button=gettext_lazy("See my details"),
        address="trader",
        is_done=siret_is_valid,
        waivable=False,
    ),
    Requirement(
        key="terms",
        name=gettext_lazy("Contract with the marketplace"),
        why=gettext_lazy("What you may expect from us, what it costs, and how both sides can end it."),
        button=gettext_lazy("Read and accept"),
        address="contract",
        arguments=("terms",),
        is_done=_is_bound("terms"),
        waits_for=_without_text("terms"),
        waivable=False,
    ),
    Requirement(
        key="mandate",
        name=gettext_lazy("Invoicing mandate"),
        why=gettext_lazy("It lets us write the invoices of your orders in your name. You can object to each one."),
        button=gettext_lazy("Read and accept"),
        address="contract",
        arguments=("mandate",),
        is_done=_is_bound("mandate"),
        waits_for=_without_text("mandate"),
    ),
    Requirement(
        key="payouts",
        name=gettext_lazy("Account for payouts"),
        why=gettext_lazy("Your money goes there after each hand-over. We never hold it."),
        button=gettext_lazy("My account at Stripe"),
        address="payouts",
        is_done=lambda shop: shop.transfers_active,
        waits_for=_stripe_looks,
        waivable=False,
    ),
    Requirement(
        key="hours",
        name=gettext_lazy("Opening hours"),
        why=gettext_lazy("Your time to answer an order counts in these hours."),
        button=gettext_lazy("Check my hours"),
        address="week",
        is_done=hours_are_confirmed,
    ),
    Requirement(
        key="products",
        name=gettext_lazy("First products"),
        why=gettext_lazy("Nobody comes back to an empty shelf."),
        button=gettext_lazy("Fill my shelf"),
        address="products",
        is_done=lambda shop: products_on_shelf(shop) >= settings.MINIMUM_PRODUCTS,
    ),
    Requirement(
        key="trial",
        name=gettext_lazy("Trial order"),
        why=gettext_lazy("You walk through an order once, without money, so that the first real one is no surprise."),
        button=gettext_lazy("Begin the trial order"),
        address="trial",
        is_done=lambda shop: shop.rehearsed_at is not None,
    ),
    Requirement(
        key="profile",
        name=gettext_lazy("Photo and story"),
        why=gettext_lazy("Residents buy from people whom they know. Advised, not required."),
        button=gettext_lazy("Tell your story"),
        address="shop",
        is_done=lambda shop: bool(shop.photo and shop.story),
        advised=True,
    ),
)
BY_KEY = {requirement.key: requirement for requirement in REQUIREMENTS}


def checklist(shop: Shop) -> list[Item]:
    """Every requirement and how the shop stands, in the order of the table."""
    waivers = {waiver.requirement: waiver for waiver in shop.waivers.all()}
    return [_item(each, shop, waivers.get(each.key)) for each in REQUIREMENTS]


def _item(requirement: Requirement, shop: Shop, waiver: Waiver | None) -> Item:
    done = requirement.is_done(shop)
    waits_for = "" if done or waiver else requirement.waits_for(shop)
    return Item(requirement, done, waits_for, waiver if requirement.waivable else None)


def missing(shop: Shop) -> list[Item]:
    """What still stands between the shop and its opening."""
    return [item for item in checklist(shop) if not item.settled]


def _locked(shop: Shop) -> Shop:
    return Shop.objects.select_for_update().get(pk=shop.pk)


def _refuse_incomplete(shop: Shop) -> None:
    lacking = missing(shop)
    if lacking:
        raise NotComplete(lacking)


@transaction.atomic
def ask(shop: Shop, *, by) -> None:
    """The shop asks to be opened. Raises `NotComplete` or `NotWaiting`."""
    shop = _locked(shop)
    if shop.status == Status.WAITING:
        return
    if shop.status != Status.DRAFT:
        raise NotWaiting
    _refuse_incomplete(shop)
    shop.move(Status.WAITING, by=by)
    shop_mail.tell_openers("joining_asked", shop, key=_moment())


@transaction.atomic
def open_shop(shop: Shop, *, by) -> None:
    """The shop may sell from now on. Raises `NotWaiting`, or `NotComplete` when something has gone missing meanwhile."""
    shop = _locked(shop)
    if shop.status != Status.WAITING:
        raise NotWaiting
    _refuse_incomplete(shop)
    shop.move(Status.OPEN, by=by)
    shop_changed.send(Shop, shop=shop)
    shop_mail.tell_owners("joining_opened", shop, key=_moment())


@transaction.atomic
def send_back(shop: Shop, *, by, sentence: str) -> None:
    """Not yet: back to the shop, with a sentence that says what to mend. Raises `NotWaiting` or `NoReason`."""
    sentence = sentence.strip()
    if not sentence:
        raise NoReason
    shop = _locked(shop)
    if shop.status != Status.WAITING:
        raise NotWaiting
    shop.move(Status.DRAFT, by=by, reason=sentence)
    shop_mail.tell_owners("joining_sent_back", shop, key=_moment(), sentence=sentence)


@transaction.atomic
def waive(shop: Shop, *, requirement: str, reason: str, by) -> Waiver:
    """Let a shop off one requirement; a second waiver of the same leaves the first. Raises `NoReason` or `NotWaivable`."""
    if not reason.strip():
        raise NoReason
    if requirement not in BY_KEY or not BY_KEY[requirement].waivable or BY_KEY[requirement].advised:
        raise NotWaivable
    shop = _locked(shop)
    waiver, _created = Waiver.objects.get_or_create(
        shop=shop, requirement=requirement, defaults={"reason": reason.strip()[:300], "by": by}
    )
    return waiver


def _moment() -> str:
    """Each step of a shop is told once, and each later step again."""
    return timezone.now().isoformat()
