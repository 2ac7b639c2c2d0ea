"""What the bank does when a door has its say: reports it, tells the visit, and judges the door."""

import logging
from typing import TYPE_CHECKING

from pickup.protocol.vocabulary import Alert, EventType, Outcome, Service

from .actuation import Actuation, OpenFor
from .drivers.base import BoardState, Trouble
from .terms import State
from .visit import DoorState

if TYPE_CHECKING:
    from .bank import Bank

log = logging.getLogger(__name__)

QUARANTINE_SECONDS = 600
OPENED = {Outcome.OPENED, Outcome.OPENED_UNVERIFIED}


class DoorReactions:
    """Listens to the doors of one bank. Opens nothing itself: that is for the next tick."""

    def __init__(self, bank: "Bank") -> None:
        self.bank = bank

    def attempt_ended(self, actuation: Actuation) -> None:
        """Report the outcome, tell the visit or the server, and judge the door."""
        compartment, outcome = actuation.compartment, actuation.outcome
        self.report_opening(actuation)
        if outcome is Outcome.OPENED and actuation.purpose is OpenFor.COLLECT:
            self.bank.legs.opened(actuation.leg, compartment)
        if outcome in OPENED and actuation.purpose is OpenFor.DEPOSIT:
            self.bank.legs.unanswered.add(actuation.leg, actuation.shop)
        if outcome is Outcome.JAMMED:
            self.bank.wall.take_out(compartment, Service.OUT_OF_SERVICE, "jam")
        if outcome is Outcome.OPENED_UNVERIFIED and self.bank.doors.blind_sensor(compartment):
            self.bank.wall.take_out(compartment, Service.DRAINING, "sensor")
        if actuation.remote and not actuation.late:
            self.bank.remote.finished(actuation)
        step = self.bank.visit.step_at(compartment) if self.bank.visit else None
        if step and (not actuation.remote or step.door is DoorState.OPENING):
            step.follow(actuation, self.bank.clock.timestamp())

    def cut_short(self, actuation: Actuation) -> None:
        """Report an attempt whose outcome a restart has hidden; the door may have opened."""
        self.report_opening(actuation)
        if actuation.purpose is OpenFor.COLLECT and self.bank.doors.stands_open(actuation.compartment):
            self.bank.legs.opened(actuation.leg, actuation.compartment)
        if actuation.purpose is OpenFor.DEPOSIT:
            self.bank.legs.unanswered.add(actuation.leg, actuation.shop)

    def opened_again(self, compartment: str, last: Actuation) -> None:
        """The door did not stay shut: whoever stands there is not done, and the 90 seconds begin anew."""
        if last.purpose is OpenFor.COLLECT:
            self.bank.legs.opened(last.leg, compartment)
        step = self.bank.visit.step_at(compartment) if self.bank.visit else None
        if step and step.door is DoorState.CLOSED:
            step.door = DoorState.OPEN

    def door_closed(self, compartment: str, last: Actuation | None) -> None:
        """Report the closing; for a collection the 90 seconds begin."""
        leg = last.leg if last else None
        with self.bank.journal.transaction():
            self.bank.journal.emit(EventType.DOOR_CLOSED, compartment=compartment, leg=leg)
            if last and last.outcome is Outcome.OPENED and not last.late:
                self.bank.wall.saw_cycle(compartment)
            if last and last.purpose is OpenFor.COLLECT:
                self.bank.legs.closed(leg, compartment)
            if last and last.purpose is OpenFor.CLEAR:
                self.clear(compartment)
            self.bank.servicing.door_closed(compartment, last)
        visit = self.bank.visit
        step = visit.step_at(compartment) if visit else None
        if step:
            step.close()
        elif visit and visit.current:
            visit.current.hear_of(compartment)

    def left_open(self, compartment: str, seconds: int) -> None:
        """Warn; after ten minutes nobody is sent to this compartment any more."""
        with self.bank.journal.transaction():
            self.bank.journal.emit(EventType.DOOR_LEFT_OPEN, compartment=compartment, seconds=seconds)
            if seconds >= QUARANTINE_SECONDS:
                self.bank.wall.take_out(compartment, Service.QUARANTINED, "left_open")

    def forced(self, compartment: str) -> None:
        """A door opened by itself, or by a crowbar: quarantine it."""
        with self.bank.journal.transaction():
            self.bank.journal.emit(EventType.DOOR_UNCOMMANDED_OPEN, compartment=compartment)
            self.bank.wall.take_out(compartment, Service.QUARANTINED, "intrusion")

    def sensor_lost(self, compartment: str) -> None:
        """A door cannot be seen; it takes no new goods, but valid codes still open it."""
        self.bank.journal.emit(EventType.DOOR_UNKNOWN, compartment=compartment)

    def sensor_suspect(self, compartment: str) -> None:
        """A sensor contradicts itself: the door counts as unknown until somebody on site has seen a cycle."""
        with self.bank.journal.transaction():
            self.bank.journal.emit(EventType.DOOR_UNKNOWN, compartment=compartment)
            self.bank.wall.take_out(compartment, Service.DRAINING, "sensor")

    def board_lost(self, state: BoardState) -> None:
        """Report it; a port that we may not open is a mistake of the installation, and never mends itself."""
        board = "the bus" if state.board is None else f"board {state.board}"
        with self.bank.journal.transaction():
            self.bank.journal.emit(EventType.BUS_UNREACHABLE, board=state.board, why=state.trouble)
            if state.trouble is Trouble.PERMISSION:
                self.bank.journal.emit(EventType.ALERT, why=Alert.BUS_PERMISSION, detail=f"No permission for {board}.")
        log.error("No contact with %s: %s", board, state.trouble)

    def board_found(self, board: int | None, seconds: int) -> None:
        """Report the end of the outage."""
        self.bank.journal.emit(EventType.BUS_RECOVERED, board=board, seconds=seconds)
        log.warning("Contact again with %s after %d s", "the bus" if board is None else f"board {board}", seconds)

    def report_opening(self, actuation: Actuation) -> None:
        """Tell the server how an attempt ended."""
        self.bank.journal.emit(
            EventType.DOOR_OPENED,
            compartment=actuation.compartment,
            leg=actuation.leg,
            purpose=actuation.purpose,
            shop=actuation.shop,
            outcome=actuation.outcome,
        )

    def clear(self, compartment: str) -> None:
        """Note that the goods behind a door were taken out by somebody who may."""
        number = self.bank.legs.taken_compartments().get(compartment)
        leg = self.bank.legs.find(number) if number is not None else None
        if leg and leg.state is not State.COLLECTED and not self.bank.legs.leave(leg, compartment):
            self.bank.legs.complete(leg.leg, State.CLEARED)
