"""The weekly round: door by door, one tap each, differences become alarms, nothing opens."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from pickup.models import Alarm, BankCommand, Compartment, Round, RoundCheck
from pickup.operating import alarms, rounds
from pickup.protocol.vocabulary import CommandType
from tests.factories import make_user
from tests.pickup.makers import make_bank, make_sheet, ready

pytestmark = pytest.mark.django_db


@pytest.fixture
def walk(bank) -> Round:
    return rounds.begin(bank, by=make_user(is_staff=True))


def door(label: str) -> Compartment:
    return Compartment.objects.select_related("bank").get(label=label)


def tap(client, walk, label, found):
    return client.post(reverse("pickup:check-door", args=[walk.pk, door(label).pk]), {"found": found})


def test_the_worksheet_says_what_should_be_behind_each_door(client, operator, bank, walk):
    collection = ready(bank.point, (make_sheet(), 1))

    rows = [(row.compartment.label, row.expected) for row in rounds.worksheet(walk)]

    assert rows == [("C1", f"goods of order {collection.order.number}"), ("C2", "empty"), ("C3", "empty")]


def test_one_tap_writes_down_who_saw_what_and_leads_to_the_next_door(client, operator, walk):
    answer = tap(client, walk, "C1", "agrees")

    assert answer["Location"].endswith(f"#casier-{door('C2').pk}")
    assert list(RoundCheck.objects.values_list("compartment__label", "found", "expected", "by")) == [
        ("C1", "agrees", "empty", operator.pk)
    ]


def test_a_second_tap_corrects_the_first(client, operator, walk):
    tap(client, walk, "C1", "not_empty")
    tap(client, walk, "C1", "agrees")

    assert RoundCheck.objects.get().found == "agrees"
    assert not Alarm.objects.standing().exists()
    assert (door("C1").service, door("C1").contents) == ("in_service", "empty")


@pytest.mark.parametrize(
    ("found", "reason", "contents"), [("not_empty", "check", "suspect"), ("dirty", "dirty", "empty")]
)
def test_a_door_that_differs_is_an_alarm_and_takes_nothing_new(client, operator, walk, found, reason, contents):
    tap(client, walk, "C1", found)

    seen = door("C1")
    assert (seen.service, seen.service_reason, seen.contents) == ("quarantined", reason, contents)
    assert list(Alarm.objects.standing().values_list("kind", "subject", "details")) == [
        ("difference", "C1", {"found": found})
    ]


def test_missing_goods_are_an_alarm_and_the_order_stays_as_it_is(client, operator, bank, walk):
    collection = ready(bank.point, (make_sheet(), 1))

    tap(client, walk, "C1", "missing")

    collection.refresh_from_db()
    assert (collection.status, door("C1").service) == ("ready", "in_service")
    assert Alarm.objects.get().kind == "difference"


def test_a_round_opens_no_door(client, operator, bank, walk):
    ready(bank.point, (make_sheet(), 1))
    for label, found in (("C1", "agrees"), ("C2", "not_empty"), ("C3", "dirty")):
        tap(client, walk, label, found)
    client.post(reverse("pickup:finish-round", args=[walk.pk]))

    assert not BankCommand.objects.filter(type=CommandType.DOOR_OPEN).exists()


@pytest.mark.parametrize("found", ["", "everything", "AGREES", None])
def test_nonsense_is_not_written_down(client, operator, walk, found):
    client.post(reverse("pickup:check-door", args=[walk.pk, door("C1").pk]), {} if found is None else {"found": found})

    assert not RoundCheck.objects.exists()


def test_another_banks_door_is_not_on_the_worksheet(client, operator, walk):
    other = Compartment.objects.filter(bank=make_bank("S")).get()

    answer = client.post(reverse("pickup:check-door", args=[walk.pk, other.pk]), {"found": "agrees"})

    assert (answer.status_code, RoundCheck.objects.count()) == (404, 0)


def test_a_round_that_is_over_stays_as_it_is(client, operator, walk):
    client.post(reverse("pickup:finish-round", args=[walk.pk]))

    tap(client, walk, "C1", "not_empty")

    assert not RoundCheck.objects.exists()
    assert not Alarm.objects.exists()


def test_there_is_one_round_at_a_time(client, operator, bank):
    for _tap in range(2):
        client.post(reverse("pickup:begin-round", args=[bank.pk]))

    assert Round.objects.count() == 1


def test_a_round_is_due_a_week_after_the_last_one(bank, walk):
    now = timezone.now()
    assert [each for each, _last in rounds.due(now)] == [bank]

    rounds.finish(walk)

    assert rounds.due(now + timedelta(days=6)) == []
    assert [each for each, _last in rounds.due(now + timedelta(days=8))] == [bank]


def test_an_alarm_about_a_difference_ends_when_a_later_round_agrees(walk):
    rounds.check(walk, door("C1"), found="dirty", by=None)
    rounds.finish(walk)
    later = rounds.begin(walk.bank, by=None)

    rounds.check(later, door("C1"), found="agrees", by=None)

    assert not Alarm.objects.standing().exists()
    assert door("C1").service == "in_service"


def test_a_difference_does_not_hide_another_fault(walk):
    Compartment.objects.filter(label="C1").update(service="out_of_service", service_reason="jam")
    alarms.ring(walk.bank, Alarm.Kind.JAM, subject="C1")

    rounds.check(walk, door("C1"), found="not_empty", by=None)

    assert door("C1").service_reason == "jam"
