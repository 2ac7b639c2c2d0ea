"""The list of products: price and stock in place, undo, two people at once, choosing many, who did what."""

from decimal import Decimal
from uuid import uuid4

import pytest
from django.urls import reverse

from shops import changes, products, undoing
from shops.models import ProductChange, ShopStaff, Tap
from shops.tills import shelf as till
from tests.factories import make_product, make_shop, make_user
from tests.shops.at_the_desk import sign_in
from tests.shops.desk_cases import client_of
from tests.shops.orders_of import paid_shop_order

pytestmark = pytest.mark.django_db


def named(name: str):
    first, last = name.split()
    return make_user(first_name=first, last_name=last)


def state(sheet) -> tuple[str, int]:
    sheet = type(sheet).objects.with_all().get(pk=sheet.pk)
    return str(sheet.price), sheet.left


def typed(sheet, price, stock, seen=None) -> dict:
    return {
        f"{sheet.pk}-price": price,
        f"{sheet.pk}-stock": stock,
        f"{sheet.pk}-seen": str(seen or changes.seen(sheet)),
    }


@pytest.fixture
def bread(shop):
    return make_product(shop, "Pain", price="2.00", stock=12)


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_costs_the_same_with_one_and_with_three_products(shop, django_assert_num_queries, number):
    client = client_of(shop)
    for position in range(number):
        products.update(make_product(shop, f"Pain {position}"), by=make_user(), stock=3)

    with django_assert_num_queries(6):  # session, person, place in the shop, number of rows, rows, their last changes
        page = client.get(reverse("desk:products", args=[shop.slug]))

    assert page.content.decode().count("Stock : 10 → 3") == number


def test_a_change_is_told_and_undone_in_the_list(shop, desk, bread):
    page = desk("shelf", bread.pk, data=typed(bread, "2,50", "7")).content.decode()
    assert "Prix : 2,00\u00a0€ → 2,50\u00a0€, Stock : 12 → 7" in page

    desk("undo", data={"deed": bread.changes.latest("pk").deed})

    assert state(bread) == ("2.00", 12)


def test_an_undo_can_be_undone(shop, desk, bread):
    desk("shelf", bread.pk, data=typed(bread, "2,50", "7"))
    desk("undo", data={"deed": bread.changes.latest("pk").deed})

    desk("undo", data={"deed": bread.changes.latest("pk").deed})

    assert state(bread) == ("2.50", 7)


def test_an_undo_leaves_sold_what_was_sold_since(shop, desk, bread):
    products.update(bread, stock=20)
    paid_shop_order(bread, 2)

    desk("undo", data={"deed": bread.changes.latest("pk").deed})

    assert state(bread) == ("2.00", 10)


def test_what_somebody_changed_since_is_not_undone(shop, desk, bread):
    products.update(bread, price=Decimal("2.50"))
    mine = bread.changes.latest("pk").deed
    products.update(bread, by=named("Léa Roux"), price=Decimal("3.00"))

    page = desk("undo", data={"deed": mine}).content.decode()

    assert state(bread) == ("3.00", 12)
    assert "Léa Roux" in page


def test_a_helper_undoes_prices_but_not_what_is_shown(shop, bread):
    helper = sign_in(shop, ShopStaff.Role.HELPER)
    products.update(bread, is_public=False)
    hidden = bread.changes.latest("pk").deed

    assert helper("undo", data={"deed": hidden}).status_code == 404

    bread.product.refresh_from_db()
    assert not bread.product.is_public


def test_a_deed_that_is_none_is_not_found(desk, bread):
    assert desk("undo", data={"deed": uuid4()}).status_code == 404
    assert desk("undo", data={"deed": "x"}).status_code == 404


def test_two_people_who_change_different_fields_both_keep_theirs(shop, desk, bread):
    opened = changes.seen(bread)
    products.update(bread, by=named("Léa Roux"), stock=30)

    desk("shelf", bread.pk, data=typed(bread, "2,50", "12", opened))

    assert state(bread) == ("2.50", 30)


def test_two_people_who_change_the_same_field_read_who_wrote_what(shop, desk, bread):
    opened = changes.seen(bread)
    products.update(bread, by=named("Léa Roux"), price=Decimal("3.00"), stock=30)

    page = desk("shelf", bread.pk, data=typed(bread, "2,50", "12", opened))

    assert state(bread) == ("3.00", 30)
    text = page.content.decode()
    assert "Léa Roux" in text and "3,00\u00a0€" in text and "2,50\u00a0€" in text
    assert (page.context["form"]["price"].value(), page.context["form"]["stock"].value()) == ("2,50", 30)

    again = {name: page.context["form"][name].value() for name in ("price", "stock", "seen")}
    desk("shelf", bread.pk, data={f"{bread.pk}-{name}": value for name, value in again.items()})
    assert state(bread) == ("2.50", 30)


def test_pieces_sold_since_the_list_was_opened_are_taken_off(shop, desk, bread):
    opened = changes.seen(bread)
    paid_shop_order(bread, 2)

    desk("shelf", bread.pk, data=typed(bread, "2,00", "20", opened))
    assert state(bread) == ("2.00", 18)

    desk("shelf", bread.pk, data=typed(bread, "2,50", "12", opened))
    assert state(bread) == ("2.50", 18)


def test_both_who_wrote_the_same_agree(bread):
    opened = changes.seen(bread)
    products.update(bread, price=Decimal("3.00"))

    assert products.update(bread, seen=opened, price=Decimal("3.00"), stock=12) == set()


def test_a_conflict_in_the_form_loses_no_field(bread):
    opened = changes.seen(bread)
    products.update(bread, by=named("Léa Roux"), title="Pain de seigle", description="Levain")

    with pytest.raises(changes.Conflict) as caught:
        products.update(bread, seen=opened, title="Gros pain", description="", price=Decimal("4.00"))

    assert [clash.field for clash in caught.value.clashes] == ["title"]
    assert state(bread) == ("2.00", 12)
    assert products.update(bread, seen=opened, description="", price=Decimal("4.00")) == {"price"}
    bread.product.refresh_from_db()
    assert bread.product.description == "Levain"


def test_a_tap_sent_twice_is_saved_once(shop, bread):
    client = client_of(shop)
    headers = {"X-Tap": str(uuid4()), "X-Person": str(shop.staff.get().pk)}
    address = reverse("desk:shelf", args=[shop.slug, bread.pk])
    fields = typed(bread, "2,50", "7")

    first, second = (client.post(address, fields, headers=headers).json() for _time in range(2))

    assert first == second
    assert (first["done"], first["values"]) == (True, {"price": "2,50", "stock": "7"})
    assert (Tap.objects.count(), ProductChange.objects.count()) == (1, 2)


def test_a_script_reads_what_is_wrong_and_how_it_stands(shop, bread):
    client = client_of(shop)
    headers = {"X-Tap": str(uuid4()), "X-Person": str(shop.staff.get().pk)}
    opened = changes.seen(bread)
    products.update(bread, by=named("Léa Roux"), price=Decimal("3.00"))

    address = reverse("desk:shelf", args=[shop.slug, bread.pk])
    answer = client.post(address, typed(bread, "2,50", "7", opened), headers=headers).json()
    again = client.post(address, typed(bread, "2,50", "7", opened), headers=headers).json()

    assert (answer["done"], answer["values"], list(answer["errors"])) == (
        False,
        {"price": "3,00", "stock": "12"},
        ["price"],
    )
    assert "Léa Roux" in answer["errors"]["price"] and "Léa Roux" in again["errors"]["price"]
    assert answer["seen"] == str(changes.seen(bread))
    assert state(bread) == ("3.00", 12)


def test_the_chosen_products_are_hidden_and_come_back_together(shop, desk):
    sheets = [make_product(shop, f"Pain {position}") for position in range(3)]
    theirs = make_product(make_shop())

    desk("publish_chosen", data={"product": [sheets[0].pk, sheets[1].pk, theirs.pk, "x"], "is_public": "0"})

    public = type(theirs).objects.on_sale().order_by("pk")
    assert list(public.all()) == [sheets[2], theirs]

    desk("undo", data={"deed": sheets[0].changes.get().deed})
    assert list(public.all()) == [*sheets, theirs]


def test_the_list_shows_what_was_asked_for(shop, desk):
    sold_out = make_product(shop, "Brioche", stock=0)
    hidden = make_product(shop, "Pain")
    products.update(hidden, is_public=False)

    def shown(**query):
        return [row["sheet"] for row in desk("products", **query).context["rows"]]

    assert shown() == [hidden, sold_out]
    assert (shown(voir="epuises"), shown(voir="masques"), shown(voir="visibles")) == ([sold_out], [hidden], [sold_out])
    assert (shown(q="brio"), shown(q=hidden.reference), shown(q="brio", voir="masques")) == ([sold_out], [hidden], [])


def test_the_history_says_who_did_what_and_undoes_the_last(shop, desk, bread):
    products.update(bread, by=named("Léa Roux"), price=Decimal("3.00"))
    products.update(bread, price=Decimal("4.00"))

    rows = desk("product_history", bread.pk).context["rows"]

    assert [(row["who"], row["can_undo"]) for row in rows] == [(changes.name_of(None), True), ("Léa Roux", False)]


def test_every_value_can_be_written_and_read_back(bread):
    values = {
        "price": Decimal("3.10"), "stock": 4, "is_public": False, "title": "Miche", "net_quantity": Decimal("500"),
        "net_unit": "g", "lead_minutes": None, "needs_signature": True, "min_age": 18, "vat_rate": Decimal("5.50"),
        "allergens": "Gluten",
    }  # fmt: skip

    for name, value in values.items():
        assert undoing.value_of(name, changes.written(value)) == value
        assert changes.spoken(name, changes.written(value))


def test_what_cannot_be_put_back_says_so(shop, bread):
    products.update(bread, reference="NEUF")

    with pytest.raises(undoing.CannotUndo):
        undoing.undo(shop, bread.changes.get().deed, by=None)


def test_an_editor_hears_of_the_till_and_reverts_nothing_of_it(shop, desk, bread):
    opened = changes.seen(bread)
    till.write(shop, [till.Wish(reference=bread.reference, stock=30, price=Decimal("2.20"))])

    desk("shelf", bread.pk, data=typed(bread, "2,00", "12", opened))
    assert state(bread) == ("2.20", 30)

    page = desk("shelf", bread.pk, data=typed(bread, "2,50", "12", opened))
    assert changes.name_of(None) in page.content.decode()
    assert state(bread) == ("2.20", 30)
