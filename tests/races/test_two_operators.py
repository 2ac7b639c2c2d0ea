"""Operators at the same moment about one occupied door: one request stands, one answer counts, one order goes to the bank.

The controls take out what holds them apart.
"""

from types import SimpleNamespace

import pytest

from marketplace.foundation.lifecycle import ForbiddenMove
from pickup.models import Bank, BankCommand, OpeningRequest
from pickup.operating import approving
from tests.factories import make_user
from tests.pickup.makers import make_bank, make_sheet, ready
from tests.races.racing import meeting, race

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
Status = OpeningRequest.Status

PEOPLE = 6


@pytest.fixture
def door():
    return ready(make_bank("S").point, (make_sheet(), 1)).legs.get().compartment


@pytest.fixture
def operators():
    return [make_user(is_staff=True) for _person in range(PEOPLE)]


@pytest.fixture
def asked(door) -> OpeningRequest:
    return approving.ask(door, why="the key is inside", by=make_user(is_staff=True))


@pytest.fixture
def no_lock(monkeypatch):
    """Nobody waits for the bank before looking; the order itself is still numbered under its own lock."""
    unlocked = SimpleNamespace(objects=SimpleNamespace(select_for_update=Bank.objects.all))
    monkeypatch.setattr(approving, "Bank", unlocked)


def ask_at_once(door, operators) -> list:
    with meeting((approving, "_inside")):
        return race(lambda number: approving.ask(door, why="the key is inside", by=operators[number]), PEOPLE)


def approve_at_once(asked, operators) -> list:
    def approve(number):
        return approving.approve(OpeningRequest.objects.get(pk=asked.pk), why="seen", by=operators[number])

    with meeting((approving, "_inside")):
        return race(approve, PEOPLE)


def answer_at_once(asked, operators) -> list:
    """Every second one says no."""

    def answer(number):
        decide = approving.decline if number % 2 else approving.approve
        return decide(OpeningRequest.objects.get(pk=asked.pk), why="seen", by=operators[number])

    with meeting((OpeningRequest, "runs")):
        return race(answer, PEOPLE)


def test_one_request_stands(door, operators):
    outcomes = ask_at_once(door, operators)

    assert sum(isinstance(outcome, approving.AskedAlready) for outcome in outcomes) == PEOPLE - 1
    request = OpeningRequest.objects.get()
    assert (outcomes.count(request), request.status) == (1, Status.ASKED)


def test_control_without_the_lock_several_requests_stand(no_lock, door, operators):
    ask_at_once(door, operators)

    assert OpeningRequest.objects.waiting().count() > 1


def test_one_approval_opens_the_door(asked, operators):
    outcomes = approve_at_once(asked, operators)

    assert sum(isinstance(outcome, approving.TooLateToApprove) for outcome in outcomes) == PEOPLE - 1
    command = BankCommand.objects.get()
    winner = operators[outcomes.index(command)]
    asked.refresh_from_db()
    assert (asked.status, asked.answered_by, asked.command) == (Status.APPROVED, winner, command)
    assert [(move.current, move.by) for move in asked.history()] == [(Status.APPROVED, winner)]


def test_control_without_lock_and_swap_the_door_is_ordered_open_several_times(monkeypatch, no_lock, asked, operators):
    def write(request, to, *, by, reason, **fields):
        OpeningRequest.objects.filter(pk=request.pk).update(status=to, **fields)
        return True

    monkeypatch.setattr(OpeningRequest, "move", write)

    approve_at_once(asked, operators)

    assert BankCommand.objects.count() > 1


def test_of_yes_and_no_the_first_counts(asked, operators):
    outcomes = answer_at_once(asked, operators)

    assert sum(isinstance(outcome, approving.TooLateToApprove) for outcome in outcomes) == PEOPLE - 1
    asked.refresh_from_db()
    assert BankCommand.objects.count() == (asked.status == Status.APPROVED)
    assert asked.history().count() == 1


def test_control_without_the_lock_the_later_answer_is_an_error(no_lock, asked, operators):
    outcomes = answer_at_once(asked, operators)

    assert any(isinstance(outcome, ForbiddenMove) for outcome in outcomes)
