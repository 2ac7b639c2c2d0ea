"""A shop becomes payable: an owner opens the account from the desk, completes it at Stripe, and the goods are on sale."""

import pytest
from django.test import Client
from django.urls import reverse

from shops.models import ProductSheet
from shops.payments.fake.models import Account, AccountLink
from shops.payments.fake.transport import in_process
from tests.factories import make_product, make_shop, make_staff
from tests.shops.payments.conftest import restrict, trouble

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _border():
    with in_process():
        yield


@pytest.fixture
def shop():
    shop = make_shop(stripe_account="", transfers_active=False)
    make_product(shop)
    return shop


@pytest.fixture
def owner(shop):
    client = Client()
    client.force_login(make_staff(shop))
    return client


def at(shop, name):
    return reverse(f"desk:{name}", args=[shop.slug])


def levels(page) -> list[str]:
    return [message.level_tag for message in page.context["messages"]]


def test_an_owner_opens_the_account_and_the_goods_go_on_sale(shop, owner):
    assert at(shop, "payouts") in owner.get(at(shop, "board")).content.decode()

    there = owner.post(at(shop, "payouts_begin"))
    link = AccountLink.objects.get()
    back = owner.post(there.url, {"choice": "complete"})
    page = owner.get(back.headers["Location"], follow=True)

    shop.refresh_from_db()
    assert there.url.endswith(f"/{link.pk}/")
    assert shop.stripe_account == link.account_id
    assert (levels(page), shop.transfers_active) == (["success"], True)
    assert ProductSheet.objects.on_sale().count() == 1
    assert at(shop, "payouts") not in owner.get(at(shop, "board")).content.decode()


def test_going_twice_opens_one_account(shop, owner):
    owner.post(at(shop, "payouts_begin"))
    owner.post(at(shop, "payouts_begin"))

    assert Account.objects.count() == 1
    assert AccountLink.objects.count() == 2


def test_coming_back_without_finishing_says_that_something_is_missing(shop, owner):
    owner.post(at(shop, "payouts_begin"))

    page = owner.get(at(shop, "payouts_return"), follow=True)

    shop.refresh_from_db()
    assert (levels(page), shop.transfers_active) == (["warning"], False)
    assert "Continuer chez Stripe" in page.content.decode()


def test_a_spent_link_leads_to_the_next_one(shop, owner):
    owner.post(at(shop, "payouts_begin"))
    spent = AccountLink.objects.get()

    answer = owner.get(at(shop, "payouts_resume"))

    fresh = AccountLink.objects.exclude(pk=spent.pk).get()
    assert answer.url.endswith(f"/{fresh.pk}/")
    assert fresh.account == spent.account


def test_a_link_from_elsewhere_opens_no_account(shop, owner):
    answer = owner.get(at(shop, "payouts_resume"))

    assert answer.url == at(shop, "payouts")
    assert not Account.objects.exists()


def test_when_stripe_is_silent_a_sentence_says_so(shop, owner):
    trouble("server_error", times=9)

    begun = owner.post(at(shop, "payouts_begin"), follow=True)

    assert levels(begun) == ["error"]


def test_an_account_that_stripe_restricted_can_be_completed_again(shop, owner):
    there = owner.post(at(shop, "payouts_begin"))
    owner.post(there.url, {"choice": "complete"})
    owner.get(at(shop, "payouts_return"), follow=True)
    shop.refresh_from_db()
    restrict(shop)

    page = owner.get(at(shop, "payouts_return"), follow=True)

    shop.refresh_from_db()
    assert (levels(page), shop.transfers_active) == (["warning"], False)
