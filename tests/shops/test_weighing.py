"""Goods sold by weight: the resident reads a ceiling, the shop types a weight, the real price is debited."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from shops import orders, products, weights
from shops.desk.fields import WeightField
from shops.models import Operation, Payment, ShopOrder, ShopOrderLine
from shops.orders import weighing
from tests.factories import make_category, make_product, make_shop
from tests.shops.desk_cases import PRODUCT
from tests.shops.orders_of import pay, place

Status = ShopOrder.Status

pytestmark = pytest.mark.django_db


def beef(shop=None, **fields):
    """About 1.2 kg at 18.90 euros a kilo: at most 26.09."""
    by_weight = {"sold_by": "weight", "price_per_kg": Decimal("18.90"), "expected_g": 1200}
    return make_product(shop or make_shop(), "Côte de bœuf", price="26.09", **by_weight | fields)


def accepted(*wanted, **fields) -> ShopOrder:
    """A paid order of one shop that has accepted everything."""
    order = place(*wanted, **fields)
    pay(order)
    shop_order = order.shop_orders.get()
    orders.accept_all(shop_order, by=None)
    return ShopOrder.objects.get(pk=shop_order.pk)


def debited(order) -> list[int]:
    """The cents of each debit that is owed."""
    return list(Operation.objects.filter(payment__order=order, kind="capture").values_list("amount", flat=True))


def test_the_ceiling_is_the_usual_weight_with_fifteen_percent_rounded_up():
    assert weights.ceiling(1200, per_kg=Decimal("18.90")) == Decimal("26.09")


@given(
    st.integers(weights.LEAST_G, weights.MOST_G),
    st.decimals(Decimal("0.01"), Decimal("999.99"), places=2),
    st.integers(0, 115),
)
def test_a_piece_within_the_tolerance_never_costs_more_than_the_ceiling(expected_g, per_kg, percent):
    price = weights.price_of(expected_g * percent // 100, per_kg=per_kg)

    assert price <= weights.ceiling(expected_g, per_kg=per_kg)


def test_a_product_by_weight_gets_the_ceiling_as_its_price():
    sheet = products.create(
        make_shop(),
        title="Côte de bœuf",
        stock=3,
        vat_rate=Decimal("5.50"),
        category=make_category(),
        sold_by="weight",
        price_per_kg=Decimal("18.90"),
        expected_g=1200,
    )

    assert (sheet.price, sheet.usual_price, sheet.unit_price) == (
        Decimal("26.09"),
        Decimal("22.68"),
        (Decimal("18.90"), "kg"),
    )


def test_the_price_follows_the_price_per_kilo_and_the_usual_weight():
    sheet = beef()

    products.update(sheet, price_per_kg=Decimal("20.00"))
    sheet.stock.refresh_from_db()
    dearer = sheet.stock.price
    products.update(sheet, expected_g=1000)
    sheet.stock.refresh_from_db()

    assert (dearer, sheet.stock.price) == (Decimal("27.60"), Decimal("23.00"))


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"price": Decimal("20.00")}, "price"),
        ({"price_per_kg": None}, "price_per_kg"),
        ({"price_per_kg": Decimal("-1.00")}, "price_per_kg"),
        ({"expected_g": None}, "expected_g"),
        ({"expected_g": 0}, "expected_g"),
        ({"expected_g": 999_999_999}, "expected_g"),
    ],
)
def test_a_product_by_weight_refuses_what_would_part_its_price_from_its_weight(fields, wrong):
    sheet = beef()

    with pytest.raises(products.WrongValue) as refusal:
        products.update(sheet, **fields)

    sheet.refresh_from_db()
    sheet.stock.refresh_from_db()
    assert (refusal.value.field, sheet.price_per_kg, sheet.expected_g, sheet.stock.price) == (
        wrong,
        Decimal("18.90"),
        1200,
        Decimal("26.09"),
    )


def test_a_file_that_repeats_the_price_changes_nothing():
    sheet = beef()

    assert products.update(sheet, price=Decimal("26.09"), title=sheet.title) == set()


def test_one_tap_accepts_and_the_debit_waits_for_the_scale():
    shop_order = accepted((beef(), 1))

    assert (shop_order.status, shop_order.total, debited(shop_order.order)) == (
        Status.CONFIRMED,
        Decimal("26.09"),
        [],
    )
    with pytest.raises(orders.NotWeighed):
        orders.mark_ready(shop_order, bags=1)


def test_the_real_weight_is_debited_once_it_is_packed():
    shop_order = accepted((beef(), 1))
    line = shop_order.lines.get()

    ready = orders.mark_ready(shop_order, bags=1, grams={line.pk: 1130})

    line.refresh_from_db()
    assert (ready.status, line.accepted_total, ready.total) == (Status.READY, Decimal("21.36"), Decimal("21.36"))
    assert debited(shop_order.order) == [2136]


def test_a_heavier_piece_costs_the_ceiling():
    shop_order = accepted((beef(), 2))
    line = shop_order.lines.get()

    heavy = orders.weigh(shop_order, grams={line.pk: 3000})

    assert heavy == [line]
    assert debited(shop_order.order) == [2 * 2609]


def test_a_weight_may_come_with_the_answer_and_counts_for_the_pieces_given():
    order = place((beef(), 2))
    pay(order)
    shop_order = order.shop_orders.get()
    line = shop_order.lines.get()

    orders.answer(shop_order, accepted={line.pk: 1}, reasons={line.pk: "Épuisé"}, grams={line.pk: 1900})

    assert debited(order) == [2609]  # 1.9 kg of one piece: its ceiling


def test_a_shop_that_is_not_ready_to_weigh_holds_back_the_debit_of_the_others_until_its_deadline():
    other = make_product(make_shop(), price="3.00")
    order = place((beef(), 1), (other, 2), deposit_in=timedelta(hours=3))
    pay(order)
    for shop_order in order.shop_orders.all():
        orders.accept_all(shop_order, by=None)
    before = debited(order)
    early = weighing.close_due(timezone.now() + timedelta(hours=2, minutes=29))

    late = weighing.close_due(timezone.now() + timedelta(hours=2, minutes=31))

    line = ShopOrderLine.objects.get(shop_order__order=order, price_per_kg__isnull=False)
    assert (before, early, late, line.weighed_g, line.weight_assumed) == ([], 0, 1, 1200, True)
    assert debited(order) == [2268 + 600]  # the usual weight, not the ceiling


def test_goods_are_charged_before_the_bank_forgets_what_it_holds():
    shop_order = accepted((beef(), 1), deposit_in=timedelta(days=6))
    Payment.objects.update(capture_before=timezone.now() + timedelta(days=5))

    early = weighing.close_due(timezone.now() + timedelta(days=4, hours=11))
    late = weighing.close_due(timezone.now() + timedelta(days=4, hours=13))

    assert (early, late, debited(shop_order.order)) == (0, 1, [2268])


def test_the_second_round_of_the_sweep_changes_nothing():
    accepted((beef(), 1), deposit_in=timedelta(hours=3))
    later = timezone.now() + timedelta(hours=3)

    assert [weighing.close_due(later), weighing.close_due(later)] == [1, 0]


def test_a_weight_can_be_corrected_until_the_debit_and_not_after():
    other = make_product(make_shop(), price="3.00")
    order = place((beef(), 1), (other, 1))
    pay(order)
    second, first = order.shop_orders.order_by("shop_id")
    line = first.lines.get()
    orders.answer(first, accepted={line.pk: 1}, grams={line.pk: 1130})
    orders.weigh(first, grams={line.pk: 1140})
    orders.accept_all(second, by=None)

    with pytest.raises(orders.AlreadyDebited):
        orders.weigh(first, grams={line.pk: 1150})

    line.refresh_from_db()
    assert (line.weighed_g, debited(order)) == (1140, [2155 + 300])


@pytest.mark.parametrize("grams", [0, -5, 10_000_000])
def test_an_impossible_weight_changes_nothing(grams):
    shop_order = accepted((beef(), 1))
    line = shop_order.lines.get()

    with pytest.raises(orders.WrongWeight):
        orders.mark_ready(shop_order, bags=1, grams={line.pk: grams})

    line.refresh_from_db()
    shop_order.refresh_from_db()
    assert (line.weighed_g, shop_order.status, debited(shop_order.order)) == (None, Status.CONFIRMED, [])


def test_bread_is_not_weighed():
    shop_order = accepted((make_product(make_shop()), 1))

    with pytest.raises(orders.OrderError):
        orders.weigh(shop_order, grams={shop_order.lines.get().pk: 500})


def test_a_refused_piece_of_meat_needs_no_scale():
    order = place((beef(), 1))
    pay(order)

    orders.refuse_all(order.shop_orders.get(), reason="Épuisé", by=None)

    assert (order.shop_orders.get().status, debited(order)) == (Status.REFUSED, [])


@pytest.mark.parametrize(
    ("typed", "grams"),
    [
        ("1,25", 1250),
        ("1.25 kg", 1250),
        ("1250", 1250),
        ("1 250 g", 1250),
        ("1250,4g", 1250),
        ("3 kg", 3000),
        ("", None),
    ],
)
def test_a_weight_is_understood_as_people_type_it(typed, grams):
    assert WeightField(expected_g=1200, required=False).clean(typed) == grams


@pytest.mark.parametrize(
    "typed", ["12", "125", "0", "0 g", "-1", "un kilo", "1,2,3", "9999999", "1e3", "1250 mg", "٣ kg"]
)
def test_a_doubtful_weight_is_asked_again(typed):
    with pytest.raises(ValidationError):
        WeightField(expected_g=1200, required=False).clean(typed)


def test_at_the_desk_the_weight_is_asked_where_the_order_is_packed(desk, shop):
    shop_order = accepted((beef(shop), 1))
    field = f"weight_{shop_order.lines.get().pk}"

    board = desk("board").content.decode()
    doubtful = desk("ready", shop_order.pk, data={"bags": "3", field: "12"})
    packed = desk("ready", shop_order.pk, data={"bags": "3", field: "1,13"})

    shop_order.refresh_from_db()
    assert f'name="{field}"' in board
    assert [text in doubtful.content.decode() for text in ('value="12"', 'value="3"')] == [True, True]
    assert (packed.status_code, shop_order.status, shop_order.bags) == (200, Status.READY, 3)
    assert debited(shop_order.order) == [2136]


def test_at_the_desk_a_product_can_be_sold_by_weight(desk, shop):
    fields = PRODUCT | {"price": "", "sold_by": "weight", "price_per_kg": "18,90", "expected_g": "1200"}

    saved = desk("new_product", data=fields)

    sheet = shop.sheets.get()
    assert (saved.status_code, sheet.by_weight, sheet.price) == (200, True, Decimal("26.09"))
    assert "18,90" in desk("products").content.decode()


@pytest.mark.parametrize("missing", ["price_per_kg", "expected_g"])
def test_at_the_desk_a_sale_by_weight_without_its_price_or_weight_says_so(desk, shop, missing):
    fields = PRODUCT | {"price": "", "sold_by": "weight", "price_per_kg": "18,90", "expected_g": "1200", missing: ""}

    answer = desk("new_product", data=fields)

    assert (answer.status_code, list(answer.context["form"].errors), shop.sheets.count()) == (200, [missing], 0)


def test_the_list_changes_the_price_per_kilo(desk, shop):
    sheet = beef(shop)

    desk("shelf", sheet.pk, data={f"{sheet.pk}-price": "20", f"{sheet.pk}-stock": "4"})

    sheet.refresh_from_db()
    sheet.stock.refresh_from_db()
    assert (sheet.price_per_kg, sheet.stock.price, sheet.left) == (Decimal("20.00"), Decimal("27.60"), 4)


def test_the_product_page_says_weight_price_per_kilo_and_ceiling(client):
    page = client.get(beef().get_absolute_url()).content.decode().replace("\xa0", " ")

    assert "18,90 €/kg" in page
    assert "26,09 €" in page
    assert "1,2 kg" in page
