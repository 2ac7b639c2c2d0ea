"""Somebody with a service token at the bank: looks into doors, puts them back to use, takes out what nobody collected.

For the page: `bank.enter(text)` answers a service token with a `ServiceVisit` (its `purpose` is `Purpose.SERVICE`) and opens
nothing. Then, each with the visit's session and each raising `Refused`:

    bank.servicing.doors(session)                       every door that this token may open, as `ServiceDoor`
    bank.servicing.open(session, "C12", OpenFor.SERVICE)   look into it, try it; OpenFor.CLEAR: take the goods out
    bank.servicing.cleared(session, "C12")              "the goods are out": for a door whose sensor sees no closing
    bank.servicing.inspected(session, "C12")            back to use; needs an opening and a closing seen in this visit
    bank.servicing.take_out(session, "C12")             out of use, until somebody inspects it
    bank.servicing.raise_budget(session)                the server may open more doors for an hour
    bank.servicing.accept_journal(session)              after a lost journal, when every door was looked into
    bank.servicing.finish(session)

One door at a time: the next opens when the last is shut (`close_first`). A token for one leg (a shop that fetches its goods)
opens that leg's door to clear it, and nothing else (`not_allowed`).
"""

import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pickup.protocol.vocabulary import Door, EventType, Outcome, Purpose, Service

from .actuation import Actuation, OpenFor
from .grants import Denied, Grant
from .refused import Refused
from .terms import State

if TYPE_CHECKING:
    from .bank import Bank

IDLE_SECONDS = 600
OPENED = {Outcome.OPENED, Outcome.OPENED_UNVERIFIED}


@dataclass(kw_only=True)
class ServiceVisit:
    """One holder of a service token in front of the wall. Lives in memory only, as every visit."""

    grant: Grant
    began: float
    deadline: float
    """Both on the monotonic clock; every touch moves the deadline."""
    session: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    last: Actuation | None = None
    cycled: set[str] = field(default_factory=set)
    """Doors that were seen to open when pulsed, and to close again, in this visit."""
    openings: int = 0

    @property
    def purpose(self) -> Purpose:
        """Say that this is service."""
        return Purpose.SERVICE


@dataclass(frozen=True, kw_only=True)
class ServiceDoor:
    """What the holder of a service token sees of one door."""

    compartment: str
    door: Door
    svc: Service
    why: str | None
    occupied: bool
    """A leg has this compartment; whether goods are inside, only a look tells."""
    opening: bool
    stuck: bool
    """The last attempt of this visit at this door failed."""
    inspectable: bool
    """Out of use, and seen to open and close in this visit."""


class Servicing:
    """Service visits of one bank."""

    def __init__(self, bank: "Bank") -> None:
        self.bank = bank
        self.visit: ServiceVisit | None = None

    def begin(self, grant: Grant) -> ServiceVisit:
        """Let the holder in; no door opens yet. The caller holds the bank's lock. Raises Denied."""
        if grant.clears_leg is not None and not self._doors_of(grant.clears_leg):
            raise Denied("collected")
        now = self.bank.clock.mono()
        self.bank.journal.emit(EventType.SERVICE_ENTERED, jti=grant.jti, holder=grant.reservation, leg=grant.clears_leg)
        self.bank.visit = None
        self.visit = ServiceVisit(grant=grant, began=now, deadline=now + IDLE_SECONDS)
        return self.visit

    def doors(self, session: str) -> list[ServiceDoor]:
        """Return the doors that this visit may open, in the order of the wall."""
        with self.bank.lock:
            return self.doors_of(self._known(session))

    def doors_of(self, visit: ServiceVisit) -> list[ServiceDoor]:
        """Return the same without a touch. The caller holds the bank's lock."""
        taken = self.bank.legs.taken_compartments()
        return [self._door(visit, name, taken) for name in self._openable(visit)]

    def open(self, session: str, compartment: str, purpose: OpenFor = OpenFor.SERVICE) -> None:
        """Open one door; what became of it is in `doors`."""
        with self.bank.lock:
            self.bank.tick()
            visit = self._known(session)
            leg = self.bank.legs.taken_compartments().get(compartment)
            self._check(visit, compartment, purpose, leg)
            visit.last = Actuation(compartment=compartment, purpose=purpose, leg=leg)
            visit.cycled.discard(compartment)
            visit.openings += 1
            self.bank.doors.open(visit.last)

    def cleared(self, session: str, compartment: str) -> None:
        """The goods are out. A door with a sensor says so by closing; this is for one without."""
        with self.bank.lock:
            last = self._last_at(session, compartment)
            if last.purpose is not OpenFor.CLEAR:
                raise Refused("not_allowed")
            with self.bank.journal.transaction():
                self.bank.reactions.clear(compartment)

    def inspected(self, session: str, compartment: str) -> None:
        """The door is in order: it is used again."""
        with self.bank.lock:
            visit = self._everywhere(session, compartment)
            if compartment not in visit.cycled:
                raise Refused("needs_inspection")
            self.bank.wall.put_back(compartment)

    def take_out(self, session: str, compartment: str) -> None:
        """The door is not in order: nothing new is put here, and residents are sent to somebody who helps."""
        with self.bank.lock:
            self._everywhere(session, compartment).cycled.discard(compartment)
            self.bank.wall.take_out(compartment, Service.OUT_OF_SERVICE, "technician")

    def raise_budget(self, session: str) -> None:
        """Let the server open more doors for an hour."""
        with self.bank.lock:
            visit = self._everywhere(session)
            budget = self.bank.budget
            with self.bank.journal.transaction():
                budget.raise_remote()
                self.bank.journal.emit(
                    EventType.SERVICE_BUDGET,
                    jti=visit.grant.jti,
                    holder=visit.grant.reservation,
                    seconds=budget.RAISED_SECONDS,
                )

    def accept_journal(self, session: str) -> None:
        """The doors were looked into after the journal was lost: residents and shops are served again."""
        with self.bank.lock:
            self._everywhere(session)
            self.bank.health.accept()

    def finish(self, session: str) -> None:
        """The holder goes."""
        with self.bank.lock:
            self._known(session)
            self._end()

    def knows(self, session: str) -> bool:
        """Say whether this is the session of the visit under way."""
        return self.visit is not None and secrets.compare_digest(session.encode(), self.visit.session.encode())

    def tick(self) -> None:
        """End a visit in which nothing happens any more, or whose code was withdrawn. The caller holds the bank's lock."""
        if self.visit and (
            self.bank.clock.mono() >= self.visit.deadline or self.bank.access.is_revoked(self.visit.grant.jti)
        ):
            self._end()

    def door_closed(self, compartment: str, last: Actuation | None) -> None:
        """Hear that a door was shut: after an opening in time, that is a cycle that somebody on site has seen."""
        visit = self.visit
        if visit and last and last is visit.last and last.outcome is Outcome.OPENED and not last.late:
            visit.cycled.add(compartment)

    def _check(self, visit: ServiceVisit, compartment: str, purpose: OpenFor, leg: int | None) -> None:
        if compartment not in self._openable(visit) or purpose not in (OpenFor.SERVICE, OpenFor.CLEAR):
            raise Refused("not_allowed")
        if visit.grant.clears_leg is not None and purpose is not OpenFor.CLEAR:
            raise Refused("not_allowed")
        if purpose is OpenFor.CLEAR and leg is None:
            raise Refused("nothing_inside")
        if self.bank.doors.busy(compartment):
            raise Refused("busy")
        before = visit.last.compartment if visit.last else compartment
        if before != compartment and (self.bank.doors.stands_open(before) or self.bank.doors.busy(before)):
            raise Refused("close_first")
        if not self.bank.budget.allows_local(compartment):
            raise Refused("budget")

    def _openable(self, visit: ServiceVisit) -> list[str]:
        if visit.grant.clears_leg is None:
            return list(self.bank.wall.compartments)
        return self._doors_of(visit.grant.clears_leg)

    def _doors_of(self, leg_id: int) -> list[str]:
        leg = self.bank.legs.find(leg_id)
        if leg is None or leg.state not in (State.DEPOSITING, State.SEALED):
            return []
        return [name for name, inside in self.bank.legs.taken_compartments().items() if inside == leg_id]

    def _door(self, visit: ServiceVisit, compartment: str, taken: dict[str, int]) -> ServiceDoor:
        fitness = self.bank.wall.fitness(compartment)
        last = visit.last if visit.last and visit.last.compartment == compartment else None
        return ServiceDoor(
            compartment=compartment,
            door=self.bank.doors.state(compartment),
            svc=fitness.svc,
            why=fitness.why,
            occupied=compartment in taken,
            opening=self.bank.doors.busy(compartment),
            stuck=last is not None and last.outcome is not None and last.outcome not in OPENED,
            inspectable=fitness.svc is not Service.IN_SERVICE and compartment in visit.cycled,
        )

    def _last_at(self, session: str, compartment: str) -> Actuation:
        last = self._known(session).last
        if last is None or last.compartment != compartment or last.outcome not in OPENED:
            raise Refused("door_not_opened")
        return last

    def _everywhere(self, session: str, compartment: str | None = None) -> ServiceVisit:
        visit = self._known(session)
        if visit.grant.clears_leg is not None or compartment not in (None, *self.bank.wall.compartments):
            raise Refused("not_allowed")
        return visit

    def _known(self, session: str) -> ServiceVisit:
        if not self.knows(session):
            raise Refused("no_visit")
        self.visit.deadline = self.bank.clock.mono() + IDLE_SECONDS
        return self.visit

    def _end(self) -> None:
        visit = self.visit
        self.bank.journal.emit(
            EventType.SERVICE_LEFT,
            jti=visit.grant.jti,
            holder=visit.grant.reservation,
            seconds=int(self.bank.clock.mono() - visit.began),
            openings=visit.openings,
        )
        self.visit = None
