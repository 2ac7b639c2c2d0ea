"""The emergency list of a dead bank: who has goods behind which door, without a code; and what was handed out by it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from marketplace.checkout.models import OrderDetails
from pickup import codes, collections
from pickup.errors import NothingHere
from pickup.models import Collection, Compartment, Leg, PaperList
from pickup.operating import forgetting, paper
from shops.models import ShopOrder
from tests.factories import make_user
from tests.pickup.makers import make_bank, make_counter, make_sheet, ready, reserve

pytestmark = pytest.mark.django_db


@pytest.fixture
def chief(client):
    """An operator who may see all orders, signed in."""
    user = make_user("cleo@valmont.example", is_staff=True, is_superuser=True)
    client.force_login(user)
    return user


@pytest.fixture
def collection(bank):
    """Chilled goods of Léa Durand behind C3."""
    return named(ready(bank.point, (make_sheet(temperature="chilled"), 1)))


def named(collection: Collection, name="Léa Durand", phone="+33 6 12 34 56 78") -> Collection:
    OrderDetails.objects.create(
        order=collection.order, name=name, email="lea@valmont.example", phone=phone, language="fr"
    )
    return collection


def printed(client, bank, why="no power since 18:00") -> str:
    return client.post(reverse("pickup:paper-list", args=[bank.pk]), {"why": why}).content.decode()


def timeline(client, collection) -> str:
    return client.get(reverse("pickup:timeline", args=[collection.pk])).content.decode()


def note(client, leg, act="handed-out", why="key, no power"):
    return client.post(reverse(f"pickup:{act}", args=[leg.pk]), {"why": why})


def test_a_line_says_door_order_and_as_much_of_the_resident_as_it_takes(bank, chief, collection):
    made, rows = paper.write_list(bank, why="no power", by=chief)

    row = rows[0]
    assert len(rows) == made.doors == 1
    assert (row.door, row.order) == (collection.legs.get().compartment.label, collection.order.number)
    assert row.person == ("L. D.", "5678")
    assert (row.keeping, row.is_cold, row.is_over) == ("chilled", True, False)
    assert row.until == collection.legs.get().hard_exp
    assert row.shops == [shop_order.shop.name for shop_order in collection.order.shop_orders.all()]


def test_the_sheet_holds_no_code_and_no_whole_name_or_number(client, chief, bank, collection):
    share = collections.share(collection, name="Paul")

    page = printed(client, bank)

    pins = [codes.collect_pin(collection), codes.share_pin(share)]
    secrets = [*pins, *map(codes.grouped, pins), codes.collect_token(collection), codes.share_token(share)]
    assert collection.order.number in page
    assert "5678" in page
    assert [text for text in [*secrets, "Durand", "12 34 56", "lea@valmont.example"] if text in page] == []


def test_doors_stand_in_the_order_in_which_they_hang_and_empty_ones_are_left_out(chief):
    bank = make_bank("S", "S", "S", "S")
    orders = [ready(bank.point, (make_sheet(), 1)) for _number in range(3)]
    collections.collect(orders[1].legs.get())
    reserve(bank.point, (make_sheet(), 1))

    _made, rows = paper.write_list(bank, why="no power", by=chief)

    assert [(row.door, row.order) for row in rows] == [("C1", orders[0].order.number), ("C3", orders[2].order.number)]


def test_food_whose_time_is_over_and_a_dispute_are_marked(chief, bank, collection):
    later = collection.legs.get().hard_exp + timedelta(minutes=1)
    collections.report_problem(collection, kind="something_missing")

    _made, rows = paper.write_list(bank, why="no power", by=chief, now=later)

    assert rows[0].is_over
    assert "said to be missing" in rows[0].note


def test_who_made_a_list_and_why_is_kept_and_shown(client, chief, bank, collection):
    answer = client.post(reverse("pickup:paper-list", args=[bank.pk]), {"why": "no power since 18:00"})

    made = PaperList.objects.get()
    assert (made.bank, made.by, made.why, made.doors) == (bank, chief, "no power since 18:00", 1)
    assert "no-store" in answer["Cache-Control"]
    page = client.get(reverse("pickup:paper-list", args=[bank.pk])).content.decode()
    assert "cleo@valmont.example: no power since 18:00" in page
    assert collection.order.number not in page


@pytest.mark.parametrize("why", ["", "  ", "x" * 41])
def test_without_a_reason_nothing_is_shown(client, chief, bank, collection, why):
    page = printed(client, bank, why=why)

    assert collection.order.number not in page
    assert not PaperList.objects.exists()


@pytest.mark.parametrize("many", [1, 3])
def test_the_list_asks_as_often_for_any_number_of_doors(chief, django_assert_num_queries, many):
    bank = make_bank("S", "S", "S")
    for _number in range(many):
        named(ready(bank.point, (make_sheet(), 1)))

    with django_assert_num_queries(10):  # eight, and the transaction
        _made, rows = paper.write_list(bank, why="no power", by=chief)

    assert [row.person.phone_end for row in rows] == ["5678"] * many


def test_goods_handed_out_by_hand_are_collected_and_the_order_says_by_whom(client, operator, bank, device, collection):
    leg = collection.legs.get()

    note(client, leg)

    collection.refresh_from_db()
    assert collection.status == Collection.Status.COLLECTED
    assert [each.status for each in collection.order.shop_orders.all()] == [ShopOrder.Status.COLLECTED]
    assert Compartment.objects.get(pk=leg.compartment_id).contents == "empty"
    page = timeline(client, collection)
    assert "A person handed the goods to the resident" in page
    assert "ada@valmont.example, key, no power" in page
    assert "Taken out by hand" not in page
    assert device.authlist().entries == ()


def test_goods_carried_to_the_counter_wait_there_under_the_same_code(client, operator, bank, collection):
    counter = make_counter()

    note(client, collection.legs.get(), act="at-counter")

    collection.refresh_from_db()
    assert (collection.status, collection.point) == (Collection.Status.AT_COUNTER, counter)
    assert "A person took the goods to the counter" in timeline(client, collection)
    handed = collections.hand_over(counter, codes.collect_pin(collection), by=operator)
    assert handed.status == Collection.Status.COLLECTED


def test_what_the_bank_still_had_to_say_does_no_harm_afterwards(client, operator, bank, device, collection):
    leg = collection.legs.get()
    note(client, leg)

    device.sync(device.event("claim", compartment=leg.compartment.label, legs=[leg.pk]))

    assert not bank.events.exclude(problem="").exists()
    assert Leg.objects.get(pk=leg.pk).status == Leg.Status.COLLECTED


@pytest.mark.parametrize("act", ["handed-out", "at-counter"])
@pytest.mark.parametrize("why", ["", "x" * 41])
def test_without_a_reason_nothing_is_noted(client, operator, collection, act, why):
    make_counter()
    leg = collection.legs.get()

    answer = note(client, leg, act=act, why=why)

    assert answer.status_code == 400
    assert Leg.objects.get().status == Leg.Status.READY


@pytest.mark.parametrize("act", ["hand_out", "take_to_counter"])
def test_nothing_is_noted_twice_and_nothing_that_was_not_inside(operator, bank, collection, act):
    make_counter()
    leg, empty = collection.legs.get(), reserve(bank.point, (make_sheet(), 1)).legs.get()
    paper.take_to_counter(leg, why="key", by=operator)
    before = list(Leg.objects.values())

    for each in (leg, empty):
        with pytest.raises(NothingHere):
            getattr(paper, act)(each, why="key", by=operator)

    assert list(Leg.objects.values()) == before


def test_without_a_counter_the_goods_stay_where_they_are(client, operator, collection):
    answer = note(client, collection.legs.get(), act="at-counter")

    assert answer.status_code == 302
    assert Leg.objects.get().status == Leg.Status.READY


def test_names_leave_the_lists_after_a_year(bank, chief):
    paper.write_list(bank, why="no power", by=chief)

    forgetting.forget_old(timezone.now() + timedelta(days=370))
    nameless = PaperList.objects.get().by
    forgetting.forget_old(timezone.now() + timedelta(days=560))

    assert nameless is None
    assert not PaperList.objects.exists()
