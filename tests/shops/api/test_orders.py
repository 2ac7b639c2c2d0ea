"""Orders into the till: each as it stands, none missed, none of a neighbour, nothing of the resident."""

from decimal import Decimal

import pytest

from shops import orders
from shops.models import ShopEvent
from tests.factories import make_product, make_shop
from tests.shops.api.calls import till_of
from tests.shops.orders_of import paid_shop_order, pay, place

pytestmark = pytest.mark.django_db
Kind = ShopEvent.Kind


@pytest.fixture
def shop():
    return make_shop(opening_hours="24/7")


@pytest.fixture
def till(shop):
    return till_of(shop)


def read(till, since: int = 0) -> tuple[list[str], int]:
    """The numbers of a page of orders, and where to go on."""
    page = till.get("/orders", since=since).json()
    return [order["number"] for order in page["orders"]], page["next"]


def kinds(shop) -> list[str]:
    """What happened, in the order of its positions."""
    return list(shop.events.filter(position__isnull=False).order_by("position").values_list("kind", flat=True))


def test_a_paid_order_is_read_once_and_again_when_something_happens_to_it(shop, till):
    shop_order = paid_shop_order(make_product(shop))

    first, position = read(till)
    nothing, same = read(till, position)
    orders.accept_all(shop_order, by=None)
    again, last = read(till, position)

    assert (first, nothing, again) == ([shop_order.number], [], [shop_order.number])
    assert position == same < last
    assert kinds(shop) == [Kind.PLACED, Kind.ACCEPTED]


def test_an_order_says_what_a_till_books(shop, till):
    sheet = make_product(shop, "Sel", price="4.50", ean="3017620422003", vat_rate=Decimal("5.50"))
    shop_order = paid_shop_order(sheet, 2, email="resident-secret@example.org")

    answer = till.get(f"/orders/{shop_order.number}")

    order = answer.json()
    assert {name: order[name] for name in ("number", "status", "total", "bags", "collected_at")} == {
        "number": shop_order.number, "status": "awaiting", "total": "9.00", "bags": 0, "collected_at": None,
    }  # fmt: skip
    assert order["lines"] == [
        {
            "reference": sheet.reference, "ean": "3017620422003", "title": "Sel", "quantity": 2, "accepted": None,
            "unit_price": "4.50", "price_per_kg": None, "weighed_g": None, "vat_rate": "5.50", "total": "9.00",
            "outcome": "promised", "offered_instead": False,
        }
    ]  # fmt: skip
    assert "resident" not in answer.content.decode()


def test_an_unpaid_order_does_not_exist(shop, till):
    order = place((make_product(shop), 1))

    assert read(till)[0] == []
    assert till.get(f"/orders/{order.shop_orders.get().number}").status_code == 404


def test_a_neighbours_order_does_not_exist(shop, till):
    theirs = paid_shop_order(make_product(make_shop(opening_hours="24/7")))

    assert read(till)[0] == []
    answer = till.get(f"/orders/{theirs.number}")
    assert (answer.status_code, answer.json()["detail"]) == (404, "There is nothing at this address.")


def test_of_an_order_of_two_shops_each_reads_its_part(shop, till):
    neighbour = make_shop(opening_hours="24/7")
    order = place((make_product(shop, "Sel"), 1), (make_product(neighbour, "Poivre"), 1))
    pay(order)

    [ours] = till.get("/orders").json()["orders"]
    [theirs] = till_of(neighbour).get("/orders").json()["orders"]

    assert [line["title"] for line in ours["lines"]] == ["Sel"]
    assert [line["title"] for line in theirs["lines"]] == ["Poivre"]


def test_everything_that_happens_to_an_order_is_an_event(shop):
    sheet = make_product(shop, stock=20)
    taken, refused, cancelled = (paid_shop_order(sheet) for _ in range(3))

    orders.accept_all(taken, by=None)
    orders.mark_ready(taken, bags=1)
    orders.mark_collected(taken)
    orders.refuse_all(refused, reason="", by=None)
    orders.cancel(cancelled.order, reason="changed my mind")

    rows = ShopEvent.objects.order_by("pk").values_list("shop_order", "kind")
    assert list(rows) == [
        *((each.pk, Kind.PLACED) for each in (taken, refused, cancelled)),
        (taken.pk, Kind.ACCEPTED),
        (taken.pk, Kind.READY),
        (taken.pk, Kind.COLLECTED),
        (refused.pk, Kind.REFUSED),
        (cancelled.pk, Kind.CANCELLED),
    ]


def test_an_order_that_takes_the_last_piece_says_so(shop):
    last, enough = make_product(shop, stock=2), make_product(shop, stock=3)

    pay(place((last, 2), (enough, 2)))

    assert list(ShopEvent.objects.filter(kind=Kind.SOLD_OUT).values_list("sheet", flat=True)) == [last.pk]


def test_what_an_order_that_nobody_paid_goes_through_is_no_event(shop):
    order = place((make_product(shop), 1))

    orders.cancel(order, reason="unpaid")

    assert not ShopEvent.objects.exists()


def test_many_orders_come_in_pages(shop, till, monkeypatch):
    monkeypatch.setattr("shops.tills.feed.EVENTS_AT_ONCE", 2)
    sheet = make_product(shop, stock=20)
    placed = [paid_shop_order(sheet).number for _ in range(5)]

    seen, position, more = [], 0, True
    while more:
        page = till.get("/orders", since=position).json()
        seen += [order["number"] for order in page["orders"]]
        position, more = page["next"], page["more"]

    assert seen == placed


@pytest.mark.parametrize("rows", [1, 3])
def test_a_page_costs_the_same_with_one_order_and_with_three(shop, till, rows, django_assert_num_queries):
    sheet = make_product(shop, stock=20)
    for _ in range(rows):
        paid_shop_order(sheet)
    assert len(read(till)[0]) == rows

    # key · minute: savepoint, row, written, released · anything new, events, orders, lines, products
    with django_assert_num_queries(10):
        numbers, _position = read(till)

    assert len(numbers) == rows


@pytest.mark.parametrize("since", ["-1", "x", "1.5", "NaN", str(2**63), "9" * 5000, "1 OR 1=1"])
def test_what_is_no_position_is_refused_in_words(till, since):
    answer = till.get("/orders", since=since)

    assert (answer.status_code, answer.headers["Content-Type"]) == (422, "application/problem+json")


def test_a_position_of_the_future_waits_there(shop, till):
    paid_shop_order(make_product(shop))

    assert read(till, 4711) == ([], 4711)


@pytest.mark.parametrize("number", ["x", "%00", "%ff", "é", "a" * 5000, "..", "1%27"])
def test_no_number_of_an_order_is_an_error(till, number):
    assert till.get(f"/orders/{number}").status_code == 404


def test_a_key_for_stock_reads_no_orders(shop):
    shop_order = paid_shop_order(make_product(shop))
    till = till_of(shop, may_orders=False)

    for path in ("/orders", f"/orders/{shop_order.number}"):
        answer = till.get(path)
        assert answer.status_code == 403
        assert shop_order.number not in answer.content.decode()
