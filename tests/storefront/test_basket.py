"""The basket: adding, changing, refusing, and what stands apart."""

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from oscar.core.loading import get_model

from shops.directory import group_by_shop
from tests.factories import make_basket, make_product, make_shop

Line = get_model("basket", "Line")

pytestmark = pytest.mark.django_db


@pytest.fixture
def bread():
    return make_product(make_shop("Boulangerie"), "Pain", price="4.50", stock=5)


def put(client, sheet, quantity="1", **headers):
    data = {"product": sheet.product_id, "quantity": quantity}
    return client.post(reverse("basket:add"), data, follow=not headers, headers=headers)


def contents():
    return list(Line.objects.values_list("product__title", "quantity"))


def test_lines_are_grouped_by_shop_in_one_query(bread, django_assert_num_queries):
    cheese = make_product(make_shop("Crèmerie"), "Comté", price="6.00")
    roll = make_product(bread.shop, "Brioche", price="3.00")
    lines = list(make_basket((cheese, 1), (bread, 2), (roll, 1)).all_lines())

    with django_assert_num_queries(1):
        groups = group_by_shop(lines)

    assert [(group.shop, group.lines, group.subtotal) for group in groups] == [
        (bread.shop, [lines[1], lines[2]], Decimal("12.00")),
        (cheese.shop, [lines[0]], Decimal("6.00")),
    ]


def test_adding_twice_adds_up(client, bread):
    put(client, bread, "2")
    put(client, bread, "1")

    assert contents() == [("Pain", 3)]
    assert "13,50" in client.get(reverse("basket:summary")).text
    assert client.get(reverse("basket:badge")).json()["count"] == 3


@pytest.mark.parametrize("quantity", ["0", "-1", "1.5", "many", "", "²", "100", "9" * 40])
def test_a_quantity_that_makes_no_sense_changes_nothing(client, bread, quantity):
    put(client, bread, "2")

    page = put(client, bread, quantity)

    assert contents() == [("Pain", 2)]
    assert 'class="notice notice-error"' in page.text


def test_more_than_is_left_is_refused_with_a_sentence(client, bread):
    put(client, bread, "4")

    page = put(client, bread, "2")

    assert contents() == [("Pain", 4)]
    assert 'class="notice notice-error"' in page.text


@pytest.mark.parametrize("product", ["", "abc", "0", "999999", "9" * 40])
def test_a_product_that_is_not_there_is_not_found(client, product):
    answer = client.post(reverse("basket:add"), {"product": product, "quantity": "1"})

    assert answer.status_code == 404
    assert contents() == []


def test_changing_to_nothing_takes_the_line_out(client, bread):
    put(client, bread, "2")
    line = Line.objects.get()

    client.post(reverse("basket:update"), {"line": line.pk, "quantity": "3"})
    assert contents() == [("Pain", 3)]

    client.post(reverse("basket:update"), {"line": line.pk, "quantity": "0"})
    assert contents() == []


def test_nobody_changes_the_basket_of_another(client, bread):
    put(client, bread, "2")

    Client().post(reverse("basket:update"), {"line": Line.objects.get().pk, "quantity": "0"})

    assert contents() == [("Pain", 2)]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "https://elsewhere.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "same-origin"}, 302),
        ({"Origin": "http://testserver"}, 302),
    ],
)
def test_only_our_own_pages_fill_a_basket(bread, headers, status):
    answer = put(Client(enforce_csrf_checks=True), bread, **headers)

    assert answer.status_code == status
    assert contents() == ([("Pain", 1)] if status == 302 else [])


def test_what_cannot_be_had_stands_apart_and_costs_nothing(client, bread):
    cheese = make_product(make_shop("Crèmerie"), "Comté", price="6.00")
    put(client, bread, "2")
    put(client, cheese)
    cheese.shop.status = "suspended"
    cheese.shop.save()

    page = client.get(reverse("basket:summary"))

    assert page.context["review"].total == Decimal("9.00")
    assert [obstacle.line.product.title for obstacle in page.context["review"].obstacles] == ["Comté"]
    assert reverse("checkout:choice") not in page.text


@pytest.mark.parametrize("number", [1, 3])
def test_the_basket_costs_the_same_for_one_line_and_for_three(client, bread, django_assert_num_queries, number):
    put(client, bread)
    for _ in range(number - 1):
        put(client, make_product(make_shop()))

    with django_assert_num_queries(10):  # of them two ask where it can be collected
        page = client.get(reverse("basket:summary"))

    assert len(page.context["review"].groups) == number


def test_settling_keeps_what_can_be_had_and_leads_on(client, bread):
    cheese = make_product(make_shop("Crèmerie"), "Comté", price="6.00")
    put(client, bread, "4")
    put(client, cheese)
    type(bread.stock).objects.filter(pk=bread.stock.pk).update(num_in_stock=2)
    type(cheese.shop).objects.filter(pk=cheese.shop.pk).update(status="suspended")

    answer = client.post(reverse("basket:settle"))

    assert (answer.status_code, answer["Location"]) == (302, reverse("checkout:choice"))
    assert contents() == [("Pain", 2)]


def test_a_refused_change_stands_beside_the_line_with_what_was_typed(client, bread):
    put(client, bread, "2")
    line = Line.objects.get()

    page = client.post(reverse("basket:update"), {"line": line.pk, "quantity": "deux"})

    assert page.status_code == 422
    assert f'id="wrong-{line.pk}"' in page.text and 'value="deux"' in page.text
    assert contents() == [("Pain", 2)]


def test_adding_leads_back_to_our_own_page_only(client, bread):
    ours = put(client, bread, Referer="http://testserver/rayons/pains/")
    foreign = put(client, bread, Referer="https://elsewhere.example/")

    assert (ours["Location"], foreign["Location"]) == ("http://testserver/rayons/pains/", bread.get_absolute_url())
