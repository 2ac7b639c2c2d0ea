"""Writing products: both rows together, or nothing with a sentence."""

from decimal import Decimal

import pytest

from shops import products
from shops.models import ProductSheet
from shops.pricing import Selector
from tests.factories import make_shop

pytestmark = pytest.mark.django_db

BREAD = {"title": "Pain", "price": Decimal("4.50"), "stock": 3, "vat_rate": Decimal("5.50")}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", "  "),
        ("price", Decimal("0.00")),
        ("price", Decimal("1.005")),
        ("stock", -1),
        ("vat_rate", Decimal("19.60")),
        ("net_unit", "pint"),
        ("volume_l", Decimal("0.00")),
    ],
)
def test_a_wrong_value_writes_nothing_and_names_its_field(field, value):
    with pytest.raises(products.WrongValue) as refusal:
        products.create(make_shop(), **BREAD | {field: value})

    assert refusal.value.field == field
    assert not ProductSheet.objects.exists()


def test_a_wrong_change_leaves_everything_as_it_was():
    sheet = products.create(make_shop(), **BREAD)

    with pytest.raises(products.WrongValue):
        products.update(sheet, price=Decimal("5.00"), net_unit="pint")

    sheet = ProductSheet.objects.with_all().get()
    assert (sheet.price, sheet.net_unit) == (Decimal("4.50"), "piece")


def test_the_price_is_the_one_on_the_label_and_the_net_what_is_left():
    sheet = products.create(make_shop(), **BREAD | {"price": Decimal("33.53")})

    price = Selector().strategy().fetch_for_product(sheet.product).price

    assert (price.incl_tax, price.excl_tax, price.tax) == (Decimal("33.53"), Decimal("31.78"), Decimal("1.75"))


@pytest.mark.parametrize("change", [{"transfers_active": False}, {"status": "suspended"}])
def test_a_shop_that_cannot_sell_offers_nothing(change):
    sheet = products.create(make_shop(**change), **BREAD)

    assert not Selector().strategy().fetch_for_product(sheet.product).availability.is_available_to_buy
