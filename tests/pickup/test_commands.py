"""What goes out to a bank: blocks, doors to be cleared, each with its number until it is answered."""

from datetime import timedelta

import pytest
from django.utils import timezone

from pickup import collections
from pickup.models import BankCommand, Compartment
from pickup.operating import acting, approving
from pickup.protocol import commands
from pickup.protocol.vocabulary import CommandType, Outcome
from tests.factories import make_user
from tests.pickup.device import snapshot_of
from tests.pickup.makers import make_counter, make_sheet, ready, shift

pytestmark = pytest.mark.django_db


def test_a_block_of_ours_stands_until_the_bank_has_heard_of_it(bank, device):
    acting.block(Compartment.objects.get(label="C1"), why="serrure", by=make_user())

    reply = device.sync(snapshot=snapshot_of(C1=("closed", "in_service")))

    assert Compartment.objects.get(label="C1").service == "out_of_service"
    command = reply.commands[0]
    commands.verify(command, device.public_keys)
    assert (command["type"], command["cseq"], command["data"]["state"]) == (
        CommandType.COMPARTMENT_SERVICE,
        1,
        "out_of_service",
    )


def test_a_command_is_repeated_with_its_number_until_it_is_answered(bank, device):
    acting.block(Compartment.objects.get(label="C1"), why="serrure", by=make_user())

    first, second = device.sync().commands[0], device.sync().commands[0]
    last = device.sync(responses=[device.outcome(first, Outcome.DONE)])

    assert (first["command_id"], first["cseq"]) == (second["command_id"], second["cseq"])
    assert last.commands == ()
    assert BankCommand.objects.get().outcome == "done"


def test_an_old_command_is_not_sent_any_more(bank, device):
    acting.block(Compartment.objects.get(label="C1"), why="serrure", by=make_user())
    BankCommand.objects.update(not_after=timezone.now())

    assert device.sync().commands == ()


def test_clearing_opens_the_door_and_the_goods_go_to_the_counter(bank, device):
    counter = make_counter()
    collection = shift(ready(bank.point, (make_sheet(), 1)), timedelta(days=3))
    collections.expire_due()
    leg = collection.legs.get()
    asked = approving.ask(leg.compartment, why="not collected", by=make_user(is_staff=True))
    approving.approve(asked, why="agreed", by=make_user(is_staff=True))

    command = device.sync().commands[0]
    assert (command["type"], command["reason"], command["data"]) == (
        "door.open",
        "clear",
        {"compartment": "C1", "leg": leg.pk},
    )
    device.sync(
        device.event("door.opened", compartment="C1", leg=leg.pk, purpose="clear", shop=None, outcome="opened"),
        responses=[device.outcome(command, Outcome.OPENED)],
    )

    collection.refresh_from_db()
    assert (collection.status, collection.point) == ("at_counter", counter)


def test_a_jammed_door_clears_nothing(bank, device):
    make_counter()
    collection = ready(bank.point, (make_sheet(), 1))

    device.sync(
        device.event("door.opened", compartment="C1", leg=collection.legs.get().pk, purpose="clear", outcome="jammed")
    )

    collection.refresh_from_db()
    assert collection.status == "ready"
