"""A resident takes goods out: one code, its doors one after the other, a claim for each.

A door that is shut proves nothing; a leg is collected when somebody says so, or when it was seen to open,
then to close, and nobody came back for 90 seconds.
"""

from pickup.protocol.vocabulary import Door, EventType, Presence, Service

from .actuation import Actuation, OpenFor
from .doors import Doors
from .journal import Journal
from .legs import Legs
from .terms import State
from .visit import DoorState, Visit
from .wall import Wall

NOT_EMPTY = "not_empty"
LOOK_BEHIND_SECONDS = 5


class Collecting:
    """Collect visits."""

    def __init__(self, *, journal: Journal, legs: Legs, wall: Wall, doors: Doors) -> None:
        self.journal = journal
        self.legs = legs
        self.wall = wall
        self.doors = doors

    def open(self, visit: Visit) -> None:
        """Open the door of the step at hand."""
        step = visit.current
        leg = self.legs.find(step.terms.leg)
        step.compartment = step.terms.compartment
        step.reopened = leg.state is State.COLLECTED
        step.door = DoorState.OPENING
        if not step.reopened:
            self.legs.reopening(leg.leg, step.compartment)
        self.doors.open(Actuation(compartment=step.compartment, purpose=OpenFor.COLLECT, leg=leg.leg))

    def claim(self, visit: Visit) -> None:
        """The resident says "I have taken everything" of the step at hand; the leg is over when it has no other door."""
        leg = self.legs.find(visit.current.terms.leg)
        if leg.state is State.SEALED and visit.last_of_leg():
            with self.journal.transaction():
                self.legs.complete(leg.leg)
                self.journal.emit(
                    EventType.CLAIM,
                    reservation=leg.reservation,
                    legs=[leg.leg],
                    compartments=self.legs.doors_of(leg),
                )
        visit.end_step("taken")

    def leave(self, visit: Visit) -> None:
        """Turn to the next door without a claim."""
        stuck = visit.current.door is DoorState.STUCK
        visit.end_step("failed" if stuck else "left")

    def remark(self, visit: Visit, code: str) -> None:
        """The resident found something wrong; the leg now completes by claim or clearing only.

        A door with something left inside takes no other goods until somebody has looked.
        """
        step = visit.current
        with self.journal.transaction():
            self.legs.remarked(step.terms.leg)
            self.journal.emit(
                EventType.REMARK,
                reservation=visit.grant.reservation,
                leg=step.terms.leg,
                code=code,
                compartment=step.compartment,
            )
            if code == NOT_EMPTY:
                self.wall.take_out(step.compartment, Service.QUARANTINED, "check")

    def look_behind(self) -> None:
        """Quarantine the compartments in which the sensor still sees something after a collection: a person must look."""
        for leg in self.legs.lately_collected(LOOK_BEHIND_SECONDS):
            for door in self.legs.doors_of(leg):
                if self.doors.state(door) is Door.CLOSED and self.doors.presence(door) is Presence.OCCUPIED:
                    self.wall.take_out(door, Service.QUARANTINED, "check")

    def complete_due(self) -> None:
        """Complete the legs that were opened, closed and left alone, unless the sensor inside sees that goods remain."""
        for leg in self.legs.due_for_timeout():
            doors = self.legs.doors_of(leg)
            if any(self.doors.stands_open(door) or self.doors.presence(door) is Presence.OCCUPIED for door in doors):
                continue
            with self.journal.transaction():
                self.legs.complete(leg.leg)
                self.journal.emit(
                    EventType.CLAIM_TIMEOUT,
                    reservation=leg.reservation,
                    leg=leg.leg,
                    compartments=doors,
                )
