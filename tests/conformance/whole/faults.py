"""One fault for each promise, and a short history in which it shows. Without the fault the same history breaks nothing."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from pickup.banks import effects, inbox
from pickup.controller import access
from pickup.controller.access import Access
from pickup.controller.bank import Bank, Refused
from pickup.controller.clock import Clock
from pickup.controller.depositing import Depositing
from pickup.controller.doors import Doors
from pickup.controller.journal import Journal
from pickup.controller.legs import Legs
from pickup.controller.remote import RemoteOrders
from pickup.controller.terms import State
from pickup.controller.transports.exchange import Exchange
from pickup.models import BankEvent
from pickup.protocol import commands
from pickup.protocol.errors import BadMessage
from pickup.protocol.vocabulary import EventType

from . import stories
from .town import Town

FAULTS = {}


@dataclass(frozen=True)
class Fault:
    """What is wrong, when that shows, and what must then be said."""

    spoil: Callable
    """Takes pytest's monkeypatch."""
    history: Callable[[Town], object]
    words: str


def fault(history: Callable[[Town], object], words: str) -> Callable:
    """Enter a fault under the name of its function."""

    def enter(spoil: Callable) -> Callable:
        FAULTS[spoil.__name__] = Fault(spoil, history, words)
        return spoil

    return enter


# Faults of the bank


@fault(stories.somebody_guesses, "pulses without right")
def pulses_for_a_wrong_code(monkeypatch):
    enter = Bank.enter

    def kind(self, text, session=""):
        try:
            return enter(self, text, session)
        except Refused:
            self.doors.driver.open(1)
            raise

    monkeypatch.setattr(Bank, "enter", kind)


@fault(stories.somebody_guesses, "a guess was accepted")
def takes_any_code_for_the_residents(monkeypatch):
    monkeypatch.setattr(Access, "_reservations_of", lambda self, mac: {leg.reservation for leg in self.legs.all()})


@fault(stories.a_shop_is_early, "a shop was let in before its time")
def looks_at_no_window(monkeypatch):
    monkeypatch.setattr(Access, "_check_window", lambda self, nbf, exp: None)


@fault(stories.a_shop_comes_again_much_later, "a shop's code was used again")
def lets_shops_in_for_ever(monkeypatch):
    monkeypatch.setattr(access, "GRACE_SECONDS", 10**9)


@fault(stories.a_shop_comes_again_after_the_collection, "a shop opened what was collected")
def lets_shops_in_after_the_collection(monkeypatch):
    monkeypatch.setattr(Access, "_denial_for_shop", lambda self, leg, shop: None)


@fault(stories.a_resident_comes_again_much_later, "a code was used again")
def opens_after_the_end(monkeypatch):
    monkeypatch.setattr(Legs, "in_grace", lambda self, leg: leg.state is State.COLLECTED)


@fault(stories.a_resident_comes_before_the_second_shop, "before all goods were inside")
def seals_too_early(monkeypatch):
    monkeypatch.setattr(Legs, "seal_if_complete", lambda self, leg: self._set(leg.leg, state=State.SEALED))


@fault(stories.a_resident_collects, "a foreign door was opened")
def opens_one_door_more(monkeypatch):
    monkeypatch.setattr(Legs, "doors_of", lambda self, leg: [leg.compartment, "C3"])


@fault(stories.goods_of_two_doors_are_collected, "goods in C. are out of reach")
def opens_one_door_less(monkeypatch):
    monkeypatch.setattr(Legs, "doors_of", lambda self, leg: [leg.compartment])


@fault(stories.two_orders_come, "two orders behind one door")
def takes_all_doors_for_free(monkeypatch):
    monkeypatch.setattr(Depositing, "_not_free", lambda self: set())
    start = Bank.start

    def without_its_index(self):
        self.journal.db.execute("DROP INDEX one_leg_per_compartment")
        start(self)

    monkeypatch.setattr(Bank, "start", without_its_index)


@fault(stories.the_power_fails_after_a_deposit, "goods in C1 are forgotten")
def forgets_the_legs_at_the_start(monkeypatch):
    start = Bank.start

    def forgetful(self):
        self.journal.db.execute("DELETE FROM legs")
        start(self)

    monkeypatch.setattr(Bank, "start", forgetful)


@fault(stories.a_resident_only_looks, "the server believes goods gone that are there")
def has_no_sensors_inside(monkeypatch):
    monkeypatch.setattr(Doors, "presence", lambda self, compartment: None)


@fault(stories.filled, "nobody can get what lies there")
def never_seals(monkeypatch):
    monkeypatch.setattr(Legs, "seal_if_complete", lambda self, leg: False)


@fault(stories.bread_gets_old, "food was given out after its end")
def gives_out_old_food(monkeypatch):
    monkeypatch.setattr(Access, "_keeps", lambda self, leg, now: True)


@fault(stories.an_order_to_open_comes_twice, "without an order, or twice for one")
def forgets_commands(monkeypatch):
    def do_again(self, command):
        self.journal.db.execute("DELETE FROM commands WHERE command_id = ?", (command.command_id,))
        self._apply_new(command)

    monkeypatch.setattr(RemoteOrders, "_apply_trusted", do_again)


@fault(stories.an_order_to_open_is_held_back, "for an order that was over")
def looks_at_no_deadline(monkeypatch):
    read = commands.read

    def patient(document, bank):
        command = read(document, bank)
        object.__setattr__(command, "not_after", command.not_after + timedelta(days=1))
        return command

    monkeypatch.setattr(commands, "read", patient)


@fault(stories.it_is_held_back_from_a_bank_without_the_date, "for an order that was over")
def believes_its_clock(monkeypatch):
    monkeypatch.setattr(Exchange, "knows_the_time", lambda self: True)


@fault(stories.an_answer_takes_long, "the clock is more wrong than it says")
def does_not_say_how_long_answers_take(monkeypatch):
    learn = Clock.learn
    monkeypatch.setattr(Clock, "learn", lambda self, server_time, took: learn(self, server_time))


@fault(stories.filled, "not everything was told")
def forgets_no_report(monkeypatch):
    monkeypatch.setattr(Journal, "forget_up_to", lambda self, cursor: None)
    monkeypatch.setattr(Journal, "forget_earlier_boot", lambda self, boot_id, seq: None)


@fault(stories.filled, "a deposit was told twice")
def tells_everything_twice(monkeypatch):
    tell = Depositing._tell

    def stutter(self, kind, visit, **more):
        tell(self, kind, visit, **more)
        tell(self, kind, visit, **more)

    monkeypatch.setattr(Depositing, "_tell", stutter)


# Faults of the server


@fault(stories.filled, "the server does not know what was deposited")
def overhears_deposits(monkeypatch):
    monkeypatch.delitem(effects.EFFECTS, EventType.DEPOSIT_CONFIRMED)


@fault(stories.goods_need_two_doors, "the server looks behind another door")
def knows_one_door_for_each_leg(monkeypatch):
    monkeypatch.setattr(effects, "_keep_doors", lambda leg, event: None)


@fault(stories.a_resident_collects, "the server has refused a report")
def knows_no_claims(monkeypatch):
    def refuse(bank, event):
        raise effects.Unknown("What is that?")

    monkeypatch.setitem(effects.EFFECTS, EventType.CLAIM, refuse)


@fault(stories.filled, "the server does not know which list the bank has")
def does_not_hear_which_list_is_in_force(monkeypatch):
    hear = inbox._hear
    monkeypatch.setattr(inbox, "_hear", lambda bank, request, now: hear(bank, replace(request, list_etag=None), now))


@fault(stories.an_old_request_comes_again, "did not understand what it had understood before")
def takes_nothing_twice(monkeypatch):
    take = inbox.take

    def strict(bank, request):
        again = BankEvent.objects.filter(bank=bank, boot_id=request.boot_id, seq__in=[e.seq for e in request.events])
        if again.exists():
            raise BadMessage("We had that.")
        take(bank, request)

    monkeypatch.setattr(inbox, "take", strict)
