"""A bank is changed in the back office while an order to it is numbered: neither undoes the other."""

import pytest
from django.test import Client

from pickup import admin
from pickup.banks import outbox
from tests.factories import make_user
from tests.pickup import back_office
from tests.pickup.makers import make_bank
from tests.races.racing import meeting, race, unlock

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def change_and_order(bank) -> tuple[list[int], int | None]:
    """(numbers of the orders, minutes promised) after one person saved the form, which orders too, while another ordered."""
    client = Client()
    client.force_login(make_user(is_staff=True, is_superuser=True))
    acts = [
        lambda: back_office.save(client, bank, answer_minutes=15),
        lambda: outbox.send(bank, "list.changed", {"etag": "x"}, reason="service"),
    ]

    with meeting((admin.BankAdmin, "save_model"), (outbox, "nudge")):
        race(lambda number: acts[number](), 2)
    bank.refresh_from_db()
    return sorted(bank.commands.values_list("cseq", flat=True)), bank.answer_minutes


def test_the_form_takes_no_number_back():
    assert change_and_order(make_bank("S")) == ([1, 2], 15)


def test_control_without_the_lock_the_next_order_would_be_an_old_one(monkeypatch):
    unlock(monkeypatch)

    numbers, _minutes = change_and_order(make_bank("S"))

    assert numbers != [1, 2]
