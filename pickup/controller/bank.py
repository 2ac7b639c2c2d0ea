"""The authority for opening: judges credentials, leads visits, hears the doors.

Everything public takes the bank's lock, so the kiosk, the sync thread and the ticking thread never meet in the
middle. No method waits for the network or for a door.
"""

import secrets
import threading
from contextlib import suppress

from pickup.protocol.vocabulary import EventType, Purpose

from .access import Access
from .bus import Bus
from .clock import Clock
from .collecting import Collecting
from .config import Config
from .database import JournalFailed
from .depositing import Depositing
from .doors import Doors
from .entrance import Entrance, is_pin
from .grants import Denied, Grant
from .health import Health, note_boot
from .housekeeping import Housekeeping
from .journal import Journal
from .legs import Legs
from .probes import FileProbes
from .reactions import DoorReactions
from .refused import Refused
from .remote import RemoteOrders
from .servicing import ServiceVisit, Servicing
from .terms import Terms
from .throttle import OpenBudget, PinThrottle
from .visit import DoorState, Visit
from .wall import Wall
from .zones import Zones

HEARD_SECONDS = 60
REMARKS = ("missing", "damaged", "wrong", "not_empty")


class Bank:
    """One wall of compartments and the person in front of it."""

    def __init__(self, config: Config, journal: Journal, clock: Clock, bus: Bus) -> None:
        self.config = config
        self.journal = journal
        self.clock = clock
        self.lock = threading.RLock()
        self.legs = Legs(journal, clock)
        self.access = Access(config, journal, clock, self.legs)
        self.doors = Doors(config.compartments, bus, journal, clock)
        self.reactions = self.doors.listener = DoorReactions(self)
        self.wall = Wall(config.compartments, self.doors, journal)
        self.doors.distrusts = self.wall.distrusts
        self.probes = FileProbes(config.probes, clock.mono, in_background=config.steered_clock is None)
        self.zones = Zones(self, config.zones)
        self.wall.zone_ok = self.zones.ok
        self.budget = OpenBudget(journal, clock)
        self.throttle = PinThrottle(journal, clock)
        self.entrance = Entrance(self)
        self.depositing = Depositing(
            journal=journal, access=self.access, legs=self.legs, wall=self.wall, doors=self.doors
        )
        self.collecting = Collecting(journal=journal, legs=self.legs, wall=self.wall, doors=self.doors)
        self.remote = RemoteOrders(self)
        self.servicing = Servicing(self)
        self.housekeeping = Housekeeping(self)
        self.health = Health(self)
        self.visit: Visit | None = None
        self.heard_at: float | None = None
        self.began_at = clock.mono()
        self.restart_wanted = False
        """A new configuration lies in the file."""

    def start(self) -> None:
        """Begin a new boot: finish the story of attempts that were cut short, pulse nothing."""
        with self.lock, self.journal.transaction():
            self.visit = self.servicing.visit = None
            note_boot(self.config.state_dir, self.journal.begin_boot())
            self.housekeeping.start()
            unfinished = self.doors.recover()
            for actuation in unfinished:
                self.reactions.cut_short(actuation)
            self.probes.start()
            self.zones.start()
            self.remote.recover()
            self.journal.emit(EventType.POWER_RESTORED, unfinished=len(unfinished))
            self.health.report_loss()

    # The person at the kiosk

    def enter(self, text: str, session: str = "") -> Visit | ServiceVisit:
        """Judge a PIN or a scanned token and open the first door; a service token opens none yet. Raises Refused.

        With the `session` of a visit that is over, the next order follows in the same visit. A token scanned while its
        door is open says whether the bag is the right one: refused as `right_bag` or `other_bag`.
        """
        with self.lock:
            self.tick()
            self.entrance.check_memory(text)
            kind = "pin" if is_pin(text) else "qr"
            if self.servicing.visit:
                raise Refused("busy")
            if self.visit and self.visit.current:
                raise Refused(
                    self.entrance.compare_bags(text, self.visit.grant)
                    if kind == "qr" and self.knows(session)
                    else "busy"
                )
            try:
                grant = self.entrance.judge(text)
                if grant.purpose is Purpose.SERVICE:
                    return self.servicing.begin(grant)
                self._check_budget(grant.terms[0])
            except Denied as denied:
                self.entrance.report_refusal(kind, denied.why)
                waiting = self.throttle.waiting() if kind == "pin" else None
                raise Refused(denied.why, waiting.seconds if waiting else None) from denied
            return self._begin(grant, orders_before=self._orders_done(session))

    def deposit(self, session: str, answer: str) -> Visit:
        """Take the shop's answer: deposited, declined or larger; raises Refused."""
        with self.lock:
            visit = self._visit_of(session, Purpose.DEPOSIT)
            self.depositing.take(answer, visit)
            self._open_next(visit)
            return visit

    def claim(self, session: str) -> Visit:
        """The resident has taken everything from this door; open the next. Raises Refused."""
        with self.lock:
            visit = self._visit_of(session, Purpose.COLLECT)
            if not visit.current.opened:
                raise Refused("door_not_opened")
            self.collecting.claim(visit)
            self._open_next(visit)
            return visit

    def skip(self, session: str) -> Visit:
        """Turn to the next door and claim nothing; raises Refused."""
        with self.lock:
            visit = self._visit_of(session, Purpose.COLLECT)
            self.collecting.leave(visit)
            self._open_next(visit)
            return visit

    def reopen(self, session: str, compartment: str | None = None) -> Visit:
        """Open the door of the step at hand once more, or one that was done with, by default the last; raises Refused."""
        with self.lock:
            visit = self._known(session)
            step = visit.step_to_reopen(compartment)
            if step is None:
                raise Refused("busy" if visit.current else "no_visit")
            try:
                self._check_budget(step.terms)
            except Denied as denied:
                raise Refused(denied.why) from denied
            visit.turn_back_to(step)
            if not (step.compartment and self.doors.busy(step.compartment)):
                self._open(visit)
            return visit

    def remark(self, session: str, code: str) -> Visit:
        """Report that something is wrong with the goods at hand; raises Refused."""
        with self.lock:
            visit = self._visit_of(session, Purpose.COLLECT)
            if code not in REMARKS:
                raise Refused("unknown_answer")
            self.collecting.remark(visit, code)
            return visit

    def check_at_hand(self, session: str, compartment: str) -> None:
        """Raise Refused (`stale`) when somebody answers for a door that is no longer the one at hand, as a double tap does."""
        with self.lock:
            step = self._known(session).current
            if step and step.compartment != compartment:
                raise Refused("stale")

    def extend(self, session: str) -> Visit:
        """Give the person the full time again; raises Refused."""
        with self.lock:
            return self._known(session)

    def knows(self, session: str) -> bool:
        """Say whether this is the session of the visit under way."""
        return self.visit is not None and secrets.compare_digest(session.encode(), self.visit.session.encode())

    def finish(self, session: str) -> None:
        """The person goes; raises Refused."""
        with self.lock:
            self._known(session)
            self._end_visit()

    # Time

    def tick(self) -> None:
        """Look at the doors and at all deadlines. Called every half second; nothing happens while nothing can be written."""
        with self.lock:
            if not self.health.is_well():
                return
            with suppress(JournalFailed):
                self.doors.tick()
                self.zones.take(self.probes.readings() | self.doors.sight.temperatures)
                self._replace_stuck()
                self.collecting.complete_due()
                self.collecting.look_behind()
                self.throttle.tick()
                self.servicing.tick()
                self.housekeeping.tick()
                if self.visit and self.clock.mono() >= self.visit.deadline:
                    self._end_visit()

    # What everybody asks

    def offline(self) -> bool:
        """Say whether the server has not answered within the last minute."""
        return self.heard_at is None or self.clock.mono() - self.heard_at > HEARD_SECONDS

    def may_restart(self) -> bool:
        """Say whether a new configuration waits and nobody would notice a restart."""
        with self.lock:
            return self.restart_wanted and self.visit is None and not self.doors.any_busy()

    # Inside

    def _orders_done(self, session: str) -> int:
        visit = self.visit if self.visit and session and self.knows(session) else None
        return visit.orders_done if visit else 0

    def _begin(self, grant: Grant, orders_before: int) -> Visit:
        self.journal.emit(
            EventType.CREDENTIAL_ACCEPTED,
            kind=grant.kind,
            purpose=Purpose.SHARE if grant.shared else grant.purpose,
            reservation=grant.reservation,
            legs=[terms.leg for terms in grant.terms],
            shop=grant.shop,
            offline=self.offline(),
            jti=grant.jti,
        )
        self.visit = Visit.begin(grant, self.clock.mono(), self.config.kiosk.visit_seconds, orders_before)
        try:
            self._open(self.visit)
        except JournalFailed:
            self.visit = None
            raise
        return self.visit

    def _open(self, visit: Visit) -> None:
        if visit.purpose is Purpose.DEPOSIT:
            self.depositing.open(visit)
        else:
            self.collecting.open(visit)

    def _open_next(self, visit: Visit) -> None:
        if visit.current and visit.current.door is DoorState.WAITING:
            self._open(visit)

    def _check_budget(self, terms: Terms) -> None:
        leg = self.legs.find(terms.leg)
        if not self.budget.allows_local(terms.compartment or (leg.compartment if leg else "")):
            raise Denied("budget")

    def _replace_stuck(self) -> None:
        step = self.visit.current if self.visit and self.visit.purpose is Purpose.DEPOSIT else None
        stuck = step and step.door is DoorState.STUCK and not step.given_up
        if stuck and self.budget.allows_local(step.compartment):
            step.given_up = not self.depositing.replace_stuck(self.visit)

    def _known(self, session: str) -> Visit:
        if not self.knows(session):
            raise Refused("no_visit")
        self.visit.touch(self.clock.mono())
        return self.visit

    def _visit_of(self, session: str, purpose: Purpose) -> Visit:
        visit = self._known(session)
        if visit.purpose is not purpose or visit.current is None:
            raise Refused("no_visit")
        return visit

    def _end_visit(self) -> None:
        if self.visit.purpose is Purpose.DEPOSIT:
            self.depositing.abandon(self.visit)
        self.visit = None
