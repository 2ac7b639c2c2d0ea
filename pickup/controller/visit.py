"""One person in front of the bank: what they may open, which door is next, how long we wait.

A visit lives in memory only. After a restart the person simply enters the code again.
"""

import secrets
from dataclasses import dataclass, field
from enum import StrEnum

from pickup.protocol.vocabulary import Outcome, Purpose

from .access import Grant
from .actuation import Actuation
from .legs import Terms

IDLE_SECONDS = 120


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
    moved_from: str | None = None
    """The smaller compartment that the goods are being carried out of."""
    closed_seen: bool = False
    """A closing edge after an opening edge was seen in this visit."""
    reopened: bool = False
    """The leg was collected before; this is the right to look once more."""
    result: str | None = None
    """deposited, declined, taken, left or failed, when the step is over."""

    @property
    def opened(self) -> bool:
        """Say whether the door has been opened in this visit."""
        return self.door in (DoorState.OPEN, DoorState.CLOSED)

    def follow(self, actuation: Actuation) -> None:
        """Take over the outcome of an attempt to open this step's door."""
        good = actuation.outcome in (Outcome.OPENED, Outcome.OPENED_UNVERIFIED)
        self.door = DoorState.OPEN if good else DoorState.STUCK
        if good:
            self.closed_seen = False


@dataclass(kw_only=True)
class Visit:
    """The steps of one accepted credential, worked off in order."""

    grant: Grant
    steps: list[Step]
    deadline: float
    """On the monotonic clock; every touch moves it."""
    session: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    index: int = 0

    @classmethod
    def begin(cls, grant: Grant, mono: float) -> "Visit":
        """Start a visit with a step for each leg of the grant."""
        return cls(grant=grant, steps=[Step(terms=terms) for terms in grant.terms], deadline=mono + IDLE_SECONDS)

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
        self.deadline = mono + IDLE_SECONDS

    def end_step(self, result: str) -> None:
        """Close the step at hand and turn to the next."""
        self.steps[self.index].result = result
        self.index += 1

    def step_at(self, compartment: str) -> Step | None:
        """Return the step whose door this is."""
        return next((step for step in self.steps if step.compartment == compartment), None)
