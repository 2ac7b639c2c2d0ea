"""Products in variants: one family, each variant a product of its own."""

from decimal import Decimal

import pytest
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction

from shops import photos, products, variants
from shops.models import ProductFamily, ProductSheet
from tests.factories import make_category, make_product, make_shop
from tests.shops.test_desk_goods import photo

pytestmark = pytest.mark.django_db

PRICE = {"price": Decimal("59.00"), "stock": 2}


@pytest.fixture
def shop():
    return make_shop("Fil et semelle")


@pytest.fixture
def jersey(shop):
    """A family with the variants M, bleu and L, bleu."""
    sheet = make_product(shop, "Pull marin", price="55.00", vat_rate="20.00", category=make_category("Vêtements"))
    family = variants.make(sheet, options=["taille", "couleur"], values=["M", "bleu"])
    variants.add(family, ["L", "bleu"], **PRICE)
    return family


def titles(family):
    return [sheet.title for sheet in family.sheets.select_related("product").order_by("pk")]


def everything():
    sheets = ProductSheet.objects.order_by("pk").values_list("family", "value_1", "value_2", "product__title")
    return [list(sheets), list(ProductFamily.objects.order_by("pk").values())]


def test_a_product_becomes_the_first_variant_and_others_take_after_it(jersey):
    first, second = jersey.sheets.with_all().order_by("pk")

    assert titles(jersey) == ["Pull marin, M, bleu", "Pull marin, L, bleu"]
    assert (second.price, second.left, second.vat_rate) == (Decimal("59.00"), 2, first.vat_rate)
    assert second.product.categories.get().name == "Vêtements"
    assert (first.shared_title, first.values) == ("Pull marin", ["M", "bleu"])


def test_the_family_of_a_title_is_made_once(shop):
    made = variants.family(shop, title="Pull marin", options=["Taille"])

    assert variants.family(shop, title=" Pull  marin ", options=["taille"]) == made
    with pytest.raises(variants.WrongOptions):
        variants.family(shop, title="Pull marin", options=["couleur"])


@pytest.mark.parametrize("options", [[], [" "], ["a", "b", "c", "d"], ["Taille", "taille"], ["x" * 31], ["a\0"]])
def test_nonsense_is_no_option(shop, options):
    with pytest.raises(variants.WrongOptions):
        variants.family(shop, title="Pull marin", options=options)

    assert not ProductFamily.objects.exists()


@pytest.mark.parametrize("values", [[], ["M"], ["M", ""], ["M", "bleu", "coton"], ["M", "x" * 41], ["M", "\0"]])
def test_a_variant_has_one_value_for_each_option(jersey, values):
    before = everything()

    with pytest.raises(variants.WrongOptions):
        variants.add(jersey, values, **PRICE)

    assert everything() == before


def test_no_two_variants_have_the_same_values_whatever_their_case(jersey):
    before = everything()

    with pytest.raises(variants.VariantTaken):
        variants.add(jersey, ["m", "BLEU"], **PRICE)

    assert everything() == before


def test_the_database_has_the_last_word_on_values(jersey):
    with pytest.raises(IntegrityError), transaction.atomic():
        jersey.sheets.update(value_1="M")
    with pytest.raises(IntegrityError), transaction.atomic():
        jersey.sheets.update(family=None)


def test_a_product_has_a_bounded_number_of_variants(jersey, monkeypatch):
    monkeypatch.setattr(variants, "MOST_VARIANTS", 2)

    with pytest.raises(variants.TooManyVariants):
        variants.add(jersey, ["S", "bleu"], **PRICE)

    assert ProductSheet.objects.count() == 2


def test_a_variant_cannot_stand_in_the_family_of_another_shop(jersey):
    stranger = make_product(make_shop())

    with pytest.raises(ValueError, match="same shop"):
        variants.place(stranger, jersey, ["S", "rouge"])

    stranger.refresh_from_db()
    assert stranger.family is None


def test_placing_again_changes_nothing_and_moving_leaves_no_empty_family(shop, jersey):
    sheet = make_product(shop, "Pull d’hiver")
    winter = variants.family(shop, title="Pull d’hiver", options=["taille"])
    variants.place(sheet, winter, ["M"])
    before = everything()
    variants.place(sheet, winter, ["M"])
    assert everything() == before

    variants.place(sheet, jersey, ["S", "rouge"])

    assert titles(jersey)[-1] == "Pull marin, S, rouge"
    assert not ProductFamily.objects.filter(pk=winter.pk).exists()


def test_a_new_title_reaches_every_variant(jersey):
    variants.rename(jersey, title="Marinière", options=["pointure", "teinte"])

    assert titles(jersey) == ["Marinière, M, bleu", "Marinière, L, bleu"]
    assert ProductFamily.objects.get().options == ["pointure", "teinte"]


def test_the_title_of_a_variant_is_not_changed_alone(jersey):
    sheet = jersey.sheets.order_by("pk").first()

    assert products.update(sheet, title="Pull marin") == set()
    with pytest.raises(products.WrongValue):
        products.update(sheet, title="Autre chose")

    assert titles(jersey) == ["Pull marin, M, bleu", "Pull marin, L, bleu"]


def test_variants_become_ordinary_products_again(jersey):
    variants.take_out(jersey.sheets.order_by("pk").first())
    assert titles(jersey) == ["Pull marin, L, bleu"]

    variants.dissolve(jersey)

    assert not ProductFamily.objects.exists()
    assert set(ProductSheet.objects.values_list("family", "value_1", "product__title")) == {
        (None, "", "Pull marin, M, bleu"),
        (None, "", "Pull marin, L, bleu"),
    }


def test_variants_show_the_photo_of_the_first_one_until_they_have_their_own(jersey, django_capture_on_commit_callbacks):
    first, second = jersey.sheets.order_by("pk")

    def change(sheet):
        with django_capture_on_commit_callbacks(execute=True):
            products.update(sheet, photo=photos.accept(photo()))
        return [each.photo.name for each in jersey.sheets.order_by("pk")]

    shared = change(first)
    assert shared[0] == shared[1]

    own = change(second)
    assert own[0] == shared[0] != own[1]
    assert first._meta.get_field("photo").storage.exists(own[0])

    assert change(first)[1] == own[1]


def test_a_new_variant_shows_the_photo_of_the_first_one(jersey):
    products.update(jersey.sheets.order_by("pk").first(), photo=photos.accept(photo()))

    added = variants.add(jersey, ["S", "bleu"], **PRICE)
    with_own = variants.add(jersey, ["XS", "bleu"], **PRICE, photo=ContentFile(photo().read(), "a.webp"))

    assert added.photo.name == jersey.sheets.order_by("pk").first().photo.name
    assert with_own.photo.name != added.photo.name
