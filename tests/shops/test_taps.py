"""A tap that comes twice is done once, and hears the same answer; a page without script goes on as before."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from shops import orders, taps
from shops.models import ShopOrder, ShopStaff, Tap
from tests.factories import make_product, make_shop, make_staff
from tests.shops.orders_of import paid_shop_order

pytestmark = pytest.mark.django_db
Status = ShopOrder.Status


@pytest.fixture
def shop():
    return make_shop(opening_hours="24/7")


@pytest.fixture
def tap(shop):
    """`tap(name, pk?, key=…, **fields)`: the script of the page of a helper sends a form; status and JSON."""
    user = make_staff(shop, ShopStaff.Role.HELPER)
    person = ShopStaff.objects.get(user=user).pk
    client = Client()
    client.force_login(user)

    def send(name, *args, key, by=person, **fields):
        headers = {"X-Tap": str(key), "X-Person": str(by)}
        answer = client.post(reverse(f"desk:{name}", args=[shop.slug, *args]), fields, headers=headers)
        return answer.json() if answer.status_code == 200 else answer.status_code

    return send


def moves(shop_order) -> list[str]:
    return [change.current for change in shop_order.history()]


def test_a_tap_sent_twice_is_done_once_and_answered_the_same(shop, tap):
    shop_order, key = paid_shop_order(make_product(shop)), uuid4()

    answers = [tap("accept", shop_order.pk, key=key) for _time in range(2)]

    assert answers == [{"done": True, "words": f"Commande {shop_order.number} acceptée."}] * 2
    assert moves(shop_order) == [Status.CONFIRMED]


def test_who_was_slower_reads_so_each_time(shop, tap):
    shop_order, key = paid_shop_order(make_product(shop)), uuid4()
    orders.refuse_all(shop_order, reason="Épuisé", by=None)

    answers = [tap("accept", shop_order.pk, key=key) for _time in range(2)]

    words = f"{shop_order.number} : Cette commande a déjà une réponse, ou elle est annulée."
    assert [answer["done"] for answer in answers] == [False, False]
    assert answers[0] == answers[1]
    assert answers[0]["words"].startswith(shop_order.number), words
    assert moves(shop_order) == [Status.REFUSED]


def test_the_way_of_an_order_tapped_without_network_and_sent_afterwards(shop, tap):
    shop_order = paid_shop_order(make_product(shop))

    first = tap("accept", shop_order.pk, key=uuid4())
    second = tap("ready", shop_order.pk, key=uuid4(), bags="2", size="medium")

    shop_order.refresh_from_db()
    assert (first["done"], second["done"]) == (True, True)
    assert (shop_order.status, shop_order.bags, shop_order.bag_size) == (Status.READY, 2, "medium")


def test_an_old_tap_sent_again_does_not_undo_a_later_one(shop, tap):
    shop_order, old = paid_shop_order(make_product(shop)), uuid4()
    tap("accept", shop_order.pk, key=uuid4())
    tap("ready", shop_order.pk, key=old, bags="1")
    tap("ready", shop_order.pk, key=uuid4(), bags="3")

    tap("ready", shop_order.pk, key=old, bags="1")

    shop_order.refresh_from_db()
    assert shop_order.bags == 3


def test_accepting_several_twice_tells_the_same(shop, tap):
    bread, key = make_product(shop, stock=9), uuid4()
    first, second = paid_shop_order(bread, 1), paid_shop_order(bread, 1)
    orders.refuse_all(second, reason="Épuisé", by=None)

    answers = [tap("accept_new", key=key, order=[first.pk, second.pk]) for _time in range(2)]

    assert answers[0] == answers[1]
    assert answers[0]["done"] is False
    assert answers[0]["words"].startswith("1 commande acceptée. 1 commande avait déjà")
    assert moves(first) == [Status.CONFIRMED]


def test_a_key_is_good_for_one_deed(shop, tap):
    shop_order, key = paid_shop_order(make_product(shop)), uuid4()
    tap("accept", shop_order.pk, key=key)

    answer = tap("ready", shop_order.pk, key=key, bags="1")

    shop_order.refresh_from_db()
    assert answer == {"done": False, "words": "Cet appui a déjà servi."}
    assert shop_order.status == Status.CONFIRMED


def test_nonsense_is_answered_in_words_and_does_nothing(shop, tap):
    shop_order = paid_shop_order(make_product(shop))
    tap("accept", shop_order.pk, key=uuid4())

    answers = [
        tap("ready", shop_order.pk, key=uuid4(), bags=bags, size=size) for bags, size in [("x", ""), ("1", "huge")]
    ]
    refusal = tap("refuse", shop_order.pk, key=uuid4(), reason="")

    shop_order.refresh_from_db()
    assert [answer["done"] for answer in [*answers, refusal]] == [False] * 3
    assert all(answer["words"] for answer in [*answers, refusal])
    assert tap("accept", shop_order.pk, key="nonsense") == 400
    assert shop_order.status == Status.CONFIRMED


def test_a_tap_is_not_done_in_the_name_of_another_person(shop, tap):
    shop_order = paid_shop_order(make_product(shop))

    assert tap("accept", shop_order.pk, key=uuid4(), by=0) == 403

    assert moves(shop_order) == []
    assert not Tap.objects.exists()


def test_the_same_key_of_two_shops_are_two_taps(tap, shop):
    key, other = uuid4(), make_shop()
    Tap.objects.create(shop=other, key=key, deed="accept 1", done=True, words="secret")
    shop_order = paid_shop_order(make_product(shop))

    assert tap("accept", shop_order.pk, key=key)["words"] == f"Commande {shop_order.number} acceptée."


def test_what_breaks_is_not_kept_and_can_come_again(shop):
    key = uuid4()

    with pytest.raises(ZeroDivisionError):
        taps.once(shop, key=key, deed="accept 1", action=lambda: 1 / 0)

    assert taps.once(shop, key=key, deed="accept 1", action=lambda: taps.Outcome(True, "ja")).done


def test_old_keys_are_forgotten(shop):
    for days in (8, 6):
        Tap.objects.create(shop=shop, key=uuid4(), deed="accept 1", at=timezone.now() - timedelta(days=days))

    assert taps.forget() == 1
    assert Tap.objects.count() == 1
