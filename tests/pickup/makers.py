"""Makers of places, banks and reserved orders for the tests of collection."""

from datetime import datetime, timedelta
from itertools import count

from django.db.models import F
from django.utils import timezone

from marketplace.foundation.lifecycle import StateChange
from pickup import capacity, collections, windows
from pickup.banks.identities import secret_hash
from pickup.models import Bank, BankIdentity, Collection, Compartment, Leg, Parcel, Point, Zone
from pickup.packing import Goods
from pickup.windows import Window
from shops import orders
from shops.models import Payment, ProductSheet
from tests.factories import make_product, make_shop
from tests.shops.orders_of import pay, place

SECRET = "the device's own secret"
ALWAYS = "24/7"
_numbers = count(1)


def make_point(kind: str = Point.Kind.BANK, **fields) -> Point:
    """A place of the town that never closes."""
    number = next(_numbers)
    defaults = {
        "kind": kind,
        "name": f"Point {number}",
        "slug": f"point-{number}",
        "street": f"{number} place du Marché",
        "postcode": "49000",
        "town": "Valmont",
        "opening_hours": ALWAYS,
    }
    return Point.objects.create(**defaults | fields)


def make_counter(**fields) -> Point:
    """A counter that never closes."""
    return make_point(Point.Kind.COUNTER, **fields)


def make_bank(*doors: str, heard: timedelta | None = timedelta(0), **fields) -> Bank:
    """A bank heard just now. Doors are written "S", "M chilled", "L ambient low"; labels are C1, C2, …"""
    number = next(_numbers)
    bank = Bank.objects.create(
        point=make_point(**fields),
        code=f"b{number}",
        last_seen_at=None if heard is None else timezone.now() - heard,
    )
    BankIdentity.objects.create(
        bank=bank, generation=0, secret_hash=secret_hash(SECRET), mqtt_user=f"user-of-{bank.code}", mqtt_hash="none"
    )
    for place_number, door in enumerate(doors, start=1):
        size, *rest = door.split()
        temperature = next((word for word in rest if word != "low"), "ambient")
        zone, _created = Zone.objects.get_or_create(bank=bank, temperature=temperature)
        Compartment.objects.create(
            bank=bank,
            zone=zone,
            label=f"C{place_number}",
            column=1,
            row=place_number,
            size=size,
            is_low="low" in rest,
            address=place_number,
            door=Compartment.Door.CLOSED,
        )
    capacity.recount(bank)
    return bank


def make_sheet(**fields) -> ProductSheet:
    """A product of a shop that never closes and needs no time."""
    shop = fields.pop("shop", None) or make_shop(opening_hours=ALWAYS, lead_minutes=0)
    return make_product(shop, **{"volume_l": "5.00"} | fields)


def goods_of(*wanted: tuple[ProductSheet, int]) -> list[Goods]:
    """What checkout would make of the basket's lines."""
    return [
        Goods(
            shop=sheet.shop,
            temperature=sheet.temperature,
            volume_l=sheet.volume_l,
            quantity=quantity,
            min_age=sheet.min_age,
            needs_signature=sheet.needs_signature,
            longest_cm=sheet.longest_cm,
            max_dwell_hours=sheet.locker_hours,
            lead_minutes=sheet.shop.lead_minutes,
        )
        for sheet, quantity in wanted
    ]


def first_window(point: Point, *wanted: tuple[ProductSheet, int]) -> Window:
    """The earliest window that a point offers."""
    for offer in windows.offers(fresh(*wanted), now=timezone.now()):
        if offer.point == point and offer.windows:
            return offer.windows[0]
    raise AssertionError(f"{point} has no window")


def fresh(*wanted: tuple[ProductSheet, int]) -> list[Goods]:
    """Goods of sheets read again from the database, as another request would."""
    return goods_of(*((ProductSheet.objects.with_all().get(pk=sheet.pk), quantity) for sheet, quantity in wanted))


def reserve(point: Point, *wanted: tuple[ProductSheet, int], window: Window | None = None, **fields) -> Collection:
    """An unpaid order of `wanted` with its room held."""
    window = window or first_window(point, *wanted)
    return collections.reserve(
        place(*wanted), window=window, goods=fresh(*wanted), held_until=in_40_minutes(), **fields
    )


def in_40_minutes() -> datetime:
    """The end of a fresh hold."""
    return timezone.now() + timedelta(minutes=40)


def confirmed(point: Point, *wanted: tuple[ProductSheet, int], **fields) -> Collection:
    """An order that is paid, accepted by all its shops, and debited."""
    collection = reserve(point, *wanted, **fields)
    pay(collection.order)
    for shop_order in collection.order.shop_orders.all():
        orders.accept_all(shop_order, by=None)
    debit(collection.order)
    collection.refresh_from_db()
    return collection


def debit(order) -> None:
    """Stripe says that the money was taken."""
    payment = order.payments.get()
    payment.move(Payment.Status.CAPTURED, captured=payment.amount)


def parcels_of(collection: Collection) -> list[Parcel]:
    """The parcels, in the order of the shops' keys."""
    found = Parcel.objects.filter(leg__collection=collection).select_related("leg__collection", "shop_order")
    return list(found.order_by("shop_order__shop_id", "pk"))


def ready(point: Point, *wanted: tuple[ProductSheet, int], **fields) -> Collection:
    """An order whose goods all lie in the first compartments of its bank (at a counter: behind it)."""
    collection = confirmed(point, *wanted, **fields)
    for parcel in parcels_of(collection):
        collections.deposit(parcel, compartment=None if point.is_counter else free_compartment(parcel))
    collection.refresh_from_db()
    return collection


def free_compartment(parcel: Parcel) -> Compartment:
    """The compartment of the parcel's leg, or the first free one of its temperature."""
    parcel.leg.refresh_from_db()
    if parcel.leg.compartment:
        return parcel.leg.compartment
    compartments = Compartment.objects.filter(bank=parcel.leg.collection.point.bank, contents="empty")
    return compartments.filter(zone__temperature=parcel.leg.temperature).earliest("pk")


def shift(collection: Collection, back: timedelta) -> Collection:
    """Move the whole promise into the past."""
    for name in ("deposit_from", "starts_at", "ends_at"):
        setattr(collection, name, getattr(collection, name) - back)
    collection.save(update_fields=["deposit_from", "starts_at", "ends_at"])
    StateChange.objects.filter(model="shops.payment", row__in=collection.order.payments.values("pk")).update(
        at=F("at") - back
    )
    Leg.objects.filter(collection=collection).update(keeps_until=F("keeps_until") - back)
    Parcel.objects.filter(leg__collection=collection, deposited_at__isnull=False).update(
        deposited_at=F("deposited_at") - back
    )
    return collection
