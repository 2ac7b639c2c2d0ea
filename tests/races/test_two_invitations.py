"""Owners invite the same person at the same moment: one place in the team, one mail. The control takes the lock out."""

import pytest

from marketplace.foundation.models import Message
from shops import staffing
from shops.models import Shop, ShopStaff
from tests.factories import make_shop, make_user
from tests.races.racing import meeting, race

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

PEOPLE = 6
EMAIL = "zoe@valmont.example"


def invite_at_once() -> list:
    """Two have looked for the person in the team before either writes."""
    shop = make_shop()
    make_user(EMAIL)
    helper = ShopStaff.Role.HELPER
    with meeting((ShopStaff.objects, "update_or_create")):
        return race(lambda _number: staffing.add(shop, email=EMAIL, role=helper), PEOPLE)


def test_a_person_is_invited_once():
    outcomes = invite_at_once()

    assert sum(isinstance(outcome, staffing.WorksHere) for outcome in outcomes) == PEOPLE - 1
    assert outcomes.count(ShopStaff.objects.get()) == 1
    assert [(message.kind, message.to) for message in Message.objects.all()] == [("staff_added", EMAIL)]


def test_control_without_the_lock_several_invitations_go_out(monkeypatch):
    monkeypatch.setattr(Shop.objects, "select_for_update", Shop.objects.all)

    outcomes = invite_at_once()

    assert sum(isinstance(outcome, ShopStaff) for outcome in outcomes) > 1
