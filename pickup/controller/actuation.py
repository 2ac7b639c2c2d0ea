"""One attempt to open one door, and who hears what became of it."""

import sqlite3
from concurrent.futures import Future
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from pickup.protocol.envelope import new_ulid
from pickup.protocol.vocabulary import Outcome

from .drivers.base import BoardState


class OpenFor(StrEnum):
    """Why a door is opened."""

    DEPOSIT = "deposit"
    COLLECT = "collect"
    SERVICE = "service"
    CLEAR = "clear"


@dataclass(kw_only=True)
class Actuation:
    """One attempt to open one door, for one leg and person."""

    compartment: str
    purpose: OpenFor
    leg: int | None = None
    shop: int | None = None
    command_id: str | None = None
    message_id: str | None = None
    id: str = field(default_factory=new_ulid)
    outcome: Outcome | None = None
    reason: str | None = None
    """Why the board refused: cooldown or busy."""
    request: Future | None = None
    """The pulse that was asked for and not yet answered."""
    asked_at: float = float("-inf")
    """When the last pulse was asked for. Whatever became of the answer, the lock may have moved since."""
    pulsed_at: float = float("-inf")
    """When the last pulse was acknowledged."""
    failed_at: float = float("-inf")
    """When the last pulse failed for want of an answer."""
    retry_at: float | None = None
    pulses: int = 0
    comm_errors: int = 0
    was_open: bool = False
    open_ms: int | None = None
    late: bool = False
    """The edge came after the attempt had been given up."""

    @property
    def remote(self) -> bool:
        """Say whether the server ordered it."""
        return self.command_id is not None

    def stirred_at(self, now: float) -> float:
        """Return when the lock may last have moved: now, while a pulse is out that nobody has answered."""
        request = self.request
        if self.outcome is Outcome.REFUSED:
            return float("-inf")
        if request is None or request.cancelled():
            return self.asked_at
        if not request.done():
            return now
        return self.asked_at if request.exception() else request.result()


def recalled(row: sqlite3.Row, outcome: Outcome) -> Actuation:
    """Return an attempt of an earlier start, from its row in the journal."""
    return Actuation(
        compartment=row["compartment"],
        purpose=OpenFor(row["purpose"]),
        leg=row["leg"],
        shop=row["shop"],
        command_id=row["command_id"],
        message_id=row["message_id"],
        id=row["id"],
        outcome=outcome,
    )


class Listener(Protocol):
    """Who hears what the doors do."""

    def attempt_ended(self, actuation: Actuation) -> None:
        """An attempt has its outcome; called again with `late` set when the door opens after all."""

    def opened_again(self, compartment: str, last: Actuation) -> None:
        """A door that was shut a moment ago sprang open once more, without another pulse."""

    def door_closed(self, compartment: str, last: Actuation | None) -> None:
        """A door that was open has been shut."""

    def left_open(self, compartment: str, seconds: int) -> None:
        """A door has been open for 60, 120 or 600 seconds."""

    def forced(self, compartment: str) -> None:
        """A door opened that nobody had ordered to open."""

    def sensor_lost(self, compartment: str) -> None:
        """A sensor could not be read three times."""

    def sensor_suspect(self, compartment: str) -> None:
        """A sensor took its word back three times within a minute."""

    def board_lost(self, state: BoardState) -> None:
        """A board, or the whole bus, can no longer be reached."""

    def board_found(self, board: int | None, seconds: int) -> None:
        """It can be reached again after so many seconds."""
