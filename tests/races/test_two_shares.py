"""A resident who taps several times gives one neighbour a code, not several. The control takes out lock and constraint."""

import pytest
from django.db import connection

from pickup import codes, errors
from pickup.collections import sharing
from pickup.models import Share
from tests.pickup.makers import make_bank, make_sheet, ready
from tests.races.racing import meeting, race

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
ONE_SHARE = next(each for each in Share._meta.constraints if each.name == "one_active_share")
PEOPLE = 6


def share_at_once() -> list:
    """Two have looked for an earlier share before either writes."""
    collection = ready(make_bank("S").point, (make_sheet(), 1))
    with meeting((codes, "give_share")):
        return race(lambda number: sharing.share(collection, name=f"Neighbour {number}"), PEOPLE)


def unlocked(monkeypatch) -> None:
    monkeypatch.setattr(sharing, "lock", lambda collection: type(collection).objects.get(pk=collection.pk))


def one_code_was_given(outcomes) -> bool:
    refused = sum(isinstance(outcome, errors.SharedAlready) for outcome in outcomes)
    return refused == PEOPLE - 1 and outcomes.count(Share.objects.get()) == 1


def test_one_code_is_given():
    assert one_code_was_given(share_at_once())


def test_the_constraint_alone_holds_too(monkeypatch):
    unlocked(monkeypatch)

    assert one_code_was_given(share_at_once())


def test_control_without_both_several_codes_are_given(monkeypatch):
    unlocked(monkeypatch)
    with connection.schema_editor() as schema:
        schema.remove_constraint(Share, ONE_SHARE)
    try:
        share_at_once()

        assert Share.objects.active().count() > 1
    finally:
        Share.objects.all().delete()
        with connection.schema_editor() as schema:
            schema.add_constraint(Share, ONE_SHARE)
