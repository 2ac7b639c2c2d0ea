"""What the law wants said of a product before residents see it, and what each kind of goods begins with."""

from decimal import Decimal
from importlib import import_module

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.urls import reverse

from shops import allergens, kinds, legal, products, variants
from shops.imports.catalogue import import_catalogue
from shops.models import ProductSheet, Shop, ShopStaff
from tests.factories import make_product, make_shop
from tests.shops.at_the_desk import sign_in
from tests.shops.desk_cases import PRODUCT

BREAD = {"title": "Pain", "price": Decimal("4.50"), "stock": 3, "vat_rate": Decimal("5.50")}
REQUIRED = {
    "bread": ["allergens"],
    "meat": ["allergens", "origin", "net_quantity"],
    "cheese": ["allergens", "net_quantity"],
    "produce": ["origin", "net_quantity"],
    "fish": ["allergens", "origin", "net_quantity"],
    "food": ["ingredients", "allergens", "net_quantity", "maker"],
    "sweets": ["ingredients", "allergens", "net_quantity", "maker"],
    "alcohol": ["min_age", "allergens", "origin", "net_quantity", "maker"],
    "flowers": [],
    "book": [],
    "clothes": ["ingredients", "maker"],
    "beauty": ["ingredients", "net_quantity", "maker"],
    "goods": ["maker"],
    "other": [],
}
ALL_SAID = {
    "ingredients": "Farine",
    "allergens": "gluten",
    "origin": "France",
    "net_quantity": Decimal("250.00"),
    "maker": "Moulin, 1 rue du Moulin, 49000 Valmont, moulin@example.org",
    "min_age": 18,
}


@pytest.mark.parametrize("kind", kinds.Kind)
def test_each_kind_asks_for_its_own_facts_and_is_content_with_them(kind):
    bare = ProductSheet(shop=Shop(), kind=kind)
    told = ProductSheet(shop=Shop(), kind=kind, **{name: ALL_SAID[name] for name in REQUIRED[kind]})

    assert [gap.field for gap in legal.gaps(bare)] == REQUIRED[kind]
    assert all(gap.text.endswith(".") for gap in legal.gaps(bare))
    assert legal.gaps(told) == []


def test_every_trade_has_a_kind_and_every_kind_a_preset_of_real_fields():
    assert set(kinds.OF_TRADE) == set(Shop.Trade.values)
    assert set(kinds.PRESETS) == set(kinds.Kind)
    for preset in kinds.PRESETS.values():
        sheet = ProductSheet(**preset.fields())
        sheet.clean_fields(exclude=["product", "stock", "shop", "reference"])


def test_goods_on_the_scale_need_no_content_in_words():
    sheet = ProductSheet(shop=Shop(trade="cheese"), allergens="milk", sold_by="weight")

    assert legal.gaps(sheet) == []


def test_the_kind_of_a_product_goes_before_the_trade_of_its_shop():
    mug = ProductSheet(shop=Shop(trade="grocery"), kind="other")

    assert (mug.known_kind, legal.gaps(mug)) == ("other", [])


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("gluten", "gluten"),
        ("Lait, Gluten", "gluten,milk"),
        ("œufs ; fruits à coque / Céleri", "eggs,nuts,celery"),
        ("Eggs and milk", "eggs,milk"),
        ("gluten (blé)", "gluten"),
        ("anhydride sulfureux et sulfites", "sulphites"),
        ("aucun", "none"),
        ("", ""),
    ],
)
def test_allergens_are_read_as_people_write_them(written, kept):
    assert allergens.read(written) == (kept, [])


def test_a_word_that_is_no_allergen_is_named():
    assert allergens.read("lait, amour") == ("milk", ["amour"])


@pytest.mark.parametrize("kept", ["none,milk", "milk,gluten", "love", "milk,milk"])
def test_other_codes_are_refused(kept):
    with pytest.raises(ValidationError):
        allergens.validate(kept)


def test_there_are_fourteen():
    assert len(allergens.NAMES) == 14
    assert allergens.read(", ".join(allergens.NAMES)) == (allergens.join(allergens.NAMES), [])


@pytest.mark.django_db
class TestShowing:
    """Nothing is shown that the law does not allow to be shown."""

    def test_what_lacks_a_fact_is_not_created_in_public(self):
        bakery = make_shop(trade="bakery")

        with pytest.raises(products.Unlawful) as refusal:
            products.create(bakery, **BREAD)

        assert [gap.field for gap in refusal.value.gaps] == ["allergens"]
        assert not ProductSheet.objects.exists()

    def test_a_draft_may_lack_anything_and_is_shown_once_it_lacks_nothing(self):
        draft = products.create(make_shop(trade="bakery"), **BREAD, is_public=False)

        with pytest.raises(products.Unlawful):
            products.update(draft, is_public=True, title="Pain complet")
        draft.product.refresh_from_db()
        assert (draft.product.is_public, draft.product.title) == (False, "Pain")

        products.update(draft, is_public=True, allergens="gluten")
        assert ProductSheet.objects.on_sale().get() == draft

    def test_what_is_shown_cannot_lose_a_fact(self):
        bread = products.create(make_shop(trade="bakery"), **BREAD, allergens="gluten")

        with pytest.raises(products.Unlawful):
            products.update(bread, allergens="")
        with pytest.raises(products.Unlawful):
            products.update(bread, kind="food")

        bread.refresh_from_db()
        assert (bread.allergens, bread.kind) == ("gluten", "")

    def test_what_was_shown_before_the_law_asked_can_still_be_changed(self):
        old = make_product(make_shop(trade="grocery"), "Sel")

        assert products.update(old, price=Decimal("9.00"), stock=0, maker="Salines") == {"price", "stock", "maker"}
        with pytest.raises(products.Unlawful):
            products.update(old, maker="")

    def test_rows_of_a_file_that_lack_a_fact_become_drafts(self):
        bakery = make_shop(trade="bakery")

        import_catalogue(
            bakery, b"ref;nom;prix;stock;allergenes\nA;Pain;2;5;gluten, s\xe9same\nB;Brioche;3;5;\nC;Flan;3;5;amour\n"
        )

        shown = bakery.sheets.values_list("reference", "allergens", "product__is_public").order_by("reference")
        assert list(shown) == [("A", "gluten,sesame", True), ("B", "", False)]

    def test_a_new_variant_says_what_the_first_one_says(self):
        shop = make_shop(trade="clothes")
        jersey = products.create(shop, **BREAD, ingredients="100 % laine", maker="Filature", kind="clothes")
        family = variants.make(jersey, options=["taille"], values=["M"])

        large = variants.add(family, ["L"], price=Decimal("5.00"), stock=1)

        assert (large.ingredients, large.maker, large.kind) == ("100 % laine", "Filature", "clothes")


@pytest.mark.django_db
class TestAtTheDesk:
    """The form asks for what is missing, and keeps what has been typed."""

    @pytest.fixture
    def bakery(self):
        return make_shop("Boulangerie", trade="bakery", opening_hours="24/7")

    @pytest.fixture
    def desk(self, bakery):
        return sign_in(bakery, ShopStaff.Role.OWNER)

    def test_publishing_names_the_missing_fact_beside_its_field(self, bakery, desk):
        page = desk("new_product", data=PRODUCT)

        assert page.context["form"].errors == {"allergens": [legal.sentence("allergens", kinds.Kind.BREAD)]}
        assert 'value="Croissant"' in page.content.decode()
        assert not bakery.sheets.exists()

    def test_the_other_button_keeps_a_draft_that_says_what_it_lacks(self, bakery, desk):
        draft = {name: value for name, value in PRODUCT.items() if name != "is_public"}

        desk("new_product", data=draft)

        sheet = bakery.sheets.with_all().get()
        assert not sheet.product.is_public
        page = desk("product", sheet.pk)
        assert [gap.field for gap in page.context["gaps"]] == ["allergens"]
        assert 'href="#id_allergens"' in page.content.decode()

    def test_ticked_allergens_put_it_on_sale(self, bakery, desk):
        desk("new_product", data=PRODUCT | {"allergens": ["milk", "gluten"], "kind": "bread"})

        sheet = ProductSheet.objects.on_sale().get()
        assert (sheet.allergens, sheet.kind) == ("gluten,milk", "")
        form = desk("product", sheet.pk).context["form"]
        assert form["allergens"].value() == ["gluten", "milk"]

    def test_none_and_some_exclude_each_other(self, bakery, desk):
        page = desk("new_product", data=PRODUCT | {"allergens": ["milk", "none"]})

        assert set(page.context["form"].errors) == {"allergens"}
        assert not bakery.sheets.exists()

    def test_a_trade_proposes_what_its_goods_usually_are(self, desk):
        form = desk("new_product").context["form"]

        assert (form["vat_rate"].value(), form["withdrawal"].value()) == ("5.50", "perishable")
        assert [field.name for field in form.legal_fields()] == ["allergens"]
        assert "legal" not in form["maker"].value()
        assert form["allergens"].value() is None

    def test_the_list_does_not_show_what_lacks_a_fact(self, bakery, desk):
        draft = products.create(bakery, **BREAD, is_public=False)

        page = desk("publish", draft.pk, data={"is_public": "1"})

        assert not ProductSheet.objects.on_sale().exists()
        assert page.request["PATH_INFO"] == reverse("desk:product", args=[bakery.slug, draft.pk])

    def test_of_many_ticked_those_are_shown_that_lack_nothing(self, bakery, desk):
        draft = products.create(bakery, **BREAD, is_public=False)
        ready = products.create(bakery, **BREAD | {"title": "Brioche"}, allergens="eggs", is_public=False)

        page = desk("publish_chosen", data={"product": [draft.pk, ready.pk], "is_public": "1"})

        assert ProductSheet.objects.on_sale().get() == ready
        assert "cocher les allergènes" in page.content.decode()

    def test_two_people_in_the_form_lose_no_work(self, bakery, desk):
        sheet = products.create(bakery, **BREAD, allergens="gluten")
        seen = desk("product", sheet.pk).context["form"]["seen"].value()
        products.update(sheet, title="Pain bis", origin="Anjou")

        mine = PRODUCT | {"title": "Pain de mie", "allergens": ["gluten"], "seen": seen}
        page = desk("product", sheet.pk, data=mine)

        form = page.context["form"]
        assert set(form.errors) == {"title"}
        assert (form["title"].value(), form["origin"].value()) == ("Pain de mie", "Anjou")
        assert bakery.sheets.with_all().get().title == "Pain bis"

        desk("product", sheet.pk, data=mine | {"seen": form["seen"].value(), "origin": form["origin"].value()})
        after = bakery.sheets.with_all().get()
        assert (after.title, after.origin) == ("Pain de mie", "Anjou")


@pytest.mark.django_db
def test_residents_read_it_on_the_page_of_the_product(client):
    sheet = make_product(
        make_shop(trade="grocery"),
        "Confiture",
        price="5.40",
        ingredients="Mirabelles 65 %, sucre",
        allergens="nuts,milk",
        maker="Conserverie du Quai",
        origin="France",
        net_quantity=Decimal("350"),
        net_unit="g",
    )

    page = client.get(sheet.get_absolute_url()).content.decode()

    for words in ("Mirabelles 65 %, sucre", "lait", "fruits à coque", "Conserverie du Quai", "France", "15,43"):
        assert words in page


@pytest.mark.django_db
def test_words_of_before_become_codes_and_nothing_is_lost():
    migration = import_module("shops.migrations.0018_legal_fields")
    shop = make_shop()
    for words in ("Gluten, œufs, fruits à coque", "lait, traces de lupins", "aucun"):
        make_product(shop, words, allergens=words, ingredients="Farine")

    migration.to_codes(apps, None)

    kept = list(shop.sheets.order_by("pk").values_list("allergens", "ingredients"))
    assert kept == [("gluten,eggs,nuts", "Farine"), ("milk", "Farine\ntraces de lupins"), ("none", "Farine")]

    migration.to_words(apps, None)
    words = list(shop.sheets.order_by("pk").values_list("allergens", flat=True))
    assert words == ["gluten, œufs, fruits à coque", "lait", "aucun"]
