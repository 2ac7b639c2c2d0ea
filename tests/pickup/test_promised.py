"""What is promised, counted in the database: the same as leg by leg, and read without walking through the past."""

from collections import Counter, defaultdict
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from random import Random

import pytest
from oscar.core.loading import get_model

from pickup import capacity
from pickup.models import Bank, Collection, Compartment, Leg, LegDoor
from pickup.planning import Stay
from tests.pickup.makers import make_bank

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 9, 17, 16, 30, 0, 1234, tzinfo=UTC)
DOORS = ["S", "S", "S low", "M", "M", "L", "S chilled", "M chilled", "M chilled"]
_numbers = count(1)


def order_at(bank: Bank, random: Random) -> Collection:
    """Of any state, with a leg or two, some of them inside; its evening may be over."""
    starts_at = NOW.replace(hour=17, minute=0, second=0, microsecond=0) + timedelta(days=random.randint(-3, 4))
    order = get_model("order", "Order").objects.create(
        number=f"P{next(_numbers)}", total_incl_tax=10, total_excl_tax=10, date_placed=NOW
    )
    collection = Collection.objects.create(
        order=order,
        point=bank.point,
        code_bank=bank,
        status=random.choice(["held", "held", "confirmed", "confirmed", "confirmed", "depositing", "ready", "overdue"]),
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=random.choice([15, 24])),
        deposit_from=starts_at - timedelta(hours=random.choice([2, 9])),
        held_until=NOW + timedelta(minutes=random.choice([-5, 0, 5])),
        ready_at=starts_at if random.random() < 0.3 else None,
        low_door=random.random() < 0.2,
    )
    for temperature in random.sample(["ambient", "chilled"], random.randint(1, 2)):
        leg_of(collection, temperature, random)
    return collection


def leg_of(collection: Collection, temperature: str, random: Random) -> None:
    doors = Compartment.objects.filter(
        zone__temperature=temperature, bank=collection.code_bank, legs=None, more_of=None
    )
    free = random.sample(list(doors), doors.count())
    leg = Leg(collection=collection, temperature=temperature, size=random.choice("SM"), volume_l=5)
    leg.status = random.choice(["reserved", "reserved", "reserved", "depositing", "ready", "released", "collected"])
    if leg.status in Leg.INSIDE:
        leg.compartment = free.pop() if free else None
        leg.status = leg.status if leg.compartment else "reserved"
    leg.save()
    if leg.compartment and free and random.random() < 0.4:
        LegDoor.objects.create(leg=leg, compartment=free.pop())


def leg_by_leg(banks: list[Bank]) -> dict:
    """The same as `capacity.stays_by_bank`, one stay a door, without the database's help."""
    result = defaultdict(Counter)
    for leg in Leg.objects.select_related("collection__point__bank", "compartment"):
        collection = leg.collection
        if leg.status not in Leg.PLANNED or (collection.status == "held" and collection.held_until <= NOW):
            continue
        is_inside = leg.status in Leg.INSIDE
        doors = [leg.compartment, *(more.compartment for more in leg.more_doors.all())] if is_inside else [None]
        ready_at = collection.ready_at if is_inside else None
        for number, door in enumerate(doors):
            if door is not None and door.service in capacity.OUT_OF_PLAN:
                continue
            stay = Stay(
                start=max(collection.deposit_from, NOW),
                end=collection.ends_at if collection.ends_at > NOW else NOW + capacity.CLEARING,
                size=door.size if number else leg.size,
                low=collection.low_door,
                fixed=door.size if door else "",
                since=ready_at or collection.starts_at,
                ready=ready_at is not None,
            )
            result[collection.point.bank, leg.temperature][stay] += 1
    return {key: stays for key, stays in result.items() if key[0] in banks}


@pytest.mark.parametrize("seed", range(3))
def test_counted_in_the_database_it_is_the_same_as_leg_by_leg(seed, django_assert_num_queries):
    random = Random(seed)
    banks = [make_bank(*DOORS) for _ in range(3)]
    for _ in range(120):
        order_at(random.choice(banks), random)
    broken = random.sample(list(Compartment.objects.values_list("pk", flat=True)), 6)
    Compartment.objects.filter(pk__in=broken).update(service="out_of_service")

    with django_assert_num_queries(1):
        found = capacity.stays_by_bank(banks[:2], NOW)

    counted = defaultdict(Counter)
    stays = [(bank, each, stay) for bank in banks for each in found.get(bank.pk, {}) for stay in found[bank.pk][each]]
    for bank, temperature, stay in stays:
        counted[bank, temperature][replace(stay, legs=1)] += stay.legs
    assert counted == leg_by_leg(banks[:2])
    assert any(stay.legs > 1 for _bank, _temperature, stay in stays)


def test_only_what_begins_in_time_and_is_asked_for_is_read():
    bank, random = make_bank(*DOORS), Random(5)
    for _ in range(40):
        order_at(bank, random)
    until = NOW + timedelta(days=2)

    found = capacity.stays_by_bank([bank], NOW, until=until, temperatures=["chilled"])[bank.pk]

    everything = capacity.stays_by_bank([bank], NOW)[bank.pk]
    assert list(found) == ["chilled"]
    assert Counter(found["chilled"]) == Counter(stay for stay in everything["chilled"] if stay.start < until)
