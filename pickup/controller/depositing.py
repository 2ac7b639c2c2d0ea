"""A shop puts goods in: the door is chosen now, not when the order was made."""

from pickup.protocol.vocabulary import EventType, Service, Size

from .access import Access
from .actuation import Actuation, OpenFor
from .doors import Doors
from .journal import Journal
from .legs import Leg, Legs, Terms
from .visit import DoorState, Step, Visit
from .wall import Wall


class Depositing:
    """Deposit visits: bind a compartment, open it, and take the shop's answer."""

    def __init__(self, *, journal: Journal, access: Access, legs: Legs, wall: Wall, doors: Doors) -> None:
        self.journal = journal
        self.access = access
        self.legs = legs
        self.wall = wall
        self.doors = doors

    def open(self, visit: Visit) -> None:
        """Open the door of the step at hand, binding a compartment first if need be."""
        step = visit.current
        self._leave_unfit(step.terms.leg)
        leg = self.legs.find(step.terms.leg) or self._bind(step.terms)
        if leg is None:
            step.door = DoorState.NO_ROOM
            return
        self._pulse(step, leg.compartment, visit)

    def confirm(self, visit: Visit) -> None:
        """The shop says "deposited": count its parcel, seal the leg when it was the last."""
        step = visit.current
        grant = visit.grant
        with self.journal.transaction():
            inside = self.legs.put_in(step.terms.leg, grant.shop)
            if grant.jti:
                self.access.consume(grant.jti)
            leg = self.legs.find(step.terms.leg)
            self.journal.emit(
                EventType.DEPOSIT_CONFIRMED,
                reservation=grant.reservation,
                leg=leg.leg,
                shop=grant.shop,
                compartment=leg.compartment,
                verified=step.closed_seen or self.doors.stands_open(leg.compartment),
                deposited=inside,
                expected=leg.expected,
            )
            self.legs.seal_if_complete(leg)
        visit.end_step("deposited")

    def decline(self, visit: Visit) -> None:
        """The shop says "not deposited": a compartment without goods becomes free again."""
        step = visit.current
        with self.journal.transaction():
            self.journal.emit(
                EventType.DEPOSIT_DECLINED,
                reservation=visit.grant.reservation,
                leg=step.terms.leg,
                shop=visit.grant.shop,
                compartment=step.compartment,
            )
            self._release_if_empty(step.terms.leg)
        visit.end_step("declined")

    def larger(self, visit: Visit) -> bool:
        """Move the leg to the next larger free compartment and open both doors; False if none is free."""
        step = visit.current
        old = self.legs.find(step.terms.leg)
        new = self._free(step.terms, larger_than=self.wall.compartments[old.compartment].size)
        with self.journal.transaction():
            self.journal.emit(
                EventType.DEPOSIT_LARGER,
                reservation=visit.grant.reservation,
                leg=old.leg,
                shop=visit.grant.shop,
                **{"from": old.compartment, "to": new},
            )
            if new:
                self.legs.move(old.leg, new)
        if not new:
            return False
        step.moved_from = old.compartment
        self._open_again(old, visit)
        self._pulse(step, new, visit)
        return True

    def replace_stuck(self, visit: Visit) -> bool:
        """After a jam, take another door for the same leg; False if goods are inside the stuck one."""
        if self.legs.shops_inside(visit.current.terms.leg):
            return False
        self.open(visit)
        return True

    def abandon(self, visit: Visit) -> None:
        """The shop went away without an answer: free what it cannot have put anything into."""
        for step in visit.steps:
            if not step.opened:
                self._release_if_empty(step.terms.leg)

    def _leave_unfit(self, leg_id: int) -> None:
        leg = self.legs.find(leg_id)
        if leg and self._unfit(leg.compartment):
            self._release_if_empty(leg_id)

    def _unfit(self, compartment: str) -> bool:
        faulty = self.wall.fitness(compartment).svc in (Service.OUT_OF_SERVICE, Service.QUARANTINED)
        return faulty or self.doors.failing(compartment)

    def _bind(self, terms: Terms) -> Leg | None:
        named = terms.compartment
        known = named in self.wall.compartments and not self._unfit(named)
        free_as_named = known and named not in self.legs.taken_compartments()
        compartment = named if free_as_named else self._free(terms)
        return self.legs.bind(terms, compartment) if compartment else None

    def _free(self, terms: Terms, larger_than: Size | None = None) -> str | None:
        taken = self.legs.taken_compartments().keys() | self.access.reserved_compartments()
        return self.wall.smallest_free(
            temperature=terms.temperature, size=terms.size, low=terms.low, taken=taken, larger_than=larger_than
        )

    def _open_again(self, old: Leg, visit: Visit) -> None:
        if not self.doors.stands_open(old.compartment):
            self.doors.open(
                Actuation(compartment=old.compartment, purpose=OpenFor.DEPOSIT, leg=old.leg, shop=visit.grant.shop)
            )

    def _pulse(self, step: Step, compartment: str, visit: Visit) -> None:
        step.compartment = compartment
        step.door = DoorState.OPENING
        self.doors.open(
            Actuation(compartment=compartment, purpose=OpenFor.DEPOSIT, leg=step.terms.leg, shop=visit.grant.shop)
        )

    def _release_if_empty(self, leg: int) -> None:
        if self.legs.find(leg) and not self.legs.shops_inside(leg):
            self.legs.forget(leg)
