"""Each night: the day before in numbers, and what the bank has learnt. May run twice; the second time changes nothing."""

from collections import defaultdict
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

from pickup.kpi import counting, prices, trace
from pickup.kpi.counting import HOUR, Happened, Records
from pickup.kpi.prices import Asked
from pickup.kpi.trace import Lay
from pickup.models import Bank, BankDay, BankEvent, DwellCurve
from pickup.planning import dwell
from pickup.planning import prices as stored
from pickup.planning.dwell import Observed
from pickup.protocol.vocabulary import EventType

PERIOD_DAYS = 21
# A bank that was cut off may report a day late.
RECOUNTED_DAYS = 3
LEARNT_FROM_DAYS = 84
FIRST_MONDAY_H = 96  # 1 January 1970 was a Thursday
COUNTED = [
    EventType.DOOR_OPENED,
    EventType.DOOR_CLOSED,
    EventType.CREDENTIAL_ACCEPTED,
    EventType.CREDENTIAL_REJECTED,
    EventType.CLAIM,
]


def count_banks(now: datetime | None = None) -> int:
    """The days of all banks that have just ended, and what the banks have learnt; the number of rows written."""
    now = now or timezone.now()
    today = now.astimezone(_town()).date()
    banks = list(Bank.objects.select_related("point"))
    for bank in banks:
        for days in range(RECOUNTED_DAYS, 0, -1):
            count(bank, today - timedelta(days=days), now=now)
        learn(bank, now=now)
    return len(banks) * RECOUNTED_DAYS


def count(bank: Bank, day: date, *, now: datetime) -> BankDay:
    """Write the bank's day, or write it again."""
    since, until = bounds(day)
    period = bounds(day - timedelta(days=PERIOD_DAYS - 1))[0]
    records = Records(
        lays=trace.lays(bank, period, until),
        refused=trace.refused(bank, period, until),
        events=_events(bank, COUNTED, since, until),
        doors=doors_of(bank),
        in_service=_hours_in_service(bank, since, until),
        to_counter=trace.moved_to_counter(bank, since, until),
        no_shows=trace.overdue(bank, since, until),
    )
    numbers = counting.day_in_numbers(records, period=period, since=since, until=until, now=now)
    fields = {"computed_at": now, "period_days": PERIOD_DAYS, **numbers}
    row, _created = BankDay.objects.update_or_create(bank=bank, day=day, defaults=fields)
    return row


def learn(bank: Bank, *, now: datetime) -> DwellCurve:
    """What the stays of the last twelve weeks teach, and what doors were worth in the last three."""
    lays = trace.lays(bank, now - timedelta(days=LEARNT_FROM_DAYS), now)
    known = [lay for lay in lays if lay.ready and (lay.left or now) > lay.ready]
    rates = dwell.learn(
        Observed(
            ready_h=_hour(lay.ready),
            hours=((lay.left or now) - lay.ready) / HOUR,
            collected=lay.collected,
            temperature=lay.temperature,
        )
        for lay in known
    )
    since = now - timedelta(days=PERIOD_DAYS)
    worth = prices.learn(_asked(bank, [lay for lay in known if lay.start >= since], since, now), doors_of(bank), rates)
    curve, _created = DwellCurve.objects.update_or_create(
        bank=bank,
        defaults={
            "observed": sum(lay.left is not None for lay in known),
            "rates": rates.to_json(),
            "prices": stored.to_json(worth.prices),
            "learnt_at": now,
        },
    )
    return curve


def _asked(bank: Bank, lays: list[Lay], since: datetime, now: datetime) -> list[Asked]:
    """The orders that came and those that were refused, as they were asked for."""
    orders: dict[int, list[Lay]] = defaultdict(list)
    for lay in lays:
        orders[lay.collection].append(lay)
    asked = [
        Asked(
            start=_hour(min(lay.start for lay in legs)),
            ready=_hour(max(lay.ready for lay in legs)),
            end=_hour(max(lay.ready for lay in legs)) + dwell.LONGEST_H,
            legs={lay.temperature: lay.size for lay in legs},
        )
        for legs in orders.values()
    ]
    for wish in trace.refused(bank, since, now):
        ready = _hour(wish.starts_at)
        asked.append(Asked(start=ready - 1, ready=ready, end=_hour(wish.ends_at), legs=wish.legs))
    return asked


def doors_of(bank: Bank) -> dict[str, dict[str, int]]:
    """All doors, in service or not: what came lay in them."""
    doors: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for temperature, size in bank.compartments.values_list("zone__temperature", "size"):
        doors[temperature][size] += 1
    return {temperature: dict(sizes) for temperature, sizes in doors.items()}


def _hours_in_service(bank: Bank, since: datetime, until: datetime) -> dict[tuple[str, str], float]:
    rows = bank.compartments.values_list("label", "zone__temperature", "size")
    doors = {label: (temperature, size) for label, temperature, size in rows}
    first = datetime.min.replace(tzinfo=ZoneInfo("UTC"))
    return counting.hours_in_service(doors, _events(bank, [EventType.COMPARTMENT_SERVICE], first, until), since, until)


def _events(bank: Bank, types: list[str], since: datetime, until: datetime) -> list[Happened]:
    rows = BankEvent.objects.filter(bank=bank, type__in=types, at__gte=since, at__lt=until).order_by("at", "pk")
    return [Happened(type=kind, at=at, data=data) for kind, at, data in rows.values_list("type", "at", "data")]


def bounds(day: date) -> tuple[datetime, datetime]:
    """The town's day."""
    return tuple(datetime.combine(each, time(), _town()) for each in (day, day + timedelta(days=1)))


def _hour(moment: datetime) -> float:
    """Hours since the first Monday of 1970, by the town's clock."""
    town = moment.astimezone(_town())
    return (moment.timestamp() + town.utcoffset().total_seconds()) / 3600 - FIRST_MONDAY_H


def _town() -> ZoneInfo:
    return ZoneInfo(settings.TIME_ZONE)
