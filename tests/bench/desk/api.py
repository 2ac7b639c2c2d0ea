"""The API of a shop with 2,000 products and 10,000 orders: stock lines a second, SQL per line, and how long a till waits.

Calls go through the whole application in this process, with the key, the count of the minute and JSON on both ways.
"""

import time
from datetime import timedelta
from decimal import Decimal

PRODUCTS, ORDERS, LINES_EACH = 2_000, 10_000, 2
ROUNDS = 20
LINES = 500
CALLS = 200


def measure() -> dict:
    """Figures of one run."""
    shop, references = _fill()
    return {
        "products": PRODUCTS,
        "orders": ORDERS,
        "lines_of_each_order": LINES_EACH,
        **_bulk(shop, references),
        **_single(shop, references),
        **_orders(shop),
    }


def _till(shop):
    """A till that has used its key before."""
    from django.test import Client

    from tests.shops.api.calls import till_of

    till = till_of(shop)
    till._client = Client(SERVER_NAME="127.0.0.1")
    till.post("/stock", {"lines": [None]})
    return till


def _timed(call, *args, **kwargs) -> tuple[float, dict]:
    """Milliseconds of a call that succeeds, and its answer."""
    began = time.perf_counter()
    answer = call(*args, **kwargs)
    took = (time.perf_counter() - began) * 1000
    assert answer.status_code == 200, answer.content
    return took, answer.json()


def _bulk(shop, references: list[str]) -> dict:
    """500 lines a call, each of which changes stock and price."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from tests.bench.report import spread

    till = _till(shop)

    def call(number: int):
        chosen = [references[(number * LINES + place) % PRODUCTS] for place in range(LINES)]
        lines = [{"reference": each, "stock": 20 + number, "price": f"{number + 1}.50"} for each in chosen]
        return till.post("/stock", {"lines": lines}, key=f"round-{number}")

    _timed(call, ROUNDS)
    times = [_timed(call, number)[0] for number in range(ROUNDS)]
    with CaptureQueriesContext(connection) as queries:
        _timed(call, ROUNDS + 1)
    return {
        "bulk_lines_per_second": round(ROUNDS * LINES / (sum(times) / 1000)),
        "bulk_call_of_500_lines_p95_ms": spread(times)["p95_ms"],
        "bulk_sql_per_call": len(queries),
        "bulk_sql_per_line": len(queries) / LINES,
    }


def _single(shop, references: list[str]) -> dict:
    """One receipt: one line with a difference, and its idempotency key."""
    from tests.bench.report import spread

    times, tills = [], [_till(shop), _till(shop)]  # so that neither's minute is used up
    for number in range(CALLS):
        till = tills[number % 2]
        call = {"lines": [{"reference": references[number], "delta": -1}]}
        times.append(_timed(till.post, "/stock", call, key=f"receipt-{number}")[0])
    return {"receipt_p95_ms": spread(times)["p95_ms"], "receipt_median_ms": spread(times)["median_ms"]}


def _orders(shop) -> dict:
    """Reading all 10,000 from the beginning, and asking when there is nothing new."""
    from shops.tills import events
    from tests.bench.report import spread

    began = time.perf_counter()
    assert events.number(shop) == ORDERS
    numbering = time.perf_counter() - began
    till, position, pages, read, more = _till(shop), 0, [], 0, True
    while more:
        if len(pages) % 100 == 99:
            till = _till(shop)
        took, page = _timed(till.get, "/orders", since=position)
        pages.append(took)
        position, more, read = page["next"], page["more"], read + len(page["orders"])
    assert read == ORDERS
    till = _till(shop)
    idle = [_timed(till.get, "/orders", since=position)[0] for _ in range(100)]
    return {
        "numbering_events_per_second": round(ORDERS / numbering),
        "orders_page_of_100_median_ms": spread(pages)["median_ms"],
        "orders_page_of_100_p95_ms": spread(pages)["p95_ms"],
        "orders_nothing_new_p95_ms": spread(idle)["p95_ms"],
    }


def _fill():
    """The shop, and the references of its products. Orders are rows only: nobody pays for them."""
    from django.utils import timezone
    from oscar.core.loading import get_model

    from shops.models import ShopEvent, ShopOrder, ShopOrderLine
    from tests.factories import make_product, make_shop

    Order, Line = get_model("order", "Order"), get_model("order", "Line")
    shop, now = make_shop("Épicerie du Marché", opening_hours="24/7"), timezone.now()
    sheets = [make_product(shop, stock=50) for _ in range(PRODUCTS)]
    sums = {"total_incl_tax": Decimal("9.00"), "total_excl_tax": Decimal("9.00")}
    price = Decimal("4.50")
    kinds = ("line_price_incl_tax", "line_price_excl_tax", "line_price_before_discounts_incl_tax")
    prices = dict.fromkeys([*kinds, "line_price_before_discounts_excl_tax"], price)
    orders = Order.objects.bulk_create(
        [Order(number=f"B{number}", date_placed=now, status="paid", **sums) for number in range(ORDERS)],
        batch_size=1000,
    )
    lines = Line.objects.bulk_create(
        [
            Line(order=order, partner_sku="x", title="Article", num_allocated=0, **prices)
            for order in orders
            for _ in range(LINES_EACH)
        ],
        batch_size=1000,
    )
    soon = now + timedelta(hours=9)
    shop_orders = ShopOrder.objects.bulk_create(
        [
            ShopOrder(
                order=order, shop=shop, number=f"{order.number}-1", ordered_total=Decimal("9.00"), commission_bps=300,
                answer_by=soon, deposit_by=soon, paid_at=now,
            )
            for order in orders
        ],
        batch_size=1000,
    )  # fmt: skip
    ShopOrderLine.objects.bulk_create(
        [
            ShopOrderLine(
                shop_order=shop_orders[number // LINES_EACH], line=line, sheet=sheets[number % PRODUCTS], title=line.title,
                quantity=1, unit_price=price, vat_rate=Decimal("5.50"), temperature="ambient", volume_l=Decimal("1.00"),
            )
            for number, line in enumerate(lines)
        ],
        batch_size=1000,
    )  # fmt: skip
    ShopEvent.objects.bulk_create(
        [ShopEvent(shop=shop, kind="order.placed", shop_order=each) for each in shop_orders], batch_size=1000
    )
    return shop, [sheet.reference for sheet in sheets]
