"""What may happen in a town with one bank, as Hypothesis invents it, beside what server and bank believe of it.

Real are the server's views and database and the bank's controller; simulated are the wall (with sensors inside), time, and a line that
loses requests and answers, repeats them, and brings old ones again.
"""

import contextlib
import shutil
import tempfile
from datetime import timedelta
from pathlib import Path
from unittest import mock

from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from pickup import codes
from pickup.banks import outbox
from pickup.banks.provisioning import provision
from pickup.controller import config as configuration
from pickup.controller.bank import Refused
from pickup.controller.program import make_driver, make_sync, open_bank
from pickup.controller.transports.https import Unreachable
from pickup.models import Bank, BankEvent, Collection, Parcel
from pickup.protocol.vocabulary import CommandType, EventType, Presence
from tests.conformance.lossy import FATES, Cable, Ticker
from tests.pickup.makers import confirmed, make_bank, make_sheet, parcels_of, shift

GRACE = 15 * 60 + 5
# A bank whose own clock is wrong goes on, after a power cut, from the last moment that it has stored: every ten minutes.
FORGOTTEN_SECONDS = 10 * 60
TICK_SECONDS = 25
TIMEOUT = 90 + TICK_SECONDS
MOST_ORDERS = 3


class Town(RuleBasedStateMachine):
    """What really happened, beside what server and bank believe."""

    def __init__(self):
        super().__init__()
        self.block = transaction.atomic()
        self.block.__enter__()
        self.folder = Path(tempfile.mkdtemp(prefix="whole-system-"))
        self.began = timezone.now()
        self.seconds = 0.0
        self.patch = mock.patch("django.utils.timezone.now", lambda: self.began + timedelta(seconds=self.seconds))
        self.patch.start()
        self.inside = {}
        """Parcel -> compartment: where goods really lie."""
        self.lay_in = {}
        """Parcel -> compartment: where they were put, also when they are gone."""
        self.put_in = {}
        """Parcel -> moment of its deposit."""
        self.over_since = {}
        """Collection -> moment since which the bank has to know that its goods were taken."""
        self.opened_for = {}
        """Compartment -> collection whose resident had it opened last."""
        self.orders = []
        self.ordered = {}
        """Command -> compartment: openings that the server ordered."""
        self.done_commands = []
        self.pulses_seen = 0
        self.grace = GRACE
        """How long a code may open again, after all the power cuts so far."""

    @initialize(days=st.sampled_from([0, -1, 1]), drift=st.sampled_from([0.0, 0.0005, -0.0005]))
    def build(self, days, drift):
        self.server_bank = make_bank("S", "S", "M")
        source = provision(self.server_bank, server="http://127.0.0.1:9", state_dir=self.folder, kiosk_port=0)
        self.config = configuration.read(source)
        self.ticker = Ticker(self.began, timedelta(days=days), drift)
        self.driver = make_driver(self.config)
        self.cable = Cable(self.config)
        self.switch_on()
        self.exchange("arrives")

    def teardown(self):
        try:
            if hasattr(self, "bank"):
                self.heal()
                self.bank.journal.close()
        finally:
            self.patch.stop()
            transaction.set_rollback(True)
            self.block.__exit__(None, None, None)
            shutil.rmtree(self.folder)

    # What happens

    @precondition(lambda self: len(self.orders) < MOST_ORDERS)
    @rule(shops=st.integers(1, 2))
    def order(self, shops):
        wanted = [(make_sheet(volume_l="2.00"), 1) for _ in range(shops)]
        collection = confirmed(self.server_bank.point, *wanted)
        shift(collection, max(collection.deposit_from - timezone.now(), timedelta(0)))
        self.orders.append(collection)

    @precondition(lambda self: self.orders)
    @rule(which=st.integers(0, 9), by_token=st.booleans(), puts_in=st.booleans(), shuts=st.booleans())
    def shop_comes(self, which, by_token, puts_in, shuts):
        parcels = [parcel for collection in self.orders for parcel in parcels_of(collection)]
        self.brings(parcels[which % len(parcels)], by_token=by_token, puts_in=puts_in, shuts=shuts)

    @precondition(lambda self: self.orders)
    @rule(which=st.integers(0, 9))
    def all_shops_come(self, which):
        for parcel in parcels_of(self.orders[which % len(self.orders)]):
            self.brings(parcel, by_token=True, puts_in=True, shuts=True)

    def brings(self, parcel, *, by_token, puts_in, shuts):
        code = codes.deposit_token(parcel) if by_token else codes.deposit_pin(parcel)
        visit = self.enter(code)
        if visit is None:
            return
        came_before = self.put_in.get(parcel.pk)
        assert came_before is None or self.seconds - came_before <= self.grace, "a parcel was let in twice"
        door = visit.current.compartment if visit.current else None
        if door and self.is_open(door):
            if puts_in and came_before is None:
                self.place(parcel.pk, door)
                self.put_in[parcel.pk] = self.seconds
                self.bank.deposit(visit.session, "deposited")
            elif came_before is None:
                self.bank.deposit(visit.session, "declined")
        self.expect_pulses({door})
        self.leave(visit, door, shuts)

    @precondition(lambda self: len(self.orders) < MOST_ORDERS)
    @rule(shops=st.integers(1, 2))
    def an_order_goes_well(self, shops):
        self.order(shops)
        self.exchange("arrives")
        for parcel in parcels_of(self.orders[-1]):
            self.brings(parcel, by_token=False, puts_in=True, shuts=True)
        self.resident_comes(len(self.orders) - 1, takes=True, claims=True, shuts=True, later=1)

    @precondition(lambda self: self.orders)
    @rule(
        which=st.integers(0, 9),
        takes=st.booleans(),
        claims=st.booleans(),
        shuts=st.booleans(),
        later=st.sampled_from([1, 1000]),
    )
    def resident_comes(self, which, takes, claims, shuts, later):
        self.time_passes(later)
        collection = self.orders[which % len(self.orders)]
        visit = self.enter(self.pin(collection))
        if visit is None:
            return
        parcels = parcels_of(collection)
        over = self.over_since.get(collection.pk)
        door = visit.current.compartment
        self.expect_pulses({door})
        assert over is None or self.seconds - over <= self.grace, "a code was used again"
        assert all(parcel.pk in self.put_in for parcel in parcels), "a code opened before all goods were inside"
        assert door in {self.lay_in[parcel.pk] for parcel in parcels}, "a foreign door was opened"
        self.opened_for[door] = collection.pk
        if over is not None and over > self.seconds:
            self.over_since[collection.pk] = float("inf")
        if takes and self.is_open(door):
            for parcel in parcels:
                self.inside.pop(parcel.pk, None)
            self.feel(door)
            self.over_since.setdefault(collection.pk, self.seconds if claims else float("inf"))
            if claims:
                self.over_since[collection.pk] = min(self.over_since[collection.pk], self.seconds)
                self.bank.claim(visit.session)
        self.leave(visit, door, shuts)

    @rule(number=st.integers(10_000_000, 99_999_999))
    def somebody_guesses(self, number):
        known = {self.pin(collection) for collection in self.orders}
        known |= {codes.deposit_pin(parcel) for collection in self.orders for parcel in parcels_of(collection)}
        if str(number) not in known:
            assert self.enter(str(number)) is None
            self.expect_pulses(set())

    @precondition(lambda self: len(self.ordered) < 3)
    @rule(label=st.sampled_from(["C1", "C2", "C3"]))
    def operator_orders_an_opening(self, label):
        command = outbox.send(
            self.server_bank, CommandType.DOOR_OPEN, {"compartment": label, "leg": None}, reason="service"
        )
        self.ordered[command.command_id] = label

    @rule(fate=st.sampled_from(FATES))
    def exchange(self, fate):
        self.cable.fate = fate
        with contextlib.suppress(Unreachable):
            self.sync.exchange()
        self.expect_ordered_pulses()

    @precondition(lambda self: self.cable.sent)
    @rule(which=st.integers(0, 20))
    def old_request_comes_again(self, which):
        answer = self.cable.post(self.cable.sent[which % len(self.cable.sent)])

        assert answer.status_code in (200, 409)

    @rule(seconds=st.sampled_from([1, 40, 100, 1000]))
    def time_passes(self, seconds):
        steps = max(1, seconds // TICK_SECONDS)
        for _ in range(steps):
            self.seconds += seconds / steps
            self.ticker.seconds = self.seconds
            self.bank.tick()
        self.expect_pulses(set())

    @rule(label=st.sampled_from(["C1", "C2", "C3"]))
    def somebody_shuts(self, label):
        self.shut(label)
        self.expect_pulses(set())

    @rule()
    def power_fails(self):
        self.grace += FORGOTTEN_SECONDS
        self.bank.journal.close()
        self.switch_on()
        self.expect_pulses(set())

    # What holds

    @invariant()
    def the_bank_knows_where_goods_are(self):
        if hasattr(self, "bank"):
            taken = self.bank.legs.taken_compartments()
            for parcel, compartment in self.inside.items():
                assert taken.get(compartment) == self.leg_of(parcel), f"goods in {compartment} are forgotten"

    def heal(self):
        """The line is whole again: both sides agree with each other and with the truth."""
        for _ in range(4):
            for label in ("C1", "C2", "C3"):
                self.shut(label)
            self.exchange("arrives")
        events, responses = self.bank.journal.unsent(10)
        assert (events, responses) == ((), ())
        deposited = set(Parcel.objects.filter(deposited_at__isnull=False).values_list("pk", flat=True))
        assert deposited == set(self.put_in), "the server does not know what was deposited"
        told = BankEvent.objects.filter(bank=self.server_bank, type=EventType.DEPOSIT_CONFIRMED).count()
        assert told == len(self.put_in), "a parcel was counted twice"
        for parcel in Parcel.objects.filter(pk__in=self.inside).select_related("leg__compartment"):
            assert parcel.leg.compartment.label == self.inside[parcel.pk], "the server looks behind another door"
        problems = BankEvent.objects.exclude(problem="").values_list("type", "problem")
        assert not list(problems)
        assert Bank.objects.get(pk=self.server_bank.pk).applied_etag == self.bank.access.etag

    # Short ways to say it

    def switch_on(self):
        self.bank = open_bank(self.config, self.driver, self.ticker)
        self.sync = make_sync(self.bank)
        self.sync.link = self.cable

    def enter(self, code):
        self.ticker.seconds = self.seconds = self.seconds + 2
        try:
            return self.bank.enter(code)
        except Refused:
            self.expect_pulses(set())
            return None

    def leave(self, visit, door, shuts):
        if shuts and door:
            self.shut(door)
        with contextlib.suppress(Refused):
            self.bank.finish(visit.session)

    def shut(self, label):
        collection = self.opened_for.pop(label, None)
        if collection in self.over_since:
            claimed = self.over_since[collection] <= self.seconds
            self.over_since[collection] = self.seconds + (0 if claimed else TIMEOUT)
        self.driver.push_shut(self.bank.doors.addresses[label])
        for _ in range(3):
            self.ticker.seconds = self.seconds = self.seconds + 1
            self.bank.tick()

    def place(self, parcel, label):
        assert label not in self.inside.values() or self.is_of_same_leg(parcel, label), "two orders behind one door"
        self.inside[parcel] = self.lay_in[parcel] = label
        self.feel(label)

    def feel(self, label):
        seen = Presence.OCCUPIED if label in self.inside.values() else Presence.EMPTY
        self.driver.presence[self.bank.doors.addresses[label]] = seen

    def is_open(self, label):
        return self.driver.is_open(self.bank.doors.addresses[label])

    def is_of_same_leg(self, parcel, label):
        legs = {self.leg_of(other) for other, place in self.inside.items() if place == label}
        return legs == {self.leg_of(parcel)}

    def pin(self, collection):
        return codes.collect_pin(Collection.objects.get(pk=collection.pk))

    def leg_of(self, parcel):
        return Parcel.objects.get(pk=parcel).leg_id

    def new_pulses(self):
        names = {address: label for label, address in self.bank.doors.addresses.items()}
        new = [names[address] for address in self.driver.pulses[self.pulses_seen :]]
        self.pulses_seen = len(self.driver.pulses)
        return new

    def expect_pulses(self, allowed):
        new = self.new_pulses()
        assert set(new) <= allowed, f"pulses without right: {new}"

    def expect_ordered_pulses(self):
        for label in self.new_pulses():
            waiting = [each for each, door in self.ordered.items() if door == label and each not in self.done_commands]
            assert waiting, f"{label} was pulsed without an order, or twice for one"
            self.done_commands.append(waiting[0])


def search(*, examples, at_random=False, phases=tuple(Phase)):
    """Let Hypothesis invent so many histories."""
    run_state_machine_as_test(
        Town,
        settings=settings(
            max_examples=examples,
            stateful_step_count=30,
            derandomize=not at_random,
            phases=phases,
            report_multiple_bugs=False,
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
