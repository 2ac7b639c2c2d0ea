"""The desk: the way of an order over the board. Every page without script."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from shops.desk import board as boards
from shops.desk import hooks
from shops.models import ShopOrder
from tests.factories import make_product
from tests.shops.orders_of import paid_shop_order, place

pytestmark = pytest.mark.django_db
Status = ShopOrder.Status


def test_a_new_order_goes_over_the_board_in_three_steps(shop, desk):
    shop_order = paid_shop_order(make_product(shop, "Tarte"), 2)
    assert "Tarte" in desk("board").content.decode()

    desk("accept", shop_order.pk, data={})
    page = desk("ready", shop_order.pk, data={"bags": "2"})

    shop_order.refresh_from_db()
    assert (shop_order.status, shop_order.bags) == (Status.READY, 2)
    assert page.redirect_chain == [(reverse("desk:deposit_code", args=[shop.slug, shop_order.pk]), 302)]
    assert desk("labels", shop_order.pk).content.decode().count('class="label"') == 2


def test_an_unpaid_order_is_not_on_the_desk(shop, desk):
    shop_order = place((make_product(shop, "Tarte"), 1)).shop_orders.get()

    assert "Tarte" not in desk("board").content.decode()
    assert desk("order", shop_order.pk).status_code == 404


def test_a_line_is_refused_with_its_reason(shop, desk):
    shop_order = paid_shop_order(make_product(shop), 3)
    line = shop_order.lines.get()

    without_reason = desk("order", shop_order.pk, data={f"quantity_{line.pk}": "1", f"reason_{line.pk}": ""})
    shop_order.refresh_from_db()
    assert shop_order.status == Status.AWAITING
    assert without_reason.context["form"].errors

    desk("order", shop_order.pk, data={f"quantity_{line.pk}": "1", f"reason_{line.pk}": "sold_out"})

    shop_order.refresh_from_db()
    line.refresh_from_db()
    assert (shop_order.status, line.accepted_quantity) == (Status.PARTLY, 1)
    assert line.refusal


def test_a_whole_order_is_refused_with_one_reason(shop, desk):
    shop_order = paid_shop_order(make_product(shop), 3)
    for reason in ("", "x", "\x00"):
        page = desk("refuse", shop_order.pk, data={"reason": reason})
        assert [message.level_tag for message in page.context["messages"]] == ["error"]
    shop_order.refresh_from_db()
    assert shop_order.status == Status.AWAITING

    desk("refuse", shop_order.pk, data={"reason": "closed"})

    shop_order.refresh_from_db()
    assert shop_order.status == Status.REFUSED
    assert shop_order.lines.get().refusal == "La boutique doit fermer"


def test_accepting_all_takes_only_the_orders_that_were_shown(shop, desk):
    bread = make_product(shop)
    shown, later = paid_shop_order(bread, 1), paid_shop_order(bread, 1)

    desk("accept_new", data={"order": [shown.pk, "x", "9" * 30]})

    shown.refresh_from_db()
    later.refresh_from_db()
    assert (shown.status, later.status) == (Status.CONFIRMED, Status.AWAITING)


def test_a_second_tap_says_what_happened(shop, desk):
    shop_order = paid_shop_order(make_product(shop))
    desk("accept", shop_order.pk, data={})

    again = desk("accept", shop_order.pk, data={})

    assert [message.level_tag for message in again.context["messages"]] == ["error"]


@pytest.mark.parametrize(
    ("left", "urgency"), [(timedelta(hours=1), "calm"), (timedelta(minutes=5), "soon"), (timedelta(minutes=-1), "late")]
)
def test_a_deadline_turns_amber_and_says_so(shop, desk, left, urgency):
    shop_order = paid_shop_order(make_product(shop))
    ShopOrder.objects.filter(pk=shop_order.pk).update(answer_by=timezone.now() + left)

    [card] = boards.board(shop).columns[0].cards

    assert card.urgency == urgency
    assert f"desk-{urgency}" in desk("board").content.decode()


def test_the_board_costs_the_same_with_one_and_with_three_orders(shop, django_assert_num_queries, monkeypatch):
    monkeypatch.setattr(hooks, "whereabouts", lambda rows: {})
    bread = make_product(shop)
    for _order in range(3):
        paid_shop_order(bread, 1)
        with django_assert_num_queries(5):
            boards.board(shop)


class Code:
    """What `pickup` gives; the bank takes the goods already."""

    point = "Consigne de la Halle"
    temperature = "ambient"
    pin = "1234 5678"
    opens_at = timezone.now() - timedelta(hours=1)
    qr_svg = ""


def test_the_deposit_code_comes_from_the_composition_root(shop, desk, monkeypatch):
    shop_order = paid_shop_order(make_product(shop))
    monkeypatch.setattr(hooks, "deposit_codes", lambda order: [Code] if order == shop_order else [])

    page = desk("deposit_code", shop_order.pk).content.decode()

    assert "1234 5678" in page
    assert "Consigne de la Halle" in page
    assert "à partir de" not in page


def test_who_would_come_too_early_reads_from_when_the_bank_takes_the_goods(shop, desk, monkeypatch):
    class Later(Code):
        opens_at = datetime(2036, 5, 1, 14, 30, tzinfo=UTC)

    shop_order = paid_shop_order(make_product(shop))
    monkeypatch.setattr(hooks, "deposit_codes", lambda order: [Later])

    page = desk("deposit_code", shop_order.pk).content.decode()

    assert "à partir de jeudi 1er mai, 16:30" in page


def test_deposited_orders_leave_the_columns(shop, monkeypatch):
    shop_order = paid_shop_order(make_product(shop))
    monkeypatch.setattr(
        hooks, "whereabouts", lambda rows: {getattr(row, "pk", row): hooks.Whereabouts("Halle", True) for row in rows}
    )

    board = boards.board(shop)

    assert board.waiting == [(shop_order, "Halle")]
    assert [column.cards for column in board.columns] == [[], [], []]


def test_a_long_column_shows_the_most_urgent_and_says_how_many_are_left(shop, desk, monkeypatch):
    monkeypatch.setattr(boards, "SHOWN", 2)
    bread = make_product(shop)
    orders = [paid_shop_order(bread, 1) for _order in range(3)]
    moment = timezone.now()
    for hours, order in zip((3, 1, 2), orders, strict=True):
        ShopOrder.objects.filter(pk=order.pk).update(answer_by=moment + timedelta(hours=hours))

    short, whole = boards.board(shop), boards.board(shop, whole="new")

    assert [card.shop_order for card in short.columns[0].cards] == [orders[1], orders[2]]
    assert (short.columns[0].hidden, short.unanswered) == (1, 3)
    assert [card.shop_order for card in whole.columns[0].cards] == [orders[1], orders[2], orders[0]]
    page = desk("board").content.decode()
    assert "?tout=new#new" in page
    assert "<title>(3) Commandes" in page
    assert orders[0].number in desk("board", tout="new").content.decode()
    assert desk("board", tout="\x00<x>").status_code == 200


def test_the_worker_of_a_desk_keeps_that_desk_only(shop, desk):
    script = desk("worker")

    assert script["Content-Type"].startswith("text/javascript")
    assert f"desk {shop.slug}" in script.content.decode().encode().decode("unicode_escape")
    assert reverse("desk:board", args=[shop.slug]) in script.content.decode()
