"""The shop's book: who did what, the newest first, in few queries; nobody reads names that are not the shop's business."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from shops import deeds, orders
from shops.models import Deed, ProductChange, ShopStaff
from tests.factories import make_product, make_shop, make_staff, make_user
from tests.shops.orders_of import paid_shop_order

pytestmark = pytest.mark.django_db


def plain(words: str) -> str:
    """Without the spaces that French typography wants."""
    return words.replace("\xa0", " ").replace("\u202f", " ")


def test_orders_and_the_house_stand_in_one_book(shop, desk):
    order = paid_shop_order(make_product(shop))
    desk("accept", order.pk, data={})
    desk("pause", data={"minutes": "0"})
    desk("week", data={"Mo_from_1": "09:00", "Mo_to_1": "10:00"})
    owner = shop.staff.get().user.get_full_name()

    found = [(each.who, plain(each.what), each.order) for each in desk("activity").context["entries"]]

    assert found == [
        (owner, "a changé les horaires de la semaine Mo 09:00-10:00", None),
        (owner, "reprend les commandes", None),
        (owner, f"Commande {order.number} : en préparation", order.pk),
    ]


def test_another_shops_deeds_do_not_exist_here(shop, desk):
    other = make_shop()
    orders.accept_all(paid_shop_order(make_product(other)), by=make_staff(other))
    deeds.note(other, Deed.Kind.PAUSE, by=None)

    assert desk("activity").context["entries"] == []


def test_the_name_of_a_resident_is_not_told(shop, desk):
    order = paid_shop_order(make_product(shop))
    resident = make_user(first_name="Camille", last_name="Secrète")
    orders.cancel(order.order, by=resident, reason="cancelled")

    [entry] = desk("activity").context["entries"]

    assert entry.who == ""


def test_somebody_let_go_keeps_their_deeds(shop, desk):
    person = make_staff(shop, ShopStaff.Role.HELPER)
    client = Client()
    client.force_login(person)
    client.post(reverse("desk:pause", args=[shop.slug]), {"minutes": "15"})
    desk("remove_person", shop.staff.get(user=person).pk, data={})

    assert person.get_full_name() in [each.who for each in desk("activity").context["entries"]]


def test_a_long_book_has_pages(shop, desk):
    for number in range(51):
        deeds.note(shop, Deed.Kind.PAUSE, by=None, detail=f"{number}")

    first, second = desk("activity"), desk("activity", page=2)

    assert [len(each.context["entries"]) for each in (first, second)] == [50, 1]
    assert second.context["entries"][0].what.endswith(" 0")


def test_a_helper_has_no_book(shop):
    address = reverse("desk:activity", args=[shop.slug])
    client = Client()
    client.force_login(make_staff(shop, ShopStaff.Role.HELPER))

    assert client.get(address).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_the_book_is_read_in_six_queries(shop, django_assert_num_queries, rows):
    for _ in range(rows):
        sheet = make_product(shop)
        orders.accept_all(paid_shop_order(sheet), by=make_staff(shop))
        deeds.note(shop, Deed.Kind.PAUSE, by=make_staff(shop))
        ProductChange.objects.create(sheet=sheet, field="price", old="4.50", new="5.00", by=make_staff(shop))

    with django_assert_num_queries(6):
        assert len(deeds.entries(shop, deeds.of(shop)[:50])) == 3 * rows


def test_a_deed_on_many_products_is_one_line(shop, desk):
    deed, person = uuid4(), make_staff(shop)
    for _ in range(3):
        sheet = make_product(shop, "Tarte")
        ProductChange.objects.create(sheet=sheet, deed=deed, field="price", old="4.50", new="5.00", by=person)

    [entry] = desk("activity").context["entries"]

    assert entry.who == person.get_full_name()
    assert ("« Tarte »" in plain(entry.what), "2 autres" in plain(entry.what)) == (True, True)


def test_what_is_older_than_ninety_days_is_not_shown(shop, desk):
    deeds.note(shop, Deed.Kind.PAUSE, by=None)
    Deed.objects.update(at=timezone.now() - timedelta(days=91))

    assert desk("activity").context["entries"] == []
