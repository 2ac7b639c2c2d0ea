"""What banks report by MQTT, as the bridge gets it from the broker; no broker is needed."""

from itertools import count

from django.utils import timezone

from pickup.banks import outbox
from pickup.banks.bridge import storing
from pickup.banks.bridge.broker import Arrival
from pickup.models import BankCommand
from pickup.protocol import wire
from pickup.protocol.messages import Clock, Event, Response, SyncRequest
from pickup.protocol.topics import Channel
from pickup.protocol.vocabulary import CommandType, Outcome, Phase

numbers = count(1)


def owe(bank) -> BankCommand:
    return outbox.send(bank, CommandType.DOOR_OPEN, {"compartment": "A1", "leg": None}, reason="service")


def answer(command, *, seq: int = 1, outcome: Outcome = Outcome.OPENED, **detail) -> Response:
    return Response(
        seq=seq,
        boot_id=1,
        at=timezone.now(),
        mono_ms=0,
        message_id=f"m{next(numbers)}",
        command_id=command.command_id,
        phase=Phase.FINAL,
        outcome=outcome,
        duplicate=False,
        detail=detail,
    )


def report(bank, *items, **more) -> SyncRequest:
    values = {
        "bank": bank.code,
        "generation": bank.generation,
        "boot_id": 1,
        "clock": Clock(synced=True, offset_ms=0, uncertainty_ms=10),
        "list_etag": None,
        "snapshot": None,
        "events": tuple(item for item in items if isinstance(item, Event)),
        "responses": tuple(item for item in items if isinstance(item, Response)),
    }
    return SyncRequest(**values | more)


def arrival(request: SyncRequest, *, topic_of: str = "") -> Arrival:
    payload = wire.encode(request.as_document())
    return raw(topic_of or request.bank, payload)


def raw(bank: str, payload: bytes) -> Arrival:
    return Arrival(
        bank=bank, channel=Channel.RESPONSES, payload=payload, retained=False, number=next(numbers), connection=1
    )


def store(*arrivals: Arrival) -> dict[str, int]:
    """The banks that are confirmed something, with their cursors."""
    return {reply.bank: reply.cursor for reply in storing.store(storing.batches(arrivals))}
