"""When a bank is dead and somebody stands in front of it with the mechanical key: who has goods behind which door, on paper.

The list has no code: a resident shows theirs, or says what the list says of them. What was given out by hand is written down
afterwards, leg by leg.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pickup import collections, errors, hooks
from pickup.collections.moving import lock
from pickup.models import Bank, Collection, Leg, PaperList, Parcel
from shops.models import Temperature

NOBODY = hooks.Person(initials="", phone_end="")
HERE = {
    Collection.Status.DISPUTED: _("goods are said to be missing: ask the help desk first"),
    Collection.Status.OVERDUE: _("not collected in time"),
}


@dataclass(frozen=True, kw_only=True)
class Row:
    """One door with goods behind it. `until`: when they leave it at the latest; `is_over`: food that may not be handed out."""

    door: str
    order: str
    person: hooks.Person
    shops: list[str]
    keeping: str
    is_cold: bool
    until: datetime
    is_over: bool
    note: str


@transaction.atomic
def write_list(bank: Bank, *, why: str, by, now: datetime | None = None) -> tuple[PaperList, list[Row]]:
    """Every door of the bank behind which goods are, in the order in which they hang. Who wanted to know, and why, is kept.

    As far as we have heard: what a silent bank took in or gave out since then is not in it. Eight queries.
    """
    now = now or timezone.now()
    legs = Leg.objects.select_related("collection__order").prefetch_related("parcels__shop_order__shop")
    by_door = legs.by_compartment([bank.pk])
    people = hooks.people({leg.collection.order_id for leg in by_door.values()})
    rows = [
        _row(door.label, leg, people.get(leg.collection.order_id, NOBODY), now)
        for door in bank.compartments.all()
        if (leg := by_door.get(door.pk))
    ]
    return PaperList.objects.create(bank=bank, why=why, by=by, at=now, doors=len(rows)), rows


@transaction.atomic
def hand_out(leg: Leg, *, why: str, by) -> bool:
    """A person gave these goods to the resident, and the bank has not seen it. Raises `NothingHere` when they were not inside."""
    _check_inside(leg)
    return collections.collect(leg, by=by, reason=why)


@transaction.atomic
def take_to_counter(leg: Leg, *, why: str, by) -> bool:
    """A person carried these goods to the counter, and the bank has not seen it. Raises `NothingHere` and `NoCounter`."""
    _check_inside(leg)
    return collections.move_to_counter(leg, by=by, reason=why)


def _check_inside(leg: Leg) -> None:
    lock(leg.collection)
    leg.refresh_from_db()
    if leg.status not in Leg.INSIDE:
        raise errors.NothingHere


def _row(door: str, leg: Leg, person: hooks.Person, now: datetime) -> Row:
    inside = [parcel for parcel in leg.parcels.all() if parcel.status == Parcel.Status.DEPOSITED]
    until = leg.hard_exp or leg.collection.ends_at
    return Row(
        door=door,
        order=leg.collection.order.number,
        person=person,
        shops=[parcel.shop_order.shop.name for parcel in inside],
        keeping=leg.get_temperature_display(),
        is_cold=leg.temperature != Temperature.AMBIENT,
        until=until,
        is_over=leg.hard_exp is not None and leg.hard_exp <= now,
        note=str(HERE.get(leg.collection.status, "")),
    )
