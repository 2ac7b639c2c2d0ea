"""The invented town: complete, plainly invented, and with books that balance. Filled once for this file (half a minute)."""

from collections import Counter
from decimal import Decimal

import pytest
from django.conf import settings
from django.contrib.auth import authenticate, get_user_model
from django.core.management import CommandError, call_command
from django.test import Client, override_settings
from django.utils import translation
from oscar.core.loading import get_model
from stdnum import luhn
from wagtail.models import Page

from cms import footer
from cms.models import AssociationPage, AssociationTree, PromotionPage, TextPage
from marketplace.demo import seed, town
from pickup.models import Collection, Compartment, Point, Problem
from shops import joining, legal, shop_mail
from shops.models import Instance, Payment, ProductSheet, Refund, Shop, ShopOrder, ShopStaff, Transfer
from shops.payments.fake.transport import in_process
from tests import database

Order = get_model("order", "Order")


@pytest.fixture(scope="module", autouse=True)
def _town(django_db_setup, django_db_blocker):
    """A database of this file's own: orders are paid in real transactions, which no test could undo."""
    before = settings.DATABASES["default"]["NAME"]
    with django_db_blocker.unblock():
        database.use("town")
        seed.seed(lambda _text: None)
        yield
        database.point_at(before)


def everything() -> dict:
    """How many rows of each kind there are, and when the goods were last touched."""
    kinds = [Shop, ShopStaff, ProductSheet, Point, Compartment, Page, Order, ShopOrder, Payment, Collection]
    rows = {kind.__name__: kind.objects.count() for kind in [*kinds, get_user_model()]}
    return rows | {"touched": sorted(ProductSheet.objects.values_list("pk", "updated_at"))}


def test_town_is_as_large_as_promised():
    assert Shop.objects.selling().count() >= 12
    assert len(set(Shop.objects.values_list("trade", flat=True))) >= 12
    assert ProductSheet.objects.on_sale().count() >= 150
    assert ProductSheet.objects.on_sale().exclude(shop__trade="books").count() >= 150


def test_every_photo_is_on_some_product():
    used = {row["photo"] for shop in town.shops() for row in town.goods(shop["slug"])}
    used |= {"blue-book", "green-book", "orange-book", "closed-book", "open-book", "books"}

    assert used == {file.stem for file in town.PHOTOS.glob("*.jpg")}


def test_every_product_has_what_its_page_must_say():
    sheets = ProductSheet.objects.with_all()

    lacking = [
        sheet.reference
        for sheet in sheets
        if not (sheet.photo and sheet.photo_alt and sheet.net_quantity and sheet.volume_l and sheet.price > 0)
        or sheet.vat_rate not in ProductSheet.VAT_RATES
        or not sheet.product.categories.exists()
        or legal.gaps(sheet)
    ]

    assert lacking == []


def test_alcohol_is_for_adults_and_taxed_as_such():
    drinks = ProductSheet.objects.filter(product__categories__name__in=["Vins", "Bières et cidres"])

    assert drinks.count() >= 5
    assert set(drinks.values_list("min_age", "vat_rate")) == {(18, Decimal("20.00"))}


def test_people_and_numbers_are_plainly_invented():
    addresses = [
        *get_user_model().objects.values_list("email", flat=True),
        *Shop.objects.values_list("email", flat=True),
    ]

    assert [address for address in addresses if not address.endswith(".example")] == []
    assert [shop.name for shop in Shop.objects.all() if luhn.is_valid(shop.siret[:9])] == []


def test_the_documented_password_opens_every_account():
    people = get_user_model().objects.all()

    assert people.count() > 16
    assert all(person.check_password(town.PASSWORD) for person in people)
    assert authenticate(username="boulangerie@valmont.example", password=town.PASSWORD)
    assert Shop.objects.exclude(staff__role=ShopStaff.Role.OWNER).count() == 0


def test_open_shops_lack_nothing_one_is_on_its_way_and_one_waits():
    lacking = {
        shop.slug: [item.requirement.key for item in joining.missing(shop)]
        for shop in Shop.objects.filter(status="open")
    }

    assert {slug: keys for slug, keys in lacking.items() if keys} == {}
    assert list(Shop.objects.filter(status="waiting").values_list("slug", flat=True)) == ["poterie-du-lavoir"]
    draft = Shop.objects.get(status="draft")
    assert "products" in [item.requirement.key for item in joining.missing(draft)]
    assert shop_mail.openers().filter(email="vitrines@valmont.example").exists()


def test_bookshop_sells_what_its_till_exported():
    shop = Shop.objects.get(slug="librairie-page-tournee")

    assert shop.sheets.exclude(ean="").count() == 198
    assert set(shop.sheets.exclude(ean="").values_list("vat_rate", flat=True)) == {Decimal("5.50")}


def test_two_banks_and_three_counters():
    doors = Counter(
        Compartment.objects.filter(bank__point__slug="consigne-de-la-gare").values_list("zone__temperature", "size")
    )

    assert doors == {
        ("ambient", "S"): 14,
        ("ambient", "M"): 10,
        ("ambient", "L"): 4,
        ("chilled", "S"): 6,
        ("chilled", "M"): 6,
        ("chilled", "L"): 2,
        ("frozen", "S"): 4,
        ("frozen", "M"): 2,
    }
    assert Compartment.objects.filter(bank__point__slug="consigne-du-marche").count() == 12
    assert Point.objects.active().counters().count() == 3
    assert Compartment.objects.filter(is_low=True).exists()


def test_orders_stand_in_every_state_that_a_person_can_meet():
    shop_orders = set(ShopOrder.objects.values_list("status", flat=True))
    collections = set(Collection.objects.values_list("status", flat=True))
    payments = set(Payment.objects.values_list("status", flat=True))

    assert shop_orders >= {"awaiting", "confirmed", "refused", "ready", "collected", "no_show", "cancelled"}
    assert collections >= {"held", "confirmed", "depositing", "ready", "collected", "overdue", "released"}
    assert payments >= {"session_open", "authorised", "captured", "part_refunded", "canceled", "abandoned"}
    assert set(Problem.objects.open().values_list("kind", flat=True)) == {"damaged", "door_did_not_open"}
    assert Refund.objects.filter(status=Refund.Status.DONE).exists()
    assert Transfer.objects.filter(status__in=Transfer.PAID_OUT).exists()
    assert ShopOrder.objects.filter(lines__accepted_quantity=0).exists()


def test_books_balance(capsys):
    with in_process():
        call_command("check_books")

    assert Instance.objects.get().mode == Instance.Mode.DEMO


def test_each_association_has_an_editor_and_a_promotion():
    trees = AssociationTree.objects.select_related("group", "page")

    assert {tree.page.title for tree in trees} == set(AssociationPage.objects.values_list("title", flat=True))
    assert [tree.group.user_set.count() for tree in trees] == [1, 1]
    published, scheduled = PromotionPage.objects.filter(locale__language_code="fr").order_by("-live")
    assert (published.live, scheduled.live, scheduled.has_unpublished_changes) == (True, False, True)
    assert scheduled.get_latest_revision().approved_go_live_at is not None


@pytest.mark.parametrize("address", ["/", "/vitrines-de-valmont/", "/vitrines-de-valmont/noel-place-des-halles/"])
def test_pages_of_the_town_open(address):
    response = Client().get(address)

    assert response.status_code == 200
    assert "Valmont" in response.content.decode()


@pytest.mark.parametrize("page", ["", "vitrines-de-valmont/", "vitrines-de-valmont/noel-place-des-halles/"])
def test_pages_of_the_town_speak_english_too(page):
    text = Client().get(f"/en/{page}").content.decode()

    assert '<html lang="en">' in text
    assert '<div class="wide">' in text  # a mirror would say that its text is French


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_footer_has_a_page_for_every_purpose(language):
    with translation.override(language):
        assert [link.purpose for link in footer.links()] == TextPage.Purpose.values


def test_filling_again_changes_nothing():
    before = everything()

    seed.seed(lambda _text: None)

    assert everything() == before


def test_live_instance_is_refused():
    before = everything()

    Instance.objects.update(mode=Instance.Mode.LIVE)
    try:
        for command in ("seed_demo", "reset_demo"):
            with override_settings(PORT=0), pytest.raises(CommandError, match="live"):
                call_command(command)
    finally:
        Instance.objects.update(mode=Instance.Mode.DEMO)

    assert everything() == before
