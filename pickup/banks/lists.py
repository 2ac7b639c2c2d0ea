"""The signed authorisation list: all that one bank may open without asking (docs/lockers-protocol.md, section 3)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Prefetch

from pickup.models import Bank, Collection, Leg, Parcel, ServiceCode, Share
from pickup.models.device import Size
from pickup.protocol.authlist import MOST_REVOKED, AuthEntry, AuthList
from pickup.protocol.vocabulary import Purpose
from pickup.protocol.vocabulary import Size as WireSize
from pickup.protocol.vocabulary import Temperature as WireTemperature

LISTED = [
    Collection.Status.CONFIRMED,
    Collection.Status.DEPOSITING,
    Collection.Status.READY,
    Collection.Status.PARTIAL_READY,
    Collection.Status.OVERDUE,
    Collection.Status.DISPUTED,
]
LONGEST_NAME = 100
COUNTED = [Parcel.Status.EXPECTED, Parcel.Status.DEPOSITED]


def current(bank: Bank, now: datetime) -> AuthList:
    """The list of this moment. Raises and saves `bank.list_seq` when its content changed; the caller holds the bank's lock."""
    (listed,) = _made([bank], now)
    if listed.etag == bank.list_etag:
        return listed
    bank.list_seq += 1
    bank.list_etag = listed.etag
    bank.save(update_fields=["list_seq", "list_etag"])
    return replace(listed, list_seq=bank.list_seq)


def outdated(banks: list[Bank], now: datetime) -> list[Bank]:
    """Those whose list of this moment is another one than was named last."""
    return [bank for bank, listed in zip(banks, _made(banks, now), strict=True) if listed.etag != bank.list_etag]


def _made(banks: list[Bank], now: datetime) -> list[AuthList]:
    """The lists of these banks under their present numbers: the same few queries for any number of banks and legs."""
    legs, revoked = _legs(banks), _revoked(banks, now)
    return [
        AuthList(
            bank=bank.code,
            list_seq=bank.list_seq,
            valid_until=_end_of_tomorrow(now),
            entries=tuple(entry for leg in legs[bank.point_id] for entry in _entries(leg)),
            revoked=tuple(revoked[bank.pk][:MOST_REVOKED]),
        )
        for bank in banks
    ]


def _legs(banks: list[Bank]) -> dict[int, list[Leg]]:
    """By point: every leg whose goods are, or are going to be, in its bank."""
    points = [bank.point_id for bank in banks]
    paid = Collection.objects.filter(point__in=points, status__in=LISTED).captured()
    legs = (
        Leg.objects.filter(status__in=Leg.PLANNED, collection__in=paid)
        .select_related("collection__order", "compartment")
        .prefetch_related(
            "more_doors__compartment",
            Prefetch("parcels", Parcel.objects.select_related("shop_order__shop")),
            Prefetch("collection__shares", Share.objects.active(), to_attr="active_shares"),
        )
        .order_by("pk")
    )
    by_point: dict[int, list[Leg]] = defaultdict(list)
    for leg in legs:
        by_point[leg.collection.point_id].append(leg)
    return by_point


def _entries(leg: Leg) -> Iterable[AuthEntry]:
    """Deposit, collect and share entries of one leg."""
    counted = [parcel for parcel in leg.parcels.all() if parcel.status in COUNTED]
    for parcel in counted:
        if parcel.status == Parcel.Status.EXPECTED:
            yield _deposit_entry(leg, parcel, len(counted))
    if counted:
        yield _collect_entry(leg, len(counted))
        for share in leg.collection.active_shares:
            yield _share_entry(leg, share, len(counted))


def _revoked(banks: list[Bank], now: datetime) -> dict[int, list[str]]:
    """By bank: its withdrawn service codes, then the withdrawn shares of orders whose codes are its own, the last first."""
    service = ServiceCode.objects.revoked(now).filter(bank__in=banks).order_by("-revoked_at")
    shares = Share.objects.revoked().filter(collection__code_bank__in=banks).order_by("-revoked_at")
    by_bank: dict[int, list[str]] = defaultdict(list)
    for bank, jti in [*service.values_list("bank", "jti"), *shares.values_list("collection__code_bank", "jti")]:
        by_bank[bank].append(jti)
    return by_bank


def _deposit_entry(leg: Leg, parcel: Parcel, expected: int) -> AuthEntry:
    return AuthEntry(
        **_common(leg, expected),
        entry=3 * parcel.pk,
        purpose=Purpose.DEPOSIT,
        pin_mac=parcel.pin_mac,
        shop=parcel.shop_order.shop_id,
        order=leg.collection.order.number,
        bags=parcel.shop_order.bags or None,
        shop_name=parcel.shop_order.shop.name[:LONGEST_NAME],
    )


def _collect_entry(leg: Leg, expected: int) -> AuthEntry:
    return AuthEntry(
        **_common(leg, expected),
        entry=3 * leg.pk + 1,
        purpose=Purpose.COLLECT,
        pin_mac=leg.collection.pin_mac,
    )


def _share_entry(leg: Leg, share: Share, expected: int) -> AuthEntry:
    """One at most for each leg: an order has one active share."""
    return AuthEntry(
        **_common(leg, expected),
        entry=3 * leg.pk + 2,
        purpose=Purpose.SHARE,
        pin_mac=share.pin_mac,
        jti=share.jti,
    )


def _common(leg: Leg, expected: int) -> dict:
    collection = leg.collection
    doors = [door.label for door in leg.doors] if leg.status in Leg.INSIDE else []
    return {
        "reservation": collection.number,
        "leg": leg.pk,
        "nbf": int(collection.deposit_from.timestamp()),
        "exp": int(collection.ends_at.timestamp()),
        "hard_exp": int(leg.hard_exp.timestamp()) if leg.hard_exp else None,
        "temperature": WireTemperature(leg.temperature),
        "size": WireSize(leg.size or Size.L),
        "parcels_expected": expected,
        "compartment": doors[0] if doors else None,
        "compartments": tuple(doors) if len(doors) > 1 else (),
        "low": collection.low_door,
    }


def _end_of_tomorrow(now: datetime) -> datetime:
    zone = ZoneInfo(settings.TIME_ZONE)
    day = now.astimezone(zone).date() + timedelta(days=2)
    return datetime.combine(day, time(0), zone).astimezone(UTC)
