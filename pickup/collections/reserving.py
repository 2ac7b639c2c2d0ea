"""Before the goods: room is held, confirmed with the payment, given back when nothing will come."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from pickup import capacity, codes, errors, windows
from pickup.collections.filling import settle
from pickup.collections.keeping import food_end
from pickup.collections.moving import lock, move
from pickup.collections.redirecting import may_lie_in_locker, send_to_counter
from pickup.models import Collection, Leg, Parcel, Point, Refusal
from pickup.packing import Goods
from pickup.windows import Window
from shops.models import ShopOrder

Status = Collection.Status


@transaction.atomic
def reserve(order, *, window: Window, goods: list[Goods], held_until: datetime, low_door: bool = False) -> Collection:
    """Hold room for the split `order` until `held_until`: one leg per temperature, one parcel per shop in it.

    Raises `WindowClosed`, `CounterOnly`, `ShopFull`, or `NoRoom` naming the places that still have some; nothing is written then.
    """
    now = timezone.now()
    point = Point.objects.active().select_related("bank__dwell", "host_shop").filter(pk=window.point_id).first()
    if point is None:
        raise errors.WindowClosed
    request = windows.request_for(goods, now=now, low_door=low_door, order=order)
    windows.check(point, window, request)
    try:
        deposit_from = windows.claim(point, window, request)
    except errors.NoRoom as error:
        raise errors.NoRoom(_refusal(point, request), code=error.code, refusal=error.refusal) from error
    collection = Collection.objects.create(
        order=order,
        point=point,
        starts_at=window.starts_at,
        ends_at=window.ends_at,
        deposit_from=deposit_from,
        held_until=held_until,
        low_door=low_door,
        code_bank=None if point.is_counter else point.bank,
    )
    _write_legs(collection, request)
    return collection


@transaction.atomic
def confirm(collection: Collection) -> bool:
    """The resident has paid. False when that was known, or the collection has ended.

    A hold counts for nobody once it ran out: a payment that comes later asks for the room again, and without any the order
    goes to the counter that opens next (`NoCounter` when there is none). So do goods that a shop has meanwhile given an age
    limit, or that need a signature: a locker checks neither.
    """
    collection = lock(collection)
    if collection.status != Status.HELD:
        return False
    now = timezone.now()
    if not collection.point.is_counter and not may_lie_in_locker(collection):
        send_to_counter(collection, now)
    elif collection.held_until <= now and not collection.point.is_counter:
        try:
            _claim_again(collection, now)
        except errors.NoRoom:
            _note_too_late(collection, now)
            send_to_counter(collection, now)
    return move(collection, Status.CONFIRMED, reason="paid")


@transaction.atomic
def release(collection: Collection, *, reason: str, by=None) -> bool:
    """Give everything back: the order was cancelled or never paid. False when goods are there or it has ended."""
    collection = lock(collection)
    if not collection.can_move(Status.RELEASED) or collection.is_waiting:
        return False
    for parcel in Parcel.objects.filter(leg__collection=collection, status=Parcel.Status.EXPECTED):
        parcel.move(Parcel.Status.WITHDRAWN, by=by, reason=reason)
    for leg in collection.legs.filter(status=Leg.Status.RESERVED):
        leg.move(Leg.Status.RELEASED, by=by, reason=reason)
    return move(collection, Status.RELEASED, by=by, reason=reason)


@transaction.atomic
def withdraw(shop_order: ShopOrder, *, reason: str, by=None) -> bool:
    """This shop will not deposit: its parcels leave, a leg that waits for nobody frees its door. False when none waited."""
    collection = Collection.objects.filter(order=shop_order.order_id).first()
    if collection is None:
        return False
    collection = lock(collection)
    parcels = list(Parcel.objects.filter(shop_order=shop_order, status=Parcel.Status.EXPECTED))
    for parcel in parcels:
        parcel.move(Parcel.Status.WITHDRAWN, by=by, reason=reason)
    settle(collection, by=by)
    return bool(parcels)


def _write_legs(collection: Collection, request: windows.Request) -> None:
    shop_orders = {each.shop_id: each for each in collection.order.shop_orders.all()}
    shop_codes = codes.give(collection, shop_orders)
    legs = Leg.objects.bulk_create(
        Leg(
            collection=collection,
            temperature=plan.temperature,
            size=plan.size,
            volume_l=plan.volume_l,
            keeps_until=_keeps_until(collection, plan.temperature, request.goods),
        )
        for plan in request.plans
    )
    Parcel.objects.bulk_create(
        Parcel(
            leg=leg,
            shop_order=shop_orders[shop.pk],
            code_version=shop_codes[shop.pk][0],
            pin_mac=shop_codes[shop.pk][1],
        )
        for leg, plan in zip(legs, request.plans, strict=True)
        for shop in plan.shops
    )


def _keeps_until(collection: Collection, temperature: str, goods: list[Goods]) -> datetime | None:
    """For doors; whoever stands behind a counter sees the goods, and has a refrigerator."""
    if collection.point.is_counter:
        return None
    return food_end(temperature, [each for each in goods if each.temperature == temperature], collection.starts_at)


def _claim_again(collection: Collection, now: datetime) -> None:
    """Ask for the old room again; its own legs do not count against it, for lapsed holds are not planned with."""
    if collection.ends_at <= now:
        raise errors.NoRoom
    wanted = {
        leg.temperature: capacity.Stay(
            start=collection.deposit_from,
            end=collection.ends_at,
            size=leg.size,
            low=collection.low_door,
            since=collection.starts_at,
        )
        for leg in collection.legs.all()
    }
    capacity.claim(collection.point.bank, wanted, starts_at=collection.starts_at, now=now, through_the_day=False)


def _note_too_late(collection: Collection, now: datetime) -> None:
    Refusal.objects.create(
        point=collection.point,
        code=Refusal.Code.HOLD_EXPIRED,
        at=now,
        deposit_from=collection.deposit_from,
        starts_at=collection.starts_at,
        ends_at=collection.ends_at,
        low_door=collection.low_door,
        legs=[[leg.temperature, leg.size] for leg in collection.legs.all()],
    )


def _refusal(point: Point, request: windows.Request) -> str:
    others = windows.other_places(request, but=point)
    if not others:
        return _(
            "There is no room left at %(point)s for this time, nor at another place. Please choose another time."
        ) % {"point": point.name}
    return _("There is no room left at %(point)s for this time. There is still some here: %(places)s.") % {
        "point": point.name,
        "places": ", ".join(other.name for other in others),
    }
