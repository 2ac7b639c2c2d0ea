"""Counts and bounds from records of what happened. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from statistics import fmean, median

from pickup.kpi.bound import Lain, Wish, could_be_accepted
from pickup.kpi.trace import Lay, Refused

HOUR = timedelta(hours=1)
# A shop that finds no door tries again; within this time that is one displaced deposit.
SAME_ATTEMPT = timedelta(minutes=30)
LONGEST_VISIT = timedelta(minutes=15)
OPENED = {"opened", "opened_unverified"}


@dataclass(frozen=True, kw_only=True)
class Happened:
    """One event of the bank, as stored."""

    type: str
    at: datetime
    data: dict


@dataclass(kw_only=True)
class Openings:
    """What the doors did."""

    attempts: int = 0
    failed: int = 0
    codes: int = 0
    codes_offline: int = 0
    displaced: int = 0
    visits: list[float] = field(default_factory=list)

    @property
    def visit_seconds(self) -> int | None:
        return round(median(self.visits)) if self.visits else None


@dataclass(frozen=True, kw_only=True)
class Records:
    """What a day's figures are made of: `lays` and `refused` of the period that ends with it, the `events` of the day itself."""

    lays: Sequence[Lay]
    refused: Sequence[Refused]
    events: Iterable[Happened]
    doors: dict[str, dict[str, int]]
    """All doors, in service or not: temperature -> size -> number."""
    in_service: dict[tuple[str, str], float]
    """Hours in service of each class on the day."""
    to_counter: int
    no_shows: int


def day_in_numbers(records: Records, *, period: datetime, since: datetime, until: datetime, now: datetime) -> dict:
    """The columns of one `BankDay`. `period`: where the days of the bound begin; `since` and `until`: the day."""
    came = [lay for lay in records.lays if lay.start >= period]
    today = [lay for lay in records.lays if since <= lay.start < until]
    done = openings(records.events)
    hours = waits(records.lays, since, until)
    best = bound(came, records.refused, records.doors, min(until, now))
    return {
        "accepted": len({lay.collection for lay in today}),
        "refused": sum(since <= each.starts_at < until for each in records.refused),
        "period_accepted": len({lay.collection for lay in came}),
        "period_bound": round(Decimal(best), 2),
        "classes": hours_of_classes(records.lays, records.in_service, since, until),
        "legs": len(today),
        "upsized": sum(lay.door != lay.size for lay in today),
        "displaced": done.displaced,
        "to_counter": records.to_counter,
        "openings": done.attempts,
        "openings_failed": done.failed,
        "codes_accepted": done.codes,
        "codes_accepted_offline": done.codes_offline,
        "visits": len(done.visits),
        "visit_seconds": done.visit_seconds,
        "collected": len(hours),
        "within_5h": sum(each <= 5 for each in hours),
        "within_12h": sum(each <= 12 for each in hours),
        "within_24h": sum(each <= 24 for each in hours),
        "no_shows": records.no_shows,
    }


def openings(events: Iterable[Happened]) -> Openings:
    """Count the events of a day, in the order in which they happened."""
    found = Openings()
    no_room_at: datetime | None = None
    visits: dict[int, tuple[datetime, set, datetime | None]] = {}
    for event in events:
        if event.type == "door.opened":
            found.attempts += 1
            found.failed += event.data.get("outcome") not in OPENED
        elif event.type == "credential.accepted":
            found.codes += 1
            found.codes_offline += bool(event.data.get("offline"))
            if event.data.get("purpose") == "collect":
                legs = set(event.data.get("legs") or ())
                visits.setdefault(event.data.get("reservation"), (event.at, legs, None))
        elif event.type == "credential.rejected" and event.data.get("why") == "no_room":
            found.displaced += no_room_at is None or event.at - no_room_at > SAME_ATTEMPT
            no_room_at = event.at
        elif event.type in ("claim", "door.closed"):
            _note_end(visits, event)
    found.visits = [(ended - began).total_seconds() for began, _legs, ended in visits.values() if ended]
    return found


def waits(lays: Iterable[Lay], since: datetime, until: datetime) -> list[float]:
    """How many hours each order waited whose last leg was collected in `[since, until)`."""
    orders: dict[int, list[Lay]] = defaultdict(list)
    for lay in lays:
        orders[lay.collection].append(lay)
    return [
        (max(lay.left for lay in legs) - max(lay.ready for lay in legs)) / HOUR
        for legs in orders.values()
        if all(lay.collected and lay.ready for lay in legs) and since <= max(lay.left for lay in legs) < until
    ]


def hours_of_classes(
    lays: Iterable[Lay], in_service: dict[tuple[str, str], float], since: datetime, until: datetime
) -> list[dict]:
    """How many of its hours in service each class held goods, as `BankDay.classes` keeps them."""
    occupied: dict[tuple[str, str], float] = defaultdict(float)
    for lay in lays:
        start, end = max(lay.start, since), min(lay.left or until, until)
        occupied[lay.temperature, lay.door] += max(0.0, (end - start) / HOUR)
    return [
        {
            "temperature": temperature,
            "size": size,
            "occupied_h": round(occupied[temperature, size], 2),
            "in_service_h": round(hours, 2),
        }
        for (temperature, size), hours in sorted(in_service.items())
    ]


def hours_in_service(
    doors: dict[str, tuple[str, str]], changes: Iterable[Happened], since: datetime, until: datetime
) -> dict[tuple[str, str], float]:
    """Hours in service of each class. `doors`: label -> (temperature, size). `changes`: all service events until then."""
    state = dict.fromkeys(doors, "in_service")
    began = dict.fromkeys(doors, since)
    hours: dict[tuple[str, str], float] = dict.fromkeys(doors.values(), 0.0)
    for event in changes:
        label = event.data.get("compartment")
        if label not in doors or event.at >= until:
            continue
        if state[label] == "in_service" and event.at > began[label]:
            hours[doors[label]] += (event.at - began[label]) / HOUR
        state[label], began[label] = event.data.get("state"), max(event.at, since)
    for label, each in doors.items():
        if state[label] == "in_service":
            hours[each] += (until - began[label]) / HOUR
    return hours


def bound(lays: Sequence[Lay], refused: Iterable[Refused], doors: dict[str, dict[str, int]], now: datetime) -> float:
    """How many of the orders that came or were refused a planner with foreknowledge could have taken.

    Each leg lay from its first deposit until it left. A refused one would have been deposited as long before its
    window, and have stayed as long after it began, as the others did on average (at most until its end).
    """
    orders: dict[int, list[Lay]] = defaultdict(list)
    for lay in lays:
        orders[lay.collection].append(lay)
    wishes = [Wish(legs=tuple(_lain(lay, now) for lay in legs)) for legs in orders.values()]
    waited = [lay for lay in lays if lay.ready]
    before = fmean([(lay.ready - lay.start) / HOUR for lay in waited]) if waited else 1.0
    after = fmean([((lay.left or now) - lay.ready) / HOUR for lay in waited]) if waited else 12.0
    for wish in refused:
        start = wish.starts_at - before * HOUR
        end = min(wish.starts_at + after * HOUR, wish.ends_at)
        wishes.append(Wish.at_once(start=start.timestamp(), end=end.timestamp(), legs=wish.legs))
    return could_be_accepted(wishes, doors)


def _lain(lay: Lay, now: datetime) -> Lain:
    return Lain(
        temperature=lay.temperature,
        size=lay.size,
        start=lay.start.timestamp(),
        end=(lay.left or now).timestamp(),
    )


def _note_end(visits: dict, event: Happened) -> None:
    legs = set(event.data.get("legs") or [event.data.get("leg")])
    for reservation, (began, its_legs, _ended) in visits.items():
        if its_legs & legs and began <= event.at <= began + LONGEST_VISIT:
            visits[reservation] = (began, its_legs, event.at)
