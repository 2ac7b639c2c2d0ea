"""The signed authorisation list: all that one bank may open without asking (docs/lockers-protocol.md, section 3)."""

from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Prefetch

from pickup.models import Bank, Collection, Leg, Parcel, Share
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
    valid_until = _end_of_tomorrow(now)
    content = {"valid_until": valid_until, "entries": tuple(_entries(bank)), "revoked": _revoked(bank)}
    listed = AuthList(bank=bank.code, list_seq=bank.list_seq, **content)
    if listed.etag == bank.list_etag:
        return listed
    bank.list_seq += 1
    bank.list_etag = listed.etag
    bank.save(update_fields=["list_seq", "list_etag"])
    return AuthList(bank=bank.code, list_seq=bank.list_seq, **content)


def _entries(bank: Bank) -> Iterable[AuthEntry]:
    """Deposit, collect and share entries of every leg whose goods are, or are going to be, in this bank.

    The same few queries for any number of legs.
    """
    paid = Collection.objects.filter(point=bank.point_id, status__in=LISTED).captured()
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
    for leg in legs:
        counted = [parcel for parcel in leg.parcels.all() if parcel.status in COUNTED]
        for parcel in counted:
            if parcel.status == Parcel.Status.EXPECTED:
                yield _deposit_entry(leg, parcel, len(counted))
        if counted:
            yield _collect_entry(leg, len(counted))
            for share in leg.collection.active_shares:
                yield _share_entry(leg, share, len(counted))


def _revoked(bank: Bank) -> tuple[str, ...]:
    """The withdrawn shares of orders whose codes are this bank's."""
    shares = Share.objects.revoked().filter(collection__code_bank=bank)
    return tuple(shares.order_by("-revoked_at").values_list("jti", flat=True)[:MOST_REVOKED])


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
