"""A shared tablet: a name and a PIN act as that person, with no more than the tablet may; guessing and idling lock it."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from marketplace.foundation.models import StateChange
from shops import tablets
from shops.models import Deed, ShopOrder, ShopStaff, Tablet
from shops.payments.fake.transport import in_process
from tests.factories import make_product, make_shop, make_staff
from tests.shops.at_the_desk import sign_in
from tests.shops.desk_cases import CASES, Town, everything
from tests.shops.orders_of import paid_shop_order

pytestmark = pytest.mark.django_db
Role = ShopStaff.Role
PIN = "4827"
LOCK = reverse("desk:tablet")


def with_pin(shop, role=Role.HELPER, pin=PIN) -> ShopStaff:
    staff = ShopStaff.objects.get(shop=shop, user=make_staff(shop, role))
    tablets.choose_pin(staff, pin)
    staff.refresh_from_db()
    return staff


def set_up(shop, *, most_role=Role.MANAGER, idle_minutes=5) -> Client:
    """The owner makes this browser the shop's tablet."""
    client = Client()
    client.force_login(make_staff(shop))
    fields = {"name": "Comptoir", "most_role": most_role, "idle_minutes": idle_minutes}
    answer = client.post(reverse("desk:tablets", args=[shop.slug]), fields)
    assert answer.url == LOCK
    return client


def tap(client, staff, pin=PIN, **fields):
    return client.post(LOCK, {"who": staff.pk, "pin": pin, **fields})


def page(client, shop, name="board", *args):
    return client.get(reverse(f"desk:{name}", args=[shop.slug, *args]))


def test_setting_a_tablet_up_signs_the_owner_out_of_it(shop):
    client = set_up(shop)

    assert "_auth_user_id" not in client.session
    assert page(client, shop).url.startswith(LOCK)
    assert client.get(reverse("accounts:orders")).status_code == 302


def test_the_cookie_is_out_of_reach_of_scripts_and_only_its_hash_is_stored(shop):
    client = set_up(shop)

    cookie = client.cookies[tablets.COOKIE]

    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    assert cookie.value not in str(list(Tablet.objects.values()))


def test_a_name_and_a_pin_act_as_that_person_and_the_next_person_as_the_next(shop):
    first, second = with_pin(shop), with_pin(shop, pin="9081")
    client = set_up(shop)
    orders = [paid_shop_order(make_product(shop)) for _ in range(2)]

    for staff, pin, order in ((first, PIN, orders[0]), (second, "9081", orders[1])):
        tap(client, staff, pin)
        client.post(reverse("desk:accept", args=[shop.slug, order.pk]))
        client.get(LOCK)

    moved = StateChange.objects.filter(model="shops.shoporder", current="confirmed").order_by("pk")
    assert list(moved.values_list("by", flat=True)) == [first.user_id, second.user_id]


def test_the_lock_screen_names_the_people_with_a_pin_and_nobody_else(shop):
    with_pin(shop)
    make_staff(shop)
    gone = with_pin(shop)
    ShopStaff.objects.filter(pk=gone.pk).update(is_active=False)
    client = set_up(shop)

    names = [label for _pk, label in client.get(LOCK).context["form"].fields["who"].choices]

    assert len(names) == 1


def test_a_wrong_pin_says_so_and_lets_nobody_in(shop):
    staff = with_pin(shop)
    client = set_up(shop)

    answer = tap(client, staff, "1111")

    assert "pas le bon code" in answer.content.decode()
    assert "autofocus" in answer.content.decode()
    assert page(client, shop).status_code == 302


def test_after_five_wrong_pins_the_right_one_waits_too_and_the_book_says_so(shop, time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    staff, other = with_pin(shop), with_pin(shop, pin="9081")
    client = set_up(shop)
    for number in range(5):
        tap(client, (staff, other)[number % 2], f"000{number}")

    answer = tap(client, staff)

    assert "Trop de codes" in answer.content.decode()
    assert page(client, shop).status_code == 302
    assert shop.deeds.filter(kind=Deed.Kind.LOCKED).count() == 1
    time_machine.shift(timedelta(minutes=15, seconds=1))
    assert tap(client, staff).status_code == 302


def test_twenty_wrong_pins_a_day_are_all(shop, time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    staff = with_pin(shop)
    client = set_up(shop)
    for number in range(20):
        tap(client, staff, f"{number:04}")
        time_machine.shift(timedelta(minutes=5))

    assert "Trop de codes" in tap(client, staff).content.decode()


def test_another_tablet_of_the_shop_goes_on(shop):
    staff = with_pin(shop)
    guessed, calm = set_up(shop), set_up(shop)
    for number in range(6):
        tap(guessed, staff, f"000{number}")

    assert tap(calm, staff).url == reverse("desk:board", args=[shop.slug])


def test_right_pins_are_not_counted(shop):
    staff = with_pin(shop)
    client = set_up(shop)

    answers = [tap(client, staff).status_code for _ in range(8)]

    assert answers == [302] * 8


def test_idle_minutes_lock_it_and_a_page_that_refreshes_itself_does_not_keep_it_open(shop, time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    staff = with_pin(shop)
    client = set_up(shop, idle_minutes=5)
    tap(client, staff)
    order = paid_shop_order(make_product(shop))
    for _ in range(4):
        time_machine.shift(timedelta(minutes=1, seconds=20))
        client.get(reverse("desk:board_fragment", args=[shop.slug]), headers={"Sec-Fetch-Dest": "empty"})

    answer = client.post(reverse("desk:accept", args=[shop.slug, order.pk]))

    order.refresh_from_db()
    assert answer.url.startswith(LOCK)
    assert order.status == ShopOrder.Status.AWAITING


def test_touches_keep_it_open(shop, time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    staff = with_pin(shop)
    client = set_up(shop, idle_minutes=5)
    tap(client, staff)
    for _ in range(4):
        time_machine.shift(timedelta(minutes=4))
        assert page(client, shop).status_code == 200


def test_a_password_left_signed_in_at_the_tablet_ends_with_its_idle_minutes(shop, time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    client = set_up(shop)
    owner = shop.staff.get(role=Role.OWNER).user
    client.force_login(owner)
    client.cookies[tablets.COOKIE] = client.cookies[tablets.COOKIE].value
    assert page(client, shop, "people").status_code == 200

    time_machine.shift(timedelta(minutes=6))

    assert page(client, shop, "people").url.startswith(LOCK)
    assert "_auth_user_id" not in client.session


CLOSED = [name for name, case in CASES.items() if case.role == Role.OWNER or name.startswith(("pin", "till", "hook"))]


@pytest.mark.parametrize("name", CLOSED)
@pytest.mark.parametrize("method", ["get", "post"])
def test_the_owners_own_pin_opens_nothing_that_needs_the_password(name, method):
    town = Town()
    CASES[name].before(town)
    staff = with_pin(town.ours, Role.OWNER)
    client = set_up(town.ours)
    tap(client, staff)
    assert page(client, town.ours).status_code == 200
    before = everything()

    case = CASES[name]
    with in_process():
        answer = getattr(client, method)(
            case.address(name, town.ours, town.ours), case.fields(town.ours) if case.fields else {}
        )

    assert answer.status_code == 404
    assert everything() == before


def test_a_helpers_tablet_gives_a_manager_a_helpers_rights(shop):
    staff = with_pin(shop, Role.MANAGER)
    client = set_up(shop, most_role=Role.HELPER)
    tap(client, staff)

    assert page(client, shop, "week").status_code == 404
    assert page(client, shop).status_code == 200


def test_a_tablet_is_nothing_in_another_shop(shop):
    staff, other = with_pin(shop), make_shop()
    client = set_up(shop)
    tap(client, staff)

    assert page(client, other).url.startswith(reverse("login"))


def test_a_person_of_another_shop_is_a_wrong_pin(shop):
    stranger = with_pin(make_shop())
    with_pin(shop)
    client = set_up(shop)

    tap(client, stranger)

    assert page(client, shop).status_code == 302


def test_a_tablet_signed_out_is_outside_at_the_next_tap(shop, desk):
    staff = with_pin(shop)
    client = set_up(shop)
    tap(client, staff)

    desk("end_tablet", shop.tablets.get().pk, data={})

    assert page(client, shop).url.startswith(reverse("login"))
    assert client.get(LOCK).url.startswith(reverse("login"))


def test_somebody_let_go_is_outside_at_the_next_tap(shop, desk):
    staff = with_pin(shop)
    client = set_up(shop)
    tap(client, staff)

    desk("remove_person", staff.pk, data={})

    staff.refresh_from_db()
    assert page(client, shop).status_code == 302
    assert staff.pin == ""


def test_somebody_whose_account_was_locked_is_outside_at_the_next_tap(shop):
    staff = with_pin(shop)
    client = set_up(shop)
    tap(client, staff)
    assert page(client, shop).status_code == 200

    type(staff.user).objects.filter(pk=staff.user_id).update(is_active=False)

    assert page(client, shop).url.startswith(LOCK)
    assert tap(client, staff).status_code == 200  # the lock screen again
    assert page(client, shop).url.startswith(LOCK)


def test_the_way_goes_on_where_it_was_and_never_out_of_the_desk(shop):
    staff = with_pin(shop)
    client = set_up(shop)
    products = reverse("desk:products", args=[shop.slug])
    board = reverse("desk:board", args=[shop.slug])

    answers = [
        tap(client, staff, next=each).url for each in (products, "https://evil.example/", "//evil.example/", "/compte/")
    ]

    assert answers == [products, board, board, board]


@pytest.mark.parametrize("pin", ["", "123", "1234567", "abcd", "1111", "1234", "9876", "8901", "١٢٣٧", "12 7"])
def test_pins_that_anybody_would_try_are_refused(shop, pin):
    desk = sign_in(shop, Role.HELPER)

    answer = desk("pin", data={"pin": pin})

    assert answer.context["form"].errors
    assert not shop.staff.exclude(pin="").exists()


def test_the_pin_is_kept_as_a_hash(shop):
    desk = sign_in(shop, Role.HELPER)

    desk("pin", data={"pin": PIN})

    assert PIN not in shop.staff.get().pin
    assert shop.staff.get().pin.startswith(("argon2", "md5", "pbkdf2"))


def test_a_browser_that_is_no_tablet_has_no_lock_screen(shop):
    with_pin(shop)

    assert Client().get(LOCK).url.startswith(reverse("login"))
    assert tap(Client(), shop.staff.get()).url.startswith(reverse("login"))


@pytest.mark.parametrize("role", [Role.HELPER, Role.MANAGER, Role.OWNER])
def test_no_link_of_the_shop_leads_a_pin_to_a_page_that_does_not_exist(shop, role):
    staff = with_pin(shop, role)
    client = set_up(shop)
    tap(client, staff)
    board = reverse("desk:board", args=[shop.slug])

    links = set(re.findall(f'href="({board}[^"#?]*)', page(client, shop, "shop").content.decode()))

    assert len(links) > 2
    assert [link for link in links if client.get(link).status_code == 404] == []
