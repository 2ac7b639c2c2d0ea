"""Controllers that break one promise each, to prove that the kit notices: `broken.py FAULT CONFIG`.

A fault is a function that spoils one class of the real controller, which then runs as always.
"""

import sys
from pathlib import Path

FAULTS = {}


def fault(spoil):
    """Enter a fault under the name of its function."""
    FAULTS[spoil.__name__] = spoil
    return spoil


@fault
def pulses_twice():
    from pickup.controller.drivers.socket_wall import SocketWall

    once = SocketWall.open

    def twice(self, address, pulse_ms=None):
        once(self, address)
        once(self, address)

    SocketWall.open = twice


@fault
def completes_when_the_door_closes():
    from pickup.controller.legs import Legs

    closed = Legs.closed
    Legs.closed = lambda self, leg, door: (closed(self, leg, door), self.complete(leg))


@fault
def completes_at_the_opening():
    from pickup.controller.legs import Legs

    opened = Legs.opened
    Legs.opened = lambda self, leg, door: (opened(self, leg, door), self.complete(leg))


@fault
def ignores_cseq():
    from pickup.controller.remote import RemoteOrders

    apply_trusted = RemoteOrders._apply_trusted
    RemoteOrders._apply_trusted = lambda self, command: (self.journal.remember("cseq", 0), apply_trusted(self, command))


@fault
def believes_any_signature():
    from pickup.protocol import commands

    commands.verify = lambda document, keys: None


@fault
def forgets_commands():
    from pickup.controller.remote import RemoteOrders

    def do_again(self, command):
        self.journal.db.execute("DELETE FROM commands WHERE command_id = ?", (command.command_id,))
        self._apply_new(command)

    RemoteOrders._apply_trusted = do_again


@fault
def never_expires():
    from datetime import timedelta

    from pickup.protocol import commands

    read = commands.read

    def patient(document, bank):
        command = read(document, bank)
        object.__setattr__(command, "not_after", command.not_after + timedelta(days=1))
        return command

    commands.read = patient


@fault
def pulses_again_after_a_restart():
    from pickup.controller.doors import Doors

    recover = Doors.recover

    def eager(self):
        unfinished = recover(self)
        for actuation in unfinished:
            self.driver.open(self.addresses[actuation.compartment])
        return unfinished

    Doors.recover = eager


@fault
def has_no_open_budget():
    from pickup.controller.throttle import OpenBudget

    OpenBudget.allows_remote = lambda self, *, open_now: True


@fault
def trusts_its_acknowledgement():
    from pickup.controller.asking import Asking
    from pickup.protocol.vocabulary import Outcome

    Asking.move_on = lambda self, actuation: self.doors.end(actuation, Outcome.OPENED)


@fault
def takes_older_lists():
    from pickup.controller.access import LIST_SEQ_FACT, Access

    apply = Access.apply

    def careless(self, document):
        with self.journal.transaction():
            self.journal.remember(LIST_SEQ_FACT, -1)
        return apply(self, document)

    Access.apply = careless


@fault
def never_closes_the_pin_channel():
    from pickup.controller import throttle

    throttle.CLOSED_PER_DAY = 10_000


@fault
def overlooks_a_crowbar():
    from pickup.controller.reactions import DoorReactions

    DoorReactions.forced = lambda self, compartment: None


@fault
def opens_without_the_server_only_for_a_minute():
    from pickup.controller.bank import Bank, Refused

    enter = Bank.enter

    def anxious(self, text, session=""):
        if self.offline():
            raise Refused("expired")
        return enter(self, text, session)

    Bank.enter = anxious


@fault
def forgets_its_outbox_at_the_start():
    from pickup.controller.journal import Journal

    begin_boot = Journal.begin_boot

    def forgetful(self):
        self.db.execute("DELETE FROM outbox")
        return begin_boot(self)

    Journal.begin_boot = forgetful


@fault
def opens_only_the_larger_door():
    from pickup.controller.depositing import Depositing

    Depositing._open_again = lambda self, old, visit: self.doors.driver


@fault
def gives_up_after_a_fault_of_the_bus():
    from pickup.controller.drivers.base import CommError
    from pickup.controller.drivers.socket_wall import SocketWall

    ask = SocketWall._ask

    def latched(self, **request):
        if getattr(self, "given_up", False) and request["do"] == "open":
            raise CommError("given up")
        try:
            return ask(self, **request)
        except CommError:
            self.given_up = True
            raise

    SocketWall._ask = latched


@fault
def ignores_revocations():
    from pickup.controller.access import Access

    apply = Access.apply

    def deaf(self, document):
        accepted = apply(self, document)
        if self.list:
            object.__setattr__(self.list, "revoked", ())
        return accepted

    Access.apply = deaf


@fault
def believes_any_clock():
    from pickup.controller.clock import Clock

    born = Clock.__init__
    Clock.__init__ = lambda self, ticker, floor=None, ran=0.0: born(self, ticker, None, ran)


@fault
def serves_with_any_clock():
    from pickup.controller.clock import Clock

    Clock.is_sure = lambda self: True


@fault
def obeys_retained_commands():
    from pickup.controller.transports.mqtt import MqttLine
    from pickup.protocol import wire

    heard = MqttLine._heard

    def trusting(self, client, userdata, message):
        if message.retain:
            self._obey(wire.decode(message.payload))
        else:
            heard(self, client, userdata, message)

    MqttLine._heard = trusting


@fault
def overlooks_a_warm_freezer():
    from pickup.controller.zones import Zones

    Zones._start_excursion = lambda self, watch, seconds: None


@fault
def writes_after_the_pulse():
    from pickup.controller.attempts import Attempts

    write, write_outcome = Attempts.write, Attempts.write_outcome
    Attempts.write = lambda self, actuation: None
    Attempts.write_outcome = lambda self, actuation: (write(self, actuation), write_outcome(self, actuation))


@fault
def forgets_a_deposit_that_was_cut_short():
    from pickup.controller.journal import Journal

    begin_boot = Journal.begin_boot

    def forgetful(self):
        self.db.execute("DELETE FROM legs WHERE leg NOT IN (SELECT leg FROM parcels)")
        return begin_boot(self)

    Journal.begin_boot = forgetful


@fault
def takes_a_cut_for_a_collection():
    from pickup.controller.reactions import DoorReactions
    from pickup.protocol.vocabulary import Outcome

    report_opening = DoorReactions.report_opening

    def hasty(self, actuation):
        report_opening(self, actuation)
        if actuation.outcome is Outcome.UNKNOWN_AFTER_RESTART and actuation.purpose == "collect":
            self.bank.legs.complete(actuation.leg)

    DoorReactions.report_opening = hasty


def start(name, config):
    """Spoil the controller, then run it until it ends; return its exit code."""
    sys.path[0] = str(Path(__file__).parents[2])
    FAULTS[name]()
    from pickup.controller.__main__ import main

    return main(["--config", config])


if __name__ == "__main__":
    sys.exit(start(*sys.argv[1:]))
