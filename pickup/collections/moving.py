"""The one door through which a collection changes its state."""

from datetime import datetime

from oscar.core.loading import get_model

from pickup import signals
from pickup.models import Collection, Extension, Leg, Parcel

Status = Collection.Status


def lock(collection: Collection) -> Collection:
    """The fresh collection, with its order locked: one change at a time, in the lock order of the house."""
    get_model("order", "Order").objects.select_for_update().get(pk=collection.order_id)
    return Collection.objects.select_related("point__bank", "code_bank", "order").get(pk=collection.pk)


def move(collection: Collection, to: str, *, by=None, reason: str = "", **fields) -> bool:
    """Move and tell; see `Lifecycle.move`."""
    previous = collection.status
    moved = collection.move(to, by=by, reason=reason, **fields)
    if moved:
        signals.collection_moved.send(sender=Collection, collection=collection, previous=previous)
    return moved


def prolong(collection: Collection, until: datetime, *, reason: str, by=None) -> Extension:
    """Write the later end, with its reason, and tell. Reminders begin anew. The order is locked."""
    extension = Extension.objects.create(
        collection=collection, previous_end=collection.ends_at, new_end=until, reason=reason, by=by
    )
    collection.ends_at, collection.reminded_at = until, None
    collection.save(update_fields=["ends_at", "reminded_at"])
    signals.collection_extended.send(sender=Collection, collection=collection, extension=extension)
    return extension


def standing(collection: Collection, now: datetime) -> str:
    """Where a collection stands by its goods, its place and the time."""
    statuses = set(collection.legs.values_list("status", flat=True))
    if not statuses & {Leg.Status.READY, Leg.Status.AT_COUNTER, Leg.Status.DEPOSITING}:
        return Status.COLLECTED
    if Leg.Status.AT_COUNTER in statuses and not statuses & set(Leg.INSIDE):
        return Status.AT_COUNTER
    if collection.ends_at <= now:
        return Status.OVERDUE
    lacking = [Parcel.Status.MISSING, Parcel.Status.RUINED]
    partial = Parcel.objects.filter(leg__collection=collection, status__in=lacking).exists()
    return Status.PARTIAL_READY if partial else Status.READY
