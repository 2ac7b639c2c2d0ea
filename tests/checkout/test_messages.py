"""Who is told what, once: when goods do not come, are not collected, or the order ends before it began."""

from datetime import timedelta

import pytest
from django.utils import timezone

from marketplace.foundation.messages import Message
from pickup import collections
from shops import orders
from shops.models import Payment, ShopOrder
from shops.payments import charges, operations, sweep
from shops.payments.disputes import follow
from shops.payments.fake import disputes
from shops.payments.fake.models import Charge, Intent
from tests.checkout.town import RESIDENT, place
from tests.factories import make_basket, make_product
from tests.shops.payments.conftest import hold, open_shop

pytestmark = pytest.mark.django_db
BAKER, GROCER = "martin@example.org", "epicerie@example.org"


@pytest.fixture
def baker():
    return open_shop(name="Boulangerie Martin", email=BAKER, opening_hours="24/7")


@pytest.fixture
def grocer():
    return open_shop(name="Épicerie du Pont", email=GROCER, opening_hours="24/7")


@pytest.fixture
def order(counter, baker, grocer):
    """Bread that does not keep from the baker, tea that does from the grocer; held on the card, both shops know of it."""
    bread = make_product(baker, "Pain", price="2.50", withdrawal="perishable")
    tea = make_product(grocer, "Thé", price="6.00")
    order = place(make_basket((bread, 2), (tea, 1)))
    hold(order)
    return order


def part_of(order, shop) -> ShopOrder:
    return order.shop_orders.get(shop=shop)


def debited(order) -> None:
    for shop_order in order.shop_orders.all():
        orders.accept_all(shop_order, by=None)
    work()


def work() -> None:
    for _round in range(3):
        operations.work_due()


def bring(order, *shops) -> None:
    for shop in shops:
        collections.deposit_at_counter(part_of(order, shop), by=None)


def told(kind: str) -> Message:
    """The one message of this kind."""
    return Message.objects.get(kind=kind)


def kinds(to: str) -> list[str]:
    """All that this person was told, in order."""
    return list(Message.objects.filter(to=to).order_by("pk").values_list("kind", flat=True))


def test_the_resident_and_the_shop_hear_of_goods_that_did_not_come(order, baker, grocer):
    debited(order)
    bring(order, grocer)

    collections.close_deposits(order.collection)
    collections.close_deposits(order.collection)
    work()

    resident = told("goods_missing")
    assert (resident.to, "Boulangerie Martin" in resident.subject) == (RESIDENT.email, True)
    assert "2 × Pain" in resident.text
    assert "5,00" in resident.text
    assert "reste de votre commande" in resident.text
    assert kinds(RESIDENT.email) == [
        "order_paid",
        "goods_missing",
        "ready",
    ]  # and no second mail when the refund is done
    assert ("5,00" in told("shop_missing").text, kinds(BAKER)) == (True, ["shop_new_order", "shop_missing"])
    assert kinds(GROCER) == ["shop_new_order"]


def test_when_nothing_came_nobody_reads_that_nothing_is_debited(order, client):
    debited(order)

    collections.expire_due(order.collection.ends_at + timedelta(minutes=1))
    work()

    assert kinds(RESIDENT.email) == ["order_paid", "goods_missing", "goods_missing"]
    assert not Message.objects.filter(text__contains="Rien n’est débité").exists()
    page = client.get(order.details.get_absolute_url()).content.decode()
    assert "Rien n’est débité" not in page
    assert "Les achats de cette commande ne sont pas arrivés" in page
    assert page.count("non arrivé</strong>") == 2
    order.refresh_from_db()
    assert (order.status, order.payments.get().refunded) == ("cancelled", 1100)


def test_goods_given_up_during_the_debit_are_told_without_an_amount_and_then_refunded(order, baker):
    for shop_order in order.shop_orders.all():
        orders.accept_all(shop_order, by=None)

    orders.mark_missing(part_of(order, baker), temperatures={"ambient"})
    first = told("goods_missing")
    work()

    assert "€" not in first.text
    assert "5,00" in told("refunded").subject


def test_the_resident_and_the_shops_hear_of_goods_that_nobody_collected(order, baker, grocer):
    debited(order)
    bring(order, baker, grocer)

    collections.expire_due(order.collection.ends_at + timedelta(minutes=1))
    collections.expire_due(order.collection.ends_at + timedelta(days=4))
    work()

    assert "6,00" in Message.objects.get(kind="not_collected", text__contains="Thé").text
    assert "€" not in Message.objects.get(kind="not_collected", text__contains="Pain").text
    assert kinds(RESIDENT.email).count("refunded") == 0
    assert "vous sont payé" in Message.objects.get(kind="shop_not_collected", to=BAKER).text
    assert "Thé" in Message.objects.get(kind="shop_not_collected", to=GROCER).text


def test_shops_hear_of_an_order_that_the_resident_cancelled(order):
    orders.cancel(order, reason="cancelled by the resident")

    assert kinds(BAKER) == kinds(GROCER) == ["shop_new_order", "shop_cancelled"]
    assert kinds(RESIDENT.email) == ["order_paid", "cancelled"]


def test_a_shop_that_refused_is_not_told_of_the_end(order, baker):
    orders.refuse_all(part_of(order, baker), reason="Four en panne.", by=None)

    orders.cancel(order, reason="cancelled by the resident")

    assert kinds(BAKER) == ["shop_new_order"]
    assert kinds(GROCER) == ["shop_new_order", "shop_cancelled"]


def test_a_silent_shop_hears_that_its_silence_refused(order, baker):
    ShopOrder.objects.filter(shop=baker).update(answer_by=timezone.now())

    orders.close_due()
    orders.close_due()

    assert kinds(BAKER) == ["shop_new_order", "shop_cancelled"]
    assert kinds(GROCER) == ["shop_new_order"]
    assert kinds(RESIDENT.email) == ["order_paid", "line_refused"]


def test_shops_hear_of_a_hold_that_the_bank_let_go(order):
    Payment.objects.update(capture_before=timezone.now())

    Intent.objects.update(status="canceled", capturable=0)
    charges.sync(order.payments.get())

    assert kinds(BAKER) == kinds(GROCER) == ["shop_new_order", "shop_cancelled"]
    assert "banque" in told("cancelled").text


def test_shops_that_never_saw_an_order_hear_nothing_of_its_end(counter, baker):
    order = place(make_basket((make_product(baker), 1)))
    charges.start(order.payments.get())
    Payment.objects.update(expires_at=timezone.now())

    sweep.abandon_unpaid()

    order.refresh_from_db()
    assert (order.status, Message.objects.count()) == ("cancelled", 0)


def test_a_shop_hears_that_its_goods_came_after_the_refund(order, baker):
    debited(order)
    orders.mark_missing(part_of(order, baker), temperatures={"ambient"})

    orders.note_late(part_of(order, baker), temperature="ambient", place="Gare, C1")

    assert "Gare, C1" in told("shop_late").text
    assert kinds(BAKER) == ["shop_new_order", "shop_missing", "shop_late"]


def test_the_shops_hear_of_a_dispute_and_its_end_and_the_resident_hears_it_from_his_bank(order):
    debited(order)
    payment = order.payments.get()
    case = disputes.open_dispute(Charge.objects.get(pk=payment.charge_id))
    follow(payment, case.id)
    disputes.close(case, won=False)
    for _twice in range(2):
        follow(payment, case.id)
    work()

    assert kinds(BAKER) == kinds(GROCER) == ["shop_new_order", "shop_disputed", "shop_disputed"]
    assert kinds(RESIDENT.email) == ["order_paid"]
    assert "Pain" in Message.objects.filter(kind="shop_disputed", to=BAKER).last().text
