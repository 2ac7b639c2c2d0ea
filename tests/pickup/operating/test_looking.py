"""Somebody looked behind a door that should hold goods, and nothing was there: no goods are lost without a word."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from pickup import capacity, codes, collections
from pickup.errors import ChangedMeanwhile, NobodyLooked, NothingHere
from pickup.models import Alarm, BankCommand, Collection, Compartment, EmptyDoor, Leg, Parcel, Problem
from pickup.operating import alarms, forgetting, looking, rounds, wall
from shops.models import Refund, ShopOrder
from tests.pickup.makers import confirmed, free_compartment, make_counter, make_sheet, parcels_of, ready

pytestmark = pytest.mark.django_db
MOVED = (Alarm, BankCommand, Compartment, Collection, EmptyDoor, Leg, Problem, Refund)


def door(label="C1") -> Compartment:
    return Compartment.objects.select_related("bank__point", "zone").get(label=label)


def say_empty(client, label="C1", expected="", why="vu de mes yeux"):
    return client.post(reverse("pickup:found-empty", args=[door(label).pk]), {"why": why, "expected": expected})


def say_lost(client, leg, why="introuvable"):
    return client.post(reverse("pickup:lost", args=[leg.pk]), {"why": why})


def page(client, name, pk) -> str:
    with translation.override("en"):
        return client.get(reverse(f"pickup:{name}", args=[pk])).content.decode()


def everything() -> list:
    return [list(model.objects.order_by("pk").values()) for model in MOVED]


@pytest.fixture
def collection(bank):
    """Ready behind C1."""
    return ready(bank.point, (make_sheet(price="7.00"), 1))


@pytest.mark.parametrize("contents", ["suspect", "unknown", "occupied"])
def test_nobodys_compartment_is_empty_again_and_planned_with(client, operator, bank, contents):
    walk = rounds.begin(bank, by=operator)
    rounds.check(walk, door(), found="not_empty", by=operator)
    Compartment.objects.filter(label="C1").update(contents=contents)
    before = bank.classes.get(temperature="ambient", size="S").doors

    answer = say_empty(client)

    assert (door().contents, door().service) == ("empty", "in_service")
    assert (before, bank.classes.get(temperature="ambient", size="S").doors) == (1, 2)
    assert not Alarm.objects.standing().exists()
    assert answer["Location"].endswith(f"/exploitation/casiers/{door().pk}/")
    shown = page(client, "door", door().pk)
    assert "A person looked behind C1 and found nothing" in shown
    assert "ada@valmont.example, vu de mes yeux" in shown
    assert "I looked: nothing is there" not in shown


@pytest.mark.parametrize("reason", ["jam", "dirty", "left_open"])
def test_an_empty_compartment_may_have_other_faults(client, operator, bank, reason):
    Compartment.objects.filter(label="C1").update(contents="suspect", service="quarantined", service_reason=reason)

    say_empty(client)

    assert (door().contents, door().service, door().service_reason) == ("empty", "quarantined", reason)


def test_goods_that_are_not_there_are_a_dispute_that_waits_for_an_answer(client, operator, bank, collection):
    leg = collection.legs.get()
    alarms.ring(bank, Alarm.Kind.DIFFERENCE, subject="C1", found="missing")

    answer = say_empty(client, expected=leg.pk)

    collection.refresh_from_db()
    problem = Problem.objects.get()
    assert collection.status == Collection.Status.DISPUTED
    assert (problem.kind, problem.leg, problem.compartment) == ("something_missing", leg, door())
    assert (problem.seen_by_operator, problem.status) == (True, "open")
    assert not Alarm.objects.standing().exists()
    assert answer["Location"].endswith(f"/exploitation/commandes/{collection.pk}/")
    shown = page(client, "timeline", collection.pk)
    assert "A person looked behind C1 and found nothing" in shown
    assert "ada@valmont.example, vu de mes yeux" in shown
    assert "Lost: refund the resident" in shown
    with translation.override("en"):
        waiting = client.get(reverse("pickup:problems")).content.decode()
    assert "One of you found nothing behind the door." in waiting


def test_until_the_answer_the_compartment_stays_taken_and_its_code_good(client, operator, bank, device, collection):
    leg = collection.legs.get()

    say_empty(client, expected=leg.pk)

    view = next(each for each in wall.one(bank.pk, timezone.now()).doors if each.label == "C1")
    assert (view.look, view.words) == ("check", "goods are missing")
    assert capacity.Room([bank], timezone.now()).stays[bank.pk]["ambient"]
    assert {entry.leg for entry in device.authlist().entries} == {leg.pk}
    with translation.override("en"):
        words = collections.progress(Collection.objects.get(pk=collection.pk)).words
    assert "did not find all of your goods" in words


def test_saying_it_twice_disputes_once(client, operator, collection):
    leg = collection.legs.get()

    for _twice in range(2):
        say_empty(client, expected=leg.pk)

    assert (Problem.objects.count(), EmptyDoor.objects.count()) == (1, 2)


def test_what_the_resident_has_reported_stays_his_report(client, operator, collection):
    leg = collection.legs.get()
    collections.report_problem(collection, kind="something_missing", leg=leg, note="rien")

    say_empty(client, expected=leg.pk)

    assert list(Problem.objects.values_list("note", "seen_by_operator")) == [("rien", False)]


def test_an_order_that_is_still_being_filled_rings_an_alarm(client, operator, bank):
    collection = confirmed(bank.point, (make_sheet(), 1), (make_sheet(), 1))
    first, _second = parcels_of(collection)
    collections.deposit(first, compartment=free_compartment(first))
    leg = collection.legs.get()

    say_empty(client, expected=leg.pk)

    collection.refresh_from_db()
    assert (collection.status, Problem.objects.count()) == (Collection.Status.DEPOSITING, 0)
    assert list(Alarm.objects.standing().values_list("kind", "subject", "details")) == [
        ("difference", "C1", {"found": "missing"})
    ]
    assert EmptyDoor.objects.get().leg == leg


def test_found_again_it_is_where_it_stood(client, operator, collection):
    say_empty(client, expected=collection.legs.get().pk)

    collections.answer_problem(Problem.objects.get(), answer="Wrong door, sorry.", by=operator)

    collection.refresh_from_db()
    assert (collection.status, door().contents) == (Collection.Status.READY, "occupied")


def test_the_resident_has_them_already(client, operator, collection):
    leg = collection.legs.get()
    say_empty(client, expected=leg.pk)

    client.post(reverse("pickup:handed-out", args=[leg.pk]), {"why": "a téléphoné"})
    during = Collection.objects.get().status
    collections.answer_problem(Problem.objects.get(), answer="Thank you.", by=operator)

    assert (during, Collection.objects.get().status, door().contents) == ("disputed", "collected", "empty")
    assert ShopOrder.objects.get().status == ShopOrder.Status.COLLECTED


def test_lost_goods_are_refunded_by_the_operator_and_the_shop_is_paid(client, operator, device, collection):
    leg = collection.legs.get()
    say_empty(client, expected=leg.pk)

    answer = say_lost(client, leg)

    refund, shop_order = Refund.objects.get(), ShopOrder.objects.get()
    assert (refund.amount, refund.reason, refund.bearer) == (700, "locker", "operator")
    assert (shop_order.status, shop_order.lines.get().outcome, shop_order.transfer.status) == (
        "no_show",
        "ruined",
        "sending",
    )
    assert (Parcel.objects.get().status, Leg.objects.get().status) == ("ruined", "released")
    assert (Collection.objects.get().status, door().contents) == ("released", "empty")
    assert device.authlist().entries == ()
    assert answer["Location"].endswith(f"/exploitation/commandes/{collection.pk}/")
    shown = page(client, "timeline", collection.pk)
    assert "A person gave the goods up as lost: they are refunded" in shown
    assert "ada@valmont.example, introuvable" in shown
    assert Problem.objects.open().count() == 1  # the resident still gets an answer


def test_the_rest_of_an_order_whose_goods_were_lost_can_be_collected(client, operator, bank):
    bread = make_sheet()
    collection = ready(bank.point, (bread, 1), (make_sheet(shop=bread.shop, temperature="chilled", price="7.00"), 1))
    gone = collection.legs.get(temperature="chilled")
    say_empty(client, gone.compartment.label, expected=gone.pk)
    say_lost(client, gone)

    collections.answer_problem(Problem.objects.get(), answer="Refunded.", by=operator)
    after_answer = Collection.objects.get().status
    collections.collect(collection.legs.get(temperature="ambient"))

    assert (after_answer, Collection.objects.get().status) == ("partial_ready", "collected")
    assert [refund.amount for refund in Refund.objects.all()] == [700]


@pytest.mark.parametrize("answered", [False, True])
def test_lost_goods_are_refunded_once(operator, collection, answered):
    leg = collection.legs.get()
    looking.find_empty(door(), expected=leg.pk, why="x", by=operator)
    looking.give_up(leg, why="x", by=operator)
    if answered:
        collections.answer_problem(Problem.objects.get(), answer="x", by=operator)
    before = everything()

    with pytest.raises(NothingHere):
        looking.give_up(leg, why="x", by=operator)

    assert everything() == before


def test_goods_behind_a_door_that_nobody_opened_are_not_given_up(client, operator, collection):
    before = everything()

    with pytest.raises(NobodyLooked):
        looking.give_up(collection.legs.get(), why="x", by=operator)
    say_lost(client, collection.legs.get())

    assert everything() == before
    assert "Lost: refund the resident" not in page(client, "timeline", collection.pk)


def test_a_look_before_the_last_goods_came_says_nothing_of_them(client, operator, bank):
    collection = confirmed(bank.point, (make_sheet(), 1), (make_sheet(), 1))
    first, second = parcels_of(collection)
    box = free_compartment(first)
    collections.deposit(first, compartment=box)
    leg = collection.legs.get()
    say_empty(client, expected=leg.pk)
    collections.deposit(second, compartment=box)
    before = everything()

    with pytest.raises(NobodyLooked):
        looking.give_up(leg, why="x", by=operator)

    assert everything() == before
    assert "Lost: refund the resident" not in page(client, "timeline", collection.pk)


def test_goods_that_came_after_the_page_was_opened_are_not_meant(client, operator, bank, collection):
    leg = collection.legs.get()
    before = everything()

    for expected in ("", leg.pk + 1):
        say_empty(client, expected=expected)
    with pytest.raises(ChangedMeanwhile):
        looking.find_empty(door("C2"), expected=leg.pk, why="x", by=operator)

    assert everything() == before


@pytest.mark.parametrize("why", ["", "  ", "x" * 41])
@pytest.mark.parametrize("act", [say_empty, say_lost])
def test_without_a_reason_nothing_is_noted(client, operator, collection, act, why):
    leg = collection.legs.get()
    looking.find_empty(door(), expected=leg.pk, why="x", by=operator)
    before = everything()

    answer = say_empty(client, expected=leg.pk, why=why) if act is say_empty else say_lost(client, leg, why=why)

    assert (answer.status_code, everything()) == (400, before)


@pytest.mark.parametrize("expected", ["all", "1; DROP TABLE", "-1", "9" * 30])
def test_nonsense_for_the_goods_changes_nothing(client, operator, collection, expected):
    before = everything()

    answer = say_empty(client, expected=expected)

    assert answer.status_code in {302, 400}
    assert everything() == before


def test_the_code_of_a_dispute_collects_what_was_found_after_all(client, operator, collection):
    counter = make_counter()
    leg = collection.legs.get()
    say_empty(client, expected=leg.pk)

    client.post(reverse("pickup:at-counter", args=[leg.pk]), {"why": "dans le couloir"})
    handed = collections.hand_over(counter, codes.collect_pin(collection), by=operator)

    assert handed.legs.get().status == Leg.Status.COLLECTED
    assert handed.status == Collection.Status.DISPUTED


def test_names_leave_after_a_year_and_the_rest_half_a_year_later(operator, bank):
    looking.find_empty(door(), expected=None, why="x", by=operator)

    forgetting.forget_old(timezone.now() + timedelta(days=370))
    nameless = EmptyDoor.objects.get().by
    forgetting.forget_old(timezone.now() + timedelta(days=560))

    assert nameless is None
    assert not EmptyDoor.objects.exists()
