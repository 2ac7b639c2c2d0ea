"""The cold chain: what a zone out of its band means for the goods in it, and the proof of how cold a leg was.

A bank takes a zone that was out of its band for half an hour, or whose probe was silent so long, out of service by itself
and hands out none of its food (docs/drivers.md). Here follow the money and the messages.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from pickup.capacity import recount
from pickup.collections.losing import ruin
from pickup.models import Excursion, Leg, Zone, ZoneRecord
from shops.models import Temperature

RECORD = timedelta(minutes=15)
# A record may be late or lie on the edge of the stay; two missing in a row are a gap.
LONGEST_GAP = 2 * RECORD


def record(zone: Zone, *, at: datetime, coldest: Decimal | None, warmest: Decimal | None, count: int) -> None:
    """Keep a quarter of an hour of the zone's probe."""
    ZoneRecord.objects.get_or_create(zone=zone, at=at, defaults={"min_c": coldest, "max_c": warmest, "count": count})


@transaction.atomic
def begin_excursion(zone: Zone, *, since: datetime) -> int:
    """Too warm, or unwatched, for too long: nothing is planned with the zone; its food is lost. The legs that were lost."""
    Excursion.objects.get_or_create(zone=zone, ended_at=None, defaults={"started_at": since})
    Zone.objects.filter(pk=zone.pk).update(in_service=False)
    recount(zone.bank)
    if zone.temperature == Temperature.AMBIENT:
        return 0
    legs = Leg.objects.filter(
        status__in=Leg.INSIDE, compartment__bank=zone.bank_id, compartment__zone=zone
    ).select_related("collection")
    return sum(ruin(leg) for leg in legs.order_by("collection__order", "pk"))


@transaction.atomic
def end_excursion(zone: Zone, *, at: datetime, coldest: Decimal | None, warmest: Decimal | None) -> None:
    """In its band again: empty compartments count again; what was blocked with food waits for a person."""
    Excursion.objects.filter(zone=zone, ended_at=None).update(ended_at=at, min_c=coldest, max_c=warmest)
    Zone.objects.filter(pk=zone.pk).update(in_service=True)
    recount(zone.bank)


@dataclass(frozen=True, kw_only=True)
class ColdLog:
    """How cold one leg was from its first deposit until it left. Degrees Celsius; None without any reading."""

    zone: Zone | None
    since: datetime
    until: datetime
    records: list[ZoneRecord]
    coldest: Decimal | None
    warmest: Decimal | None
    gaps: list[tuple[datetime, datetime]]
    """Times of the stay of which nothing is known."""

    @property
    def is_unbroken(self) -> bool:
        return self.zone is not None and not self.gaps


def cold_log(leg: Leg, now: datetime | None = None) -> ColdLog | None:
    """The log of a chilled or frozen leg; None for ambient ones and for those that never lay in a bank."""
    first = leg.parcels.filter(deposited_at__isnull=False).order_by("deposited_at").first()
    if leg.temperature == Temperature.AMBIENT or leg.collection.code_bank_id is None or first is None:
        return None
    since, until = first.deposited_at, _left_at(leg) or now or timezone.now()
    zone = Zone.objects.filter(bank=leg.collection.code_bank_id, temperature=leg.temperature).first()
    records = list(zone.records.filter(at__gt=since, at__lt=until + RECORD)) if zone else []
    read = [each for each in records if each.count]
    return ColdLog(
        zone=zone,
        since=since,
        until=until,
        records=records,
        coldest=min((each.min_c for each in read), default=None),
        warmest=max((each.max_c for each in read), default=None),
        gaps=_gaps([each.at for each in read], since, until),
    )


def _left_at(leg: Leg) -> datetime | None:
    if leg.status in Leg.PLANNED:
        return None
    moves = leg.history().filter(current__in=[Leg.Status.COLLECTED, Leg.Status.AT_COUNTER, Leg.Status.RELEASED])
    return leg.collected_at or next((each.at for each in moves), None)


def _gaps(known: list[datetime], since: datetime, until: datetime) -> list[tuple[datetime, datetime]]:
    """Where more than `LONGEST_GAP` passed without a reading. Pure."""
    moments = [since, *known, until]
    return [(a, b) for a, b in zip(moments, moments[1:], strict=False) if b - a > LONGEST_GAP]
