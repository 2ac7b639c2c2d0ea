"""Two workers never send one message at once, also when the first one is slow. The controls show what the claim spares."""

import time
from datetime import timedelta

import pytest

from shops.models import HookCall, ShopHook
from shops.tills import calling, events, hooks
from tests.factories import make_product, make_shop
from tests.outside import http, serving
from tests.races.racing import meeting, race
from tests.shops.orders_of import paid_shop_order

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

WORKERS = 6
SLOW_SECONDS = 1.0


def slowly(line) -> None:
    """An answer that takes its time."""
    time.sleep(SLOW_SECONDS)
    line.sendall(http())


def send_at_once() -> tuple[int, int]:
    """Six workers, one message: how often it was sent, and how many attempts are written."""
    shop = make_shop(opening_hours="24/7")
    hook = hooks.add(shop, address="https://till.example/", kinds=["order.placed"])
    ShopHook.objects.update(address="http://till.example/")
    paid_shop_order(make_product(shop))
    events.number_all()
    with serving(slowly) as server, meeting((calling, "_claim")):
        race(lambda _number: calling.work_due(seconds=3, network=server.network()), WORKERS)
    return server.calls, hook.calls.get().attempts


def test_a_message_is_sent_by_one_worker():
    assert send_at_once() == (1, 1)


def test_without_the_claim_it_is_sent_by_several(monkeypatch):
    monkeypatch.setattr(calling, "_claim", lambda call: True)

    sent, _attempts = send_at_once()

    assert sent > 1


def test_with_a_lease_shorter_than_the_call_it_is_sent_again_meanwhile(monkeypatch):
    """Why a claimed row is away for the whole call, not only for the first wait of five seconds."""
    monkeypatch.setattr(calling, "LEASE", timedelta(0))

    sent, _attempts = send_at_once()

    assert sent > 1
    assert HookCall.objects.get().attempts > 1
