"""Two shops report the same compartment at the same moment: it holds the goods of one order. Without the constraint, of two."""

import pytest
from django.db import IntegrityError, connection

from pickup import collections
from pickup.models import Compartment, Leg
from tests.pickup.makers import confirmed, make_bank, make_sheet, parcels_of
from tests.races.racing import race

ORDERS = 6
pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
ONE_LEG = next(each for each in Leg._meta.constraints if each.name == "one_leg_per_compartment")


def all_into_one_door() -> list:
    bank = make_bank(*["S"] * (ORDERS + 1))
    parcels = [parcels_of(confirmed(bank.point, (make_sheet(), 1)))[0] for _ in range(ORDERS)]
    door = Compartment.objects.get(bank=bank, label="C1")

    return race(lambda number: collections.deposit(parcels[number], compartment=door), ORDERS)


def test_one_compartment_holds_one_order():
    outcomes = all_into_one_door()

    assert outcomes.count(True) == 1
    assert sum(isinstance(outcome, IntegrityError) for outcome in outcomes) == ORDERS - 1
    assert Leg.objects.filter(compartment__label="C1", status__in=Leg.INSIDE).count() == 1


def test_control_without_the_constraint_it_holds_several():
    with connection.schema_editor() as schema:
        schema.remove_constraint(Leg, ONE_LEG)
    try:
        outcomes = all_into_one_door()
        assert outcomes.count(True) == ORDERS
    finally:
        Leg.objects.update(compartment=None)
        with connection.schema_editor() as schema:
            schema.add_constraint(Leg, ONE_LEG)
