"""A shop is suspended with reasons, answers once, somebody else decides; residents get what they have paid."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from oscar.core.loading import get_model

from marketplace.foundation.models import Message
from shops import suspending
from shops.models import Shop, ShopOrder, ShopStaff, Suspension
from shops.tasks import close_deadlines
from tests.factories import make_product, make_shop, make_staff, make_user
from tests.shops.at_the_desk import sign_in
from tests.shops.joining_of import make_opener
from tests.shops.orders_of import paid_shop_order, pay, place

Line = get_model("basket", "Line")
pytestmark = pytest.mark.django_db
REASONS = "Lettre du 3 novembre : trois commandes sans réponse."


@pytest.fixture
def shop():
    shop = make_shop("La Rose", opening_hours="24/7")
    make_product(shop, "Bouquet")
    return shop


def suspend(shop, ground="orders", **fields) -> Suspension:
    return suspending.suspend(shop, ground=ground, reasons=REASONS, **{"by": make_opener(), **fields})


def status(shop) -> str:
    return Shop.objects.get(pk=shop.pk).status


def test_a_suspended_shop_is_gone_from_the_site_and_its_owners_read_why(client, shop):
    owner, sheet = make_staff(shop), shop.sheets.get()

    suspension = suspend(shop)

    mail = Message.objects.get(kind="suspended")
    assert status(shop) == Shop.Status.SUSPENDED
    assert [client.get(page).status_code for page in (shop.get_absolute_url(), sheet.get_absolute_url())] == [404, 404]
    assert mail.to == owner.email and REASONS in mail.text
    assert (suspension.begun_at is None, suspension.by is None) == (False, False)


def test_paid_orders_go_on_and_new_ones_are_not_taken(client, shop):
    sheet = shop.sheets.get()
    paid = paid_shop_order(sheet, 1)

    suspend(shop)

    desk = sign_in(shop, ShopStaff.Role.HELPER)
    desk("accept", paid.pk, data={})
    paid.refresh_from_db()
    lines = Line.objects.count()
    client.post(reverse("basket:add"), {"product": sheet.product_id, "quantity": 1})
    assert paid.status == ShopOrder.Status.CONFIRMED
    assert Line.objects.count() == lines


@pytest.mark.parametrize("ground", ["illegal", "safety"])
def test_dangerous_goods_reach_nobody_whenever_they_were_paid(shop, ground):
    sheet = shop.sheets.get()
    paid_shop_order(sheet, 1)
    being_paid = place((sheet, 1))

    suspend(shop, ground)
    pay(being_paid)
    suspending.begin_due()

    assert set(ShopOrder.objects.of(shop).values_list("status", flat=True)) == {"refused"}
    sheet.stock.refresh_from_db()
    assert sheet.stock.num_allocated == 0


def test_an_announced_suspension_begins_on_its_day_and_not_before(shop):
    later = timezone.now() + timedelta(days=10)
    suspend(shop, starts_at=later)

    assert (suspending.begin_due(), status(shop)) == (0, "open")
    assert (suspending.begin_due(later), status(shop)) == (1, "suspended")
    assert suspending.begin_due(later) == 0


def test_the_deadlines_of_each_minute_begin_what_is_due(shop):
    suspension = suspend(shop, starts_at=timezone.now() + timedelta(days=1))
    Suspension.objects.filter(pk=suspension.pk).update(starts_at=timezone.now())

    close_deadlines()

    assert status(shop) == "suspended"


def test_an_announced_suspension_can_be_taken_back(shop):
    later = timezone.now() + timedelta(days=10)
    suspend(shop, starts_at=later)

    suspending.reopen(shop, reason="Réglé", by=make_opener())

    assert (suspending.begin_due(later), status(shop)) == (0, "open")


@pytest.mark.parametrize("wrong", [{"reasons": " "}, {"ground": "mood"}, {"ground": ""}])
def test_no_suspension_without_ground_and_reasons(shop, wrong):
    with pytest.raises(suspending.NoReasons):
        suspending.suspend(shop, **{"ground": "tax", "reasons": "R", "by": make_opener(), **wrong})

    assert (status(shop), Suspension.objects.count()) == ("open", 0)


@pytest.mark.parametrize("days", [-2, 61])
def test_no_suspension_for_a_day_that_means_nothing(shop, days):
    with pytest.raises(suspending.WrongDay):
        suspend(shop, starts_at=timezone.now() + timedelta(days=days))

    assert not Suspension.objects.exists()


def test_a_shop_is_suspended_once_at_a_time(shop):
    suspend(shop, starts_at=timezone.now() + timedelta(days=10))

    with pytest.raises(suspending.NotOpen):
        suspend(shop)
    with pytest.raises(suspending.NotOpen):
        suspend(make_shop(status=Shop.Status.DRAFT))

    assert Suspension.objects.count() == 1


def test_the_shop_answers_once_and_somebody_else_lifts_the_suspension(client, shop):
    first, second = make_opener(), make_opener()
    suspension = suspend(shop, by=first)
    owner = make_staff(shop)
    desk = sign_in(shop, ShopStaff.Role.OWNER)

    desk("suspension", data={"text": "Les trois commandes étaient répondues."})
    desk("suspension", data={"text": "Et encore."})
    client.force_login(first)
    decide = reverse("admission:decide", args=[shop.slug])
    client.post(decide, {"decision": "lifted", "reasons": "Vrai"})
    assert status(shop) == "suspended"
    client.force_login(second)
    client.post(decide, {"decision": "lifted", "reasons": "Les réponses sont dans le journal."})

    suspension.refresh_from_db()
    assert suspension.appeal == "Les trois commandes étaient répondues."
    assert (suspension.answered_by, suspension.decision, status(shop)) == (second, "lifted", "open")
    assert Message.objects.filter(kind="suspension_decided", to=owner.email).count() == 1
    assert client.get(shop.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("role", ShopStaff.Role.values)
def test_who_works_in_the_shop_neither_decides_nor_reopens(client, shop, role):
    """People of the association are shopkeepers themselves."""
    suspension = suspend(shop)
    suspending.appeal(suspension, text="Ce n’est pas vrai", by=make_staff(shop))
    colleague = make_opener()
    ShopStaff.objects.create(shop=shop, user=colleague, role=role)
    client.force_login(colleague)
    sent = Message.objects.count()

    pages = [
        client.post(reverse(f"admission:{name}", args=[shop.slug]), fields, follow=True)
        for name, fields in (
            ("decide", {"decision": "lifted", "reasons": "Rien de grave."}),
            ("reopen", {"reason": "Rien de grave."}),
        )
    ]

    assert all(escape(str(suspending.OwnShop())) in page.content.decode() for page in pages)
    suspension.refresh_from_db()
    assert (status(shop), suspension.decision, suspension.ended_at) == ("suspended", "", None)
    assert Message.objects.count() == sent


def test_an_upheld_suspension_stays_and_is_decided_once(shop):
    suspension = suspend(shop)
    suspending.appeal(suspension, text="Non", by=make_staff(shop))
    suspending.decide(suspension, decision="upheld", reasons="Confirmé", by=make_opener())

    with pytest.raises(suspending.NotSuspended):
        suspending.decide(suspension, decision="lifted", reasons="Tout compte fait", by=make_opener())

    assert status(shop) == "suspended"


def test_the_database_lets_nobody_judge_themselves(shop):
    suspension = suspend(shop)

    with pytest.raises(IntegrityError), transaction.atomic():
        Suspension.objects.filter(pk=suspension.pk).update(answered_by=suspension.by)


def test_nothing_is_decided_before_the_shop_has_answered(shop):
    with pytest.raises(suspending.NotSuspended):
        suspending.decide(suspend(shop), decision="lifted", reasons="R", by=make_opener())

    assert status(shop) == "suspended"


def test_reopening_says_why_and_is_kept(shop):
    opener = make_opener()
    suspend(shop)

    suspending.reopen(shop, reason="Commandes servies", by=opener)

    last = shop.history().last()
    assert (last.previous, last.current, last.by, last.reason) == ("suspended", "open", opener, "Commandes servies")
    with pytest.raises(suspending.NotSuspended):
        suspending.reopen(shop, reason="Encore", by=opener)


@pytest.mark.parametrize("page", ["board", "products", "shop", "payouts", "suspension", "leave", "people"])
def test_the_desk_of_a_suspended_shop_stays(shop, page):
    suspend(shop)

    answer = sign_in(shop, ShopStaff.Role.OWNER)(page)

    assert answer.status_code == 200
    assert reverse("desk:suspension", args=[shop.slug]) in answer.content.decode()


def test_helpers_read_that_it_is_suspended_but_not_why(shop):
    suspend(shop)

    page = sign_in(shop, ShopStaff.Role.HELPER)("board").content.decode()

    assert (REASONS in page, reverse("desk:suspension", args=[shop.slug]) in page) == (False, False)


@pytest.mark.parametrize("text", ["", "  ", "\x00", "x" * 3001])
def test_nonsense_is_no_answer(shop, text):
    suspension = suspend(shop)

    assert sign_in(shop, ShopStaff.Role.OWNER)("suspension", data={"text": text}).status_code == 200

    suspension.refresh_from_db()
    assert suspension.appealed_at is None


@pytest.mark.parametrize("name", ["suspend", "decide", "reopen"])
@pytest.mark.parametrize("who", [None, make_user, lambda: make_user(is_staff=True)])
def test_for_everybody_else_these_addresses_do_not_exist(client, shop, name, who):
    if who:
        client.force_login(who())

    answer = client.post(
        reverse(f"admission:{name}", args=[shop.slug]), {"ground": "tax", "reasons": "R", "reason": "R"}
    )

    assert answer.status_code == (404 if who else 302)
    assert status(shop) == "open"


@pytest.mark.parametrize(
    "fields", [{}, {"ground": "x", "reasons": "y"}, {"ground": "tax", "reasons": ""}, {"ground": "tax", "reasons": "R", "first_on": "x"},
               {"ground": "tax", "reasons": "R", "first_on": "1900-01-01"}, {"ground": "tax", "reasons": "\x00"}],
)  # fmt: skip
def test_nonsense_suspends_nobody(client, shop, fields):
    client.force_login(make_opener())

    answer = client.post(reverse("admission:suspend", args=[shop.slug]), fields)

    assert answer.status_code in (302, 422)
    assert (status(shop), Suspension.objects.count()) == ("open", 0)
