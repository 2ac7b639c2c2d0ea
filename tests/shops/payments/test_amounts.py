"""One order with everything that can change an amount: weighed, refused, replaced, refunded, not collected. To the cent."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from shops import orders
from shops.models import Refund, ShopOrderLine
from shops.payments import charges, operations, refunds
from tests.factories import make_product
from tests.shops import orders_of
from tests.shops.payments.conftest import books_agree, hold, open_shop, work
from tests.shops.test_weighing import beef

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    """A butcher, a bakery and a creamery with an order over all three, held; by shop and by product."""
    butcher, bakery, creamery = (open_shop(opening_hours="24/7") for _shop in range(3))
    goods = {
        "beef": beef(butcher),
        "terrine": make_product(butcher, price="6.40"),
        "rye": make_product(bakery, price="4.50", vat_rate=Decimal("5.50")),
        "spelt": make_product(bakery, price="4.20", vat_rate=Decimal("10.00")),
        "cheese": make_product(creamery, price="12.40", temperature="chilled"),
        "jam": make_product(creamery, price="5.00"),
    }
    wanted = [("beef", 1), ("terrine", 1), ("rye", 2), ("cheese", 1), ("jam", 2)]
    order = orders_of.place(*((goods[name], pieces) for name, pieces in wanted))
    order.payments.all().delete()
    charges.open(order, amount=order.total_incl_tax, expires_at=timezone.now() + timedelta(hours=1), language="fr")
    hold(order)
    return order, [order.shop_orders.get(shop=shop) for shop in (butcher, bakery, creamery)], goods


def answer(shop_order, *pieces: int, offers=None, **more) -> None:
    """The shop gives so many pieces of each line, the first one first; `offers` its `instead` for the first line."""
    lines = list(shop_order.lines.order_by("pk"))
    accepted = {line.pk: count for line, count in zip(lines, pieces, strict=True)}
    orders.answer(shop_order, accepted=accepted, offers={lines[0].pk: offers} if offers else None, **more)


def test_every_amount_agrees_to_the_cent(town):
    order, (butcher, bakery, creamery), goods = town
    payment = order.payments.get()
    held = payment.amount

    answer(butcher, 1, 0)  # the terrine is missing
    answer(bakery, 1, offers=goods["spelt"])  # one rye bread, and spelt for the other
    answer(creamery, 1, 2)
    instead = ShopOrderLine.objects.get(replaces__isnull=False)
    orders.choose(instead, accepted=True)
    orders.mark_ready(butcher, bags=1, grams={butcher.lines.get(price_per_kg__isnull=False).pk: 1130})
    work()
    payment.refresh_from_db()
    orders.mark_collected(butcher)
    orders.mark_collected(bakery)
    orders.mark_no_show(creamery)  # the jam goes back to the shelf, the cheese is lost
    work()
    refunds.refund(bakery, lines={instead.pk: 1}, reason=Refund.Reason.QUALITY)
    work()

    payment.refresh_from_db()
    assert held == 2609 + 640 + 900 + 1240 + 1000
    assert (payment.captured, payment.fee, payment.refunded) == (2136 + 870 + 2240, 104, 1000 + 420)
    told = {row.shop_order_id: (row.gross, row.fee_share, row.amount, row.reversed) for row in payment.transfers.all()}
    assert told == {
        butcher.pk: (2136, 42, 2136 - 64 - 42, 0),
        bakery.pk: (870, 17, 870 - 26 - 17, (870 - 26 - 17) - (450 - 14 - 17)),
        creamery.pk: (2240, 45, 1240 - 37 - 45, 0),
    }
    instead.refresh_from_db()
    assert (instead.vat_rate, instead.line.line_price_incl_tax - instead.line.line_price_excl_tax) == (
        10,
        Decimal("0.38"),
    )
    assert {name: left(sheet) for name, sheet in goods.items()} == {
        "beef": (9, 0), "terrine": (10, 0), "rye": (9, 0), "spelt": (9, 0), "cheese": (9, 0), "jam": (10, 0),
    }  # fmt: skip
    assert not operations.Operation.objects.filter(status="due").exists()
    assert books_agree()


def left(sheet) -> tuple[int, int]:
    """Pieces on the shelf, and of these those promised."""
    sheet.stock.refresh_from_db()
    return sheet.stock.num_in_stock, sheet.stock.num_allocated
