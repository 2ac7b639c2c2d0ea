"""People at the doors: shops that bring, residents who collect, somebody who guesses. Each door that opens is judged."""

from collections.abc import Callable
from contextlib import suppress

from pickup.controller.bank import Refused
from pickup.controller.visit import Step, Visit
from pickup.models import Bank, BankEvent, Leg, Parcel
from pickup.protocol.vocabulary import EventType, Presence

from .place import DOORS, SLACK, Place
from .truth import EARLY, Bag, Order

ACTS = ("puts in", "nothing", "walks away", "power fails", "larger", "larger, walks away")
SILENT = {"walks away", "power fails", "larger, walks away"}
SHUTS = ("before", "after", "never")
"""When people shut a door: before they answer the screen, when they go, or not at all."""
TAKES = ("all", "first", "nothing")
MOST_ROUNDS = 8
"""What one exchange tells may change the list, which the next one has to tell again."""
EXCUSES = {"hard_exp", "zone_temp"}
"""Why goods that are there are not handed out: they are food that got old or warm."""


class Town(Place):
    """A place, and everybody who comes there."""

    def guess(self, number: int) -> None:
        """Somebody types a number that is nobody's code."""
        codes = {order.pin for order in self.truth.orders}
        codes |= {bag.pin for order in self.truth.orders for bag in order.bags}
        if str(number) not in codes:
            assert isinstance(self.enter(str(number)), str), "a guess was accepted"

    def bring(self, bag: Bag, *, act: str = "puts in", by_token: bool = False, shuts: str = "before") -> str | None:
        """A shop comes with a bag, and does the same at each of its doors; returns why it was not let in."""
        visit = self.enter(bag.token if by_token else bag.pin)
        if isinstance(visit, str):
            return visit
        if self.bank.clock.is_sure():
            order = next(each for each in self.truth.orders if bag in each.bags)
            early = order.deposit_from - self.now()
            assert early <= EARLY + self.bank.clock.uncertainty() + SLACK, "a shop was let in before its time"
        opened = set()
        while visit.current and self._serve(visit, visit.current, act, shuts, opened):
            pass
        self._leave(visit, opened if shuts == "after" else ())
        return None

    def collect(
        self,
        order: Order,
        *,
        takes: str = "all",
        claims: bool = True,
        by_token: bool = False,
        shuts: str = "after",
        power_fails: bool = False,
    ) -> str | None:
        """A resident comes; returns why nothing opened. Who takes nothing from a door claims nothing there."""
        visit = self.enter(order.token if by_token else order.pin)
        if isinstance(visit, str):
            return visit
        legs = {terms.leg for terms in visit.grant.terms}
        doors = {terms.compartment for terms in visit.grant.terms}
        self.truth.judge_reach(legs, doors)
        self._judge_food(order, legs)
        while step := visit.current:
            if not self._hand_out(visit, step, order, takes=takes, shuts=shuts):
                legs.discard(step.terms.leg)
            if power_fails:
                self.cut_power()
                return None
            self._answer(visit, claims=claims and takes != "nothing")
            takes = "nothing" if takes == "first" else takes
        for leg in legs if claims else ():
            self.truth.claimed(leg, self.ticker.seconds)
        self._leave(visit, doors if shuts == "after" else ())
        return None

    def enter(self, code: str) -> Visit | str:
        """Somebody shows a code; the visit, or why there is none."""
        self.ticker.seconds += 2
        try:
            return self.bank.enter(code)
        except Refused as refused:
            self.expect(set())
            return refused.why

    def shut(self, door: str) -> None:
        """Somebody pushes a door shut."""
        self.driver.push_shut(self.bank.doors.addresses[door])
        for _ in range(3):
            self.ticker.seconds += 1
            self.bank.tick()
        self.expect(set())
        self.truth.shut(door, self.ticker.seconds)

    def settle(self) -> None:
        """The line is whole again: both sides agree with each other and with the truth, and all goods can be collected."""
        self.cable.old_list = None
        for _ in range(MOST_ROUNDS):
            for door in DOORS:
                self.shut(door)
            self.exchange()
            if self._all_told():
                break
        assert self._all_told(), "not everything was told"
        self._compare()
        for order in self.truth.orders:
            self._collect_the_rest(order)
        self.check()

    # At a door

    def _serve(self, visit: Visit, step: Step, act: str, shuts: str, opened: set[str]) -> bool:
        """One door of a shop's visit; False when the visit is over with it."""
        door = step.compartment
        self.expect({door} if door else set())
        if door is None:
            self.bank.deposit(visit.session, "declined")
            return True
        bag = self.truth.bag_of(step.terms.leg, visit.grant.shop)
        self._lay_open(bag, door)
        opened.add(door)
        if act == "nothing" and self.truth.inside.get(bag, door) == door and bag not in self.truth.confirmed:
            self.truth.removed(bag, door)
            self._feel(door)
            return self._reply(visit, "declined", {door} if shuts == "before" else ())
        emptied = self._enlarge(visit, step, bag) if act.startswith("larger") else set()
        opened |= {step.compartment}
        self.truth.laid(bag, step.compartment)
        self._feel(step.compartment)
        if act in SILENT:
            if act == "power fails":
                self.cut_power()
            return False
        self._reply(visit, "deposited", opened if shuts == "before" else ())
        self.truth.confirm(bag, self.ticker.seconds)
        self.truth.given[bag.leg] -= emptied
        return True

    def _enlarge(self, visit: Visit, step: Step, bag: Bag) -> set[str]:
        """The bag does not fit: ask for more room, and carry over what the screen says. Returns the doors emptied by it."""
        old = step.compartment
        try:
            self.bank.deposit(visit.session, "larger")
        except Refused:
            return set()
        self.expect({old, step.compartment})
        self._lay_open(bag, step.compartment)
        for door in step.carry_from:
            self.truth.carried(door, step.compartment)
            self._feel(door)
        return set(step.carry_from)

    def _lay_open(self, bag: Bag, door: str) -> None:
        self.truth.judge_deposit(bag, door, self.ticker.seconds)
        self.truth.disturbed(door)
        self.truth.given.setdefault(bag.leg, set()).add(door)

    def _reply(self, visit: Visit, answer: str, shut: set[str]) -> bool:
        for door in sorted(shut):
            self.shut(door)
        self.bank.deposit(visit.session, answer)
        return True

    def _hand_out(self, visit: Visit, step: Step, order: Order, *, takes: str, shuts: str) -> bool:
        """One door of a resident's visit; whether its goods were taken."""
        door, leg = step.compartment, step.terms.leg
        self.expect({door})
        self.truth.judge_collection(order, leg, door, self.ticker.seconds)
        self.truth.opened(leg, door, self.ticker.seconds)
        if takes != "nothing":
            self.truth.took(leg, door)
            self._feel(door)
        if shuts == "before":
            self.shut(door)
        return takes != "nothing"

    def _answer(self, visit: Visit, *, claims: bool) -> None:
        if claims:
            self.bank.claim(visit.session)
        else:
            self.bank.skip(visit.session)

    def _leave(self, visit: Visit, doors) -> None:
        for door in sorted(doors):
            self.shut(door)
        with suppress(Refused):
            self.bank.finish(visit.session)

    def _judge_food(self, order: Order, legs: set[int]) -> None:
        if self.bank.clock.is_sure():
            for leg in legs & order.food_ends.keys():
                late = self.now() - order.food_ends[leg]
                assert late <= self.bank.clock.uncertainty() + SLACK, "food was given out after its end"

    def _feel(self, door: str) -> None:
        seen = Presence.OCCUPIED if self.truth.behind(door) else Presence.EMPTY
        self.driver.presence[self.bank.doors.addresses[door]] = seen

    # In the end

    def _all_told(self) -> bool:
        return self.bank.journal.unsent(1) == ((), ())

    def _compare(self) -> None:
        """What the server says, beside the truth."""
        deposited = set(Parcel.objects.filter(deposited_at__isnull=False).values_list("pk", flat=True))
        assert deposited == {bag.parcel for bag in self.truth.confirmed}, "the server does not know what was deposited"
        events = BankEvent.objects.filter(bank=self.server_bank)
        told = events.filter(type=EventType.DEPOSIT_CONFIRMED).count()
        assert told == self.truth.confirmations, "a deposit was told twice, or never"
        legs = {leg.pk: leg for leg in Leg.objects.filter(collection__point=self.server_bank.point)}
        spoiled = set(Parcel.objects.filter(status=Parcel.Status.RUINED).values_list("pk", flat=True))
        for bag in self.truth.inside.keys() & self.truth.confirmed.keys():
            if bag.parcel in spoiled:  # it stood too warm and was paid back: nobody waits for it any more
                continue
            assert legs[bag.leg].status in Leg.INSIDE, "the server believes goods gone that are there"
            doors = {door.label for door in legs[bag.leg].doors}
            assert self.truth.inside[bag] in doors, "the server looks behind another door"
        assert not list(events.exclude(problem="").values_list("type", "problem")), "the server has refused a report"
        applied = Bank.objects.get(pk=self.server_bank.pk).applied_etag
        assert applied == self.bank.access.etag, "the server does not know which list the bank has"

    def _collect_the_rest(self, order: Order) -> None:
        if not self.truth.ready(order):
            return
        why = self.collect(order, by_token=True)
        if why == "budget":
            self.pass_seconds(700)
            why = self.collect(order, by_token=True)
        assert why is None or why in EXCUSES, f"nobody can get what lies there: {why}"


def play(history: Callable[[Town], object]) -> None:
    """Let a history happen in a new town, and compare everything at its end."""
    town = Town()
    try:
        history(town)
        town.settle()
    finally:
        town.close()
