"""One rehearsal: a fresh bank with everything around it, and short ways to say what happens to it."""

import json
from collections.abc import Callable
from dataclasses import replace
from enum import StrEnum
from pathlib import Path

from pickup.protocol.commands import Command
from pickup.protocol.envelope import new_ulid
from pickup.protocol.vocabulary import CommandType, Outcome

from . import papers as paper
from .books import unaccounted
from .broker import Broker
from .clocks import RehearsalClock, SteeredClock
from .judge import Failed, Judge
from .line import Cable
from .papers import BANK, KID, SECRET, SERVER_KEY, Papers
from .people import Kiosk
from .process import Controller, free_port
from .server import Server
from .wall import SimulatedWall, Wall

HTTPS, MQTT = "https", "mqtt"
STEP_SECONDS = 0.5
PAUSE_STEP_SECONDS = 2.0
REPLY_SECONDS = 0.3
PROMPT_TRIES = 6
TRIES_BEFORE_ASKING_AGAIN = 10
MOST_TRIES = 150
"""A bank that was refused or cut off comes again within 60 seconds."""
SHUTTING_SECONDS = 1.5
NEXT_MS = 200


class Interruption(StrEnum):
    """What happens in the middle of a scenario, and must make no difference."""

    NONE = "none"
    KILLED = "killed"
    CUT = "cut"
    NOISE = "noise"
    """From the beginning, and only on walls whose line can be disturbed."""


class Rehearsal(Judge):
    """The controller under test on a table: server, cable, wall, keypad, clock."""

    def __init__(
        self,
        command: str,
        folder: Path,
        *,
        transport: str = HTTPS,
        interruption: Interruption = Interruption.NONE,
        clock: RehearsalClock | None = None,
        wall: Callable[[Path], Wall] = SimulatedWall,
    ) -> None:
        self.folder = folder
        self.interruption = interruption
        self.clock = clock or SteeredClock(folder / "clock")
        self.papers = Papers(self.clock.now().replace(microsecond=0))
        self.broker = Broker(folder) if transport == MQTT else None
        self.server = self._make_server()
        self.server.next_ms = NEXT_MS
        self.line = Cable([self.server.port, *([self.broker.port] if self.broker else [])])
        self.wall = wall(folder)
        self.cseq = 0
        self._ping = self.command("A1", kind=CommandType.LIST_CHANGED, etag="") if self.broker else None
        self.faulty: set[str] = set()
        """Compartments whose number of pulses is not judged: jammed ones get a second pulse."""
        self.unsure: set[str] = set()
        """Compartments where `unknown_after_restart` may stand for no pulse: the controller died before it."""
        port = free_port()
        self.keypad = Kiosk(port)
        self.controller = Controller(command, self._write_config(port), port)

    def start(self) -> None:
        """Start the controller, and let it speak to the server unless the cable is cut."""
        if self.interruption is Interruption.NOISE:
            self.wall.disturb()
        self.controller.start()
        self.keypad.look()
        if not self.line.is_cut:
            self.talk()

    def close(self) -> None:
        """Take everything down."""
        self.controller.kill()
        for part in (self.line, self.server, self.wall, self.broker):
            if part:
                part.close()

    # Time

    def wait(self, seconds: float, step: float = STEP_SECONDS) -> None:
        """Let time pass; the controller sees every step of it."""
        left = seconds
        while left > 0:
            self.clock.advance(min(step, left))
            left -= step
            self._look()

    def talk(self) -> None:
        """Let bank and server speak until each has heard all that the other had to say."""
        if self.broker:
            self._talk_by_mqtt()
        else:
            wanted = len(self.server.requests) + 2
            self._let_happen(lambda: len(self.server.requests) >= wanted)

    def middle(self) -> None:
        """Here the scenario is interrupted, if this rehearsal is one with an interruption."""
        if self.interruption is Interruption.KILLED:
            self.power_cut()
        elif self.interruption is Interruption.CUT:
            self.line.cut()
            self.wait(61, step=5)

    def power_cut(self) -> None:
        """Kill the controller and start it again on the same memory card."""
        self.controller.kill()
        self.controller.start()
        self._look()

    def heal(self) -> None:
        """Mend the cable and wait until the bank has told everything."""
        self.line.mend()
        self.talk()

    # People

    def deposit(self, code: str) -> str:
        """A shop brings its parcel: code, door, "deposited", door shut. Returns the compartment."""
        self.accepted(code)
        compartment = self.opened()
        self.refused_with(None, self.keypad.deposit("deposited"))
        self.shut(compartment)
        self.keypad.finish()
        return compartment

    def collect(self, code: str) -> str:
        """The resident takes everything from one door and shuts it. Returns the compartment."""
        self.accepted(code)
        compartment = self.opened()
        self.refused_with(None, self.keypad.claim())
        self.shut(compartment)
        self.keypad.finish()
        return compartment

    def accepted(self, code: str) -> None:
        """Enter a code that must be accepted."""
        self.refused_with(None, self.keypad.enter(code))

    def refused_with(self, why: str | None, refusal: str | None) -> None:
        """Check the reason code of a refusal, or that there was none."""
        self.equal("the bank's answer to the person", refusal, why)

    def opened(self) -> str:
        """Wait until the door of the step at hand has opened, and return its compartment."""
        compartment, door = self.settled()
        self.equal(f"the door of {compartment}", door, "open")
        return compartment

    def settled(self) -> tuple[str | None, str]:
        """Wait until the door of the step at hand has opened or failed to."""
        for _ in range(40):
            compartment, door = self.keypad.door()
            if door not in ("waiting", "opening"):
                break
            self.wait(STEP_SECONDS)
        return compartment, door

    def shut(self, compartment: str) -> None:
        """Push a door shut and let its sensor settle."""
        self.wall.shut(compartment)
        self.wait(SHUTTING_SECONDS)

    # Orders of the server

    def command(
        self, compartment: str, *, reason: str = "collect", kind: str = CommandType.DOOR_OPEN, **data
    ) -> Command:
        """A fresh command, with the next `cseq`."""
        self.cseq += 1
        return paper.command(self.clock.now(), self.cseq, kind, reason=reason, compartment=compartment, **data)

    def send(self, *commands: Command) -> None:
        """Let the server's signed commands arrive, once each."""
        self.send_documents(*(replace(each).sign(SERVER_KEY, KID) for each in commands))

    def send_documents(self, *documents: dict) -> None:
        """Let any envelopes arrive, whoever signed them."""
        self.server.order(*documents)
        self.talk()
        self.server.withdraw()
        self.talk()

    # The judge

    def finals(self, command: Command) -> list[tuple]:
        """Return the final answers to a command, as (outcome, reason, duplicate); raises Failed when there is none."""
        self.true(f"The order to {command.type} is finally answered.", bool(self.server.finals(command)))
        return self.server.finals(command)

    @property
    def success(self) -> Outcome:
        """How an opening ends when all is well: nobody verifies it where doors have no sensors."""
        return Outcome.OPENED if self.wall.traits.sensors else Outcome.OPENED_UNVERIFIED

    def judge_the_books(self) -> None:
        """What holds after every scenario: nothing lost on the way, and no pulse that the bank does not account for."""
        if not self.line.is_cut:
            self.heal()
        self.equal("what no board may be asked for", self.wall.dangers, [])
        self.true("The server has every number of every start of the bank.", self.server.lacks_nothing())
        for compartment, felt, told in unaccounted(self.server, self.wall, unsure=self.unsure):
            if compartment not in self.faulty:
                self.equal(f"pulses of {compartment}", felt, told)

    def _talk_by_mqtt(self) -> None:
        """Ask something that is answered after all that happened before, and let the bank fetch a new list."""
        self._ask_and_wait()
        if not self._list_settled():
            self._let_happen(self._list_settled, asking=self._ask)
            self._ask_and_wait()

    def _ask_and_wait(self) -> None:
        answered = len(self.server.answers(self._ping)) + 1
        self._let_happen(
            lambda: len(self.server.answers(self._ping)) >= answered and self.server.lacks_nothing(), asking=self._ask
        )

    def _ask(self) -> None:
        self.server.order(replace(self._ping, message_id=new_ulid(self.clock.now())).sign(SERVER_KEY, KID))

    def _list_settled(self) -> bool:
        etag = self.server.etag()
        was_refused = self.server.fetched == etag and "old_list" in self.server.alerts()
        return was_refused or self.server.requests[-1].list_etag == etag

    def _let_happen(self, condition: Callable[[], bool], *, asking: Callable[[], None] | None = None) -> None:
        for number in range(MOST_TRIES):
            is_prompt = number < PROMPT_TRIES
            if asking and number % TRIES_BEFORE_ASKING_AGAIN == 0:
                asking()
            self.wait(STEP_SECONDS if is_prompt else PAUSE_STEP_SECONDS, PAUSE_STEP_SECONDS)
            if self.server.wait_until(condition, REPLY_SECONDS if is_prompt else REPLY_SECONDS / 10):
                return
        raise Failed("The bank does not speak to the server any more.")

    def _make_server(self) -> Server:
        if self.broker is None:
            return Server(self.papers, self.clock.now)
        from .mqtt_server import MqttServer  # needs paho

        return MqttServer(self.broker.port, self.papers, self.clock.now)

    def _look(self) -> None:
        try:
            self.keypad.look()
        except OSError:
            if not self.controller.has_ended(within_seconds=1):
                raise

    def _write_config(self, port: int) -> Path:
        server, *broker = self.line.ports
        document = paper.settings(self.folder / "state", f"http://127.0.0.1:{server}")
        if broker:
            document["mqtt"] = {"url": f"mqtt://127.0.0.1:{broker[0]}", "user": BANK, "password": SECRET}
        document |= {**self.wall.settings(), **self.clock.settings()}
        for box in document["compartments"]:
            box["address"] = self.wall.addresses[box["id"]]
        document["kiosk"]["port"] = port
        file = self.folder / "bank.json"
        file.write_text(json.dumps(document, indent=2), encoding="utf-8")
        file.chmod(0o600)
        return file
