"""Two legs are reported in one compartment at the same moment: one of them lies there. Without the constraint both would."""

import pytest
from django.db import IntegrityError, connection

from pickup import collections
from pickup.models import Compartment, Leg
from tests.pickup.makers import confirmed, make_bank, make_sheet, parcels_of
from tests.races.racing import race, slow_down

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
ONE_LEG = next(each for each in Leg._meta.constraints if each.name == "one_leg_per_compartment")


def both_at_once(bank) -> list:
    """True for who got in, the error for who did not."""
    sheet, compartment = make_sheet(), Compartment.objects.get(bank=bank, label="C1")
    parcels = [parcels_of(confirmed(bank.point, (sheet, 1)))[0] for _ in range(2)]
    return race(lambda number: collections.deposit(parcels[number], compartment=compartment), 2)


def inside(bank) -> int:
    return Leg.objects.filter(compartment__bank=bank, compartment__label="C1", status__in=Leg.INSIDE).count()


def test_two_deposits_into_one_compartment(monkeypatch):
    slow_down(monkeypatch, Leg, "refresh_from_db")
    bank = make_bank("S", "S")

    outcomes = both_at_once(bank)

    assert sorted(type(each) for each in outcomes if each is not True) == [IntegrityError]
    assert inside(bank) == 1
    assert Leg.objects.filter(status=Leg.Status.RESERVED, compartment=None).count() == 1


def test_control_without_the_constraint_both_lie_there(monkeypatch):
    slow_down(monkeypatch, Leg, "refresh_from_db")
    bank = make_bank("S", "S")
    with connection.schema_editor() as editor:
        editor.remove_constraint(Leg, ONE_LEG)
    try:
        outcomes = both_at_once(bank)

        assert outcomes == [True, True]
        assert inside(bank) == 2
    finally:
        Leg.objects.update(compartment=None)
        with connection.schema_editor() as editor:
            editor.add_constraint(Leg, ONE_LEG)
