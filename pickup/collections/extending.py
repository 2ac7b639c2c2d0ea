"""More time: free, as often as nobody else needs the door and the food keeps. There is no fee for staying longer."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from pickup import capacity, errors
from pickup.collections.keeping import evening_end, keeps_beyond
from pickup.collections.moving import lock, prolong
from pickup.collections.outages import make_up_for
from pickup.models import Collection, Extension, Leg

Status = Collection.Status
EXTENDABLE = [Status.READY, Status.PARTIAL_READY]


@transaction.atomic
def extend(collection: Collection, *, by=None) -> datetime:
    """Give the resident until the next day's end of collection; returns the new end.

    Raises `NothingHere`, `CounterKeeps`, `TimeIsOver`, `FoodDoesNotKeep` or `DoorIsNeeded`; nothing has changed then.
    """
    collection = lock(collection)
    now = timezone.now()
    if not collection.point.is_counter:
        make_up_for(collection, now)
    until = _until(collection, now)
    inside = collection.legs.filter(status__in=Leg.INSIDE)
    capacity.lock(collection.point.bank, inside.values_list("temperature", flat=True))
    if not capacity.may_stay(collection, until=until, now=now):
        raise errors.DoorIsNeeded
    prolong(collection, until, reason=Extension.Reason.RESIDENT, by=by)
    return until


def can_extend_until(collection: Collection, now: datetime | None = None) -> datetime | None:
    """The end that `extend` would give at this moment; None when it would refuse. For pages: promises nothing."""
    now = now or timezone.now()
    try:
        until = _until(collection, now)
    except errors.PickupError:
        return None
    return until if capacity.may_stay(collection, until=until, now=now) else None


def _until(collection: Collection, now: datetime) -> datetime:
    """The next day's end, doors of others aside."""
    if collection.point.is_counter:
        raise errors.CounterKeeps
    if collection.status == Status.OVERDUE or (collection.status in EXTENDABLE and collection.ends_at <= now):
        raise errors.TimeIsOver
    if collection.status not in EXTENDABLE:
        raise errors.NothingHere
    until = evening_end(collection.point, collection.ends_at + timedelta(minutes=1))
    if until is None:
        raise errors.TimeIsOver
    if not keeps_beyond(collection, until):
        raise errors.FoodDoesNotKeep
    return until
