"""A shelf shows what can be bought at this moment, and nothing else."""

import pytest
from oscar.apps.catalogue.categories import create_from_breadcrumbs
from wagtail.blocks import StreamValue

from cms.models import PromotionPage
from shops.models import Shop
from tests.cms.makers import make_promotion
from tests.factories import make_product, make_shop

pytestmark = pytest.mark.django_db


def shelf(*sheets, shop=None, category=None, limit=8, fallback=""):
    return (
        "shelf",
        {
            "title": "Notre sélection",
            "products": list(sheets),
            "shop": shop,
            "category": category,
            "limit": limit,
            "fallback": fallback,
        },
    )


def shown(client, page) -> str:
    response = client.get(page.url)
    assert response.status_code == 200
    return response.content.decode()


def test_chosen_products_come_in_the_editors_order(association, client):
    shop = make_shop()
    first, second = make_product(shop, "Miel"), make_product(shop, "Nougat")

    text = shown(client, make_promotion(association, body=[shelf(second, first)]))

    assert text.index("Nougat") < text.index("Miel")


def test_sold_out_withdrawn_and_deleted_products_drop_out(association, client):
    shop = make_shop()
    kept, sold_out, withdrawn, deleted = (make_product(shop, name) for name in ("Miel", "Nougat", "Pâté", "Rillettes"))
    page = make_promotion(association, body=[shelf(kept, sold_out, withdrawn, deleted)])

    sold_out.stock.num_in_stock = 0
    sold_out.stock.save()
    withdrawn.product.is_public = False
    withdrawn.product.save()
    deleted.delete()
    text = shown(client, page)

    assert [name in text for name in ("Miel", "Nougat", "Pâté", "Rillettes")] == [True, False, False, False]


def test_goods_of_a_suspended_shop_drop_out(association, client):
    shop = make_shop()
    page = make_promotion(association, body=[shelf(make_product(shop, "Miel"), fallback="Bientôt de retour")])

    Shop.objects.update(status=Shop.Status.SUSPENDED)
    text = shown(client, page)

    assert "Miel" not in text
    assert "Bientôt de retour" in text


def test_empty_shelf_without_fallback_is_left_out(association, client):
    text = shown(client, make_promotion(association, body=[shelf(shop=make_shop())]))

    assert "Notre sélection" not in text


def test_shelf_of_a_shop_and_a_category_shows_the_newest_of_both(association, client):
    sweets = create_from_breadcrumbs("Épicerie > Douceurs")
    mine, other = make_shop(), make_shop()
    make_product(mine, "Miel", category=sweets)
    make_product(mine, "Savon")
    make_product(other, "Nougat", category=sweets)
    above = sweets.get_parent()

    text = shown(client, make_promotion(association, body=[shelf(shop=mine, category=above)]))

    assert [name in text for name in ("Miel", "Savon", "Nougat")] == [True, False, False]


@pytest.mark.parametrize("count", [1, 3])
def test_shelf_takes_one_query_whatever_it_shows(association, django_assert_num_queries, count):
    shop = make_shop()
    sheets = [make_product(shop) for _number in range(count)]
    page = PromotionPage.objects.get(pk=make_promotion(association, body=[shelf(*sheets)]).pk)
    stream: StreamValue = page.body
    block = stream[0]

    with django_assert_num_queries(1):
        found = block.block.get_context(block.value)["sheets"]
        assert [(sheet.title, sheet.shop.name, sheet.left) for sheet in found] != []
