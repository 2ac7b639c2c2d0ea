"""Two taps, two people, or a resident who is faster: a sentence says so and nothing changes."""

import pytest
from django.test import Client
from django.urls import reverse

from shops import orders
from shops.models import ShopOrder, ShopStaff
from tests.factories import make_product, make_shop, make_staff
from tests.shops.orders_of import paid_shop_order

pytestmark = pytest.mark.django_db
Status = ShopOrder.Status


def answered_in_part(shop_order):
    orders.answer(shop_order, accepted={shop_order.lines.get().pk: 1}, reasons={})


def packed(shop_order):
    orders.accept_all(shop_order, by=None)
    orders.mark_ready(shop_order, bags=1)


def collected(shop_order):
    packed(shop_order)
    orders.mark_collected(shop_order)


# How an order may stand when the second tap comes, and who was faster.
STATES = {
    Status.CONFIRMED: lambda shop_order: orders.accept_all(shop_order, by=None),
    Status.PARTLY: answered_in_part,
    Status.REFUSED: lambda shop_order: orders.refuse_all(shop_order, reason="Épuisé", by=None),
    Status.CANCELLED: lambda shop_order: orders.cancel(shop_order.order, reason="resident"),
    Status.READY: packed,
    Status.COLLECTED: collected,
}
BEING_PREPARED = {Status.CONFIRMED, Status.PARTLY, Status.READY}


@pytest.fixture
def shop():
    return make_shop(opening_hours="24/7")


@pytest.fixture
def shop_order(shop):
    return paid_shop_order(make_product(shop, stock=9), 2)


@pytest.fixture
def tap(shop):
    """`tap(name, pk?, **fields)`: a helper of the shop sends a form of a page that was shown before."""
    client = Client()
    client.force_login(make_staff(shop, ShopStaff.Role.HELPER))

    def send(name, *args, **fields):
        return client.post(reverse(f"desk:{name}", args=[shop.slug, *args]), fields, follow=True)

    return send


def as_it_stands(shop_order) -> list:
    """The order, its lines, its stock and its history, value by value."""
    rows = ShopOrder.objects.filter(pk=shop_order.pk)
    lines = shop_order.lines.order_by("pk")
    stock = lines.values_list("sheet__stock__num_in_stock", "sheet__stock__num_allocated")
    return [*rows.values(), *lines.values(), *stock, *shop_order.history().values()]


def errors(page) -> list[str]:
    return [str(message) for message in page.context["messages"] if message.level_tag == "error"]


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("action", ["accept", "accept_new", "order", "refuse"])
def test_an_answer_that_comes_too_late_changes_nothing(shop_order, tap, action, state):
    line = shop_order.lines.get()
    STATES[state](shop_order)
    before = as_it_stands(shop_order)

    page = {
        "accept": lambda: tap("accept", shop_order.pk),
        "refuse": lambda: tap("refuse", shop_order.pk, reason="sold_out"),
        "accept_new": lambda: tap("accept_new", order=[shop_order.pk]),
        "order": lambda: tap("order", shop_order.pk, **{f"quantity_{line.pk}": "0", f"reason_{line.pk}": "sold_out"}),
    }[action]()

    assert page.status_code == 200
    assert len(errors(page)) == 1
    assert "déjà" in errors(page)[0]
    assert as_it_stands(shop_order) == before


@pytest.mark.parametrize("state", [Status.AWAITING, *(state for state in STATES if state not in BEING_PREPARED)])
def test_what_is_not_being_prepared_cannot_be_packed(shop_order, tap, state):
    STATES.get(state, lambda row: None)(shop_order)
    before = as_it_stands(shop_order)

    page = tap("ready", shop_order.pk, bags="2")

    assert len(errors(page)) == 1
    assert as_it_stands(shop_order) == before


def test_packing_twice_corrects_the_number_of_bags_and_tells_the_story_once(shop_order, tap):
    orders.accept_all(shop_order, by=None)

    for bags in ("1", "3"):
        assert errors(tap("ready", shop_order.pk, bags=bags)) == []

    shop_order.refresh_from_db()
    assert (shop_order.status, shop_order.bags) == (Status.READY, 3)
    assert [change.current for change in shop_order.history()].count(Status.READY) == 1


def test_accepting_all_says_which_were_answered_meanwhile(shop, tap):
    bread = make_product(shop, stock=9)
    first, second, third = (paid_shop_order(bread, 1) for _order in range(3))
    orders.refuse_all(second, reason="Épuisé", by=None)

    page = tap("accept_new", order=[first.pk, second.pk, third.pk])

    assert [str(message) for message in page.context["messages"]] == [
        "2 commandes acceptées.",
        "1 commande avait déjà une réponse ou était annulée\u00a0: rien n’a changé pour elle.",
    ]
    assert list(ShopOrder.objects.order_by("pk").values_list("status", flat=True)) == [
        Status.CONFIRMED,
        Status.REFUSED,
        Status.CONFIRMED,
    ]


def test_selling_out_twice_and_hiding_twice_end_the_same(shop, tap):
    sheet = make_product(shop, stock=5)

    for _tap in range(2):
        tap("sell_out", sheet.pk)

    assert shop.sheets.with_all().get().left == 0


def test_removing_a_person_twice_says_that_it_was_done(shop):
    client = Client()
    client.force_login(make_staff(shop))
    person = shop.staff.get(user=make_staff(shop, ShopStaff.Role.HELPER))
    address = reverse("desk:remove_person", args=[shop.slug, person.pk])

    pages = [client.post(address, follow=True) for _tap in range(2)]

    assert [[str(message) for message in page.context["messages"]] for page in pages] == [
        ["L’équipe est enregistrée."],
        ["Cette personne ne travaille déjà plus ici."],
    ]
    person.refresh_from_db()
    assert not person.is_active
