"""From a barcode to its product."""

import hashlib
from pathlib import Path

import pytest
from django.urls import reverse

from shops.models import ShopStaff
from tests.factories import make_product, make_shop
from tests.shops.at_the_desk import sign_in

pytestmark = pytest.mark.django_db
EAN = "9780131103627"
VENDOR = Path(__file__).parents[2] / "shops/static/vendor/zxing"


def test_a_known_barcode_opens_its_product(shop, desk):
    sheet = make_product(shop, ean=EAN)

    assert desk("scan", ean=EAN).url == reverse("desk:product", args=[shop.slug, sheet.pk])


def test_an_unknown_barcode_begins_a_new_product(shop, desk):
    make_product(make_shop(), ean=EAN)

    answer = desk("scan", ean="978-0-13-110362-7")

    assert answer.url == reverse("desk:new_product", args=[shop.slug]) + f"?ean={EAN}"
    form = desk("new_product", ean=EAN).context["form"]
    assert form["ean"].value() == EAN
    assert "ean" in [field.name for field in form.shelf_fields()]


def test_a_wrong_check_digit_is_told_beside_the_number(desk):
    page = desk("scan", ean="9780131103628")

    assert page.status_code == 200
    assert "9780131103628" in page.context["error"]


def test_helpers_find_it_in_the_list_and_begin_nothing(shop):
    helper = sign_in(shop, ShopStaff.Role.HELPER)
    make_product(shop, ean=EAN)

    assert helper("scan", ean=EAN).url == reverse("desk:products", args=[shop.slug]) + f"?q={EAN}"
    assert helper("scan", ean="4006381333931").url == reverse("desk:scan", args=[shop.slug])


def test_only_this_page_may_run_webassembly(shop, desk):
    assert "script-src 'self' 'wasm-unsafe-eval'" in desk("scan").headers["Content-Security-Policy"]
    assert "wasm" not in desk("new_product").headers["Content-Security-Policy"]


def test_the_vendored_reader_is_the_one_that_its_page_names():
    named = (VENDOR / "README.md").read_text()
    files = [VENDOR / name for name in ("share.js", "reader/index.js", "zxing_reader.wasm")]

    assert all(hashlib.sha256(file.read_bytes()).hexdigest() in named for file in files)
