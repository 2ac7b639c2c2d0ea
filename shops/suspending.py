"""A shop is taken off the site, with reasons; it answers once; somebody else decides; it comes back.

The statement of reasons is written before anything takes effect and mailed with it (Regulation (EU) 2019/1150 art. 4). Its scope is
always the same: pages and goods of the shop are not shown, no new order is taken. Orders that residents have paid go on, so that they
get what they bought; only where the goods themselves are the reason are unanswered ones refused, and nobody pays for them. Orders, refunds,
payouts and data stay at the desk.
"""

import logging
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shops import orders, shop_mail
from shops.models import Shop, ShopOrder, Suspension
from shops.signals import shop_changed

logger = logging.getLogger(__name__)

Status, Ground, Decision = Shop.Status, Suspension.Ground, Suspension.Decision
LONGEST_NOTICE = timedelta(days=60)


class SuspendingError(Exception):
    """A step of a suspension that cannot be done now."""


class NotOpen(SuspendingError):
    """Only an open shop is suspended, and only once at a time."""

    def __init__(self):
        super().__init__(_("This shop is not open, or a suspension is decided already. Please look at its page again."))


class NotSuspended(SuspendingError):
    """There is nothing to end, to answer or to decide."""

    def __init__(self):
        super().__init__(_("This has ended or was decided already. Please look at the page again."))


class NoReasons(SuspendingError):
    """Everybody concerned reads why."""

    def __init__(self):
        super().__init__(_("Please write the reasons: everybody concerned reads them."))


class WrongDay(SuspendingError):
    """In the past, or too far away to mean anything."""

    def __init__(self):
        super().__init__(_("The suspension begins now, or within the next 60 days."))


class SamePerson(SuspendingError):
    """Nobody judges their own decision."""

    def __init__(self):
        super().__init__(_("You have suspended this shop yourself: somebody else decides on its answer."))


class OwnShop(SuspendingError):
    """Nobody judges their own shop either."""

    def __init__(self):
        super().__init__(_("You work in this shop: somebody else decides on its suspension."))


def suspend(shop: Shop, *, ground: str, reasons: str, by, starts_at: datetime | None = None) -> Suspension:
    """Write the statement of reasons, tell the owners, and take the shop off the site, now or at `starts_at`.

    Raises `NotOpen`, `NoReasons` or `WrongDay`; nothing is changed then.
    """
    now = timezone.now()
    starts_at = starts_at or now
    if not reasons.strip() or ground not in Ground.values:
        raise NoReasons
    if not now - timedelta(days=1) <= starts_at <= now + LONGEST_NOTICE:
        raise WrongDay
    with transaction.atomic():
        shop = _locked(shop.pk)
        if shop.status != Status.OPEN:
            raise NotOpen
        try:
            with transaction.atomic():
                suspension = Suspension.objects.create(
                    shop=shop, ground=ground, reasons=reasons.strip(), by=by, starts_at=starts_at
                )
        except IntegrityError as error:
            raise NotOpen from error
        _tell("suspended", suspension)
        if starts_at <= now:
            _begin(suspension, shop)
    refuse_orders()
    return suspension


def begin_due(now: datetime | None = None) -> int:
    """Suspensions whose day has come take effect; then what must be refused is refused. How many began."""
    due = Suspension.objects.filter(ended_at=None, begun_at=None, starts_at__lte=now or timezone.now())
    begun = 0
    for pk, shop_pk in due.values_list("pk", "shop_id"):
        with transaction.atomic():
            shop = _locked(shop_pk)
            suspension = Suspension.objects.select_for_update().get(pk=pk)
            if suspension.begun_at is None and suspension.ended_at is None and shop.status == Status.OPEN:
                _begin(suspension, shop)
                begun += 1
    refuse_orders()
    return begun


def refuse_orders() -> int:
    """Refuse what shops suspended for their goods have not answered, also what was paid only afterwards. May run twice."""
    suspended = Suspension.objects.filter(ended_at=None, begun_at__isnull=False, ground__in=Suspension.REFUSES_ORDERS)
    refused = 0
    for shop_order in ShopOrder.objects.unanswered().filter(shop__in=suspended.values("shop")):
        try:
            orders.refuse_all(shop_order, reason=_("The shop is suspended."), by=None, note="suspended")
        except orders.AlreadyAnswered:
            logger.info("Shop order %s was answered at the last moment.", shop_order.number)
        else:
            refused += 1
    return refused


@transaction.atomic
def appeal(suspension: Suspension, *, text: str, by) -> None:
    """The shop answers, once. Raises `NoReasons`, or `NotSuspended` when it has answered or the suspension has ended."""
    if not text.strip():
        raise NoReasons
    suspension = Suspension.objects.select_for_update().get(pk=suspension.pk)
    if suspension.ended_at is not None or suspension.appealed_at is not None:
        raise NotSuspended
    suspension.appeal, suspension.appealed_by, suspension.appealed_at = text.strip(), by, timezone.now()
    suspension.save(update_fields=["appeal", "appealed_by", "appealed_at"])
    shop_mail.tell_openers("suspension_appealed", suspension.shop, key=str(suspension.pk), suspension=suspension)


@transaction.atomic
def decide(suspension: Suspension, *, decision: str, reasons: str, by) -> None:
    """Somebody else than who suspended decides on the shop's answer, once; lifting it opens the shop.

    Raises `NoReasons`, `OwnShop`, `SamePerson` or `NotSuspended`.
    """
    if not reasons.strip() or decision not in Decision.values:
        raise NoReasons
    shop = _locked(suspension.shop_id)
    _refuse_own(shop, by)
    suspension = Suspension.objects.select_for_update().get(pk=suspension.pk)
    if suspension.by_id == by.pk:
        raise SamePerson
    if suspension.appealed_at is None or suspension.answered_at is not None or suspension.ended_at is not None:
        raise NotSuspended
    suspension.decision, suspension.decision_reasons = decision, reasons.strip()
    suspension.answered_by, suspension.answered_at = by, timezone.now()
    suspension.save(update_fields=["decision", "decision_reasons", "answered_by", "answered_at"])
    if decision == Decision.LIFTED:
        _end(suspension, shop, by=by, reason=reasons)
    _tell("suspension_decided", suspension)


@transaction.atomic
def reopen(shop: Shop, *, reason: str, by) -> None:
    """The reasons are gone: the shop is open again, or a suspension that was only announced never comes.

    Raises `NoReasons`, `OwnShop` or `NotSuspended`.
    """
    if not reason.strip():
        raise NoReasons
    shop = _locked(shop.pk)
    _refuse_own(shop, by)
    suspension = Suspension.objects.select_for_update().filter(shop=shop, ended_at=None).first()
    if suspension is None:
        raise NotSuspended
    _end(suspension, shop, by=by, reason=reason)
    _tell("suspension_ended", suspension)


def _locked(shop_pk: int) -> Shop:
    return Shop.objects.select_for_update().get(pk=shop_pk)


def _refuse_own(shop: Shop, by) -> None:
    if shop.staff.filter(user=by, is_active=True).exists():
        raise OwnShop


def _begin(suspension: Suspension, shop: Shop) -> None:
    suspension.begun_at = timezone.now()
    suspension.save(update_fields=["begun_at"])
    shop.move(Status.SUSPENDED, by=suspension.by, reason=str(suspension.get_ground_display()))
    shop_changed.send(Shop, shop=shop)


def _end(suspension: Suspension, shop: Shop, *, by, reason: str) -> None:
    suspension.ended_at, suspension.ended_by, suspension.end_reason = timezone.now(), by, reason.strip()[:300]
    suspension.save(update_fields=["ended_at", "ended_by", "end_reason"])
    if shop.status == Status.SUSPENDED:
        shop.move(Status.OPEN, by=by, reason=reason.strip())
        shop_changed.send(Shop, shop=shop)


def _tell(kind: str, suspension: Suspension) -> None:
    shop_mail.tell_owners(
        kind,
        suspension.shop,
        key=str(suspension.pk),
        page="suspension",
        suspension=suspension,
        refuses=suspension.ground in Suspension.REFUSES_ORDERS,
    )
