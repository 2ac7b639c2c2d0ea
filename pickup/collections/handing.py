"""The resident takes the goods: from a compartment, or from a person at a counter."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from pickup import counter_codes, errors, signals
from pickup.collections.doors import leave_all
from pickup.collections.filling import give_up, settle
from pickup.collections.keeping import counter_keeps
from pickup.collections.moving import lock, move
from pickup.models import Collection, Leg, Parcel, Point
from pickup.models.place import PointQuerySet
from pickup.windows import Window, counter_windows
from shops import orders
from shops.models import ShopOrder

Status = Collection.Status


@transaction.atomic
def collect(leg: Leg, *, at: datetime | None = None, by=None, reason: str = "") -> bool:
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
    if not leg.move(Leg.Status.COLLECTED, by=by, reason=reason, collected_at=at):
        return False
    leave_all(leg)
    finish(collection, at=at, by=by)
    return True


def finish(collection: Collection, *, at: datetime, by=None) -> None:
    """If no leg waits any more, the collection ends, and the shops whose goods were taken are paid. The order is locked."""
    statuses = set(collection.legs.values_list("status", flat=True))
    if statuses - {Leg.Status.COLLECTED, Leg.Status.RELEASED}:
        follow_to_counter(collection, by=by, reason="the rest has left the locker")
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
    found = counter_codes.find_waiting(point, code)
    if found is None:
        raise errors.WrongCode
    with transaction.atomic():
        collection = lock(found)
        if not Collection.objects.waiting_at(point).filter(pk=collection.pk).exists() or not collection.is_waiting:
            raise errors.WrongCode
        legs = list(collection.legs.filter(status__in=Leg.COLLECTABLE, compartment=None))
        if not legs:
            raise errors.NothingHere
        for leg in legs:
            collect(leg, by=by)
        collection.refresh_from_db()
    return collection


@transaction.atomic
def move_to_counter(leg: Leg, *, by=None, reason: str) -> bool:
    """The goods of this leg were taken out of the locker and wait at a counter, for some days (`counter_keeps`). The code stays
    the same. What is behind other doors stays there, and so does the order until the last of them is empty.

    False when they are at a counter already. Raises `NothingHere` without goods and `NoCounter`.
    """
    collection = lock(leg.collection)
    leg.refresh_from_db()
    if leg.status == Leg.Status.AT_COUNTER:
        return False
    if leg.status not in Leg.INSIDE:
        raise errors.NothingHere
    counter, _window = counter_for(collection, timezone.now())
    leave_all(leg)
    leg.move(Leg.Status.AT_COUNTER, by=by, reason=reason, compartment=None, counter=counter)
    if not follow_to_counter(collection, by=by, reason=reason):
        signals.part_at_counter.send(sender=Collection, collection=collection, leg=leg)
    return True


def follow_to_counter(collection: Collection, *, by=None, reason: str) -> bool:
    """With nothing behind a door any more the order waits where a part of its goods does. The order is locked.

    False when it stays where it is: something is behind a door, or a dispute waits for its answer, which then takes it there.
    """
    gone = collection.legs.filter(status=Leg.Status.AT_COUNTER).exists()
    stays = collection.status in (Status.AT_COUNTER, Status.DISPUTED)
    if not gone or stays or collection.legs.filter(status__in=Leg.INSIDE).exists():
        return False
    return go_to_counter(collection, by=by, reason=reason)


def go_to_counter(collection: Collection, *, by=None, reason: str) -> bool:
    """The order waits at the counter that has its goods. The order is locked. Raises `NoCounter`."""
    if collection.point.is_counter:
        return move(collection, Status.AT_COUNTER, by=by, reason=reason)
    counter, window = counter_for(collection, timezone.now())
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


def counter_for(collection: Collection, now: datetime) -> tuple[Point, Window]:
    """Where goods of this order go when they are taken out of the locker, and when it opens next: the counter that has a part
    of them already, else the one that opens next. Raises `NoCounter`.
    """
    legs = collection.legs.filter(status=Leg.Status.AT_COUNTER, counter__isnull=False)
    has_some = legs.values_list("counter", flat=True).first()
    return next_counter(now, among=Point.objects.filter(pk=has_some) if has_some else None)


def next_counter(now: datetime, *, among: PointQuerySet | None = None) -> tuple[Point, Window]:
    """The counter that opens next, of all active ones or `among` some, with that window. Raises `NoCounter`."""
    counters = Point.objects.active().counters() if among is None else among
    counters = counters.select_related("host_shop").prefetch_related("host_shop__closures")
    found = [(point, window) for point in counters if (window := next(iter(counter_windows(point, now)), None))]
    if not found:
        raise errors.NoCounter
    return min(found, key=lambda pair: (pair[1].starts_at, pair[0].name))


def handed_over(collection: Collection) -> list[ShopOrder]:
    """The shop orders whose goods were there."""
    deposited = Parcel.objects.filter(leg__collection=collection, status=Parcel.Status.DEPOSITED)
    return list(ShopOrder.objects.filter(parcels__in=deposited).distinct().order_by("pk"))
