"""Fifty residents want the last compartment at the same moment: one gets it. Without the lock more than one does."""

import pytest

from pickup import capacity, collections, errors
from pickup.collections import reserving
from pickup.models import ClassCapacity, Collection
from tests.pickup.makers import first_window, fresh, in_40_minutes, make_bank, make_sheet
from tests.races.racing import meeting, race
from tests.shops.orders_of import place

RESIDENTS = 50
pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def all_at_once(bank, sheet) -> list[str]:
    """The outcome for each resident: "held" or "full"."""
    window = first_window(bank.point, (sheet, 1))
    orders = [place((sheet, 1)) for _ in range(RESIDENTS)]
    goods = fresh((sheet, 1))

    def reserve(number: int) -> str:
        try:
            collections.reserve(orders[number], window=window, goods=goods, held_until=in_40_minutes())
        except errors.NoRoom:
            return "full"
        return "held"

    with meeting((reserving, "_write_legs")):
        return race(reserve, RESIDENTS)


def test_fifty_residents_and_one_compartment():
    bank, sheet = make_bank("S"), make_sheet(stock=RESIDENTS)

    outcomes = all_at_once(bank, sheet)

    assert (outcomes.count("held"), outcomes.count("full")) == (1, RESIDENTS - 1)
    assert Collection.objects.count() == 1


def test_control_without_the_lock_the_compartment_is_promised_more_than_once(monkeypatch):
    def read_only(bank, temperatures):
        return list(ClassCapacity.objects.filter(bank=bank, temperature__in=list(temperatures)))

    monkeypatch.setattr(capacity, "lock", read_only)
    bank, sheet = make_bank("S"), make_sheet(stock=RESIDENTS)

    outcomes = all_at_once(bank, sheet)

    assert outcomes.count("held") > 1
