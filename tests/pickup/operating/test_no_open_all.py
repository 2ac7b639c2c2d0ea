"""There is no open-all: whatever an operator asks for, at most one door is ordered to open; whatever a bank is told opens one."""

import pytest
from django.urls import reverse

from pickup.models import BankCommand, Compartment
from pickup.operating import approving
from pickup.protocol.vocabulary import CommandType
from tests.factories import make_user
from tests.pickup.makers import make_bank, make_sheet, ready
from tests.pickup.operating.test_rights import OURS, WORDS, town  # noqa: F401  a fixture
from tests.protocol.kit import Table

NASTY = {
    "compartment": "C1",
    "compartments": ["C1", "C2"],
    "casier": "*",
    "all": "1",
    "pk": ["1", "2", "3"],
    "label": "C1,C2",
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", OURS)
def test_no_address_orders_more_than_one_door(client, town, name):  # noqa: F811
    client.force_login(make_user(is_staff=True, is_superuser=True))
    before = set(BankCommand.objects.values_list("pk", flat=True))

    client.post(town[name], WORDS | NASTY)

    opened = BankCommand.objects.exclude(pk__in=before).filter(type=CommandType.DOOR_OPEN)
    assert opened.count() <= 1
    assert all(isinstance(command.data["compartment"], str) for command in opened)


@pytest.mark.django_db
def test_opening_is_one_compartment_of_one_bank(client):
    bank = make_bank("S", "S", "S")
    client.force_login(make_user(is_staff=True))
    first = Compartment.objects.filter(bank=bank).earliest("pk")

    client.post(reverse("pickup:open", args=[first.pk]), WORDS | NASTY)

    assert list(BankCommand.objects.values_list("type", "data__compartment")) == [("door.open", first.label)]


@pytest.mark.django_db
def test_approving_opens_the_door_that_was_asked_for_and_no_other():
    bank = make_bank("S", "S")
    compartments = [ready(bank.point, (make_sheet(), 1)).legs.get().compartment for _order in range(2)]
    asked = [approving.ask(each, why="x", by=make_user(is_staff=True)) for each in compartments]

    approving.approve(asked[0], why="y", by=make_user(is_staff=True))

    assert list(BankCommand.objects.values_list("data__compartment", flat=True)) == [compartments[0].label]


@pytest.mark.parametrize("kind", list(CommandType))
@pytest.mark.parametrize("compartment", ["A1", "*", "", None, ["A1", "A2"], {"A1": True}, "A1,A2", 0])
@pytest.mark.parametrize("reason", ["service", "clear"])
def test_no_command_opens_more_than_one_door_of_a_bank(tmp_path, kind, compartment, reason):
    table = Table(tmp_path)
    wide = {"compartments": ["A1", "A2", "A3"], "all": True, "state": "in_service", "etag": "x", "why": "x"}

    table.order(table.command(kind, reason, compartment=compartment, **wide))
    table.wait(5)

    assert table.pulses() in ([], ["A1"])
