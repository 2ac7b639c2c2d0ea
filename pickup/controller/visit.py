"""One person in front of the bank: what they may open, which door is next, how long we wait.

A visit lives in memory only. After a restart the person simply enters the code again.
"""

import secrets
from dataclasses import dataclass, field
from enum import StrEnum

from pickup.protocol.vocabulary import Outcome, Purpose

from .actuation import Actuation
from .grants import Grant
from .terms import Terms


class DoorState(StrEnum):
    """What the person is told about the door of a step."""

    WAITING = "waiting"
    OPENING = "opening"
    OPEN = "open"
    CLOSED = "closed"
    STUCK = "stuck"
    NO_ROOM = "no_room"


@dataclass(kw_only=True)
class Step:
    """One leg of the visit, behind one door."""

    terms: Terms
    compartment: str | None = None
    door: DoorState = DoorState.WAITING
    carry_from: list[str] = field(default_factory=list)
    """The smaller compartments that the goods are being carried out of."""
    beside: list[str] = field(default_factory=list)
    """Compartments of the same leg that keep what is in them."""
    closed_elsewhere: str | None = None
    """A door that is none of this step's and was shut while this step's own stands open."""
    opened: bool = False
    """The door was open in this visit, so goods may be behind it."""
    given_up: bool = False
    """The door is stuck, and no other is free for its goods."""
    stuck_at: float | None = None
    """When it turned out that the door does not open."""
    closed_seen: bool = False
    """A closing edge after an opening edge was seen in this visit."""
    reopened: bool = False
    """The leg was collected before; this is the right to look once more."""
    result: str | None = None
    """deposited, declined, taken, left or failed, when the step is over."""

    def follow(self, actuation: Actuation, now: float) -> None:
        """Take over the outcome of an attempt to open this step's door; `now` is the time of day, in seconds since 1970."""
        good = actuation.outcome in (Outcome.OPENED, Outcome.OPENED_UNVERIFIED)
        self.door = DoorState.OPEN if good else DoorState.STUCK
        self.given_up = False
        self.stuck_at = None if good else (self.stuck_at or now)
        if good:
            self.opened = True
            self.closed_seen = False
            self.closed_elsewhere = None

    def close(self) -> None:
        """Take note that the step's door was shut."""
        self.closed_seen = self.door is DoorState.OPEN
        self.door = DoorState.CLOSED
        self.closed_elsewhere = None

    def hear_of(self, compartment: str) -> None:
        """Take note that another door was shut."""
        own = (self.compartment, *self.carry_from, *self.beside)
        if self.door is DoorState.OPEN and compartment not in own:
            self.closed_elsewhere = compartment


@dataclass(kw_only=True)
class Visit:
    """The steps of one accepted credential, worked off in order."""

    grant: Grant
    steps: list[Step]
    seconds: int
    """How long one may do nothing."""
    deadline: float
    """On the monotonic clock; every touch moves it."""
    orders_before: int = 0
    """Orders that the same shopkeeper has brought before, without leaving."""
    session: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    index: int = 0

    @classmethod
    def begin(cls, grant: Grant, mono: float, seconds: int, orders_before: int = 0) -> "Visit":
        """Start a visit with a step for each door of the grant."""
        steps = [Step(terms=terms) for terms in grant.terms]
        return cls(grant=grant, steps=steps, seconds=seconds, deadline=mono + seconds, orders_before=orders_before)

    @property
    def purpose(self) -> Purpose:
        """Say whether goods go in or out."""
        return self.grant.purpose

    @property
    def current(self) -> Step | None:
        """Return the step at hand, or None when all are over."""
        return self.steps[self.index] if self.index < len(self.steps) else None

    def touch(self, mono: float) -> None:
        """Give the person the full time again."""
        self.deadline = mono + self.seconds

    def end_step(self, result: str) -> None:
        """Close the step at hand and turn to the next."""
        self.steps[self.index].result = result
        self.index += 1

    @property
    def orders_done(self) -> int:
        """Return how many orders were brought, with those before."""
        return self.orders_before + any(step.result == "deposited" for step in self.steps)

    def step_to_reopen(self, compartment: str | None) -> Step | None:
        """Return the step at hand; when all are over, the last, or the one with this door. None if there is no such."""
        if self.current:
            return self.current if compartment in (None, self.current.compartment) else None
        return self.steps[-1] if compartment is None else self.step_at(compartment)

    def turn_back_to(self, step: Step) -> None:
        """Make a step that was over the one at hand; it comes last, so that no other follows."""
        if self.current is None:
            step.result = None
            self.steps.remove(step)
            self.steps.append(step)
            self.index = len(self.steps) - 1

    def last_of_leg(self) -> bool:
        """Say whether everything was taken from all other doors of the leg at hand."""
        leg = self.current.terms.leg
        others = [step for step in self.steps if step is not self.current and step.terms.leg == leg]
        return all(step.result == "taken" for step in others)

    def step_at(self, compartment: str) -> Step | None:
        """Return the step whose door this is."""
        return next((step for step in self.steps if step.compartment == compartment), None)
