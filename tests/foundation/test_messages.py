"""Messages are owed once, and owing one is cheap: it happens while the rows of an order are locked."""

import pytest
from django.core import mail as mails
from django.core.validators import validate_email

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


@pytest.mark.parametrize("break_", ["\r", "\n", "\r\n", "\x0b", "\u2028"])
def test_a_name_with_a_line_break_makes_no_second_header(break_):
    context = {"shop": {"name": f"Chez Léa{break_}Bcc: all@example.org"}, "link": "https://…"}
    messages.owe("shop_has_closed", key="1", to="resident@example.org", language="en", context=context)

    sent = messages.send_due()

    assert sent == 1
    [mail] = mails.outbox
    assert mail.recipients() == ["resident@example.org"]
    assert "Bcc" not in mail.message()


def test_a_mail_that_cannot_be_addressed_holds_up_no_other():
    unwritable = f"a@{'é' * 63}.fr"
    validate_email(unwritable)
    for key, to in (("1", unwritable), ("2", "resident@example.org")):
        messages.owe("password", key=key, to=to, language="fr", context={"link": "https://…"})

    sent = messages.send_due()

    assert sent == 1
    assert Message.objects.get(sent_at=None).error != ""
    assert [mail.to for mail in mails.outbox] == [["resident@example.org"]]


def test_nobody_is_written_to_without_an_address():
    owed = messages.owe("password", key="password:2", to="", language="fr", context={})

    assert not owed
    assert Message.objects.count() == 0
