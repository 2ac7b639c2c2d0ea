"""Goods offered instead of those that a shop lacks: asked with the answer, taken with one tap, never dearer, never silent."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from shops import orders, signals
from shops.models import Operation, ShopOrder, ShopOrderLine
from shops.orders import replacing
from shops.payments import books
from tests.factories import make_category, make_product, make_shop
from tests.shops.orders_of import paid_shop_order, pay, place
from tests.shops.test_weighing import beef

pytestmark = pytest.mark.django_db
Status, Outcome = ShopOrder.Status, ShopOrderLine.Outcome


def offered(sheet, instead, *, quantity: int = 2, given: int = 0, **fields) -> ShopOrderLine:
    """The line offered: the shop gives `given` of the ordered pieces of `sheet`, and `instead` for the others."""
    shop_order = paid_shop_order(sheet, quantity, **fields)
    answer(shop_order, given=given, instead=instead)
    return ShopOrderLine.objects.get(replaces__shop_order=shop_order)


def answer(shop_order, *, given: int, instead):
    line = shop_order.lines.get()
    reasons, offers = {line.pk: "Épuisé"}, {line.pk: instead}
    return orders.answer(shop_order, accepted={line.pk: given}, reasons=reasons, offers=offers)


def debited(order) -> list[int]:
    """The cents of each debit that is owed."""
    return list(Operation.objects.filter(payment__order=order, kind="capture").values_list("amount", flat=True))


def allocated(*sheets) -> list[int]:
    for sheet in sheets:
        sheet.stock.refresh_from_db()
    return [sheet.stock.num_allocated or 0 for sheet in sheets]


def stock_agrees() -> bool:
    return list(books.stock_differences()) == [] == list(books.outcome_differences())


@pytest.fixture
def rye():
    """What the resident ordered."""
    return make_product(make_shop(opening_hours="24/7"), "Pain de seigle", price="4.50", vat_rate=Decimal("5.50"))


@pytest.fixture
def spelt(rye):
    """What the shop has instead, for less, and taxed otherwise."""
    return make_product(rye.shop, "Pain d’épeautre", price="4.20", vat_rate=Decimal("10.00"))


def test_what_is_offered_holds_its_pieces_and_the_debit_waits(rye, spelt):
    line = offered(rye, spelt, given=1)

    shop_order = line.shop_order
    assert (line.quantity, line.accepted_quantity, line.vat_rate) == (1, None, Decimal("10.00"))
    assert (shop_order.status, shop_order.confirmed_total) == (Status.PARTLY, Decimal("8.70"))
    assert (allocated(rye, spelt), debited(shop_order.order)) == ([1, 1], [])
    assert stock_agrees()


def test_taken_it_is_debited_with_its_own_price_and_vat(rye, spelt):
    line = offered(rye, spelt)

    first, again = orders.choose(line, accepted=True), orders.choose(line, accepted=True)

    line.refresh_from_db()
    assert (first, again, line.accepted_quantity, line.outcome) == (True, False, 2, Outcome.PROMISED)
    assert (debited(line.shop_order.order), allocated(rye, spelt)) == ([840], [0, 2])
    assert (line.line.line_price_incl_tax, line.line.line_price_excl_tax) == (Decimal("8.40"), Decimal("7.64"))
    assert stock_agrees()


def test_declined_the_rest_is_debited_and_its_pieces_are_free(rye, spelt):
    line = offered(rye, spelt, given=1)

    orders.choose(line, accepted=False)

    line.refresh_from_db()
    assert (line.accepted_quantity, line.outcome, line.shop_order.status) == (0, Outcome.CANCELLED, Status.PARTLY)
    assert (debited(line.shop_order.order), allocated(rye, spelt)) == ([450], [1, 0])
    assert stock_agrees()


def test_declined_with_nothing_else_the_shop_order_is_refused_and_the_hold_released(rye, spelt):
    line = offered(rye, spelt)

    orders.choose(line, accepted=False)

    shop_order = ShopOrder.objects.get(pk=line.shop_order_id)
    assert (shop_order.status, shop_order.total) == (Status.REFUSED, Decimal(0))
    assert [op.kind for op in Operation.objects.filter(payment__order=shop_order.order)] == ["cancel"]
    assert stock_agrees()


def test_silence_takes_nothing_once(rye, spelt):
    heard = []
    line = offered(rye, spelt, given=1)
    signals.replacement_chosen.connect(
        receiver := lambda line, silent, **_: heard.append((line.pk, silent)), weak=False
    )

    counts = [replacing.close_due(line.offered_until + timedelta(seconds=after)) for after in (-1, 0, 1)]

    signals.replacement_chosen.disconnect(receiver)
    line.refresh_from_db()
    assert (counts, heard) == ([0, 1, 0], [(line.pk, True)])
    assert (line.accepted_quantity, debited(line.shop_order.order)) == (0, [450])


@pytest.mark.parametrize("accepted", [True, False])
def test_who_answers_otherwise_or_too_late_changes_nothing(rye, spelt, accepted):
    line = offered(rye, spelt, given=1)
    late = line.offered_until
    with pytest.raises(orders.TooLateToChoose):
        orders.choose(line, accepted=accepted, now=late)
    orders.choose(line, accepted=accepted)
    before = debited(line.shop_order.order)

    with pytest.raises(orders.TooLateToChoose):
        orders.choose(line, accepted=not accepted)

    line.refresh_from_db()
    assert (line.accepted_quantity, debited(line.shop_order.order)) == (1 if accepted else 0, before)


def test_nobody_packs_before_the_resident_has_answered(rye, spelt):
    line = offered(rye, spelt, given=1)

    with pytest.raises(orders.NotChosen):
        orders.mark_ready(line.shop_order, bags=1)
    orders.choose(line, accepted=True)

    assert orders.mark_ready(line.shop_order, bags=1).status == Status.READY


def test_a_lost_hold_ends_the_offer_too(rye, spelt):
    line = offered(rye, spelt)
    signals.payment_lost.send(sender=None, payment=line.shop_order.order.payments.get(), reason="hold_expired")

    with pytest.raises(orders.TooLateToChoose):
        orders.choose(line, accepted=True)

    assert replacing.close_due(line.offered_until) == 0
    assert allocated(rye, spelt) == [0, 0]
    assert stock_agrees()


def test_the_resident_has_three_hours_and_less_before_the_deposit(rye, spelt):
    far = offered(rye, spelt, deposit_in=timedelta(hours=9))
    near = offered(rye, spelt, deposit_in=timedelta(hours=2))

    now = timezone.now()
    assert [round((line.offered_until - now) / timedelta(minutes=1)) for line in (far, near)] == [180, 90]


def test_without_time_to_ask_nothing_is_offered(rye, spelt):
    shop_order = paid_shop_order(rye, 2, deposit_in=timedelta(minutes=40))

    with pytest.raises(orders.NotOffered):
        answer(shop_order, given=0, instead=spelt)

    shop_order.refresh_from_db()
    assert (shop_order.status, allocated(rye, spelt)) == (Status.AWAITING, [2, 0])


@pytest.mark.parametrize(
    "other",
    [
        {"price": "4.51"},
        {"temperature": "chilled"},
        {"volume_l": Decimal("1.01")},
        {"min_age": 18},
        {"needs_signature": True},
        {"max_dwell_hours": 12},
        {"stock": 1},
    ],
)
def test_what_breaks_a_promise_is_not_offered(rye, other):
    shop_order, instead = paid_shop_order(rye, 2), make_product(rye.shop, **{"price": "4.50"} | other)

    with pytest.raises(orders.NotOffered):
        answer(shop_order, given=0, instead=instead)

    shop_order.refresh_from_db()
    assert (shop_order.status, allocated(rye, instead)) == (Status.AWAITING, [2, 0])
    assert ShopOrderLine.objects.count() == 1


def test_nor_is_what_another_shop_sells_or_what_was_ordered_or_what_is_given(rye, spelt):
    shop_order = paid_shop_order(rye, 2)

    for given, instead in [(0, make_product(make_shop(), price="1.00")), (0, rye), (2, spelt)]:
        with pytest.raises(orders.NotOffered):
            answer(shop_order, given=given, instead=instead)

    assert ShopOrderLine.objects.count() == 1


def test_goods_by_weight_offered_instead_are_weighed_and_cost_their_weight():
    ordered = beef()
    veal = beef(ordered.shop, price_per_kg=Decimal("15.00"))
    veal.stock.price = Decimal("20.70")
    veal.stock.save()
    line = offered(ordered, veal, quantity=1)
    orders.choose(line, accepted=True)
    waiting = debited(line.shop_order.order)

    orders.mark_ready(line.shop_order, bags=1, grams={line.pk: 1100})

    assert (waiting, debited(line.shop_order.order)) == ([], [1650])
    assert stock_agrees()


def test_a_discount_stays_and_rounding_never_exceeds_what_is_held(rye):
    same = make_product(rye.shop, price="4.50")
    order = place((rye, 2))
    order.lines.update(line_price_incl_tax=Decimal("0.99"))  # a voucher
    order.shop_orders.update(ordered_total=Decimal("0.99"))
    pay(order)
    answer(order.shop_orders.get(), given=1, instead=same)

    orders.choose(ShopOrderLine.objects.get(replaces__isnull=False), accepted=True)

    assert debited(order) == [99]


def test_the_shop_offers_in_its_answer_and_sees_what_becomes_of_it(desk, shop):
    category = make_category("Pains")
    rye = make_product(shop, "Pain de seigle", category=category)
    spelt = make_product(shop, "Pain d’épeautre", price="4.20", category=category)
    make_product(shop, "Millefeuille", price="9.00")
    shop_order = paid_shop_order(rye, 2)
    line = shop_order.lines.get()
    form = desk("order", shop_order.pk).content.decode()

    fields = {f"quantity_{line.pk}": "0", f"reason_{line.pk}": "sold_out", f"offer_{line.pk}": spelt.pk}
    board = desk("order", shop_order.pk, data=fields).content.decode()
    orders.choose(shop_order.lines.get(replaces=line), accepted=True)
    after = desk("board").content.decode()

    assert ("épeautre, 4,20" in form, "Millefeuille" in form) == (True, False)
    assert ("proposé à la place de Pain de seigle" in board, 'data-tap="ready"><input' in board) == (True, False)
    assert "le client le prend" in after
    assert f"/commandes/{shop_order.pk}/prete/" in after


@pytest.mark.parametrize(
    ("quantity", "code", "wrong"),
    [("0", "NOWHERE", "code"), ("2", "R-CHEAP", "quantity"), ("0", "R-DEAR", "code")],
)
def test_an_offer_that_cannot_be_made_is_asked_again(desk, shop, quantity, code, wrong):
    shop_order = paid_shop_order(make_product(shop), 2)
    for reference, price in (("R-CHEAP", "1.00"), ("R-DEAR", "99.00")):
        sheet = make_product(shop, price=price)
        type(sheet).objects.filter(pk=sheet.pk).update(reference=reference)
    pk = shop_order.lines.get().pk

    fields = {f"quantity_{pk}": quantity, f"reason_{pk}": "sold_out", f"code_{pk}": code.lower()}
    page = desk("order", shop_order.pk, data=fields)

    shop_order.refresh_from_db()
    assert list(page.context["form"].errors) == [f"{wrong}_{pk}"]
    assert shop_order.status == Status.AWAITING
