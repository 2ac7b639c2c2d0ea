"""`python -m pickup.controller check --config FILE`: prove every door of a new wall, one by one, with a person in front of it.

For each door: let it show itself, read its sensor while it is shut, pulse it, hear which door really opened, read the sensor
again, see it shut. So a wrong address, a swapped cable and a reversed polarity are found before the first resident. A door
behind which goods lie, or are expected, is never pulsed. Every opening is in the record of the bank.
"""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from pickup.protocol.vocabulary import Door, Outcome, Presence

from .actuation import Actuation, OpenFor
from .bank import Bank
from .drivers.base import CommError, Feedback, Trouble

LOOK_SECONDS = 0.1
SETTLE_SECONDS = 4.0
SHUT_SECONDS = 60.0
LOOKS_TO_BE_SURE = 3
"""A driver says that something is silent after the third time only."""
QUIT = "q"
HINTS = {
    Trouble.ABSENT: " (is the adapter plugged in, and is that its name?)",
    Trouble.PERMISSION: " (is the user in the group of the port, dialout?)",
    Trouble.IO: " (does another program use the port?)",
}


class Verdict(StrEnum):
    """What was found out about a door."""

    GOOD = "good"
    SKIPPED = "skipped"
    OCCUPIED = "goods inside: not opened"
    NO_SENSOR = "opens; has no sensor, so it is for attended use only"
    NOT_SHUT = "the sensor says open while the door is shut"
    REVERSED = "polarity is reversed: set the other feedback_type"
    STILL = "the sensor does not change when the door opens"
    BLIND = "the sensor cannot be read"
    NOT_SEEN_SHUT = "opens; its closing was not seen"
    WRONG_DOOR = "another door opened: wrong address or swapped cables"
    CLOSED = "no door opened"
    SILENT = "the board does not answer"


FINE = {Verdict.GOOD, Verdict.SKIPPED, Verdict.OCCUPIED, Verdict.NO_SENSOR}


@dataclass(frozen=True)
class Finding:
    """One door and what is to be said of it."""

    compartment: str
    verdict: Verdict
    note: str = ""


class Quit(Exception):
    """The person has had enough."""


class Commissioning:
    """One walk along the wall. `ask` puts a question and returns what was typed."""

    def __init__(
        self, bank: Bank, *, ask: Callable[[str], str], say: Callable[[str], None], rest: Callable[[float], None]
    ) -> None:
        self.bank = bank
        self.ask = ask
        self.say = say
        self.rest = rest

    def walk(self, compartments: Iterable[str]) -> list[Finding]:
        """Prove the doors in this order, and say what was found."""
        findings: list[Finding] = []
        self._tell_boards()
        try:
            for compartment in compartments:
                findings.append(self._prove(compartment))
                self.say(f"{compartment}: {findings[-1].verdict} {findings[-1].note}".rstrip())
        except Quit:
            self.say("Stopped.")
        self._sum_up(findings)
        return findings

    def _tell_boards(self) -> None:
        self._until(lambda: self.bank.doors.sight.number >= LOOKS_TO_BE_SURE, SETTLE_SECONDS)
        for state in self.bank.doors.sight.boards:
            name = "The bus" if state.board is None else f"Board {state.board}"
            hint = HINTS.get(state.trouble, "") if state.board is None else ""
            self.say(f"{name}: {state.trouble or 'answers'}{hint}")
        try:
            found = self.bank.doors.driver.find_boards()
        except CommError as error:
            self.say(f"Boards could not be looked for: {error}")
            return
        if found is not None:
            self.say(f"Boards that answer: {', '.join(map(str, found)) or 'none'}")

    def _prove(self, compartment: str) -> Finding:
        self._look()
        address = self.bank.doors.addresses[compartment]
        self.say(f"\n{compartment}, address {address}: sensor {self._sensor(compartment)}, {self._inside(compartment)}")
        if self._occupied(compartment):
            return Finding(compartment, Verdict.OCCUPIED)
        if self.bank.doors.driver.capabilities.locate:
            self.bank.doors.locate(
                compartment, lambda shown: self.say("It shows itself." if shown else "It stays dark.")
            )
        if not self._yes(f"Is {compartment} shut, empty, and may it open?"):
            return Finding(compartment, Verdict.SKIPPED)
        self._look()
        shut = self._sensor(compartment)
        if self._occupied(compartment):
            return Finding(compartment, Verdict.OCCUPIED)
        outcome = self._pulse(compartment)
        if outcome in (Outcome.FAILED_COMM, Outcome.REFUSED):
            return Finding(compartment, Verdict.SILENT, f"({outcome})")
        return self._judge(compartment, shut)

    def _judge(self, compartment: str, shut: Door) -> Finding:
        opened = self._answer(f"Which door opened? [Enter: {compartment}, -: none]").upper() or compartment.upper()
        if opened == "-":
            return Finding(compartment, Verdict.CLOSED)
        if opened != compartment.upper():
            return Finding(compartment, Verdict.WRONG_DOOR, f"({opened})")
        self._look()
        verdict = self._verdict(shut, self._sensor(compartment))
        if verdict is Verdict.GOOD and not self._sees_shut(compartment):
            verdict = Verdict.NOT_SEEN_SHUT
        return Finding(compartment, verdict)

    def _verdict(self, shut: Door, opened: Door) -> Verdict:
        if self.bank.doors.driver.capabilities.feedback is Feedback.NONE:
            return Verdict.NO_SENSOR
        readings = {
            (Door.CLOSED, Door.OPEN): Verdict.GOOD,
            (Door.OPEN, Door.CLOSED): Verdict.REVERSED,
            (Door.CLOSED, Door.CLOSED): Verdict.STILL,
            (Door.OPEN, Door.OPEN): Verdict.NOT_SHUT,
        }
        return readings.get((shut, opened), Verdict.BLIND)

    def _pulse(self, compartment: str) -> Outcome | None:
        attempt = Actuation(compartment=compartment, purpose=OpenFor.SERVICE)
        self.bank.doors.open(attempt)
        self._until(lambda: attempt.outcome is not None, 2 * SETTLE_SECONDS)
        return attempt.outcome

    def _sees_shut(self, compartment: str) -> bool:
        self.say(f"Please shut {compartment}.")
        return self._until(lambda: self._sensor(compartment) is Door.CLOSED, SHUT_SECONDS)

    def _until(self, condition: Callable[[], bool], seconds: float) -> bool:
        for _ in range(int(seconds / LOOK_SECONDS)):
            self._look()
            if condition():
                return True
            self.rest(LOOK_SECONDS)
        return False

    def _look(self) -> None:
        self.bank.tick()

    def _sensor(self, compartment: str) -> Door:
        """What the driver reads: a suspect sensor is what this walk is for."""
        return self.bank.doors.sight.doors.get(self.bank.doors.addresses[compartment], Door.UNKNOWN)

    def _inside(self, compartment: str) -> str:
        presence = self.bank.doors.presence(compartment)
        return "no sensor inside" if presence is None else f"inside {presence}"

    def _occupied(self, compartment: str) -> bool:
        taken = compartment in self.bank.legs.taken_compartments()
        named = compartment in self.bank.access.reserved_compartments()
        return taken or named or self.bank.doors.presence(compartment) is Presence.OCCUPIED

    def _yes(self, question: str) -> bool:
        return self._answer(f"{question} [y/n, q: stop]").lower().startswith("y")

    def _answer(self, question: str) -> str:
        answer = self.ask(f"{question} ").strip()
        if answer.lower() == QUIT:
            raise Quit
        return answer

    def _sum_up(self, findings: list[Finding]) -> None:
        self.say("")
        for finding in findings:
            if finding.verdict not in FINE:
                self.say(f"NOT IN ORDER {finding.compartment}: {finding.verdict} {finding.note}".rstrip())
        count = sum(finding.verdict is Verdict.GOOD for finding in findings)
        self.say(f"{count} of {len(self.bank.wall.compartments)} doors proved.")


def run(bank: Bank) -> int:
    """Walk along the wall with the person at the terminal; 0 when nothing is out of order."""
    walk = Commissioning(bank, ask=input, say=print, rest=time.sleep)
    try:
        findings = walk.walk(bank.wall.compartments)
    except (EOFError, KeyboardInterrupt):
        return 1
    finally:
        bank.doors.bus.stop()
    return 0 if all(finding.verdict in FINE for finding in findings) else 1
