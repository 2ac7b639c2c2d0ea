"""The signed authorisation list: all that one bank may open without asking (docs/lockers-protocol.md, section 3)."""

from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from pickup.models import Bank, Collection, Leg, Parcel
from pickup.models.device import Size
from pickup.protocol.authlist import AuthEntry, AuthList
from pickup.protocol.vocabulary import Purpose
from pickup.protocol.vocabulary import Size as WireSize
from pickup.protocol.vocabulary import Temperature as WireTemperature
from shops.models import Temperature

LISTED = [
    Collection.Status.CONFIRMED,
    Collection.Status.DEPOSITING,
    Collection.Status.READY,
    Collection.Status.PARTIAL_READY,
    Collection.Status.OVERDUE,
]
COUNTED = [Parcel.Status.EXPECTED, Parcel.Status.DEPOSITED]
# A resident who comes a little late still gets chilled and frozen goods; later only a shop or an operator opens.
COLD_GRACE = timedelta(minutes=30)


def current(bank: Bank, now: datetime) -> AuthList:
    """The list of this moment. Raises and saves `bank.list_seq` when its content changed; the caller holds the bank's lock."""
    valid_until = _end_of_tomorrow(now)
    entries = tuple(_entries(bank))
    listed = AuthList(bank=bank.code, list_seq=bank.list_seq, valid_until=valid_until, entries=entries)
    if listed.etag == bank.list_etag:
        return listed
    bank.list_seq += 1
    bank.list_etag = listed.etag
    bank.save(update_fields=["list_seq", "list_etag"])
    return AuthList(bank=bank.code, list_seq=bank.list_seq, valid_until=valid_until, entries=entries)


def _entries(bank: Bank) -> Iterable[AuthEntry]:
    """Deposit and collect entries of every leg whose goods are, or are going to be, in this bank. Two queries."""
    paid = Collection.objects.filter(point=bank.point_id, status__in=LISTED).captured()
    legs = (
        Leg.objects.filter(status__in=Leg.PLANNED, collection__in=paid)
        .select_related("collection", "compartment")
        .prefetch_related("parcels__shop_order")
        .order_by("pk")
    )
    for leg in legs:
        counted = [parcel for parcel in leg.parcels.all() if parcel.status in COUNTED]
        for parcel in counted:
            if parcel.status == Parcel.Status.EXPECTED:
                yield _deposit_entry(leg, parcel, len(counted))
        if counted:
            yield _collect_entry(leg, len(counted))


def _deposit_entry(leg: Leg, parcel: Parcel, expected: int) -> AuthEntry:
    return AuthEntry(
        **_common(leg, expected),
        entry=2 * parcel.pk,
        purpose=Purpose.DEPOSIT,
        pin_mac=parcel.pin_mac,
        shop=parcel.shop_order.shop_id,
    )


def _collect_entry(leg: Leg, expected: int) -> AuthEntry:
    return AuthEntry(
        **_common(leg, expected),
        entry=2 * leg.pk + 1,
        purpose=Purpose.COLLECT,
        pin_mac=leg.collection.pin_mac,
    )


def _common(leg: Leg, expected: int) -> dict:
    collection = leg.collection
    cold = leg.temperature != Temperature.AMBIENT
    return {
        "reservation": collection.number,
        "leg": leg.pk,
        "nbf": int(collection.deposit_from.timestamp()),
        "exp": int(collection.ends_at.timestamp()),
        "hard_exp": int((collection.ends_at + COLD_GRACE).timestamp()) if cold else None,
        "temperature": WireTemperature(leg.temperature),
        "size": WireSize(leg.size or Size.L),
        "parcels_expected": expected,
        "compartment": leg.compartment.label if leg.compartment and leg.status in Leg.INSIDE else None,
        "low": collection.low_door,
    }


def _end_of_tomorrow(now: datetime) -> datetime:
    zone = ZoneInfo(settings.TIME_ZONE)
    day = now.astimezone(zone).date() + timedelta(days=2)
    return datetime.combine(day, time(0), zone).astimezone(UTC)
