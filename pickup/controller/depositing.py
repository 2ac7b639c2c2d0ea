"""A shop puts goods in: the door is chosen now, not when the order was made.

Goods that do not fit get a larger door; until the shopkeeper has said "deposited" they may be behind the old door or the
new one, so the leg keeps both. When no larger door is free, the leg gets one more door under the same code.
"""

from pickup.protocol.vocabulary import EventType, MoreRoom, Service

from .access import Access
from .actuation import Actuation, OpenFor
from .doors import Doors
from .journal import Journal
from .legs import Legs
from .refused import Refused
from .terms import Leg, Terms
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
        self._leave_unfit(step)
        compartment = step.compartment or self._door_for(step.terms, visit.grant.shop)
        if compartment is None:
            step.door = DoorState.NO_ROOM
            return
        self._pulse(step, compartment, visit)

    def take(self, answer: str, visit: Visit) -> None:
        """Take the shop's answer for the step at hand: deposited, declined or larger; raises Refused."""
        if answer != "declined" and not visit.current.opened:
            raise Refused("door_not_opened")
        if answer == "larger":
            if not self._larger(visit):
                raise Refused("no_larger")
        elif answer == "deposited" and visit.current.closed_elsewhere:
            self._ask_about_wrong_door(visit)
        elif answer == "deposited":
            self._confirm(visit)
        elif answer == "declined":
            self._decline(visit)
        else:
            raise Refused("unknown_answer")

    def _confirm(self, visit: Visit) -> None:
        """The shop says "deposited": count its parcel, seal the leg when it was the last."""
        step = visit.current
        grant = visit.grant
        with self.journal.transaction():
            self._end_carrying(visit)
            leg = self._leg(step)
            inside = self.legs.put_in(leg.leg, grant.shop)
            self.legs.unanswered.answered(leg.leg, grant.shop)
            if grant.jti:
                self.access.consume(grant.jti)
            self._tell(
                EventType.DEPOSIT_CONFIRMED,
                visit,
                compartment=leg.compartment,
                verified=step.closed_seen or self.doors.stands_open(step.compartment),
                deposited=inside,
                expected=leg.expected,
                compartments=self.legs.doors_of(leg),
            )
            self.legs.seal_if_complete(leg)
        visit.end_step("deposited")

    def _decline(self, visit: Visit) -> None:
        """The shop says "not deposited": a compartment without goods becomes free again."""
        step = visit.current
        with self.journal.transaction():
            self.legs.unanswered.answered(step.terms.leg, visit.grant.shop)
            self._release(step, visit.grant.shop)
            self._tell_declined(step, visit)
        visit.end_step("declined")

    def _larger(self, visit: Visit) -> bool:
        """Open a larger free door and the old one to carry everything over; else one more door. False: none is free."""
        step = visit.current
        new, way = self._more_room(step)
        self._add_door(visit, new, way)
        if new is None:
            return False
        if way is MoreRoom.MOVE:
            self._open_again(step.compartment, visit)
            step.carry_from.append(step.compartment)
        else:
            step.beside.append(step.compartment)
        self._pulse(step, new, visit)
        return True

    def replace_stuck(self, visit: Visit) -> bool:
        """After a jam, take another door; goods behind the stuck one stay there. False when there is none to take."""
        step = visit.current
        if step.opened:
            return False
        if step.carry_from or step.beside:
            self.legs.more.drop(step.compartment)
            step.compartment = (step.carry_from or step.beside).pop()
            step.door = DoorState.OPEN if self.doors.stands_open(step.compartment) else DoorState.CLOSED
            step.opened = True
            return self._larger(visit)
        if not self.legs.may_hold_goods(step.terms.leg):
            step.compartment = None
            self.open(visit)
            return True
        new = self._free(step.terms)
        if new is None:
            return False
        self._add_door(visit, new, MoreRoom.BESIDE)
        step.beside.append(step.compartment)
        self._pulse(step, new, visit)
        return True

    def abandon(self, visit: Visit) -> None:
        """The shop went away without an answer: free what it cannot have put anything into."""
        for step in visit.steps:
            if step.result is None and not step.opened:
                told = step.carry_from or step.beside  # the server has heard that this door is the leg's
                with self.journal.transaction():
                    self._release(step, visit.grant.shop)
                    if told:
                        self._tell_declined(step, visit)

    def _ask_about_wrong_door(self, visit: Visit) -> None:
        """Another door was shut while the right one stands open, so the goods may be behind that one. Asked once, then believed."""
        step = visit.current
        self._tell(EventType.DEPOSIT_WRONG_DOOR, visit, compartment=step.compartment, wrong=step.closed_elsewhere)
        step.closed_elsewhere = None
        raise Refused("wrong_door")

    def _door_for(self, terms: Terms, shop: int) -> str | None:
        """Return the compartment of the leg, or the shop's own one; bind one when there is none yet."""
        leg = self.legs.find(terms.leg)
        if leg is None:
            bound = self._bind(terms)
            return bound.compartment if bound else None
        apart = terms.own_compartment or leg.own_compartment
        if not apart or not (self.legs.shops_inside(leg.leg).keys() - {shop}):
            return self.legs.more.of_shop(leg.leg, shop) or leg.compartment
        own = self.legs.more.of_shop(leg.leg, shop) or self._free(terms)
        if own:
            self.legs.more.add(leg.leg, own, shop)
        return own

    def _more_room(self, step: Step) -> tuple[str | None, MoreRoom | None]:
        larger = self._free(step.terms, larger_than=self.wall.compartments[step.compartment].size)
        if larger:
            return larger, MoreRoom.MOVE
        other = self.wall.largest_free(temperature=step.terms.temperature, low=step.terms.low, taken=self._not_free())
        return other, MoreRoom.BESIDE if other else None

    def _add_door(self, visit: Visit, new: str | None, way: MoreRoom | None) -> None:
        step = visit.current
        leg = self._leg(step)
        own = self.legs.more.of_shop(leg.leg, visit.grant.shop)
        with self.journal.transaction():
            if new:
                self.legs.more.add(leg.leg, new, visit.grant.shop if own else None)
            self._tell(
                EventType.DEPOSIT_LARGER,
                visit,
                **{"from": step.compartment, "to": new},
                way=way,
                compartments=self.legs.doors_of(leg),
            )

    def _end_carrying(self, visit: Visit) -> None:
        """The shop has carried everything: the old doors are empty, the new one is the leg's."""
        step = visit.current
        for old in step.carry_from:
            if self._leg(step).compartment == old:
                self.legs.move(step.terms.leg, step.compartment)
            else:
                self.legs.more.drop(old)
            self._tell(
                EventType.DEPOSIT_MOVED,
                visit,
                **{"from": old, "to": step.compartment},
                compartments=self.legs.doors_of(self._leg(step)),
            )
        step.carry_from.clear()

    def _release(self, step: Step, shop: int) -> None:
        """Free the doors that hold nothing: all of a leg without goods, else only what this visit took and never opened."""
        leg = self.legs.find(step.terms.leg)
        if leg is None:
            return
        if not self.legs.may_hold_goods(leg.leg):
            self.legs.forget(leg.leg)
            return
        its_own = (
            shop not in self.legs.shops_inside(leg.leg) and self.legs.more.of_shop(leg.leg, shop) == step.compartment
        )
        never_used = not step.opened and (step.carry_from or step.beside)
        if its_own or never_used:
            self.legs.more.drop(step.compartment)

    def _leg(self, step: Step) -> Leg:
        """Return the leg; bind it again if a new list has dropped it while its door stood open."""
        return self.legs.find(step.terms.leg) or self.legs.bind(step.terms, step.compartment)

    def _leave_unfit(self, step: Step) -> None:
        """Give up an empty compartment that is out of service."""
        leg = self.legs.find(step.terms.leg)
        if leg and self._unfit(leg.compartment) and not self.legs.may_hold_goods(leg.leg):
            self.legs.forget(leg.leg)
            step.compartment = None

    def _unfit(self, compartment: str) -> bool:
        faulty = self.wall.fitness(compartment).svc in (Service.OUT_OF_SERVICE, Service.QUARANTINED)
        return faulty or self.doors.failing(compartment)

    def _bind(self, terms: Terms) -> Leg | None:
        named = terms.compartment
        known = named in self.wall.compartments and not self._unfit(named)
        free_as_named = known and named not in self.legs.taken_compartments()
        compartment = named if free_as_named else self._free(terms)
        return self.legs.bind(terms, compartment) if compartment else None

    def _not_free(self) -> set[str]:
        return self.legs.taken_compartments().keys() | self.access.reserved_compartments()

    def _free(self, terms: Terms, larger_than: str | None = None) -> str | None:
        return self.wall.smallest_free(
            temperature=terms.temperature,
            size=terms.size,
            low=terms.low,
            taken=self._not_free(),
            larger_than=larger_than,
            low_wanted=self.access.low_doors_wanted(terms.temperature),
        )

    def _open_again(self, compartment: str, visit: Visit) -> None:
        if not self.doors.stands_open(compartment):
            self.doors.open(self._actuation(compartment, visit))

    def _pulse(self, step: Step, compartment: str, visit: Visit) -> None:
        if step.compartment != compartment:
            step.compartment, step.opened, step.closed_seen = compartment, False, False
        step.door = DoorState.OPENING
        step.closed_elsewhere = None
        self.doors.open(self._actuation(compartment, visit))

    def _actuation(self, compartment: str, visit: Visit) -> Actuation:
        leg = visit.current.terms.leg
        return Actuation(compartment=compartment, purpose=OpenFor.DEPOSIT, leg=leg, shop=visit.grant.shop)

    def _tell_declined(self, step: Step, visit: Visit) -> None:
        """Report behind which doors the leg is now that nothing was put into this step's."""
        leg = self.legs.find(step.terms.leg)
        doors = self.legs.doors_of(leg) if leg else []
        self._tell(EventType.DEPOSIT_DECLINED, visit, step=step, compartment=step.compartment, compartments=doors)

    def _tell(self, kind: EventType, visit: Visit, *, step: Step | None = None, **more: object) -> None:
        grant = visit.grant
        leg = (step or visit.current).terms.leg
        self.journal.emit(kind, reservation=grant.reservation, leg=leg, shop=grant.shop, **more)
