"""Histories of a town, as Hypothesis invents them."""

from datetime import timedelta

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

from .place import DEAD_BATTERY, DOORS, GOODS
from .town import ACTS, SHUTS, TAKES, Town

MOST_ORDERS = 3
MOST_COMMANDS = 3
FATES = ("arrives", "arrives twice", "request lost", "answer lost", "answer late")
WRONG = timedelta(hours=23)
NUMBERS = st.integers(0, 20)
KINDS = st.sets(st.sampled_from(list(GOODS)), min_size=1, max_size=2)


class Histories(RuleBasedStateMachine):
    """Anything may follow anything."""

    town = None

    @initialize(
        wrong_by=st.sampled_from([timedelta(), -WRONG, WRONG]),
        drift=st.sampled_from([0.0, 1e-4, -1e-4]),
        kinds=KINDS,
    )
    def build(self, wrong_by, drift, kinds):
        self.town = Town(wrong_by=wrong_by, drift=drift)
        self.town.order(*goods_of(1, kinds))
        self.town.exchange()

    def teardown(self):
        if self.town:
            try:
                self.town.settle()
            finally:
                self.town.close()

    @invariant()
    def nothing_is_forgotten(self):
        if self.town:
            self.town.check()

    # Orders, shops, residents

    @precondition(lambda self: len(self.orders) < MOST_ORDERS)
    @rule(shops=st.integers(1, 2), kinds=KINDS, later=st.sampled_from([False, False, True]))
    def order(self, shops, kinds, later):
        self.town.order(*goods_of(shops, kinds), later=later)

    @precondition(lambda self: self.orders)
    @rule(
        which=NUMBERS,
        expected=st.booleans(),
        act=st.sampled_from(["puts in", "larger", *ACTS]),
        by_token=st.booleans(),
        shuts=st.sampled_from(SHUTS),
    )
    def shop_comes(self, which, expected, act, by_token, shuts):
        bags = [bag for order in self.orders for bag in order.bags]
        missing = [bag for bag in bags if bag not in self.town.truth.confirmed]
        self.town.bring(pick(missing if expected and missing else bags, which), act=act, by_token=by_token, shuts=shuts)

    @precondition(lambda self: self.orders)
    @rule(which=NUMBERS)
    def all_shops_come(self, which):
        for bag in pick(self.orders, which).bags:
            self.town.bring(bag, by_token=True)

    @precondition(lambda self: len(self.orders) < MOST_ORDERS)
    @rule(kinds=KINDS, act=st.sampled_from(["puts in", "larger"]))
    def an_order_goes_well(self, kinds, act):
        order = self.town.order(*goods_of(2, kinds))
        if order:
            self.town.exchange()
            for bag in order.bags:
                self.town.bring(bag, act=act)
            self.town.collect(order)

    @precondition(lambda self: self.orders)
    @rule(
        which=NUMBERS,
        invited=st.booleans(),
        takes=st.sampled_from(TAKES),
        claims=st.booleans(),
        by_token=st.booleans(),
        shuts=st.sampled_from(SHUTS),
        power_fails=st.integers(0, 3).map(lambda number: number == 3),
        later=st.sampled_from([1, 1000]),
    )
    def resident_comes(self, which, invited, takes, claims, by_token, shuts, power_fails, later):
        self.town.pass_seconds(later)
        ready = [order for order in self.orders if self.town.truth.ready(order)]
        order = pick(ready if invited and ready else self.orders, which)
        how = {"takes": takes, "claims": claims, "by_token": by_token, "shuts": shuts, "power_fails": power_fails}
        self.town.collect(order, **how)

    @rule(number=st.integers(10_000_000, 99_999_999))
    def somebody_guesses(self, number):
        self.town.guess(number)

    @rule(door=st.sampled_from(DOORS))
    def somebody_shuts(self, door):
        self.town.shut(door)

    # Time, power, the operator

    @rule(seconds=st.sampled_from([1, 40, 100, 1000]))
    def time_passes(self, seconds):
        self.town.pass_seconds(seconds)

    @rule(
        seconds=st.sampled_from([0, 0, 0, 1800, 100_000]),
        shows=st.sampled_from([timedelta(), timedelta(), -WRONG, WRONG, DEAD_BATTERY]),
    )
    def power_fails(self, seconds, shows):
        self.town.cut_power(seconds, shows)

    @precondition(lambda self: len(self.town.commands) < MOST_COMMANDS)
    @rule(door=st.sampled_from(DOORS))
    def operator_orders_an_opening(self, door):
        self.town.order_opening(door)

    # The lines

    @precondition(lambda self: not self.town.waiting)
    @rule(fate=st.sampled_from(FATES))
    def exchange(self, fate):
        if fate == "answer late":
            self.town.ask()
        else:
            self.town.exchange(fate)

    @precondition(lambda self: self.town.waiting)
    @rule()
    def late_answer_comes(self):
        self.town.take_answer()

    @rule(what=st.sampled_from(["request", "list", "report"]), which=NUMBERS)
    def something_old_comes_again(self, what, which):
        if what == "request":
            self.town.repeat_request(which)
        elif what == "list" and self.town.cable.lists:
            self.town.cable.old_list = pick(self.town.cable.lists, which)
        elif what == "report" and self.town.post.heard:
            self.town.post.server_hears(pick(self.town.post.heard, which))

    @rule(which=st.lists(NUMBERS, max_size=4), reach=st.integers(0, 4))
    def broker_is_there(self, which, reach):
        self.town.connect(*which, reach=reach)

    @precondition(lambda self: self.town.post.for_server)
    @rule(most=st.integers(1, 4))
    def broker_delivers(self, most):
        self.town.deliver(most)

    @property
    def orders(self):
        return self.town.truth.orders


def pick(among, which):
    """One of them."""
    return among[which % len(among)]


def goods_of(shops, kinds):
    """One piece of each kind from each shop."""
    return [(shop, kind) for shop in range(shops) for kind in sorted(kinds)]


def search(*, examples, at_random=False, phases=tuple(Phase)):
    """Let Hypothesis invent so many histories."""
    run_state_machine_as_test(
        Histories,
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
