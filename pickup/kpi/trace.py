"""What really happened at a bank, as plain records: which orders came, how long each leg lay where, who was refused."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Min, Q

from marketplace.foundation.lifecycle import StateChange
from pickup.models import Bank, Collection, Leg, Parcel, Refusal

FOR_LACK_OF_ROOM = [Refusal.Code.CLASS_FULL, Refusal.Code.LOW_DOOR_FULL, Refusal.Code.HOLD_EXPIRED]


@dataclass(frozen=True, kw_only=True)
class Lay:
    """One leg behind a door, from its first deposit until it left; `left` is None while it is there.

    `door`: the size of the door (as far as known, else that of the goods). `ready`: when the resident could come for it.
    """

    collection: int
    temperature: str
    size: str
    door: str
    start: datetime
    ready: datetime | None
    left: datetime | None
    collected: bool


@dataclass(frozen=True, kw_only=True)
class Refused:
    """One order for which there was no room."""

    at: datetime
    starts_at: datetime
    ends_at: datetime
    legs: dict[str, str]


def lays(bank: Bank, since: datetime, until: datetime) -> list[Lay]:
    """All legs that lay in the bank at some moment of `[since, until)`. Two queries."""
    legs = (
        Leg.objects.filter(collection__code_bank=bank, parcels__status=Parcel.Status.DEPOSITED)
        .filter(Q(compartment__bank=bank) | Q(status__in=[Leg.Status.AT_COUNTER, Leg.Status.COLLECTED]))
        .annotate(first=Min("parcels__deposited_at"))
        .filter(first__lt=until)
        .filter(Q(collected_at=None) | Q(collected_at__gte=since))
        .select_related("collection", "compartment")
        .order_by("pk")
    )
    legs = list(legs)
    cleared = _moments(Leg, [leg.pk for leg in legs], [Leg.Status.AT_COUNTER, Leg.Status.RELEASED])
    found = []
    for leg in legs:
        left = cleared.get(leg.pk, leg.collected_at)
        if left is not None and (left < since or left <= leg.first):
            continue  # it left before, or was brought to a counter at once
        found.append(
            Lay(
                collection=leg.collection_id,
                temperature=leg.temperature,
                size=leg.size,
                door=leg.compartment.size if leg.compartment else leg.size,
                start=leg.first,
                ready=leg.collection.ready_at,
                left=left,
                collected=leg.pk not in cleared and leg.collected_at is not None,
            )
        )
    return found


def refused(bank: Bank, since: datetime, until: datetime) -> list[Refused]:
    """Orders that the bank had no room for and that came to nothing there, by the evening they were meant for. One query."""
    refusals = (
        Refusal.objects.lost()
        .filter(point=bank.point_id, code__in=FOR_LACK_OF_ROOM, starts_at__gte=since, starts_at__lt=until)
        .order_by("at")
    )
    first: dict[int | str, Refused] = {}
    for refusal in refusals:
        wish = Refused(
            at=refusal.at, starts_at=refusal.starts_at, ends_at=refusal.ends_at, legs=dict(map(tuple, refusal.legs))
        )
        first.setdefault(refusal.basket or f"refusal {refusal.pk}", wish)
    return list(first.values())


def overdue(bank: Bank, since: datetime, until: datetime) -> int:
    """How many orders were not collected in time, by the moment at which their time ended."""
    return _moves(bank, [Collection.Status.OVERDUE], since, until)


def moved_to_counter(bank: Bank, since: datetime, until: datetime) -> int:
    """How many orders were brought to a counter."""
    return _moves(bank, [Collection.Status.AT_COUNTER], since, until)


def _moves(bank: Bank, statuses: Iterable[str], since: datetime, until: datetime) -> int:
    rows = StateChange.objects.filter(
        model=Collection._meta.label_lower, current__in=list(statuses), at__gte=since, at__lt=until
    ).values("row")
    return Collection.objects.filter(code_bank=bank, pk__in=rows).count()


def _moments(model, rows: list[int], statuses: list[str]) -> dict[int, datetime]:
    """When each row moved to one of the states, by its key."""
    changes = StateChange.objects.filter(model=model._meta.label_lower, row__in=rows, current__in=statuses)
    return dict(changes.order_by("-at").values_list("row", "at"))
