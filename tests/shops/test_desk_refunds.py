"""Refunds from the desk: shown to the cent before they are made, made once, by owners and managers, at the shop's cost."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from shops.desk import refunding
from shops.models import Operation, Refund, ShopOrder, ShopStaff, Transfer
from shops.payments import operations, refunds
from shops.payments.fake.transport import in_process
from tests.factories import make_staff
from tests.shops.payments.conftest import answer, debit, hand_over, hold, open_shop, place

pytestmark = pytest.mark.django_db
Role = ShopStaff.Role


@pytest.fixture(autouse=True)
def _border():
    with in_process():
        yield


@pytest.fixture
def shop():
    return open_shop(opening_hours="24/7", commission_bps=300)


@pytest.fixture
def shop_order(shop):
    """Four pieces at 5.00 and one at 12.40, debited."""
    order = place((shop, "5.00", 4), (shop, "12.40", 1))
    debit(order)
    return order.shop_orders.get()


@pytest.fixture
def desk(shop):
    return desk_of(shop, Role.OWNER)


def desk_of(shop, role):
    """`desk(shop_order)` opens the refund page, `desk(shop_order, **fields)` sends it."""
    client = Client()
    client.force_login(make_staff(shop, role))

    def visit(shop_order, **fields):
        address = reverse("desk:refund", args=[shop.slug, shop_order.pk])
        return client.post(address, fields, follow=True) if fields else client.get(address)

    return visit


def wish(shop_order, *pieces: int, made: int = 0, reason: str = "quality", **more) -> dict:
    """The fields of the form: so many pieces of each line, the first one first."""
    lines = shop_order.lines.order_by("pk")
    asked = {f"pieces_{line.pk}": number for line, number in zip(lines, pieces, strict=False)}
    return {"made": made, "reason": reason, **asked, **more}


def books(shop_order) -> list:
    """All that a refund writes."""
    tables = (Refund, Operation, Transfer)
    return [list(table.objects.order_by("pk").values()) for table in tables]


def error_of(page) -> str:
    [message] = page.context["messages"]
    assert message.level_tag == "error"
    return str(message)


def test_the_page_says_to_the_cent_what_follows_and_changes_nothing(shop_order, desk):
    before = books(shop_order)

    page = desk(shop_order, **wish(shop_order, 2))

    preview = page.context["preview"]
    # 32.40 € of goods: commission 0.97, fee 1.5 % + 0.25 = 0.74; with 22.40 left: commission 0.67, the same fee.
    assert (preview.amount, preview.payout_before, preview.payout_after) == (1000, 3240 - 97 - 74, 2240 - 67 - 74)
    assert (preview.borne, preview.spared, preview.paid_out) == (970, 30, False)
    text = page.content.decode()
    for amount in ("10,00", "9,70", "30,69", "20,99", "0,30"):
        assert amount in text
    assert books(shop_order) == before


@pytest.mark.parametrize("pieces", [(1, 0), (4, 1), (0, 1), (3, 1)])
@pytest.mark.parametrize("handed_over", [False, True])
def test_what_was_shown_is_what_happens(shop_order, desk, pieces, handed_over):
    if handed_over:
        hand_over(shop_order)
    shown = desk(shop_order, **wish(shop_order, *pieces)).context["preview"]

    desk(shop_order, **wish(shop_order, *pieces, confirm="1"))
    operations.work_due()  # the refund
    operations.work_due()  # what is taken back of a payout

    [refund] = Refund.objects.all()
    transfer = Transfer.objects.get()
    if not handed_over:
        transfer = hand_over(shop_order)
    assert (refund.amount, refund.status, refund.bearer) == (shown.amount, Refund.Status.DONE, Refund.Bearer.SHOP)
    assert transfer.amount + transfer.netted - transfer.reversed - transfer.debt == shown.payout_after
    assert shown.paid_out is handed_over


def test_a_double_tap_refunds_once(shop_order, desk):
    fields = wish(shop_order, 1, confirm="1")
    desk(shop_order, **fields)
    before = books(shop_order)

    again = desk(shop_order, **fields)

    assert "entre-temps" in error_of(again)
    assert books(shop_order) == before
    assert Refund.objects.get().by.email


def test_two_people_do_not_refund_the_same_page_twice(shop, shop_order, desk):
    colleague = desk_of(shop, Role.MANAGER)
    desk(shop_order, **wish(shop_order, 4, confirm="1"))

    page = colleague(shop_order, **wish(shop_order, 0, 1, confirm="1"))

    assert "entre-temps" in error_of(page)
    assert Refund.objects.count() == 1


def test_a_second_refund_takes_what_the_first_one_left(shop_order, desk):
    desk(shop_order, **wish(shop_order, 3, confirm="1"))

    too_many = desk(shop_order, **wish(shop_order, 2, made=1, confirm="1"))
    assert len(too_many.context["form"].errors) == 1
    desk(shop_order, **wish(shop_order, 1, made=1, confirm="1"))

    assert [refund.amount for refund in Refund.objects.all()] == [1500, 500]


def test_when_nothing_is_left_a_sentence_says_so(shop_order, desk):
    desk(shop_order, **wish(shop_order, 4, 1, confirm="1"))
    before = books(shop_order)

    page = desk(shop_order)
    again = desk(shop_order, **wish(shop_order, 1, made=1, confirm="1"))

    for answered in (page, again):
        assert "il ne reste rien" in answered.content.decode()
        assert answered.context["form"] is None
    assert books(shop_order) == before
    assert not any(refunds.refundable(shop_order).values())


def test_before_the_debit_nothing_can_be_refunded(shop, desk):
    order = place((shop, "5.00", 2))
    hold(order)
    shop_order = order.shop_orders.get()
    before = books(shop_order)

    unanswered = desk(shop_order, **wish(shop_order, 1, confirm="1"))
    answer(shop_order)
    debiting = desk(shop_order, **wish(shop_order, 1, confirm="1"))

    for page in (unanswered, debiting):
        assert page.context["form"] is None
        assert "jamais débité" in page.content.decode()
    assert Refund.objects.count() == 0
    assert books(shop_order)[0] == before[0]


def test_what_the_shop_refused_cannot_be_refunded(shop, desk):
    order = place((shop, "5.00", 4))
    hold(order)
    shop_order = order.shop_orders.get()
    answer(shop_order, pieces=3)
    operations.work_due()

    page = desk(shop_order, **wish(shop_order, 4))

    assert page.context["preview"] is None
    assert page.context["form"].errors


def test_helpers_refund_nothing_until_the_owner_says_how_much(shop, shop_order):
    owner, helper = make_staff(shop), desk_of(shop, Role.HELPER)
    before = books(shop_order)

    pages = [helper(shop_order), helper(shop_order, **wish(shop_order, 1, confirm="1"))]

    assert all(owner.email in page.content.decode() for page in pages)
    assert books(shop_order) == before


@pytest.mark.parametrize(
    ("role", "limit"), [(Role.HELPER, "refund_limit_helper"), (Role.MANAGER, "refund_limit_order")]
)
def test_up_to_the_limit_of_an_order_one_refunds_and_above_it_reads_whom_to_ask(shop, shop_order, role, limit):
    type(shop).objects.update(**{limit: "10.00"})
    owner, desk = make_staff(shop), desk_of(shop, role)

    desk(shop_order, **wish(shop_order, 2, confirm="1"))
    before = books(shop_order)
    shown = desk(shop_order, **wish(shop_order, 1, made=1))
    made = desk(shop_order, **wish(shop_order, 1, made=1, confirm="1"))

    assert Refund.objects.get().amount == 1000
    for page in (shown, made):
        assert page.context["preview"] is None
        assert ["10,00" in error and owner.email in error for error in page.context["form"].non_field_errors()] == [
            True
        ]
    assert books(shop_order) == before


def test_the_limit_of_a_day_counts_all_orders_of_a_person_and_begins_anew_the_next_day(shop, shop_order):
    type(shop).objects.update(refund_limit_day="12.00")
    other = place((shop, "5.00", 4))
    debit(other)
    other = other.shop_orders.get()
    desk = desk_of(shop, Role.MANAGER)

    desk(shop_order, **wish(shop_order, 2, confirm="1"))
    same_day = desk(other, **wish(other, 1, confirm="1"))
    Refund.objects.update(created_at=timezone.now() - timedelta(days=1))
    desk(other, **wish(other, 1, confirm="1"))

    assert "12,00" in same_day.context["form"].non_field_errors()[0]
    assert [refund.amount for refund in Refund.objects.order_by("pk")] == [1000, 500]


def test_an_owner_has_no_limit(shop, shop_order, desk):
    type(shop).objects.update(refund_limit_order="0.00", refund_limit_day="0.00")

    desk(shop_order, **wish(shop_order, 4, 1, confirm="1"))

    assert Refund.objects.get().amount == 3240


@pytest.mark.parametrize(("role", "offered"), [(Role.OWNER, True), (Role.MANAGER, True), (Role.HELPER, False)])
def test_the_order_offers_the_refund_to_those_who_may(shop, shop_order, role, offered):
    client = Client()
    client.force_login(make_staff(shop, role))

    page = client.get(reverse("desk:order", args=[shop.slug, shop_order.pk])).content.decode()

    assert (reverse("desk:refund", args=[shop.slug, shop_order.pk]) in page) is offered


def test_the_order_shows_its_refunds(shop, shop_order, desk):
    page = desk(shop_order, **wish(shop_order, 2, confirm="1"))

    assert page.redirect_chain == [(reverse("desk:order", args=[shop.slug, shop_order.pk]), 302)]
    assert "10,00" in page.content.decode()
    assert "en route" in page.content.decode()


@pytest.mark.parametrize("reason", ["", "locker", "duplicate", "dispute", "no_show_courtesy", "x", "\x00"])
def test_a_shop_gives_no_reason_that_another_pays_for(shop_order, desk, reason):
    before = books(shop_order)

    page = desk(shop_order, **wish(shop_order, 1, reason=reason, confirm="1"))

    assert set(page.context["form"].errors) == {"reason"}
    assert books(shop_order) == before


def test_a_gesture_after_nobody_came_is_the_shops_to_pay(shop_order, desk):
    ShopOrder.objects.filter(pk=shop_order.pk).update(status=ShopOrder.Status.NO_SHOW)

    desk(shop_order, **wish(shop_order, 1, reason="no_show_courtesy", confirm="1"))

    assert Refund.objects.get().bearer == Refund.Bearer.SHOP


@pytest.mark.parametrize("nonsense", ["-1", "5", "9" * 5000, "1e400", "NaN", "\x00", "🥖", "<b>", "1.5"])
def test_nonsense_for_pieces_is_named_beside_its_field(shop_order, desk, nonsense):
    field = f"pieces_{shop_order.lines.first().pk}"
    before = books(shop_order)

    page = desk(shop_order, **wish(shop_order, 0, 1, confirm="1") | {field: nonsense})

    assert set(page.context["form"].errors) == {field}
    assert books(shop_order) == before


@pytest.mark.parametrize("made", ["", "-1", "x", "1", "9" * 50])
def test_a_page_that_saw_other_refunds_refunds_nothing(shop_order, desk, made):
    before = books(shop_order)

    page = desk(shop_order, **wish(shop_order, 1, made=made, confirm="1"))

    assert "entre-temps" in page.content.decode()
    assert books(shop_order) == before


def test_no_piece_chosen_is_said(shop_order, desk):
    page = desk(shop_order, **wish(shop_order, 0, 0))

    assert page.context["form"].non_field_errors() == ["Choisissez au moins une pièce à rembourser."]


def test_a_voucher_lowers_what_comes_back(shop, desk):
    order = place((shop, "5.00", 4))
    shop_order = order.shop_orders.get()
    ShopOrder.objects.filter(pk=shop_order.pk).update(ordered_total=Decimal("18.00"))
    order.lines.update(line_price_incl_tax=Decimal("18.00"))
    order.payments.update(amount=1800)
    debit(order)

    shown = refunding.preview(
        shop_order, pieces={shop_order.lines.get().pk: 1}, reason="quality", staff=shop.staff.first()
    )

    assert shown.amount == 450
