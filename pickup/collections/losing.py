"""Goods are gone from the locker, or must not be given out any more: the resident has the money back, the shops are paid."""

from django.db import transaction
from django.utils import timezone

from pickup.collections.doors import leave_all
from pickup.collections.filling import give_up, settle
from pickup.collections.handing import finish
from pickup.collections.moving import lock
from pickup.models import Collection, Compartment, Leg, Parcel
from shops import orders

TOO_WARM = "too warm"


@transaction.atomic
def ruin(leg: Leg) -> bool:
    """Its food got too warm; it stays behind its door until a person takes it out. False when it is not inside any more."""
    return _lose(leg, reason=TOO_WARM, contents=Compartment.Contents.SUSPECT, is_gone=False)


@transaction.atomic
def lose(leg: Leg, *, reason: str, by) -> bool:
    """Its goods are gone, and a person has looked: the doors are free. False when they are not inside any more."""
    return _lose(leg, reason=reason, contents=Compartment.Contents.EMPTY, is_gone=True, by=by)


def _lose(leg: Leg, *, reason: str, contents: str, is_gone: bool, by=None) -> bool:
    collection = lock(leg.collection)
    leg.refresh_from_db()
    if leg.status not in Leg.INSIDE:
        return False
    give_up(leg.parcels.filter(status=Parcel.Status.EXPECTED), reason=reason, by=by)
    inside = list(leg.parcels.filter(status=Parcel.Status.DEPOSITED).select_related("shop_order"))
    leave_all(leg, contents)
    for parcel in inside:
        parcel.move(Parcel.Status.RUINED, by=by, reason=reason)
    leg.move(Leg.Status.RELEASED, by=by, reason=reason)
    for parcel in inside:
        orders.mark_ruined(
            parcel.shop_order, temperatures=[leg.temperature], place=collection.point.name, lost=is_gone, by=by
        )
    settle(collection, by=by)
    if collection.status != Collection.Status.RELEASED:
        finish(collection, at=timezone.now(), by=by)
    return True
