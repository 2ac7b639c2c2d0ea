"""Messages are owed once, and owing one is cheap: it happens while the rows of an order are locked."""

import pytest

from marketplace.foundation import messages
from marketplace.foundation.messages import Message

pytestmark = pytest.mark.django_db


def owe(key: str = "password:1") -> bool:
    return messages.owe("password", key=key, to="resident@example.org", language="fr", context={"link": "https://…"})


def test_owing_a_message_takes_two_queries(django_assert_num_queries):
    with django_assert_num_queries(2):
        owed = owe()

    assert owed
    assert Message.objects.get().to == "resident@example.org"


def test_the_same_fact_owes_its_message_once():
    first, second = owe(), owe()

    assert (first, second) == (True, False)
    assert Message.objects.count() == 1


def test_of_two_who_owe_it_at_the_same_moment_one_writes_it(monkeypatch):
    owe()
    monkeypatch.setattr(messages.Message.objects, "filter", lambda **_key: Message.objects.none())  # not seen yet

    owe()

    assert Message.objects.count() == 1


def test_nobody_is_written_to_without_an_address():
    owed = messages.owe("password", key="password:2", to="", language="fr", context={})

    assert not owed
    assert Message.objects.count() == 0
