import pytest

from marketplace.foundation.lifecycle import ForbiddenMove, StateChange
from shops.models import ShopOrder
from tests.factories import make_shop, make_user

pytestmark = pytest.mark.django_db
Status = ShopOrder.Status


@pytest.fixture
def shop_order():
    from django.utils import timezone
    from oscar.core.loading import get_model

    order = get_model("order", "Order").objects.create(
        number="T1", currency="EUR", total_incl_tax=5, total_excl_tax=5, shipping_incl_tax=0, shipping_excl_tax=0
    )
    return ShopOrder.objects.create(
        order=order,
        shop=make_shop(),
        number="T1-1",
        ordered_total=5,
        commission_bps=0,
        answer_by=timezone.now(),
        deposit_by=timezone.now(),
    )


def test_a_move_is_true_once_and_leaves_one_history_row(shop_order):
    clerk = make_user()

    assert shop_order.move(Status.CONFIRMED, by=clerk, reason="all there", bags=2) is True
    assert shop_order.move(Status.CONFIRMED, by=clerk) is False

    shop_order.refresh_from_db()
    assert (shop_order.status, shop_order.bags) == (Status.CONFIRMED, 2)
    assert [(c.previous, c.current, c.by, c.reason) for c in shop_order.history()] == [
        ("awaiting", "confirmed", clerk, "all there")
    ]


def test_a_forbidden_move_changes_nothing(shop_order):
    with pytest.raises(ForbiddenMove, match="cannot move from awaiting to collected"):
        shop_order.move(Status.COLLECTED, bags=9)

    shop_order.refresh_from_db()
    assert (shop_order.status, shop_order.bags) == (Status.AWAITING, 0)
    assert not StateChange.objects.exists()


def test_of_two_callers_with_the_same_old_row_one_moves(shop_order):
    stale = ShopOrder.objects.get(pk=shop_order.pk)

    assert shop_order.move(Status.REFUSED) is True
    assert stale.move(Status.REFUSED) is False
    assert shop_order.history().count() == 1


def test_a_stale_instance_moves_on_from_the_real_state(shop_order):
    stale = ShopOrder.objects.get(pk=shop_order.pk)
    shop_order.move(Status.CONFIRMED)

    assert stale.move(Status.READY) is True
    assert [c.previous for c in stale.history()] == ["awaiting", "confirmed"]


def test_a_stale_instance_cannot_pass_an_ended_state(shop_order):
    stale = ShopOrder.objects.get(pk=shop_order.pk)
    shop_order.move(Status.CANCELLED)

    with pytest.raises(ForbiddenMove):
        stale.move(Status.CONFIRMED)
    assert stale.status == Status.CANCELLED
