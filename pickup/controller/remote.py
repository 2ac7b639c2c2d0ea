"""Orders of the server: checked in the order that `docs/lockers-protocol.md` fixes, done at most once."""

import json
import logging
import sqlite3
from functools import partial
from typing import TYPE_CHECKING

from pickup.protocol import commands
from pickup.protocol.commands import Command
from pickup.protocol.errors import BadMessage, ProtocolError, SignatureError
from pickup.protocol.messages import CONFIG_PATH
from pickup.protocol.vocabulary import Alert, CommandType, EventType, Outcome, Phase, Service

from .actuation import Actuation, OpenFor
from .database import JournalFailed

if TYPE_CHECKING:
    from .bank import Bank

log = logging.getLogger(__name__)

ALERT_PAUSE_SECONDS = 60
ALWAYS_OPENABLE = {OpenFor.SERVICE, OpenFor.CLEAR}
CLOSED_TO_RESIDENTS = {Service.OUT_OF_SERVICE, Service.QUARANTINED}


class RemoteOrders:
    """Applies signed commands to one bank and answers them through the outbox."""

    def __init__(self, bank: "Bank") -> None:
        self.bank = bank
        self.journal = bank.journal
        self.list_wanted = False
        """The server said that it has a new list."""
        self.config_wanted = False
        """The server said that it has a new configuration."""
        self._orders: list[float] = []
        self.refused_config: str | None = None
        """A configuration that this program cannot use: it is not fetched again."""
        self._alerted: dict[Alert, float] = {}
        self._doers = {
            CommandType.DOOR_OPEN: self._open,
            CommandType.DOOR_LOCATE: self._locate,
            CommandType.LIST_CHANGED: self._note_list,
            CommandType.CONFIG_APPLY: self._note_config,
            CommandType.COMPARTMENT_SERVICE: self._set_service,
        }

    def recover(self) -> None:
        """Give every command that a restart cut short its final outcome."""
        unfinished = self.journal.db.execute("SELECT command_id FROM commands WHERE outcome IS NULL").fetchall()
        for row in unfinished:
            message_id = self._message_of(row["command_id"])
            self._finish(message_id, row["command_id"], Outcome.UNKNOWN_AFTER_RESTART, {})

    def note(self, *, list_etag: str, cfg_hash: str | None) -> None:
        """The server named its list and its configuration; what differs from ours is to be fetched."""
        self.list_wanted = self.list_wanted or list_etag != self.bank.access.etag
        self.config_wanted = self.config_wanted or cfg_hash not in (
            None,
            self.bank.config.cfg_hash,
            self.refused_config,
        )

    def wants_a_fetch(self) -> bool:
        """Say whether the server has something newer that is not here yet."""
        return self.list_wanted or self.config_wanted

    def apply(self, document: object) -> None:
        """Check one envelope and do what it says. Nothing is raised; the answer is in the outbox."""
        with self.bank.lock:
            try:
                command = commands.read(document, self.bank.config.bank)
                commands.verify(document, self.bank.config.server_keys)
            except SignatureError as error:
                self._alert(Alert.BAD_SIGNATURE, str(error))
                return
            except ProtocolError as error:
                self._alert(Alert.BAD_COMMAND, str(error))
                return
            try:
                self._apply_trusted(command)
            except JournalFailed:
                log.warning("A command waits: the journal cannot be written.")  # the server sends it again

    def finished(self, actuation: Actuation) -> None:
        """Answer an open command whose door has had its say."""
        detail = {"reason": actuation.reason, "attempts": actuation.pulses, "open_ms": actuation.open_ms}
        self._finish(actuation.message_id, actuation.command_id, actuation.outcome, detail)

    def _apply_trusted(self, command: Command) -> None:
        known = self._known(command)
        if known is not None:
            self._answer_again(command, known)
        elif command.cseq <= int(self.journal.fact("cseq", 0)):
            self._alert(Alert.OLD_CSEQ, f"cseq {command.cseq}")
            self._refuse(command, "old_cseq")
        else:
            self._apply_new(command)

    def _apply_new(self, command: Command) -> None:
        doer = self._doers.get(command.type)
        if self.bank.clock.now() > command.not_after:
            self._settle(command, Outcome.EXPIRED, {})
        elif doer is None:
            self._refuse(command, "unsupported")
        else:
            try:
                doer(command)
            except BadMessage as error:
                self._settle(command, Outcome.REFUSED, {"reason": "bad_data", "detail": str(error)})

    def _open(self, command: Command) -> None:
        reason = self._why_not_open(command)
        if reason:
            self._refuse(command, reason)
            return
        with self.journal.transaction():
            self._note_begun(command)
            self.journal.respond(command.message_id, command.command_id, phase=Phase.ACCEPTED)
        self.bank.doors.open(
            Actuation(
                compartment=command.data["compartment"],
                purpose=OpenFor(command.reason),
                leg=command.data.get("leg"),
                command_id=command.command_id,
                message_id=command.message_id,
            )
        )

    def _why_not_open(self, command: Command) -> str | None:
        compartment = command.data.get("compartment")
        if self.bank.health.trouble():
            return "no_journal"
        if not self._is_door(compartment):
            return "unknown_compartment"
        if command.reason not in list(OpenFor):
            return "unsupported"
        if self.bank.doors.busy(compartment):
            return "busy"
        shut_out = self.bank.wall.fitness(compartment).svc in CLOSED_TO_RESIDENTS
        if shut_out and OpenFor(command.reason) not in ALWAYS_OPENABLE:
            return "out_of_service"
        if self.bank.legs.goods_at(compartment) not in (None, command.data.get("leg")):
            return "occupied"  # whoever gave the order did not know of these goods
        return None if self._within_budget() else "budget"

    def _is_door(self, compartment: object) -> bool:
        """Say whether this names one compartment of the bank: a list of them, or a pattern, names none."""
        return isinstance(compartment, str) and compartment in self.bank.wall.compartments

    def _within_budget(self) -> bool:
        budget = self.bank.budget
        in_a_minute = self._ordered_in_a_minute()
        if in_a_minute >= budget.REMOTE_ALARM_PER_MINUTE:
            self._alert(Alert.REMOTE_BUDGET, f"{in_a_minute} orders to open in a minute")
        return budget.allows_remote(open_now=self.bank.doors.open_by_server())

    def _ordered_in_a_minute(self) -> int:
        """Count the orders to open that passed every check but the budget, carried out or not, this one included."""
        now = self.bank.clock.mono()
        self._orders = [*(moment for moment in self._orders if now - moment < ALERT_PAUSE_SECONDS), now]
        return max(len(self._orders), self.bank.budget.remote_in(ALERT_PAUSE_SECONDS) + 1)

    def _locate(self, command: Command) -> None:
        compartment = command.data.get("compartment")
        if not self._is_door(compartment):
            self._refuse(command, "unknown_compartment")
        elif not self.bank.doors.driver.capabilities.locate:
            self._refuse(command, "unsupported")
        else:
            with self.journal.transaction():
                self._note_begun(command)
            self.bank.doors.locate(compartment, partial(self._located, command))

    def _located(self, command: Command, shown: bool) -> None:
        outcome = Outcome.DONE if shown else Outcome.FAILED_COMM
        self._finish(command.message_id, command.command_id, outcome, {})

    def _note_list(self, command: Command) -> None:
        self.list_wanted = True
        self._settle(command, Outcome.DONE, {})

    def _note_config(self, command: Command) -> None:
        """Done means heard: the configuration in force is named by `cfg_hash` in every report."""
        if command.data.get("url") != CONFIG_PATH:
            self._refuse(command, "unsupported")
            return
        self.config_wanted = self.config_wanted or command.data.get("hash") != self.bank.config.cfg_hash
        self._settle(command, Outcome.DONE, {})

    def _set_service(self, command: Command) -> None:
        compartment, state = command.data.get("compartment"), command.data.get("state")
        if not self._is_door(compartment):
            self._refuse(command, "unknown_compartment")
        elif state not in list(Service):
            self._refuse(command, "unsupported")
        elif self._write_service(compartment, Service(state), command.data.get("why") or "operator"):
            self._settle(command, Outcome.DONE, {})
        else:
            self._refuse(command, "needs_inspection")

    def _write_service(self, compartment: str, svc: Service, why: str) -> bool:
        """Do what the operator orders; False when a fault first needs somebody on site.

        Putting a compartment that was too warm back to use means that its goods were looked at and are in order.
        """
        was_warm = self.bank.wall.fitness(compartment).why == "temp"
        done = self.bank.wall.set_service(compartment, svc, why)
        leg = self.bank.legs.taken_compartments().get(compartment)
        if done and was_warm and svc is Service.IN_SERVICE and leg is not None:
            self.bank.legs.blocked.remove(leg)
        return done

    def _known(self, command: Command) -> sqlite3.Row | None:
        query = "SELECT outcome, detail FROM commands WHERE command_id = ?"
        return self.journal.db.execute(query, (command.command_id,)).fetchone()

    def _answer_again(self, command: Command, known: sqlite3.Row) -> None:
        self.journal.respond(
            command.message_id,
            command.command_id,
            phase=Phase.FINAL if known["outcome"] else Phase.ACCEPTED,
            outcome=Outcome(known["outcome"]) if known["outcome"] else Outcome.DUPLICATE,
            duplicate=True,
            detail=json.loads(known["detail"]),
        )

    def _refuse(self, command: Command, reason: str) -> None:
        self._settle(command, Outcome.REFUSED, {"reason": reason})

    def _settle(self, command: Command, outcome: Outcome, detail: dict) -> None:
        with self.journal.transaction():
            self._note_begun(command)
            self._finish(command.message_id, command.command_id, outcome, detail)

    def _note_begun(self, command: Command) -> None:
        now = self.bank.clock.timestamp()
        self.journal.remember("cseq", max(command.cseq, int(self.journal.fact("cseq", 0))))
        self.journal.db.execute("INSERT INTO commands VALUES (?, ?, NULL, '{}')", (command.command_id, now))

    def _finish(self, message_id: str, command_id: str, outcome: Outcome, detail: dict) -> None:
        with self.journal.transaction():
            self.journal.db.execute(
                "UPDATE commands SET outcome = ?, detail = ? WHERE command_id = ?",
                (outcome, json.dumps(detail), command_id),
            )
            self.journal.respond(message_id, command_id, phase=Phase.FINAL, outcome=outcome, detail=detail)

    def _message_of(self, command_id: str) -> str:
        query = "SELECT message_id FROM actuations WHERE command_id = ?"
        row = self.journal.db.execute(query, (command_id,)).fetchone()
        return row["message_id"] if row else command_id

    def _alert(self, why: Alert, detail: str) -> None:
        """Report once a minute at most: the server repeats what we do not answer."""
        now = self.bank.clock.mono()
        if now - self._alerted.get(why, float("-inf")) >= ALERT_PAUSE_SECONDS:
            self._alerted[why] = now
            self.journal.emit(EventType.ALERT, why=why, detail=detail)
