"""Which commands the bridge sends, and when again; the line to the broker is a list here."""

import pytest

from pickup.banks.bridge import sending
from pickup.banks.bridge.sending import Sender
from tests.pickup.arrivals import owe
from tests.pickup.makers import make_bank

pytestmark = pytest.mark.django_db
SWEEPS = 5


class Line:
    """Takes the commands that are published, as (bank, command)."""

    is_up = True

    def __init__(self):
        self.sent = []

    def publish(self, bank, document, *, seconds):
        if "command_id" in document:
            self.sent.append((bank, document["command_id"]))
        return True

    def taken(self):
        """What was sent since the last time."""
        sent, self.sent = self.sent, []
        return sent


@pytest.fixture
def line():
    return Line()


@pytest.fixture
def sender(line):
    return Sender(line)


def named(*commands):
    return [(command.bank.code, command.command_id) for command in commands]


def sweep(sender):
    sender._swept_at = float("-inf")
    sender.sweep()


def test_a_command_is_sent_once_until_its_time_to_be_sent_again(sender, line, monkeypatch):
    command = owe(make_bank("S"))

    sender.send_new()
    sender.send_new()
    sweep(sender)
    once = line.taken()
    monkeypatch.setitem(sending.REPEAT_SECONDS, "door.open", 0.0)
    sweep(sender)

    assert once == line.taken() == named(command)


def test_what_silent_banks_do_not_answer_hides_no_command(sender, line, monkeypatch):
    """A look misses a command whose transaction ended after that of a later number; a sweep finds it."""
    monkeypatch.setattr(sending, "MOST_COMMANDS", 2)
    silent = make_bank("S")
    waiting = [owe(silent) for _ in range(3)]
    for _ in range(SWEEPS):
        sweep(sender)
    sent_before = line.taken()
    missed = owe(make_bank("S"))
    sender._newest = missed.pk

    sender.send_new()
    nothing = line.taken()
    sweep(sender)

    assert (sent_before, nothing, line.taken()) == (named(*waiting), [], named(missed))


def test_whoever_comes_back_gets_all_that_is_owed_in_order_and_nobody_else_anything(sender, line):
    banks = [make_bank("S") for _ in range(3)]
    commands = [owe(bank) for _ in range(2) for bank in banks]
    sender.send_new()
    line.taken()

    sender.greet([bank.code for bank in banks[:2]])

    assert line.taken() == named(*(command for command in commands if command.bank != banks[2]))


def test_a_line_that_is_down_costs_no_command(sender, line):
    command = owe(make_bank("S"))
    line.is_up = False

    sender.send_new()
    line.is_up = True
    sender.send_new()

    assert line.taken() == named(command)
