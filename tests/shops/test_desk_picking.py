"""The pick list: the goods of all accepted orders together, by deposit and aisle, for paper and thumb."""

from datetime import timedelta

import pytest
from django.urls import reverse

from shops import orders
from shops.desk import picking
from shops.models import ShopOrder, ShopOrderLine
from tests.factories import make_category, make_product, make_staff
from tests.shops.orders_of import paid_shop_order, pay, place
from tests.shops.test_replacements import offered
from tests.shops.test_weighing import beef

pytestmark = pytest.mark.django_db


def accepted(*wanted, **fields):
    """An accepted order of one shop."""
    order = place(*wanted, **fields)
    pay(order)
    return orders.accept_all(order.shop_orders.get(), by=None)


def listed(shop, **chosen) -> list[list[tuple[str, str, int]]]:
    """(aisle, title, pieces) of each round."""
    return [
        [(aisle.name, item.title, item.pieces) for aisle in round_.aisles for item in aisle.items]
        for round_ in picking.rounds(shop, **chosen)
    ]


def test_pieces_of_all_orders_stand_together_aisle_by_aisle(shop):
    bread, tart = make_category("Pains"), make_category("Desserts")
    rye, pie = make_product(shop, "Seigle", category=bread), make_product(shop, "Tarte", category=tart)
    bag = make_product(shop, "Cabas")
    first, second = accepted((rye, 2), (pie, 1)), accepted((rye, 3), (bag, 1))
    ShopOrder.objects.update(deposit_by=first.deposit_by)

    assert listed(shop) == [[("Desserts", "Tarte", 1), ("Pains", "Seigle", 5), ("Autres produits", "Cabas", 1)]]
    shares = picking.rounds(shop)[0].aisles[1].items[0].shares
    assert [(each.pk, pieces) for each, pieces in shares] == [(first.pk, 2), (second.pk, 3)]


def test_each_deposit_is_a_round_and_only_chosen_orders_are_in_it(shop):
    rye = make_product(shop, "Seigle")
    later, sooner = accepted((rye, 1)), accepted((rye, 2), deposit_in=timedelta(hours=4))

    assert [round_.orders for round_ in picking.rounds(shop)] == [[sooner], [later]]
    assert [round_.pieces for round_ in picking.rounds(shop, chosen=[later.pk])] == [1]


def test_new_packed_and_refused_goods_are_not_fetched(shop):
    rye = make_product(shop, "Seigle", stock=20)
    paid_shop_order(rye, 1)
    orders.mark_ready(accepted((rye, 2)), bags=1)
    partly = paid_shop_order(rye, 4)
    orders.answer(partly, accepted={partly.lines.get().pk: 3}, reasons={})

    assert listed(shop) == [[("Autres produits", "Seigle", 3)]]


def test_goods_offered_instead_are_fetched_once_they_are_taken(shop):
    line = offered(make_product(shop, "Seigle"), make_product(shop, "Épeautre", price="4.00"), given=1)
    before = listed(shop)

    orders.choose(ShopOrderLine.objects.get(pk=line.pk), accepted=True)

    assert before == [[("Autres produits", "Seigle", 1)]]
    assert listed(shop) == [[("Autres produits", "Seigle", 1), ("Autres produits", "Épeautre", 1)]]


def test_the_page_shows_weights_and_lets_orders_be_chosen(desk, shop):
    shop_order = accepted((beef(shop), 2))

    page = desk("pick_list", order=[shop_order.pk, "nonsense"]).content.decode()

    assert all(
        words in page for words in ("2 ×", "Côte de bœuf", "2,4", shop_order.number, f'value="{shop_order.pk}" checked')
    )


def test_an_empty_list_says_so(desk):
    assert "Aucune commande acceptée" in desk("pick_list").content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_it_costs_the_same_queries_for_any_number_of_orders(shop, client, rows, django_assert_num_queries):
    client.force_login(make_staff(shop))
    for _row in range(rows):
        accepted((make_product(shop), 1))

    with django_assert_num_queries(11):
        client.get(reverse("desk:pick_list", args=[shop.slug]))
