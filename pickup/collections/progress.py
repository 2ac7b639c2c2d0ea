"""How a collection stands, for those who only look: the resident's order page, the shop's board."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pickup import codes
from pickup.models import Collection, Leg, Parcel, Point, Problem
from pickup.packing import HEIGHT_CM
from shops.desk.hooks import Door, Whereabouts
from shops.models import ShopOrder

Status = Collection.Status


@dataclass(frozen=True, kw_only=True)
class ParcelProgress:
    """One shop's goods: its name and how they stand, in words."""

    shop: str
    status: str
    words: str


@dataclass(frozen=True, kw_only=True)
class Progress:
    """The collection as a resident reads it. `pin` and `qr_svg` are "" until goods can be collected."""

    status: str
    words: str
    point: Point
    starts_at: datetime
    ends_at: datetime
    compartments: list[str]
    pin: str
    qr_svg: SafeString | str
    parcels: list[ParcelProgress]
    deposited: int
    expected: int
    bank_is_reachable: bool


def progress(collection: Collection) -> Progress:
    """Where the goods are, and what the resident has to know to get them."""
    legs = list(
        collection.legs.select_related("compartment", "counter").prefetch_related(
            "parcels__shop_order__shop", "more_doors__compartment"
        )
    )
    by_shop = _by_shop(legs)
    counted = [each for each in by_shop if each.status != Parcel.Status.WITHDRAWN]
    deposited = sum(each.status == Parcel.Status.DEPOSITED for each in counted)
    point = collection.point
    return Progress(
        status=collection.status,
        words=" ".join([_words(collection, deposited, len(counted)), *_elsewhere(collection, legs)]),
        point=point,
        starts_at=collection.starts_at,
        ends_at=collection.ends_at,
        compartments=[door.label for leg in legs if leg.status in Leg.INSIDE for door in leg.doors],
        pin=codes.grouped(codes.collect_pin(collection)) if collection.is_waiting else "",
        qr_svg=codes.collect_qr(collection) if collection.is_waiting else "",
        parcels=by_shop,
        deposited=deposited,
        expected=len(counted),
        bank_is_reachable=point.is_counter or point.bank.is_reachable(),
    )


def whereabouts(shop_orders: Iterable[ShopOrder | int]) -> dict[int, Whereabouts]:
    """Where each shop order (row or pk) is to be deposited, and whether all of it is there, by its pk. One query for any number."""
    parcels = Parcel.objects.filter(shop_order__in=list(shop_orders))
    found: dict[int, Whereabouts] = {}
    # Plain values: a board of some hundred orders is asked for every few seconds.
    for pk, status, place in parcels.values_list("shop_order_id", "status", "leg__collection__point__name"):
        before = found.get(pk)
        deposited = status == Parcel.Status.DEPOSITED and (before is None or before.deposited)
        found[pk] = Whereabouts(place=place, deposited=deposited)
    return found


def doors_for(shop_order: ShopOrder) -> list[Door]:
    """The doors promised to its goods, or those that they lie behind, by temperature; none at a counter."""
    legs = Leg.objects.filter(parcels__shop_order=shop_order, collection__point__kind=Point.Kind.BANK)
    sizes = [
        (leg.temperature, leg.compartment.size if leg.compartment else leg.size)
        for leg in legs.select_related("compartment")
    ]
    return [Door(temperature, HEIGHT_CM[size]) for temperature, size in sizes if size]


def shops_that_did_not_come(collection: Collection) -> list[str]:
    """Whose goods are missing, by name, for the message that the rest is ready."""
    missing = Parcel.objects.filter(leg__collection=collection, status=Parcel.Status.MISSING)
    return sorted(set(missing.values_list("shop_order__shop__name", flat=True)))


def _by_shop(legs: list[Leg]) -> list[ParcelProgress]:
    """One entry per shop; a shop with goods of two temperatures has deposited when both are there."""
    order = [
        Parcel.Status.EXPECTED,
        Parcel.Status.MISSING,
        Parcel.Status.RUINED,
        Parcel.Status.DEPOSITED,
        Parcel.Status.WITHDRAWN,
    ]
    slowest: dict[str, Parcel] = {}
    for parcel in (parcel for leg in legs for parcel in leg.parcels.all()):
        shop = parcel.shop_order.shop.name
        if shop not in slowest or order.index(parcel.status) < order.index(slowest[shop].status):
            slowest[shop] = parcel
    return [
        ParcelProgress(shop=shop, status=parcel.status, words=str(parcel.get_status_display()))
        for shop, parcel in sorted(slowest.items())
    ]


def _disputed(collection: Collection) -> str:
    """Who noticed that goods are missing."""
    open_ones = collection.problems.open().filter(kind__in=Problem.GOODS_MISSING)
    if open_ones.exists() and not open_ones.filter(seen_by_operator=False).exists():
        return _("We did not find all of your goods in the locker: a person looks into it and writes to you.")
    return _("You have told us that goods are missing: a person looks into it and answers you.")


def _elsewhere(collection: Collection, legs: list[Leg]) -> list[str]:
    """Where a person has brought a part of the goods while the rest is still behind its door."""
    names = {leg.counter.name for leg in legs if leg.status == Leg.Status.AT_COUNTER and leg.counter}
    if collection.status == Status.AT_COUNTER:
        return []
    told = _("A part of your goods was brought to the counter %(counter)s: the same code gets it.")
    return [told % {"counter": name} for name in sorted(names)]


def _words(collection: Collection, deposited: int, expected: int) -> str:
    place = {"place": collection.point.name}
    if collection.status == Status.HELD:
        return _("Your place is held until you have paid.")
    if collection.status == Status.CONFIRMED:
        return _("The shops are preparing your order.")
    if collection.status == Status.DEPOSITING:
        told = ngettext(
            "%(deposited)s of %(expected)s shops has brought your goods to %(place)s.",
            "%(deposited)s of %(expected)s shops have brought your goods to %(place)s.",
            deposited,
        )
        return told % {"deposited": deposited, "expected": expected, **place}
    if collection.status == Status.READY:
        return _("Everything is ready for you at %(place)s.") % place
    if collection.status == Status.PARTIAL_READY:
        return _("Your order is ready at %(place)s, but the goods of some shops did not come.") % place
    if collection.status == Status.OVERDUE:
        return _("The time to collect is over. Come soon: your goods are still at %(place)s.") % place
    if collection.status == Status.AT_COUNTER:
        return _("Your goods wait for you at the counter %(place)s.") % place
    if collection.status == Status.DISPUTED:
        return _disputed(collection)
    if collection.status == Status.COLLECTED:
        return _("You have collected your order.")
    return _("Nothing is waiting for you.")
