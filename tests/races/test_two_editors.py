"""Two people save one product at the same moment: one is written, the other one reads who was faster. Sales go on meanwhile.

The controls take out the lock of the product, and show what a stronger lock would keep waiting.
"""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from django.db import connections, transaction
from django.db.models import QuerySet

from shops import changes, products
from shops.models import ProductChange, ProductSheet
from tests.factories import make_basket, make_product, make_shop, make_user
from tests.races.racing import PATIENCE, meeting, race, unlock

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

PEOPLE = 6


def save_at_once() -> tuple[list, int]:
    """Each writes another price from the same page; what they got, and how many prices were written."""
    sheet = make_product(make_shop(), price="2.00")
    people, opened = [make_user() for _person in range(PEOPLE)], changes.seen(sheet)

    def save(number):
        return products.update(sheet, by=people[number], seen=opened, price=Decimal(10 + number))

    with meeting((changes, "record")):
        outcomes = race(save, PEOPLE)
    return outcomes, ProductChange.objects.filter(field="price").count()


def test_of_six_who_change_a_price_at_once_one_writes_and_the_others_read_who():
    outcomes, written = save_at_once()

    assert (outcomes.count({"price"}), written) == (1, 1)
    conflicts = [outcome for outcome in outcomes if isinstance(outcome, changes.Conflict)]
    assert len(conflicts) == PEOPLE - 1
    winner = changes.name_of(ProductChange.objects.get().by)
    assert all(winner in str(conflict) for conflict in conflicts)


def test_without_the_lock_somebodys_price_is_overwritten_in_silence(monkeypatch):
    unlock(monkeypatch)

    outcomes, written = save_at_once()

    assert outcomes.count({"price"}) > 1
    assert written > 1


def test_price_and_stock_changed_at_once_are_both_kept():
    sheet = make_product(make_shop(), price="2.00", stock=12)
    opened = changes.seen(sheet)
    fields = [{"price": Decimal("2.50"), "stock": 12}, {"price": Decimal("2.00"), "stock": 30}]

    with meeting((changes, "record")):
        race(lambda number: products.update(sheet, seen=opened, **fields[number]), 2)

    sheet = ProductSheet.objects.with_all().get()
    assert (sheet.price, sheet.left) == (Decimal("2.50"), 30)


def fill_a_basket_while_a_product_is_edited() -> bool:
    """Whether a resident got a piece into the basket while somebody's change of the product was not finished."""
    sheet = make_product(make_shop())

    def buy():
        try:
            make_basket((sheet, 1))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        products.update(sheet, price=Decimal("3.00"), stock=5)
        bought = pool.submit(buy)
        try:
            bought.result(timeout=PATIENCE)
        except TimeoutError:
            return False
    return True


def test_a_basket_is_filled_while_the_product_is_edited():
    assert fill_a_basket_while_a_product_is_edited()


def test_a_stronger_lock_would_keep_the_resident_waiting(monkeypatch):
    real = QuerySet.select_for_update
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **options: real(rows, of=options.get("of", ())))

    assert not fill_a_basket_while_a_product_is_edited()
