"""Stock and prices from a till: each line by itself, counted as the till counts, once."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.utils import timezone

from shops.models import ProductChange, ProductSheet, Shop, TillAnswer
from shops.tills import shelf
from tests.factories import make_product, make_shop
from tests.shops.api.calls import Till, make_key, till_of
from tests.shops.orders_of import place

pytestmark = pytest.mark.django_db
EAN = "3017620422003"


@pytest.fixture
def shop():
    return make_shop()


@pytest.fixture
def till(shop):
    return till_of(shop)


def on_shelf(sheet) -> tuple[int, str]:
    """Pieces in the shop and price, as the database has them."""
    sheet.stock.refresh_from_db()
    return sheet.stock.num_in_stock, str(sheet.stock.price)


def test_a_line_sets_stock_and_price_by_barcode(shop, till):
    sheet = make_product(shop, ean=EAN, price="4.50", stock=10)

    answers = till.lines({"ean": EAN, "stock": 12, "price": "3.50"})

    assert on_shelf(sheet) == (12, "3.50")
    assert answers == [
        {
            "line": 1, "outcome": "ok", "reference": sheet.reference, "stock": 12, "promised": 0, "left": 12,
            "price": "3.50", "changed": True,
        }
    ]  # fmt: skip


def test_a_count_includes_what_residents_were_promised(shop, till):
    sheet = make_product(shop, stock=10)
    place((sheet, 3))

    [answer] = till.lines({"reference": sheet.reference, "stock": 8})

    assert (answer["stock"], answer["promised"], answer["left"]) == (8, 3, 5)
    assert shop.sheets.with_all().get().left == 5


def test_fewer_pieces_than_promised_leave_none_to_sell(shop, till):
    sheet = make_product(shop, stock=10)
    place((sheet, 3))

    [answer] = till.lines({"reference": sheet.reference, "stock": 1})

    assert (answer["outcome"], answer["promised"], answer["left"]) == ("ok", 3, 0)
    assert not shop.sheets.in_stock().exists()


@pytest.mark.parametrize(("delta", "left"), [(5, 15), (-1, 9), (-11, 0), (0, 10)])
def test_a_difference_is_added_and_never_leaves_less_than_nothing(shop, till, delta, left):
    sheet = make_product(shop, stock=10)

    [answer] = till.lines({"reference": sheet.reference, "delta": delta}, key="receipt-1")

    assert (answer["stock"], answer["changed"]) == (left, left != 10)
    assert on_shelf(sheet) == (left, "4.50")


def test_lines_about_the_same_product_are_done_in_their_order(shop, till):
    sheet = make_product(shop, ean=EAN, stock=10)

    answers = till.lines(
        {"ean": EAN, "stock": 5}, {"reference": sheet.reference, "delta": -1}, {"ean": EAN, "delta": -1}, key="a"
    )

    assert [answer["stock"] for answer in answers] == [5, 4, 3]
    assert on_shelf(sheet) == (3, "4.50")


def test_each_line_is_answered_by_itself(shop, till):
    good, twin = make_product(shop, stock=1), make_product(shop, ean=EAN)
    make_product(shop, ean=EAN)
    ham = make_product(shop, sold_by="weight", price_per_kg=Decimal("20"), expected_g=200, price="4.60")

    answers = till.lines(
        {"reference": good.reference, "stock": 7},
        {"reference": "none", "stock": 7},
        {"ean": EAN, "stock": 7},
        {"reference": ham.reference, "price": "9.00"},
        {"reference": twin.reference, "stock": -1},
        {"reference": good.reference, "price": "3.999"},
        "nonsense",
        {"reference": good.reference},
        {"reference": good.reference, "ean": EAN, "stock": 1},
        {"reference": good.reference, "stock": 1, "delta": 1},
        {"ean": "12", "stock": 1},
        {"reference": good.reference, "stock": 1, "shop": 2},
    )

    assert [answer["outcome"] for answer in answers] == ["ok", "unknown", *["refused"] * 10]
    assert [answer.get("cause") for answer in answers] == [
        None,
        None,
        "Several of your products carry this barcode: please name the reference instead.",
        "This product is sold by weight: please change its price per kilo.",
        "The stock is a whole number from 0 to 1,000,000.",
        "A price lies between 0.01 and 99,999.99 euros and has two decimals at most.",
        "This is not a line: please look at the description.",
        "A line says a “stock”, a “delta” or a “price”.",
        "A line names one product, by “ean” or by “reference”.",
        "A line has either “stock” or “delta”, not both.",
        "A barcode has 8 to 13 digits and stands between quotation marks.",
        "This is not a line: please look at the description.",
    ]
    assert on_shelf(good) == (7, "4.50")
    assert on_shelf(twin) == (10, "4.50")
    assert on_shelf(ham) == (10, "4.60")


def test_a_call_that_comes_twice_counts_once(shop, till):
    sheet = make_product(shop, stock=10)
    body = {"lines": [{"reference": sheet.reference, "delta": -1}]}

    first, second = till.post("/stock", body, key="receipt-1"), till.post("/stock", body, key="receipt-1")

    assert on_shelf(sheet) == (9, "4.50")
    assert (second.status_code, second.json()) == (200, first.json())


def test_a_key_that_comes_with_another_call_does_nothing(shop, till):
    sheet = make_product(shop, stock=10)
    till.lines({"reference": sheet.reference, "delta": -1}, key="receipt-1")

    answer = till.post("/stock", {"lines": [{"reference": sheet.reference, "delta": -2}]}, key="receipt-1")

    assert answer.status_code == 422
    assert answer.json()["detail"].startswith("This Idempotency-Key was used for another call")
    assert on_shelf(sheet) == (9, "4.50")


def test_two_tills_may_use_the_same_key(shop):
    sheet = make_product(shop, stock=10)

    for till in (till_of(shop), till_of(shop)):
        till.lines({"reference": sheet.reference, "delta": -1}, key="1")

    assert on_shelf(sheet) == (8, "4.50")


def test_a_difference_without_a_key_is_refused(shop, till):
    sheet = make_product(shop, stock=10)

    answer = till.post("/stock", {"lines": [{"reference": sheet.reference, "delta": -1}]})

    assert answer.status_code == 400
    assert on_shelf(sheet) == (10, "4.50")


def test_a_neighbours_products_are_unknown(shop, till):
    theirs = make_product(make_shop(), ean=EAN, stock=10)

    answers = till.lines({"ean": EAN, "stock": 1}, {"reference": theirs.reference, "price": "1.00"})

    assert [answer["outcome"] for answer in answers] == ["unknown", "unknown"]
    assert on_shelf(theirs) == (10, "4.50")


def test_the_same_barcode_in_two_shops_is_each_ones_own(shop, till):
    ours, theirs = make_product(shop, ean=EAN), make_product(make_shop(), ean=EAN)

    till.lines({"ean": EAN, "stock": 1})

    assert (on_shelf(ours)[0], on_shelf(theirs)[0]) == (1, 10)


@pytest.mark.parametrize(("rows", "queries"), [(1, 12), (3, 12), (100, 12)])
def test_a_call_costs_the_same_for_one_line_and_for_a_hundred(shop, till, rows, queries, django_assert_num_queries):
    sheets = [make_product(shop) for _ in range(rows)]
    till.lines({"reference": sheets[0].reference, "stock": 99})  # the key was used, the minute has begun
    lines = [{"reference": sheet.reference, "stock": 5, "price": "2.00"} for sheet in sheets]

    if connection.vendor == "sqlite" and rows == 100:
        queries += 1  # it takes 999 values at once
    # key · minute: savepoint, row, written, released · call: savepoint, products, stock, written twice, noted, released
    with django_assert_num_queries(queries):
        answers = till.lines(*lines)

    assert {(answer["stock"], answer["price"]) for answer in answers} == {(5, "2.00")}
    assert {on_shelf(sheet) for sheet in sheets} == {(5, "2.00")}


def test_what_is_so_already_is_not_written(shop, till, django_assert_num_queries):
    sheet = make_product(shop, stock=5)
    changed_at = ProductSheet.objects.get(pk=sheet.pk).updated_at
    till.lines({"reference": "none", "stock": 1})

    with django_assert_num_queries(9):
        [answer] = till.lines({"reference": sheet.reference, "stock": 5})

    assert answer["changed"] is False
    assert ProductSheet.objects.get(pk=sheet.pk).updated_at == changed_at


def test_counts_and_prices_can_be_read_and_undone_at_the_desk_and_sales_are_no_edits(shop, till):
    counted, sold = make_product(shop, stock=10), make_product(shop, stock=10)

    till.lines(
        {"reference": counted.reference, "stock": 5, "price": "2.00"},
        {"reference": sold.reference, "delta": -1},
        key="a",
    )

    rows = ProductChange.objects.order_by("pk").values_list("sheet", "field", "old", "new", "by")
    assert list(rows) == [(counted.pk, "price", "4.5", "2", None), (counted.pk, "stock", "10", "5", None)]


def test_of_goods_made_anew_every_day_a_till_sets_the_price_only(shop, till):
    sheet = make_product(shop, stock=0, daily_stock=20)

    answers = till.lines({"reference": sheet.reference, "stock": 5}, {"reference": sheet.reference, "price": "1.20"})

    assert [answer["outcome"] for answer in answers] == ["refused", "ok"]
    assert answers[0]["cause"] == "This product is made anew every day: its pieces are counted at the desk."
    assert (on_shelf(sheet), answers[1]["left"]) == ((0, "1.20"), 20)


def test_what_its_shop_calls_sold_out_stays_so_whatever_the_till_counts(shop, till):
    sheet = make_product(shop, stock=0, sold_out_until=timezone.now() + timedelta(hours=2))

    [answer] = till.lines({"reference": sheet.reference, "stock": 5})

    assert (answer["stock"], answer["left"]) == (5, 0)


def test_whoever_listens_hears_of_what_has_changed_once_for_a_call(shop, till):
    heard = []
    first, second, same = make_product(shop), make_product(shop), make_product(shop, stock=5)
    shelf.signals.shelf_changed.connect(listen := lambda sheets, **kwargs: heard.append({s.pk for s in sheets}))

    till.lines(*({"reference": sheet.reference, "stock": 5} for sheet in (first, second, same)))

    shelf.signals.shelf_changed.disconnect(listen)
    assert heard == [{first.pk, second.pk}]


def test_a_shop_that_has_left_keeps_no_stock(shop, till):
    sheet = make_product(shop, stock=10)
    Shop.objects.filter(pk=shop.pk).update(status=Shop.Status.CLOSED)

    answer = till.post("/stock", {"lines": [{"reference": sheet.reference, "stock": 1}]}, key="a")

    assert answer.status_code == 409
    assert on_shelf(sheet) == (10, "4.50")
    assert not TillAnswer.objects.exists()


def test_a_withdrawn_key_opens_nothing(shop):
    sheet = make_product(shop, stock=10)
    key, secret = make_key(shop)
    shelf_call = {"lines": [{"reference": sheet.reference, "stock": 1}]}
    key.revoked_at = key.created_at
    key.save()

    answer = Till(secret).post("/stock", shelf_call)

    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, 'Bearer realm="Halles"')
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert on_shelf(sheet) == (10, "4.50")


def test_answers_speak_the_language_that_the_program_asks_for(shop, till):
    call = {"lines": [{"reference": "x", "stock": -1}]}

    french, english = till.post("/stock", call, language="fr"), till.post("/stock", call, language="en")

    assert english.json()["lines"][0]["cause"] == "The stock is a whole number from 0 to 1,000,000."
    assert french.json()["lines"][0]["cause"] == "Le stock est un nombre entier de 0 à 1 000 000."
