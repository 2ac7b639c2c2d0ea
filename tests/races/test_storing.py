"""While somebody holds an order, a bank whose report moves it waits alone: the others' reports are stored meanwhile."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections, transaction
from oscar.core.loading import get_model

from pickup.banks.bridge import storing
from pickup.models import BankCommand, BankEvent
from tests.pickup.arrivals import answer, arrival, owe, report, store
from tests.pickup.device import Device, deposited
from tests.pickup.makers import confirmed, make_bank, make_sheet, parcels_of

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
A_WHILE = 1.0
Order = get_model("order", "Order")


@pytest.fixture
def collection():
    return confirmed(make_bank("S").point, (make_sheet(), 1))


@pytest.fixture
def other():
    """The answer of another bank to its command."""
    bank = make_bank("S")
    return arrival(report(bank, answer(owe(bank))))


def deposit(collection, seq: int):
    bank = collection.code_bank
    return arrival(report(bank, deposited(Device(bank), parcels_of(collection)[0], seq=seq)))


def store_while_the_order_is_held(collection, *arrivals) -> bool:
    """Whether the last was stored before the order was let go."""

    def take():
        try:
            return store(*arrivals)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            Order.objects.select_for_update().get(pk=collection.order_id)
            taking = pool.submit(take)
            settled = happens_soon(lambda: BankCommand.objects.get(bank__code=arrivals[-1].bank).outcome)
        taking.result()
    return settled


def happens_soon(condition) -> bool:
    end = time.monotonic() + A_WHILE
    while not (happened := bool(condition())) and time.monotonic() < end:
        time.sleep(0.01)
    return happened


def test_a_bank_that_waits_for_an_order_keeps_no_other_waiting(collection, other):
    settled = store_while_the_order_is_held(collection, deposit(collection, seq=1), other)

    assert settled
    collection.refresh_from_db()
    assert collection.status == "ready"


def test_an_event_whose_turn_comes_with_an_answer_keeps_no_other_waiting(collection, other):
    store(deposit(collection, seq=2))
    first = arrival(report(collection.code_bank, answer(owe(collection.code_bank), seq=1)))
    stirring = BankEvent.objects.stirring().count()

    settled = store_while_the_order_is_held(collection, first, other)

    assert (stirring, settled) == (1, True)
    collection.refresh_from_db()
    assert collection.status == "ready"


def test_control_in_one_transaction_all_wait(collection, other, monkeypatch):
    monkeypatch.setattr(storing, "_groups", lambda requests: [requests])

    settled = store_while_the_order_is_held(collection, deposit(collection, seq=1), other)

    assert not settled
    assert BankCommand.objects.get().outcome == "opened"
