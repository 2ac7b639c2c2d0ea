"""A resident takes goods out: one code, its doors one after the other, a claim for each.

A door that is shut proves nothing; a leg is collected when somebody says so, or when it was seen to open,
then to close, and nobody came back for 90 seconds.
"""

from pickup.protocol.vocabulary import EventType, Presence

from .actuation import Actuation, OpenFor
from .doors import Doors
from .journal import Journal
from .legs import Legs, State
from .visit import DoorState, Visit


class Collecting:
    """Collect visits."""

    def __init__(self, *, journal: Journal, legs: Legs, doors: Doors) -> None:
        self.journal = journal
        self.legs = legs
        self.doors = doors

    def open(self, visit: Visit) -> None:
        """Open the door of the step at hand."""
        step = visit.current
        leg = self.legs.find(step.terms.leg)
        step.compartment = leg.compartment
        step.reopened = leg.state is State.COLLECTED
        step.door = DoorState.OPENING
        if not step.reopened:
            self.legs.reopening(leg.leg)
        self.doors.open(Actuation(compartment=leg.compartment, purpose=OpenFor.COLLECT, leg=leg.leg))

    def claim(self, visit: Visit) -> None:
        """The resident says "I have taken everything" of the step at hand."""
        leg = self.legs.find(visit.current.terms.leg)
        if leg.state is State.SEALED:
            with self.journal.transaction():
                self.legs.complete(leg.leg)
                self.journal.emit(EventType.CLAIM, reservation=leg.reservation, legs=[leg.leg])
        visit.end_step("taken")

    def leave(self, visit: Visit) -> None:
        """Turn to the next door without a claim."""
        stuck = visit.current.door is DoorState.STUCK
        visit.end_step("failed" if stuck else "left")

    def remark(self, visit: Visit, code: str) -> None:
        """The resident found something wrong; the leg now completes by claim or clearing only."""
        step = visit.current
        with self.journal.transaction():
            self.legs.remarked(step.terms.leg)
            self.journal.emit(EventType.REMARK, reservation=visit.grant.reservation, leg=step.terms.leg, code=code)

    def complete_due(self) -> None:
        """Complete the legs that were opened, closed and left alone, unless the sensor inside sees that goods remain."""
        for leg in self.legs.due_for_timeout():
            if self.doors.stands_open(leg.compartment) or self.doors.presence(leg.compartment) is Presence.OCCUPIED:
                continue
            with self.journal.transaction():
                self.legs.complete(leg.leg)
                self.journal.emit(EventType.CLAIM_TIMEOUT, reservation=leg.reservation, leg=leg.leg)
