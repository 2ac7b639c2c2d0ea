"""Editors point at goods and shops; they can neither open, make nor change them."""

import pytest
from django.urls import NoReverseMatch, reverse
from wagtail.snippets.models import get_snippet_models

from cms import roles
from shops.models import ProductSheet, Shop
from tests.factories import make_product, make_shop, make_user


@pytest.fixture
def editor(association, client):
    user = make_user()
    roles.add_editor(user, page=association)
    client.force_login(user)
    return user


def test_nothing_of_the_shops_is_a_snippet():
    assert get_snippet_models() == []


def test_search_finds_products_on_sale_by_title_and_shop(editor, client):
    shop = make_shop("La Ruche")
    make_product(shop, "Miel de tilleul")
    make_product(make_shop("Autre"), "Nougat")
    hidden = make_product(shop, "Miel caché")
    hidden.product.is_public = False
    hidden.product.save()

    by_title = client.get(reverse("choose_product:choose_results"), {"q": "miel"}).content.decode()
    by_shop = client.get(reverse("choose_product:choose_results"), {"q": "ruche"}).content.decode()

    assert "Miel de tilleul" in by_title
    assert "Nougat" not in by_title
    assert "caché" not in by_title
    assert "Miel de tilleul" in by_shop


def test_product_not_on_sale_cannot_be_chosen(editor, client):
    sheet = make_product(make_shop(status=Shop.Status.DRAFT), "Secret")

    one = client.get(reverse("choose_product:chosen", args=[sheet.pk]))
    many = client.get(reverse("choose_product:chosen_multiple"), {"id": sheet.pk})

    assert one.status_code == 404
    assert "Secret" not in many.content.decode()


def test_chosen_product_is_answered_without_a_way_to_edit_it(editor, client):
    sheet = make_product(make_shop(), "Miel")

    result = client.get(reverse("choose_product:chosen", args=[sheet.pk])).json()["result"]

    assert result == {"id": str(sheet.pk), "title": "Miel", "edit_url": None}


@pytest.mark.parametrize("chooser", ["choose_product", "choose_shop", "choose_category"])
def test_choosers_have_no_view_that_creates(editor, client, chooser):
    response = client.get(reverse(f"{chooser}:choose"))

    assert response.status_code == 200
    with pytest.raises(NoReverseMatch):
        reverse(f"{chooser}:create")


@pytest.mark.parametrize("chooser", ["choose_product", "choose_shop", "choose_category"])
def test_choosers_are_closed_to_residents(db, client, chooser):
    client.force_login(make_user())

    response = client.get(reverse(f"{chooser}:choose"))

    assert response.status_code == 302
    assert not ProductSheet.objects.exists()
