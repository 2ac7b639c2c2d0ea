"""The one door through which a collection changes its state."""

from oscar.core.loading import get_model

from pickup import signals
from pickup.models import Collection


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
