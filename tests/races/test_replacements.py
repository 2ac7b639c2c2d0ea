"""Goods offered instead: two answers, and an answer at the very deadline. The controls show the races without the lock."""

from collections import Counter

import pytest

from shops import orders
from shops.models import Operation, ShopOrder, ShopOrderLine
from shops.orders import replacing
from shops.payments import books
from tests.factories import make_product, make_shop
from tests.races.racing import meeting, race, unlock
from tests.shops.orders_of import paid_shop_order

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def offer() -> tuple[ShopOrderLine, object]:
    """A line offered for two pieces, with its product."""
    shop = make_shop(opening_hours="24/7")
    ordered, instead = make_product(shop, price="4.50"), make_product(shop, price="4.20")
    shop_order = paid_shop_order(ordered, 2)
    line = shop_order.lines.get()
    orders.answer(shop_order, accepted={line.pk: 0}, reasons={line.pk: "Épuisé"}, offers={line.pk: instead})
    return ShopOrderLine.objects.get(replaces=line), instead


def at_once(*actions) -> Counter:
    """The outcomes by name of these actions, which meet after they have read."""
    with meeting((replacing, "_decide")):
        outcomes = race(lambda number: actions[number](), len(actions))
    return Counter(outcome if isinstance(outcome, bool | int) else type(outcome).__name__ for outcome in outcomes)


def agrees(line, instead) -> bool:
    """Whether stock, outcome and the debit tell of one and the same answer."""
    line.refresh_from_db()
    instead.stock.refresh_from_db()
    taken = line.accepted_quantity == 2
    shop_order = ShopOrder.objects.get(pk=line.shop_order_id)
    kinds = list(Operation.objects.filter(payment__order=shop_order.order_id).values_list("kind", flat=True))
    told = (line.outcome, instead.stock.num_allocated, shop_order.status, kinds)
    return told == (("promised", 2, "partly", ["capture"]) if taken else ("cancelled", 0, "refused", ["cancel"]))


def two_answers() -> tuple[Counter, bool]:
    line, instead = offer()
    outcomes = at_once(
        lambda: orders.choose(line, accepted=True),
        lambda: orders.choose(line, accepted=False),
    )
    return outcomes, agrees(line, instead) and not list(books.stock_differences())


def answer_and_deadline() -> tuple[Counter, bool]:
    line, instead = offer()
    outcomes = at_once(
        lambda: orders.choose(line, accepted=True),
        lambda: replacing.close_due(line.offered_until),
    )
    return outcomes, agrees(line, instead) and not list(books.stock_differences())


def test_of_two_different_answers_one_holds():
    outcomes, agreed = two_answers()

    assert (outcomes, agreed) == ({True: 1, "TooLateToChoose": 1}, True)


def test_at_the_deadline_the_answer_or_the_silence_holds():
    outcomes, agreed = answer_and_deadline()

    assert agreed
    assert outcomes in ({True: 1, 0: 1}, {"TooLateToChoose": 1, 1: 1})


@pytest.mark.parametrize("run", [two_answers, answer_and_deadline])
def test_without_the_lock_both_would_hold(monkeypatch, run):
    unlock(monkeypatch)

    outcomes, agreed = run()

    assert not agreed or sum(outcomes[each] for each in (True, 1)) > 1
