"""The goods arrive: parcel by parcel, until a leg is sealed and the resident can come."""

from collections import defaultdict
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from pickup import errors
from pickup.collections.doors import leave_all
from pickup.collections.moving import lock, move
from pickup.models import Collection, Compartment, Leg, Parcel
from shops import orders
from shops.models import Payment, ShopOrder

Status = Collection.Status
# So long before the window the goods have to be there; and the others get so long after the first deposit.
GRACE = timedelta(minutes=30)
# A shop that was allowed to deposit late has at least so long.
TO_PREPARE = timedelta(hours=1)
# A deposit changes nothing about these; it may still complete them.
STILL_OPEN = [Status.DEPOSITING, Status.PARTIAL_READY, Status.OVERDUE, Status.AT_COUNTER, Status.DISPUTED]


@transaction.atomic
def deposit(
    parcel: Parcel,
    *,
    compartment: Compartment | None = None,
    at: datetime | None = None,
    verified: bool = True,
    by=None,
) -> bool:
    """The parcel is in the `compartment` (None: behind a counter). False when that was known.

    The last parcel of the collection makes it ready, once. A parcel that was given up is refunded: `TooLate` at a counter,
    while a bank tells what has happened and is believed (`orders.note_late`). Raises `ForbiddenMove` when the parcel was
    withdrawn or the collection has ended, `IntegrityError` when another leg is in the compartment.
    """
    leg = parcel.leg
    collection = lock(leg.collection)
    leg.refresh_from_db()
    parcel.refresh_from_db(fields=["status"])
    late = parcel.status == Parcel.Status.MISSING
    if late and compartment is None:
        raise errors.TooLate
    if late:
        orders.note_late(parcel.shop_order, temperature=leg.temperature, place=_name_of(compartment), by=by)
    if late and collection.status == Status.RELEASED:  # nobody will come for it
        Compartment.objects.filter(pk=compartment.pk).update(contents=Compartment.Contents.SUSPECT)
        return False
    if parcel.status == Parcel.Status.RUINED:  # only what was deposited is: the bank tells it once more
        return False
    if not parcel.move(
        Parcel.Status.DEPOSITED, by=by, deposited_at=at or timezone.now(), deposited_by=by, verified=verified
    ):
        return False
    if leg.status not in (Leg.Status.READY, Leg.Status.AT_COUNTER):
        leg.move(Leg.Status.DEPOSITING, by=by, compartment=compartment or leg.compartment)
    if compartment is not None:
        Compartment.objects.filter(pk=compartment.pk).update(contents=Compartment.Contents.OCCUPIED)
    if collection.status not in STILL_OPEN:
        move(collection, Status.DEPOSITING, by=by)
    settle(collection, by=by)
    return True


@transaction.atomic
def deposit_at_counter(shop_order: ShopOrder, *, by) -> bool:
    """All parcels of the shop order stand behind the counter. False when they did already.

    Raises `NotCaptured` before the debit, `TooLate` when none of them is awaited any more.
    """
    collection = lock(Collection.objects.get(order=shop_order.order_id))
    if not Collection.objects.filter(pk=collection.pk).captured().exists():
        raise errors.NotCaptured
    parcels = Parcel.objects.filter(shop_order=shop_order).select_related("leg__collection")
    awaited = list(parcels.filter(status=Parcel.Status.EXPECTED))
    if not awaited and parcels.filter(status=Parcel.Status.MISSING).exists():
        raise errors.TooLate
    for parcel in awaited:
        deposit(parcel, by=by)
    return bool(awaited)


@transaction.atomic
def move_parcels(leg: Leg, compartment: Compartment) -> None:
    """The goods of the leg went to a larger compartment; the old one is empty."""
    lock(leg.collection)
    leg.refresh_from_db()
    if leg.compartment_id:
        Compartment.objects.filter(pk=leg.compartment_id).update(contents=Compartment.Contents.EMPTY)
    leg.compartment = compartment
    leg.save(update_fields=["compartment"])
    Compartment.objects.filter(pk=compartment.pk).update(contents=Compartment.Contents.OCCUPIED)


@transaction.atomic
def close_deposits(collection: Collection, *, reason: str = "too late", by=None) -> bool:
    """Wait for nobody any longer: what is not there is missing, what is there is ready. False when nothing was awaited."""
    collection = lock(collection)
    expected = Parcel.objects.filter(leg__collection=collection, status=Parcel.Status.EXPECTED)
    given_up = give_up(expected, reason=reason, by=by)
    settle(collection, by=by)
    return given_up


def give_up(expected: QuerySet[Parcel], *, reason: str, by=None) -> bool:
    """These parcels did not come: what was paid for their goods goes back. False for none. The order is locked."""
    temperatures = defaultdict(set)
    for parcel in expected.select_related("leg", "shop_order").order_by("shop_order", "pk"):
        parcel.move(Parcel.Status.MISSING, by=by, reason=reason)
        temperatures[parcel.shop_order].add(parcel.leg.temperature)
    for shop_order, gone in temperatures.items():
        orders.mark_missing(shop_order, temperatures=gone, by=by)
    return bool(temperatures)


def deposits_end(collection: Collection) -> datetime:
    """When nobody waits any longer for goods that are not there.

    At a bank half an hour before the window begins, but never sooner than an hour after the debit that lets the shops
    deposit, and the others have half an hour after the first. Behind a counter people see who comes: with the window when
    some goods are there, at its end when none are, and so everywhere when the money was never taken.
    """
    first = (
        Parcel.objects.filter(leg__collection=collection, status=Parcel.Status.DEPOSITED)
        .order_by("deposited_at")
        .values_list("deposited_at", flat=True)
        .first()
    )
    debited = _debited_at(collection)
    if collection.point.is_counter or debited is None:
        return collection.ends_at if first is None else max(collection.starts_at, first + GRACE)
    moments = [collection.starts_at - GRACE, debited + TO_PREPARE]
    return max([*moments, first + GRACE] if first else moments)


def _debited_at(collection: Collection) -> datetime | None:
    payment = Payment.objects.filter(order=collection.order_id, status__in=Payment.TAKEN).order_by("-pk").first()
    moves = payment.history().filter(current=Payment.Status.CAPTURED) if payment else ()
    return next((each.at for each in moves), None)


def _name_of(compartment: Compartment) -> str:
    return f"{compartment.bank.point.name}, {compartment.label}"


def settle(collection: Collection, *, by=None) -> None:
    """Draw the conclusions from the parcels: seal legs, free legs, tell the resident. The order is locked."""
    legs = list(collection.legs.prefetch_related("parcels"))
    for leg in legs:
        _settle_leg(leg, {parcel.status for parcel in leg.parcels.all()}, by=by)
    statuses = {parcel.status for leg in legs for parcel in leg.parcels.all()}
    if Parcel.Status.EXPECTED in statuses:
        return
    if Parcel.Status.DEPOSITED not in statuses:
        if collection.can_move(Status.RELEASED) and not collection.is_waiting:
            move(collection, Status.RELEASED, by=by, reason="nothing will come")
    elif collection.status in (Status.DEPOSITING, Status.PARTIAL_READY):
        complete = not statuses & {Parcel.Status.MISSING, Parcel.Status.RUINED}
        last = max(parcel.deposited_at for leg in legs for parcel in leg.parcels.all() if parcel.deposited_at)
        since = collection.ready_at or (last if complete else timezone.now())
        move(collection, Status.READY if complete else Status.PARTIAL_READY, by=by, ready_at=since)


def _settle_leg(leg: Leg, statuses: set[str], *, by) -> None:
    if Parcel.Status.EXPECTED in statuses:
        return
    if leg.status == Leg.Status.DEPOSITING:
        leg.move(Leg.Status.READY, by=by)
    elif leg.status == Leg.Status.RESERVED and Parcel.Status.DEPOSITED not in statuses:
        leg.move(Leg.Status.RELEASED, by=by)
        if leg.more_doors.exists():
            leave_all(leg)
