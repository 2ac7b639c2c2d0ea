"""What time alone decides. Computed from moments, so a missed run loses nothing; each row is its own transaction."""

import logging
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from marketplace.foundation.lifecycle import ForbiddenMove
from pickup import signals
from pickup.collections import outages
from pickup.collections.filling import GRACE, close_deposits, deposits_end
from pickup.collections.handing import handed_over
from pickup.collections.keeping import counter_keeps
from pickup.collections.moving import lock, move
from pickup.models import Collection, Leg, Point
from shops import orders

logger = logging.getLogger(__name__)
Status = Collection.Status


def expire_due(now: datetime | None = None) -> int:
    """End what has run out, close what waits too long; the number of collections that changed.

    First what a bank owes for its outages, for a later end leaves nothing overdue. Unpaid holds need nothing: they stop
    counting by themselves and leave with their order. Half an hour before the window a shop that has not come is missing
    and its goods are refunded; while the bank cannot be heard nobody is declared missing, for it may hold deposits that we
    do not know of. Goods whose window is over are overdue; what waited its days at a counter was not collected.
    """
    now = now or timezone.now()
    changed = outages.make_up(now)
    for collection in _awaiting_goods(now):
        if now >= deposits_end(collection):
            changed += close_deposits(collection)
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


def overdue_goods(now: datetime | None = None) -> list[Leg]:
    """The legs behind doors whose time is over, the longest first: somebody has to take them to a counter."""
    legs = Leg.objects.filter(
        status__in=Leg.INSIDE, compartment__isnull=False, collection__ends_at__lte=now or timezone.now()
    )
    return list(
        legs.select_related("collection__order", "compartment__bank__point").order_by("collection__ends_at", "pk")
    )


def _awaiting_goods(now: datetime) -> list[Collection]:
    filling = Collection.objects.filter(status__in=[Status.CONFIRMED, Status.DEPOSITING], starts_at__lte=now + GRACE)
    return [each for each in filling.select_related("point__bank") if _can_be_heard(each.point, now)]


def _can_be_heard(point: Point, now: datetime) -> bool:
    """Whether all that happened there is known: nobody is silent, and no word waits for one that was lost on the way."""
    return point.is_counter or (point.bank.is_reachable(now) and not point.bank.events.waiting().exists())


def _forgotten_at_counters(now: datetime) -> list[Collection]:
    moved = Collection.objects.filter(status=Status.AT_COUNTER, ends_at__lte=now)
    kept = Collection.objects.filter(status=Status.OVERDUE, point__kind=Point.Kind.COUNTER, ends_at__lte=now)
    return [*moved, *(each for each in kept if each.ends_at + counter_keeps(each) <= now)]


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
    for leg in collection.legs.filter(status__in=Leg.COLLECTABLE):
        leg.move(Leg.Status.RELEASED, reason="not collected")
    for shop_order in handed_over(collection):
        orders.mark_no_show(shop_order)
    return move(collection, Status.RELEASED, reason="not collected")
