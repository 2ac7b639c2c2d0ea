"""What time alone decides. Computed from moments, so a missed run loses nothing; each row is its own transaction."""

import logging
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from marketplace.foundation.lifecycle import ForbiddenMove
from pickup import signals
from pickup.collections.filling import close_deposits, deposits_are_over
from pickup.collections.handing import KEPT_AT_COUNTER, handed_over
from pickup.collections.moving import lock, move
from pickup.models import Collection, Leg, Point
from shops import orders

logger = logging.getLogger(__name__)
Status = Collection.Status


def expire_due(now: datetime | None = None) -> int:
    """End what has run out, close what waits too long; the number of collections that changed.

    Unpaid holds need nothing: they stop counting by themselves and leave with their order. Once the window has begun, a
    shop that has not come is missing and its goods are refunded; while the bank cannot be heard nobody is declared
    missing, for it may hold deposits that we do not know of. Goods whose window is over are overdue; what waited three
    days at a counter was not collected.
    """
    now = now or timezone.now()
    changed = 0
    for collection in _begun(now):
        if deposits_are_over(collection, now):
            changed += close_deposits(collection)
    for collection in _never_filled(now):
        changed += close_deposits(collection, reason="nothing came")
    for collection in Collection.objects.filter(status__in=[Status.READY, Status.PARTIAL_READY], ends_at__lte=now):
        changed += _overdue(collection, now)
    for collection in _forgotten_at_counters(now):
        changed += _no_show(collection)
    return changed


def remind_due(now: datetime | None = None) -> int:
    """Tell once, three hours before the end, that goods are waiting; the number told."""
    now = now or timezone.now()
    told = 0
    for collection in Collection.objects.ending_soon(now).select_related("point", "order"):
        with transaction.atomic():
            if Collection.objects.filter(pk=collection.pk, reminded_at=None).update(reminded_at=now):
                signals.collection_ending.send(sender=Collection, collection=collection)
                told += 1
    return told


def _begun(now: datetime) -> list[Collection]:
    filling = Collection.objects.filter(status=Status.DEPOSITING, starts_at__lte=now).select_related("point__bank")
    return [collection for collection in filling if _can_be_heard(collection.point, now)]


def _never_filled(now: datetime) -> list[Collection]:
    empty = Collection.objects.filter(status=Status.CONFIRMED, ends_at__lte=now).select_related("point__bank")
    return [collection for collection in empty if _can_be_heard(collection.point, now)]


def _can_be_heard(point: Point, now: datetime) -> bool:
    """Whether all that happened there is known: nobody is silent, and no word waits for one that was lost on the way."""
    return point.is_counter or (point.bank.is_reachable(now) and not point.bank.events.waiting().exists())


def _forgotten_at_counters(now: datetime):
    moved = Collection.objects.filter(status=Status.AT_COUNTER, ends_at__lte=now)
    kept = Collection.objects.filter(
        status=Status.OVERDUE, point__kind=Point.Kind.COUNTER, ends_at__lte=now - KEPT_AT_COUNTER
    )
    return moved | kept


@transaction.atomic
def _overdue(collection: Collection, now: datetime) -> bool:
    collection = lock(collection)
    if collection.ends_at > now:
        return False
    try:
        return move(collection, Status.OVERDUE)
    except ForbiddenMove:
        logger.info("Collection %s was collected at the last moment.", collection.pk)
        return False


@transaction.atomic
def _no_show(collection: Collection) -> bool:
    collection = lock(collection)
    if collection.status not in (Status.AT_COUNTER, Status.OVERDUE):
        return False
    for leg in collection.legs.filter(status__in=[Leg.Status.READY, Leg.Status.AT_COUNTER]):
        leg.move(Leg.Status.RELEASED, reason="not collected")
    for shop_order in handed_over(collection):
        orders.mark_no_show(shop_order)
    return move(collection, Status.RELEASED, reason="not collected")
