"""The desk: the way of an order over its pages, its products, its hours and people. Every page without script."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from marketplace.foundation.models import Message
from shops.desk import board as boards
from shops.desk import hooks
from shops.models import ProductSheet, ShopOrder, ShopStaff
from tests.factories import make_category, make_product, make_shop, make_staff, make_user
from tests.shops.orders_of import paid_shop_order, place

pytestmark = pytest.mark.django_db
Status = ShopOrder.Status
Role = ShopStaff.Role


@pytest.fixture
def shop():
    return make_shop("Boulangerie Martin", opening_hours="24/7")


@pytest.fixture
def desk(shop):
    """The owner at the desk: `desk(name, *args, data=…)` opens or posts a page of the shop."""
    return sign_in(shop, Role.OWNER)


def sign_in(shop, role):
    client = Client()
    client.force_login(make_staff(shop, role))

    def visit(name, *args, data=None, **query):
        address = reverse(f"desk:{name}", args=[shop.slug, *args])
        return client.get(address, query) if data is None else client.post(address, data, follow=True)

    return visit


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


def test_a_new_order_goes_over_the_board_in_three_steps(shop, desk):
    shop_order = paid_shop_order(make_product(shop, "Tarte"), 2)
    assert "Tarte" in desk("board").content.decode()

    desk("accept", shop_order.pk, data={})
    page = desk("ready", shop_order.pk, data={"bags": "2"})

    shop_order.refresh_from_db()
    assert (shop_order.status, shop_order.bags) == (Status.READY, 2)
    assert page.redirect_chain == [(reverse("desk:deposit_code", args=[shop.slug, shop_order.pk]), 302)]
    assert desk("labels", shop_order.pk).content.decode().count('class="label"') == 2


def test_an_unpaid_order_is_not_on_the_desk(shop, desk):
    shop_order = place((make_product(shop, "Tarte"), 1)).shop_orders.get()

    assert "Tarte" not in desk("board").content.decode()
    assert desk("order", shop_order.pk).status_code == 404


def test_a_line_is_refused_with_its_reason(shop, desk):
    shop_order = paid_shop_order(make_product(shop), 3)
    line = shop_order.lines.get()

    without_reason = desk("order", shop_order.pk, data={f"quantity_{line.pk}": "1", f"reason_{line.pk}": ""})
    shop_order.refresh_from_db()
    assert shop_order.status == Status.AWAITING
    assert without_reason.context["form"].errors

    desk("order", shop_order.pk, data={f"quantity_{line.pk}": "1", f"reason_{line.pk}": "sold_out"})

    shop_order.refresh_from_db()
    line.refresh_from_db()
    assert (shop_order.status, line.accepted_quantity) == (Status.PARTLY, 1)
    assert line.refusal


def test_a_whole_order_is_refused_with_one_reason(shop, desk):
    shop_order = paid_shop_order(make_product(shop), 3)
    for reason in ("", "x", "\x00"):
        page = desk("refuse", shop_order.pk, data={"reason": reason})
        assert [message.level_tag for message in page.context["messages"]] == ["error"]
    shop_order.refresh_from_db()
    assert shop_order.status == Status.AWAITING

    desk("refuse", shop_order.pk, data={"reason": "closed"})

    shop_order.refresh_from_db()
    assert shop_order.status == Status.REFUSED
    assert shop_order.lines.get().refusal == "La boutique doit fermer"


def test_a_new_product_begins_with_the_category_and_vat_of_the_last_one(shop, desk):
    category = make_category("Viennoiseries")
    make_product(shop, vat_rate="5.50", category=category)

    form = desk("new_product").context["form"]

    assert (str(form["vat_rate"].value()), form["category"].value()) == ("5.50", category.pk)
    assert "5,5\u00a0%" in desk("new_product").content.decode()


def test_accepting_all_takes_only_the_orders_that_were_shown(shop, desk):
    bread = make_product(shop)
    shown, later = paid_shop_order(bread, 1), paid_shop_order(bread, 1)

    desk("accept_new", data={"order": [shown.pk, "x", "9" * 30]})

    shown.refresh_from_db()
    later.refresh_from_db()
    assert (shown.status, later.status) == (Status.CONFIRMED, Status.AWAITING)


def test_a_second_tap_says_what_happened(shop, desk):
    shop_order = paid_shop_order(make_product(shop))
    desk("accept", shop_order.pk, data={})

    again = desk("accept", shop_order.pk, data={})

    assert [message.level_tag for message in again.context["messages"]] == ["error"]


@pytest.mark.parametrize(
    ("left", "urgency"), [(timedelta(hours=1), "calm"), (timedelta(minutes=5), "soon"), (timedelta(minutes=-1), "late")]
)
def test_a_deadline_turns_amber_and_says_so(shop, desk, left, urgency):
    shop_order = paid_shop_order(make_product(shop))
    ShopOrder.objects.filter(pk=shop_order.pk).update(answer_by=timezone.now() + left)

    [card] = boards.board(shop).columns[0].cards

    assert card.urgency == urgency
    assert f"desk-{urgency}" in desk("board").content.decode()


def test_the_board_costs_the_same_with_one_and_with_three_orders(shop, django_assert_num_queries, monkeypatch):
    monkeypatch.setattr(hooks, "whereabouts", lambda rows: {})
    bread = make_product(shop)
    for _order in range(3):
        paid_shop_order(bread, 1)
        with django_assert_num_queries(4):
            boards.board(shop)


def test_the_deposit_code_comes_from_the_composition_root(shop, desk, monkeypatch):
    class Code:
        point = "Consigne de la Halle"
        temperature = "ambient"
        pin = "1234 5678"
        qr_svg = ""

    shop_order = paid_shop_order(make_product(shop))
    monkeypatch.setattr(hooks, "deposit_codes", lambda order: [Code] if order == shop_order else [])

    page = desk("deposit_code", shop_order.pk).content.decode()

    assert "1234 5678" in page
    assert "Consigne de la Halle" in page


def test_deposited_orders_leave_the_columns(shop, monkeypatch):
    shop_order = paid_shop_order(make_product(shop))
    monkeypatch.setattr(hooks, "whereabouts", lambda rows: {row.pk: hooks.Whereabouts("Halle", True) for row in rows})

    board = boards.board(shop)

    assert [card.shop_order for card in board.waiting] == [shop_order]
    assert [column.cards for column in board.columns] == [[], [], []]


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

    sheet.stock.refresh_from_db()
    assert (sheet.stock.num_in_stock, sheet.stock.num_allocated) == (2, 2)


def test_a_product_is_hidden_and_shown(shop, desk):
    sheet = make_product(shop)

    desk("publish", sheet.pk, data={"is_public": "0"})
    assert not ProductSheet.objects.on_sale().exists()

    desk("publish", sheet.pk, data={"is_public": "1"})
    assert ProductSheet.objects.on_sale().get() == sheet


def test_the_week_is_written_in_opening_hours_syntax(shop, desk):
    data = {
        "Tu_from_1": "09:00",
        "Tu_to_1": "12:30",
        "Tu_from_2": "14:00",
        "Tu_to_2": "00:00",
        "closed_on_holidays": "on",
    }

    desk("week", data=data)

    shop.refresh_from_db()
    assert shop.opening_hours == "Tu 09:00-12:30,14:00-24:00; PH off"


@pytest.mark.parametrize(
    "data",
    [
        {"Tu_from_1": "12:00", "Tu_to_1": "09:00"},
        {"Tu_from_1": "12:00"},
        {"Tu_to_2": "12:00"},
        {"Tu_from_1": "09:00", "Tu_to_1": "12:00", "Tu_from_2": "11:00", "Tu_to_2": "13:00"},
        {"Tu_from_1": "soon", "Tu_to_1": "\x00"},
    ],
)
def test_hours_that_make_no_sense_are_shown_again(shop, desk, data):
    page = desk("week", data=data)

    shop.refresh_from_db()
    assert shop.opening_hours == "24/7"
    assert page.context["form"].errors


def test_a_closure_names_the_orders_already_taken(shop, desk):
    shop_order = paid_shop_order(make_product(shop))
    day = timezone.localdate(shop_order.deposit_by).isoformat()

    page = desk("closures", data={"first_on": day, "last_on": day})

    assert [message.level_tag for message in page.context["messages"]] == ["success", "warning"]
    assert shop.closures.count() == 1
    desk("remove_closure", shop.closures.get().pk, data={})
    assert shop.closures.count() == 0


@pytest.mark.parametrize(
    ("minutes", "paused"), [("15", True), ("day", True), ("0", False), ("45", False), ("x", False)]
)
def test_a_pause_begins_and_ends_by_itself(shop, desk, minutes, paused):
    desk("pause", data={"minutes": minutes})

    shop.refresh_from_db()
    assert (shop.paused_until is not None) is paused
    assert not paused or timezone.now() < shop.paused_until <= timezone.now() + timedelta(days=1)


def test_the_owner_adds_and_removes_people(shop, desk):
    desk("people", data={"email": "Marie@example.org", "role": "helper"})
    marie = shop.staff.get(user__email__iexact="marie@example.org")

    desk("change_role", marie.pk, data={"role": "manager"})
    marie.refresh_from_db()
    assert marie.role == Role.MANAGER

    desk("remove_person", marie.pk, data={})
    marie.refresh_from_db()
    assert not marie.is_active


def test_somebody_let_go_is_outside_at_the_next_tap(shop, desk):
    marie = make_staff(shop, Role.MANAGER)
    client = Client()
    client.force_login(marie)
    board = reverse("desk:board", args=[shop.slug])
    assert client.get(board).status_code == 200

    desk("remove_person", shop.staff.get(user=marie).pk, data={})

    assert client.get(board).status_code == 404
    assert client.post(reverse("desk:pause", args=[shop.slug]), {"minutes": "15"}).status_code == 404
    shop.refresh_from_db()
    assert shop.paused_until is None


def test_somebody_invited_has_no_name_until_they_come(shop, desk):
    julie = make_user("julie@example.org", first_name="Julie", last_name="Secrète")
    desk("people", data={"email": "julie@example.org", "role": "helper"})
    page = desk("people").content.decode()
    assert ("Secrète" in page, "Renvoyer l’invitation" in page) == (False, True)

    client = Client()
    client.force_login(julie)
    client.get(reverse("desk:board", args=[shop.slug]))

    page = desk("people").content.decode()
    assert ("Secrète" in page, "Renvoyer l’invitation" in page) == (True, False)


def test_an_invitation_is_sent_again(shop, desk):
    desk("people", data={"email": "julie@example.org", "role": "helper"})
    staff = shop.staff.get(user__email="julie@example.org")

    desk("invite_again", staff.pk, data={})

    assert Message.objects.filter(to="julie@example.org", kind="staff_invited").count() == 2


def test_the_last_owner_stays(shop, desk):
    owner = shop.staff.get()

    for name, data in (("remove_person", {}), ("change_role", {"role": "helper"})):
        page = desk(name, owner.pk, data=data)
        assert [message.level_tag for message in page.context["messages"]] == ["error"]

    owner.refresh_from_db()
    assert (owner.role, owner.is_active) == (Role.OWNER, True)


def test_a_catalogue_is_previewed_and_then_imported(shop, desk):
    file = SimpleUploadedFile("a.csv", b"reference,title,price,stock\nA1,Sel,2.00,5\nA2,,1,1\n")

    preview = desk("import", data={"file": file})
    assert not shop.sheets.exists()
    assert preview.context["counts"]["refused"] == 1

    done = desk("import_confirm", data={"token": preview.context["token"]})
    assert shop.sheets.get().title == "Sel"
    assert done.context["counts"]["created"] == 1

    desk("import_confirm", data={"token": preview.context["token"]})
    assert shop.sheets.count() == 1


def test_several_shops_are_a_choice_and_one_is_opened_at_once(shop):
    user = make_staff(shop)
    client = Client()
    client.force_login(user)
    assert client.get(reverse("desk:home")).url == reverse("desk:board", args=[shop.slug])

    ShopStaff.objects.create(shop=make_shop("Fromagerie"), user=user)
    assert "Fromagerie" in client.get(reverse("desk:home")).content.decode()


@pytest.mark.parametrize("name", ["week", "closures", "new_product", "import", "people"])
def test_a_helper_does_not_enter_what_managers_do(shop, name):
    assert sign_in(shop, Role.HELPER)(name).status_code == 404


def test_a_helper_cannot_rewrite_the_shop_page(shop):
    sign_in(shop, Role.HELPER)("shop", data={"tagline": "Hacked", "email": "x@example.org"})

    shop.refresh_from_db()
    assert shop.tagline == ""
