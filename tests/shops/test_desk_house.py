"""The desk: opening hours, closures, pauses, people and their roles."""

from datetime import time, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from marketplace.foundation.models import Message
from shops import staffing
from shops.models import ShopStaff
from tests.factories import make_product, make_shop, make_staff, make_user
from tests.shops.at_the_desk import sign_in
from tests.shops.orders_of import paid_shop_order

pytestmark = pytest.mark.django_db
Role = ShopStaff.Role


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


def test_public_holidays_may_have_hours_of_their_own_and_the_week_shows_them_again(shop, desk):
    times = {"Tu_from_1": "09:00", "Tu_to_1": "19:00", "PH_from_1": "09:00", "PH_to_1": "12:30"}
    desk("week", data=times | {"closed_on_holidays": "on"})

    shop.refresh_from_db()
    form = desk("week").context["form"]
    assert shop.opening_hours == "Tu 09:00-19:00; PH 09:00-12:30"
    assert form.says_all
    assert {name: form[name].value() for name in times} == {
        name: time.fromisoformat(value) for name, value in times.items()
    }


def test_a_new_week_names_the_promised_orders_that_no_longer_fit(shop, desk):
    shop_order = paid_shop_order(make_product(shop))

    page = desk("week", data={"closed_on_holidays": "on"})

    assert shop_order.number in page.content.decode()
    assert shop_order.number not in desk("week", data={"closed_on_holidays": "on"}).content.decode()


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


def test_an_owner_who_became_the_last_one_meanwhile_stays():
    """The page of a slow colleague still has the person as a helper."""
    shop = make_shop()
    first, second = make_staff(shop), make_staff(shop, ShopStaff.Role.HELPER)
    seen_as_helper = shop.staff.get(user=second)
    staffing.change_role(shop.staff.get(user=second), role=ShopStaff.Role.OWNER)
    staffing.remove(shop.staff.get(user=first))

    with pytest.raises(staffing.LastOwner):
        staffing.change_role(seen_as_helper, role=ShopStaff.Role.MANAGER)
    with pytest.raises(staffing.LastOwner):
        staffing.remove(seen_as_helper)

    assert list(shop.staff.filter(is_active=True).values_list("user", "role")) == [(second.pk, "owner")]


def test_a_person_of_two_shops_changes_between_them_on_every_page():
    first, second = make_shop(), make_shop()
    user = make_staff(first)
    client = Client()
    client.force_login(user)
    board = reverse("desk:board", args=[first.slug])
    assert "Changer de boutique" not in client.get(board).content.decode()
    ShopStaff.objects.create(shop=second, user=user, role=Role.HELPER)

    home = client.get(reverse("desk:home")).content.decode()

    assert (first.name in home, second.name in home) == (True, True)
    assert "Changer de boutique" in client.get(board).content.decode()
