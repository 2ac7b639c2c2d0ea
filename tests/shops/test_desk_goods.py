"""The desk: products, photos, the list, the catalogue file."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from shops.models import ProductSheet
from tests.factories import make_category, make_product
from tests.shops.orders_of import paid_shop_order

pytestmark = pytest.mark.django_db


def photo(name="photo.jpg") -> SimpleUploadedFile:
    file = BytesIO()
    Image.new("RGB", (40, 30), "orange").save(file, "JPEG")
    return SimpleUploadedFile(name, file.getvalue(), content_type="image/jpeg")


PRODUCT = {
    "title": "Croissant",
    "price": "1,30",
    "stock_left": "12",
    "vat_rate": "5.50",
    "is_public": "on",
    "net_unit": "piece",
    "temperature": "ambient",
    "min_age": "0",
    "volume_l": "1",
    "withdrawal": "perishable",
}


def test_a_new_product_begins_with_the_category_and_vat_of_the_last_one(shop, desk):
    category = make_category("Viennoiseries")
    make_product(shop, vat_rate="5.50", category=category)

    form = desk("new_product").context["form"]

    assert (str(form["vat_rate"].value()), form["category"].value()) == ("5.50", category.pk)
    assert "5,5\u00a0%" in desk("new_product").content.decode()


def test_a_product_with_a_photo_is_published_at_once(shop, desk):
    desk("new_product", data=PRODUCT | {"upload": photo()})

    sheet = shop.sheets.with_all().get()
    assert (sheet.title, str(sheet.price), sheet.left, sheet.product.is_public) == ("Croissant", "1.30", 12, True)
    assert sheet.photo.name.endswith(".webp")


def test_a_wrong_product_keeps_what_was_typed(shop, desk):
    page = desk("new_product", data=PRODUCT | {"price": "gratuit", "upload": SimpleUploadedFile("a.jpg", b"no photo")})

    assert not shop.sheets.exists()
    assert 'value="gratuit"' in page.content.decode()
    assert set(page.context["form"].errors) == {"price"}


def test_a_file_that_is_no_photo_is_refused_beside_its_field(shop, desk):
    page = desk("new_product", data=PRODUCT | {"upload": SimpleUploadedFile("a.jpg", b"<svg/>")})

    assert not ProductSheet.objects.exists()
    assert set(page.context["form"].errors) == {"upload"}


def test_price_and_stock_change_in_the_list(shop, desk):
    sheet = make_product(shop, price="2.00", stock=3)

    desk("shelf", sheet.pk, data={f"{sheet.pk}-price": "2,50 €", f"{sheet.pk}-stock": "7"})

    sheet = shop.sheets.with_all().get()
    assert (str(sheet.price), sheet.left) == ("2.50", 7)


def test_a_wrong_price_in_the_list_is_shown_again(shop, desk):
    sheet = make_product(shop, price="2.00", stock=3)

    page = desk("shelf", sheet.pk, data={f"{sheet.pk}-price": "deux", f"{sheet.pk}-stock": "7"})

    assert 'value="deux"' in page.content.decode()
    assert shop.sheets.with_all().get().left == 3


def test_sold_out_keeps_what_is_promised(shop, desk):
    sheet = make_product(shop, stock=5)
    paid_shop_order(sheet, 2)

    desk("sell_out", sheet.pk, data={})

    sheet = shop.sheets.with_all().get()
    assert (sheet.left, sheet.stock.num_in_stock, sheet.stock.num_allocated) == (0, 5, 2)


def test_a_product_is_hidden_and_shown(shop, desk):
    sheet = make_product(shop)

    desk("publish", sheet.pk, data={"is_public": "0"})
    assert not ProductSheet.objects.on_sale().exists()

    desk("publish", sheet.pk, data={"is_public": "1"})
    assert ProductSheet.objects.on_sale().get() == sheet
