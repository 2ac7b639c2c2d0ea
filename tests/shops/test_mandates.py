"""The association acts for a shop: only while a mandate runs, visibly, under its name, and never on orders, money or people."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from shops import mandates
from shops.models import Deed, Mandate, ShopOrder
from shops.payments.fake.transport import in_process
from shops.permissions import BY_MANDATE
from tests.factories import make_product, make_user
from tests.shops.desk_cases import CASES, Town, everything
from tests.shops.orders_of import paid_shop_order

pytestmark = pytest.mark.django_db


def animator():
    user = make_user(first_name="Anne", last_name="Martin")
    user.user_permissions.add(Permission.objects.get(codename="act_for_shop"))
    return user


def client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def ask(client, method, name, shop):
    case = CASES[name]
    with in_process():
        return getattr(client, method)(case.address(name, shop, shop), case.fields(shop) if case.fields else {})


def mandated_town(name: str) -> Town:
    town = Town()
    CASES[name].before(town)
    if not Mandate.objects.exists():
        town.mandated()
    return town


def in_a_month():
    return timezone.localdate() + timedelta(days=30)


@pytest.mark.parametrize("name", sorted(set(CASES) - BY_MANDATE))
@pytest.mark.parametrize("method", ["get", "post"])
def test_everything_that_a_mandate_does_not_name_does_not_exist(name, method):
    town = mandated_town(name)
    client = client_of(animator())
    before = everything()

    answer = ask(client, method, name, town.ours)

    assert answer.status_code == 404
    assert everything() == before


@pytest.mark.parametrize("name", sorted(BY_MANDATE))
@pytest.mark.parametrize("method", ["get", "post"])
def test_without_a_mandate_nothing_exists(name, method):
    town = Town()
    CASES[name].before(town)
    client = client_of(animator())
    before = everything()

    answer = ask(client, method, name, town.ours)

    assert answer.status_code == 404
    assert everything() == before


@pytest.mark.parametrize("name", sorted(BY_MANDATE & set(CASES)))
def test_with_a_mandate_the_named_pages_work(name):
    town = mandated_town(name)

    answer = ask(client_of(animator()), "post" if CASES[name].fields else "get", name, town.ours)

    assert answer.status_code in (200, 302)


def test_the_named_pages_are_addresses_of_the_desk():
    assert set(CASES) >= BY_MANDATE


def test_a_mandate_is_nothing_for_people_without_the_right(shop):
    mandates.give(shop, until_on=in_a_month(), by=make_user())

    assert client_of(make_user()).get(reverse("desk:products", args=[shop.slug])).status_code == 404


def test_every_page_says_for_whom_one_acts(shop):
    mandates.give(shop, until_on=in_a_month(), by=make_user())
    client = client_of(animator())

    for name in ("products", "new_product", "shop", "week", "closures"):
        text = client.get(reverse(f"desk:{name}", args=[shop.slug])).content.decode()
        assert "Anne Martin, vous agissez pour Boulangerie Martin au nom de l’association." in text
        assert f'href="{reverse("desk:board", args=[shop.slug])}"' not in text


def test_what_is_done_is_written_down_in_the_name_of_the_association(shop, desk):
    mandates.give(shop, until_on=in_a_month(), by=make_user())
    client_of(animator()).post(reverse("desk:pause", args=[shop.slug]), {"minutes": "15"})

    page = desk("activity")

    assert "Anne Martin pour l’association" in page.content.decode()


def test_the_owner_gives_it_in_words_until_a_day_and_ends_it_at_any_time(shop, desk):
    client = client_of(animator())
    products = reverse("desk:products", args=[shop.slug])
    desk("mandate", data={"until_on": f"{in_a_month()}", "agree": "on"})
    given = Mandate.objects.get()
    assert (given.until_on, "Boulangerie Martin" in given.text, bool(given.given_name)) == (in_a_month(), True, True)
    assert client.get(products).status_code == 200

    desk("end_mandate", data={})

    assert client.get(products).status_code == 404
    assert Mandate.objects.get().ended_by == shop.staff.get().user
    assert [each.kind for each in Deed.objects.order_by("pk")] == ["mandate", "no_mandate"]


def test_it_ends_by_itself_after_its_last_day(shop, time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    mandates.give(shop, until_on=timezone.localdate(), by=make_user())
    user = animator()
    assert mandates.place_of(user, shop.slug) is not None

    time_machine.shift(timedelta(days=1))

    assert mandates.place_of(user, shop.slug) is None
    assert mandates.give(shop, until_on=in_a_month(), by=make_user()).pk


@pytest.mark.parametrize("days", [-1, 367])
def test_a_mandate_without_an_end_in_sight_is_refused(shop, desk, days):
    page = desk("mandate", data={"until_on": f"{timezone.localdate() + timedelta(days=days)}", "agree": "on"})

    assert page.context["form"].errors
    assert not Mandate.objects.exists()


def test_without_a_yes_nothing_is_given(shop, desk):
    desk("mandate", data={"until_on": f"{in_a_month()}"})

    assert not Mandate.objects.exists()


def test_two_at_once_are_refused(shop):
    mandates.give(shop, until_on=in_a_month(), by=make_user())

    with pytest.raises(mandates.RunsAlready):
        mandates.give(shop, until_on=in_a_month(), by=make_user())


def test_a_closure_of_the_association_refuses_no_order(shop):
    mandates.give(shop, until_on=in_a_month(), by=make_user())
    order = paid_shop_order(make_product(shop))
    day = timezone.localdate(order.deposit_by)
    fields = {"first_on": f"{timezone.localdate()}", "last_on": f"{day}", f"order_{order.pk}": "refuse"}

    page = client_of(animator()).post(reverse("desk:closures", args=[shop.slug]), fields)

    order.refresh_from_db()
    assert (order.status, shop.closures.count()) == (ShopOrder.Status.AWAITING, 0)
    assert order.number in page.content.decode()
    assert 'value="refuse"' not in page.content.decode()


def test_the_home_of_the_desk_lists_the_shops_one_acts_for(shop):
    user = animator()
    assert shop.name not in client_of(user).get(reverse("desk:home")).content.decode()

    mandates.give(shop, until_on=in_a_month(), by=make_user())

    assert shop.name in client_of(user).get(reverse("desk:home")).content.decode()


@pytest.mark.parametrize("name", ["shop", "products", "import"])
def test_no_link_leads_an_animator_to_a_page_that_does_not_exist(shop, name):
    make_product(shop)
    mandates.give(shop, until_on=in_a_month(), by=make_user())
    client = client_of(animator())
    page = client.get(reverse(f"desk:{name}", args=[shop.slug])).content.decode()
    board = reverse("desk:board", args=[shop.slug])

    links = set(re.findall(f'href="({board}[^"#?]*)', page))

    assert len(links) > 3
    assert [link for link in links if client.get(link).status_code == 404] == []
