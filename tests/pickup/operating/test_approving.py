"""An occupied compartment opens from afar for two people, once; an empty one for one person."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from pickup import collections
from pickup.models import BankCommand, Compartment, OpeningRequest
from pickup.operating import acting, approving
from tests.factories import make_user
from tests.pickup.makers import make_sheet, ready

pytestmark = pytest.mark.django_db


@pytest.fixture
def occupied(bank) -> Compartment:
    return ready(bank.point, (make_sheet(), 1)).legs.get().compartment


def post(client, name, pk, why="la clé est dedans"):
    return client.post(reverse(f"pickup:{name}", args=[pk]), {"why": why})


def test_one_person_opens_an_empty_compartment(client, operator, bank):
    post(client, "open", Compartment.objects.get(label="C2").pk, "inspection")

    command = BankCommand.objects.get()
    assert (command.type, command.data, command.reason, command.note, command.by) == (
        "door.open",
        {"compartment": "C2", "leg": None},
        "service",
        "inspection",
        operator,
    )


@pytest.mark.parametrize("contents", ["occupied", "suspect", "unknown"])
def test_what_may_be_full_counts_as_occupied(bank, contents):
    Compartment.objects.update(contents=contents)

    with pytest.raises(acting.Occupied):
        acting.open_empty(Compartment.objects.get(label="C2"), why="x", by=make_user(is_staff=True))

    assert not BankCommand.objects.exists()


def test_an_occupied_one_asks_for_a_second_person_and_opens_for_them(client, operator, colleague, occupied):
    post(client, "open", occupied.pk)
    asked = OpeningRequest.objects.get()
    assert not BankCommand.objects.exists()
    client.force_login(colleague)
    page = client.get(reverse("pickup:door", args=[occupied.pk])).content.decode()
    assert "la clé est dedans" in page

    post(client, "approve", asked.pk, "vu avec la résidente")

    asked.refresh_from_db()
    assert (asked.status, asked.asked_by, asked.why, asked.answered_by, asked.answer) == (
        "approved",
        operator,
        "la clé est dedans",
        colleague,
        "vu avec la résidente",
    )
    assert (asked.command.type, asked.command.data["compartment"], asked.command.by) == (
        "door.open",
        occupied.label,
        colleague,
    )


def test_nobody_approves_their_own_request(client, operator, occupied):
    post(client, "open", occupied.pk)
    asked = OpeningRequest.objects.get()

    page = client.get(reverse("pickup:door", args=[occupied.pk])).content.decode()
    post(client, "approve", asked.pk)

    assert reverse("pickup:approve", args=[asked.pk]) in page  # the form, whose one button takes the request back
    assert "Approve: open" not in page
    asked.refresh_from_db()
    assert (asked.status, asked.answered_by, BankCommand.objects.count()) == ("asked", None, 0)


def test_the_database_too_refuses_one_person_in_both_places(occupied):
    user = make_user(is_staff=True)
    asked = approving.ask(occupied, why="x", by=user)

    with pytest.raises(IntegrityError), transaction.atomic():
        OpeningRequest.objects.filter(pk=asked.pk).update(answered_by=user)


def test_a_second_approval_opens_nothing(occupied):
    asked = approving.ask(occupied, why="x", by=make_user(is_staff=True))
    stale = OpeningRequest.objects.get(pk=asked.pk)
    approving.approve(asked, why="y", by=make_user(is_staff=True))

    with pytest.raises(approving.TooLateToApprove):
        approving.approve(stale, why="z", by=make_user(is_staff=True))

    assert BankCommand.objects.count() == 1


def test_after_ten_minutes_nobody_can_approve(occupied):
    asked = approving.ask(occupied, why="x", by=make_user(is_staff=True))
    OpeningRequest.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    with pytest.raises(approving.TooLateToApprove):
        approving.approve(asked, why="y", by=make_user(is_staff=True))

    assert not BankCommand.objects.exists()
    approving.ask(occupied, why="again", by=make_user(is_staff=True))


def test_other_goods_than_those_asked_for_stay_shut(bank, occupied):
    asked = approving.ask(occupied, why="x", by=make_user(is_staff=True))
    collections.collect(occupied.legs.get())
    ready(bank.point, (make_sheet(), 1))

    with pytest.raises(approving.OtherGoods):
        approving.approve(asked, why="y", by=make_user(is_staff=True))

    asked.refresh_from_db()
    assert (asked.status, BankCommand.objects.count()) == ("asked", 0)


def test_a_refusal_opens_nothing_and_is_kept(client, operator, colleague, occupied):
    post(client, "open", occupied.pk)
    asked = OpeningRequest.objects.get()
    client.force_login(colleague)

    post(client, "decline", asked.pk, "non")

    asked.refresh_from_db()
    assert (asked.status, asked.answered_by, asked.answer) == ("declined", colleague, "non")
    with pytest.raises(approving.TooLateToApprove):
        approving.approve(asked, why="y", by=make_user(is_staff=True))
    assert not BankCommand.objects.exists()


def test_a_door_has_one_request_at_a_time(client, operator, occupied):
    post(client, "open", occupied.pk)
    post(client, "open", occupied.pk)

    assert OpeningRequest.objects.count() == 1


@pytest.mark.parametrize("name", ["open", "block"])
def test_without_a_reason_nothing_happens(client, operator, bank, name):
    compartment = Compartment.objects.get(label="C1")

    answer = post(client, name, compartment.pk, "  ")

    assert answer.status_code == 400
    assert "field-wrong" in answer.content.decode()
    compartment.refresh_from_db()
    assert (compartment.service, BankCommand.objects.count()) == ("in_service", 0)
