"""Several shops report the same compartment at the same moment: it holds the goods of one order.

The control shows that without the constraint it would hold those of all.
"""

import pytest
from django.db import IntegrityError, connection

from pickup import collections
from pickup.models import Compartment, Leg, Parcel
from tests.pickup.makers import confirmed, make_bank, make_sheet, parcels_of
from tests.races.racing import meeting, race

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
ONE_LEG = next(each for each in Leg._meta.constraints if each.name == "one_leg_per_compartment")
ORDERS = 6


def all_into_one_door() -> list:
    """Two have read the rows before either writes: True for who got in, the error for who did not."""
    bank = make_bank(*["S"] * ORDERS)
    parcels = [parcels_of(confirmed(bank.point, (make_sheet(), 1)))[0] for _ in range(ORDERS)]
    door = Compartment.objects.get(bank=bank, label="C1")

    with meeting((Parcel, "move")):
        return race(lambda number: collections.deposit(parcels[number], compartment=door), ORDERS)


def test_one_compartment_holds_one_order():
    outcomes = all_into_one_door()

    assert outcomes.count(True) == 1
    assert sum(isinstance(outcome, IntegrityError) for outcome in outcomes) == ORDERS - 1
    inside = Leg.objects.get(compartment__label="C1")
    assert inside.status in Leg.INSIDE
    losers = Leg.objects.exclude(pk=inside.pk)
    assert {(leg.status, leg.compartment) for leg in losers} == {(Leg.Status.RESERVED, None)}
    lost = Parcel.objects.exclude(leg=inside)
    assert {(parcel.status, parcel.deposited_at) for parcel in lost} == {(Parcel.Status.EXPECTED, None)}


def test_control_without_the_constraint_it_holds_all():
    with connection.schema_editor() as schema:
        schema.remove_constraint(Leg, ONE_LEG)
    try:
        outcomes = all_into_one_door()

        assert outcomes == [True] * ORDERS
        assert Leg.objects.filter(compartment__label="C1", status__in=Leg.INSIDE).count() == ORDERS
    finally:
        Leg.objects.update(compartment=None)
        with connection.schema_editor() as schema:
            schema.add_constraint(Leg, ONE_LEG)
