"""Plan B: what cannot, or may not, lie in the bank is promised at a counter, before anything was deposited.

A class of doors was reserved, not a door: the bank itself takes another one when one fails. Only when none is left the order
goes to the counter that opens next; the resident and the shops hear of it once, with the new place and time.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from pickup import capacity, errors, signals
from pickup.collections.handing import next_counter
from pickup.collections.moving import lock
from pickup.models import Collection, Leg, Point
from pickup.planning.seating import displaced
from shops.models import ProductSheet

Status = Collection.Status
# Earlier a technician may still mend the door; later the shops are on their way.
NOTICE = timedelta(hours=2)


def redirect_displaced(now: datetime | None = None) -> int:
    """Send the orders to a counter for which no door is left, the last come first; the number sent.

    Only those of which nothing was deposited and whose shops may deposit within two hours. Without a counter they stay.
    """
    now = now or timezone.now()
    waiting = Collection.objects.filter(status=Status.CONFIRMED, point__kind=Point.Kind.BANK, ends_at__gt=now)
    sent = 0
    for collection in waiting.filter(deposit_from__lte=now + NOTICE).order_by("-pk").select_related("point__bank"):
        if _is_displaced(collection, now):
            sent += _redirect(collection, now)
    return sent


def may_lie_in_locker(collection: Collection) -> bool:
    """Whether, by what the shops say of their goods at this moment, all of them may be handed out without a person."""
    sheets = ProductSheet.objects.filter(stock__in=collection.order.lines.values("stockrecord"))
    return not sheets.filter(Q(min_age__gt=0) | Q(needs_signature=True)).exists()


def send_to_counter(collection: Collection, now: datetime) -> None:
    """Promise the counter that opens next instead of the bank, and tell. The code stays the bank's; the order is locked.

    Raises `NoCounter`.
    """
    counter, window = next_counter(now)
    before = collection.point
    collection.point, collection.starts_at, collection.ends_at = counter, window.starts_at, window.ends_at
    collection.deposit_from = min(now, window.starts_at)
    collection.save(update_fields=["point", "starts_at", "ends_at", "deposit_from"])
    collection.legs.update(keeps_until=None)  # a counter has people and a refrigerator
    signals.collection_redirected.send(sender=Collection, collection=collection, before=before)


@transaction.atomic
def _redirect(collection: Collection, now: datetime) -> bool:
    """Whether this one went, with everything read again under its lock."""
    collection = lock(collection)
    if collection.status != Status.CONFIRMED or collection.point.is_counter:
        return False
    capacity.lock(collection.point.bank, collection.legs.values_list("temperature", flat=True))
    if not _is_displaced(collection, now):
        return False
    try:
        send_to_counter(collection, now)
    except errors.NoCounter:
        return False
    return True


def _is_displaced(collection: Collection, now: datetime) -> bool:
    """Whether one leg fewer goes without a door when this order is not there."""
    bank = collection.point.bank
    room, without = capacity.Room([bank], now), capacity.Room([bank], now, but=collection)
    doors = room.doors.get(bank.pk, {})
    for leg in collection.legs.filter(status=Leg.Status.RESERVED):
        there = doors[leg.temperature].all if leg.temperature in doors else {}
        with_it = displaced(there, room.stays[bank.pk][leg.temperature])
        if with_it > displaced(there, without.stays[bank.pk][leg.temperature]):
            return True
    return False
