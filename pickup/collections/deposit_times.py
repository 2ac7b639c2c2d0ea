"""From when the shops may deposit, when an operator changes the hours for orders that wait already."""

from dataclasses import replace
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from pickup import capacity
from pickup.collections.moving import lock
from pickup.models import Bank, Collection
from pickup.planning import Stay
from pickup.planning.seating import displaced

Status = Collection.Status
WAITING = [Status.HELD, Status.CONFIRMED]


@transaction.atomic
def change_deposit_lead(bank: Bank) -> int:
    """Let the shops of the orders that wait deposit from `bank.deposit_lead_hours` on, where a door is free so early.

    The number of orders that changed; the list of the bank follows at its next contact.
    """
    now = timezone.now()
    waiting = Collection.objects.filter(point=bank.point_id, status__in=WAITING, starts_at__gt=now)
    return sum(_change(lock(collection), now) for collection in waiting.order_by("order"))


def _change(collection: Collection, now: datetime) -> bool:
    if collection.status not in WAITING or collection.point.is_counter:
        return False
    wanted = max(collection.starts_at - timedelta(hours=collection.point.bank.deposit_lead_hours), now)
    if wanted == collection.deposit_from or (wanted == now and collection.deposit_from <= now):
        return False
    if wanted < collection.deposit_from and not _free_from(collection, wanted, now):
        return False
    collection.deposit_from = wanted
    collection.save(update_fields=["deposit_from"])
    return True


def _free_from(collection: Collection, since: datetime, now: datetime) -> bool:
    """Whether its doors are free from `since` on without displacing anybody; their rows stay locked."""
    bank = collection.point.bank
    legs = list(collection.legs.planned(now))
    doors = capacity.by_bank(capacity.lock(bank, [leg.temperature for leg in legs])).get(bank.pk, {})
    others = capacity.Room([bank], now, but=collection).stays.get(bank.pk, {})
    for leg in legs:
        there = doors[leg.temperature].all if leg.temperature in doors else {}
        present = others.get(leg.temperature, [])
        stay = Stay(
            start=collection.deposit_from,
            end=collection.ends_at,
            size=leg.size,
            low=collection.low_door,
            since=collection.starts_at,
        )
        if displaced(there, [*present, replace(stay, start=since)]) > displaced(there, [*present, stay]):
            return False
    return True
