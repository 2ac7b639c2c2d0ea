"""Fifty residents want the last compartment at the same moment: one gets it. Without the lock more than one does."""

import threading

import pytest
from django.db import connections
from django.utils import translation

from pickup import capacity, collections, errors
from pickup.models import ClassCapacity, Collection
from tests.pickup.makers import first_window, fresh, in_40_minutes, make_bank, make_sheet
from tests.shops.orders_of import place

RESIDENTS = 50
pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def all_at_once(bank, sheet) -> list[str]:
    """The outcome for each resident: "held" or "full"."""
    window = first_window(bank.point, (sheet, 1))
    orders = [place((sheet, 1)) for _ in range(RESIDENTS)]
    goods = fresh((sheet, 1))
    start = threading.Barrier(RESIDENTS)
    outcomes: list[str] = []

    def reserve(order):
        try:
            with translation.override("fr"):
                start.wait()
                collections.reserve(order, window=window, goods=goods, held_until=in_40_minutes())
            outcomes.append("held")
        except errors.NoRoom:
            outcomes.append("full")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=reserve, args=[order]) for order in orders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


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
