"""A shop leaves: orders ended first, its data in one file, its desk stays."""

import io
import os
import tracemalloc
import zipfile
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from shops import leaving, orders
from shops.models import Shop, ShopStaff
from tests.factories import make_product, make_shop, make_staff
from tests.shops.at_the_desk import sign_in
from tests.shops.orders_of import paid_shop_order, place

pytestmark = pytest.mark.django_db
OWNER = ShopStaff.Role.OWNER


@pytest.fixture
def shop():
    shop = make_shop("La Rose", story="Depuis 1950.", opening_hours="24/7")
    make_product(shop, "=cmd()", price="4.50")
    return shop


def status(shop) -> str:
    return Shop.objects.get(pk=shop.pk).status


def test_the_owner_closes_the_shop_by_typing_its_name(client, shop):
    desk = sign_in(shop, OWNER)

    desk("leave", data={"name": " la rose "})

    assert status(shop) == Shop.Status.CLOSED
    assert client.get(shop.get_absolute_url()).status_code == 404
    assert [desk(page).status_code for page in ("board", "payouts", "leave", "data")] == [200] * 4


@pytest.mark.parametrize("name", ["", "La Ros", "\x00", "x" * 200])
def test_another_name_closes_nothing(shop, name):
    page = sign_in(shop, OWNER)("leave", data={"name": name})

    assert "name" in page.context["form"].errors
    assert status(shop) == "open"


@pytest.mark.parametrize("role", [ShopStaff.Role.HELPER, ShopStaff.Role.MANAGER])
def test_only_owners_close_and_download(shop, role):
    desk = sign_in(shop, role)

    assert [desk("leave", data={"name": shop.name}).status_code, desk("data").status_code] == [404, 404]
    assert status(shop) == "open"


def test_open_orders_are_ended_first(shop):
    sheet = shop.sheets.get()
    paid = paid_shop_order(sheet, 1)

    with pytest.raises(leaving.OrdersOpen):
        leaving.close(shop, by=make_staff(shop))
    assert status(shop) == "open"
    orders.refuse_all(paid, reason="", by=None)
    leaving.close(shop, by=make_staff(shop))
    assert status(shop) == "closed"
    with pytest.raises(leaving.LeftAlready):
        leaving.close(shop, by=make_staff(shop))


def test_an_order_that_is_being_paid_counts(shop):
    place((shop.sheets.get(), 1))

    with pytest.raises(leaving.OrdersOpen):
        leaving.close(shop, by=make_staff(shop))


def test_the_file_has_the_shops_own_data_and_nothing_of_residents_or_neighbours(shop):
    make_product(make_shop(), "Leur fromage")
    paid = paid_shop_order(shop.sheets.get(), 2, email="resident@secret.example")

    archive = zipfile.ZipFile(io.BytesIO(sign_in(shop, OWNER)("data").getvalue()))

    texts = {name: archive.read(name).decode() for name in archive.namelist()}
    products = texts["products.csv"].splitlines()
    assert sorted(texts) == ["orders.csv", "products.csv", "shop.json"]
    assert products[0].lstrip("\ufeff").startswith("reference;ean;title;price")
    assert "'=cmd()" in products[1] and len(products) == 2
    assert paid.number in texts["orders.csv"] and "Depuis 1950." in texts["shop.json"]
    assert [word for word in ("secret.example", "Leur fromage") if word in "".join(texts.values())] == []


def test_a_shop_of_many_pictures_fills_no_memory(shop):
    name = default_storage.save("products/large.webp", ContentFile(os.urandom(3_000_000)))
    for _number in range(11):
        make_product(shop)
    shop.sheets.update(photo=name)

    tracemalloc.start()
    with leaving.data_of(shop) as file:
        _now, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        written = zipfile.ZipFile(file).infolist()

    assert sum(entry.file_size for entry in written) > 12 * 3_000_000
    assert peak < 10_000_000


@pytest.mark.parametrize(("days", "kept"), [(183, True), (185, False)])
def test_how_a_shop_was_reached_is_forgotten_six_months_after_it_left(shop, days, kept):
    other = make_shop("Reste", phone="02 00 00 00 03")
    Shop.objects.filter(pk=shop.pk).update(phone="02 00 00 00 02")
    before = Shop.objects.values().get(pk=shop.pk)
    leaving.close(shop, by=make_staff(shop))
    later = timezone.now() + timedelta(days=days)

    forgotten = [leaving.forget_contacts(later), leaving.forget_contacts(later)]

    assert forgotten == ([0, 0] if kept else [1, 0])
    after = Shop.objects.values().get(pk=shop.pk)
    gone = {name for name in before if before[name] != after[name]}
    assert gone == ({"status"} if kept else {"status", "phone", "email"})
    other.refresh_from_db()
    assert (other.phone, bool(other.email)) == ("02 00 00 00 03", True)
