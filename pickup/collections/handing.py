"""The resident takes the goods: from a compartment, or from a person at a counter."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from pickup import codes, errors
from pickup.collections.doors import leave_all
from pickup.collections.filling import give_up, settle
from pickup.collections.keeping import counter_keeps
from pickup.collections.moving import lock, move
from pickup.models import Collection, Leg, Parcel, Point
from pickup.windows import Window, counter_windows
from shops import orders
from shops.models import ShopOrder

Status = Collection.Status


@transaction.atomic
def collect(leg: Leg, *, at: datetime | None = None, by=None) -> bool:
    """The goods of this leg are in the resident's hands. False when that was known. The last leg ends the collection.

    Raises `ForbiddenMove` when there were no goods.
    """
    collection = lock(leg.collection)
    leg.refresh_from_db()
    if leg.status == Leg.Status.DEPOSITING:  # the bank sealed it on its own: who has not come will not come any more
        give_up(leg.parcels.filter(status=Parcel.Status.EXPECTED), reason="collected before", by=by)
        settle(collection, by=by)
        leg.refresh_from_db()
    at = at or timezone.now()
    if not leg.move(Leg.Status.COLLECTED, by=by, collected_at=at):
        return False
    leave_all(leg)
    finish(collection, at=at, by=by)
    return True


def finish(collection: Collection, *, at: datetime, by=None) -> None:
    """If no leg waits any more, the collection ends, and the shops whose goods were taken are paid. The order is locked."""
    statuses = set(collection.legs.values_list("status", flat=True))
    if statuses - {Leg.Status.COLLECTED, Leg.Status.RELEASED}:
        return
    if Leg.Status.COLLECTED not in statuses:
        move(collection, Status.RELEASED, by=by, reason="nothing is left")
        return
    if collection.status == Status.DISPUTED:  # until a person has answered; the shops have done their part
        collection.collected_at = at
        collection.save(update_fields=["collected_at"])
    else:
        move(collection, Status.COLLECTED, by=by, collected_at=at)
    for shop_order in handed_over(collection):
        orders.mark_collected(shop_order, by=by)


def hand_over(point: Point, code: str, *, by) -> Collection:
    """Give out at a counter the order to which the resident's `code` (digits or scanned QR text) belongs.

    Raises `WrongCode`. Whether `by` may hand over here, and how often one may try, is the caller's question.
    """
    found = codes.find_waiting(point, code)
    if found is None:
        raise errors.WrongCode
    with transaction.atomic():
        collection = lock(found)
        if collection.point_id != point.pk or not collection.is_waiting:
            raise errors.WrongCode
        legs = list(collection.legs.filter(status__in=Leg.COLLECTABLE))
        if not legs:
            raise errors.NothingHere
        for leg in legs:
            collect(leg, by=by)
        collection.refresh_from_db()
    return collection


@transaction.atomic
def move_to_counter(collection: Collection, *, by=None, reason: str) -> bool:
    """The goods were taken out of the locker and wait at the next open counter, for some days (`counter_keeps`). The code stays
    the same.

    False when they are at a counter already. Raises `NothingHere` without goods and `NoCounter`.
    """
    collection = lock(collection)
    if collection.status == Status.AT_COUNTER:
        return False
    legs = list(collection.legs.filter(status__in=Leg.INSIDE).select_related("compartment"))
    if not legs:
        raise errors.NothingHere
    now = timezone.now()
    counter, window = next_counter(now)
    for leg in legs:
        leave_all(leg)
        leg.move(Leg.Status.AT_COUNTER, by=by, reason=reason, compartment=None)
    return move(
        collection,
        Status.AT_COUNTER,
        by=by,
        reason=reason,
        point=counter,
        starts_at=window.starts_at,
        ends_at=window.starts_at + counter_keeps(collection),
        deposit_from=min(collection.deposit_from, window.starts_at),
    )


def next_counter(now: datetime) -> tuple[Point, Window]:
    """The active counter that opens next, with that window. Raises `NoCounter`."""
    counters = Point.objects.active().counters().select_related("host_shop").prefetch_related("host_shop__closures")
    found = [(point, window) for point in counters if (window := next(iter(counter_windows(point, now)), None))]
    if not found:
        raise errors.NoCounter
    return min(found, key=lambda pair: (pair[1].starts_at, pair[0].name))


def handed_over(collection: Collection) -> list[ShopOrder]:
    """The shop orders whose goods were there."""
    deposited = Parcel.objects.filter(leg__collection=collection, status=Parcel.Status.DEPOSITED)
    return list(ShopOrder.objects.filter(parcels__in=deposited).distinct().order_by("pk"))
