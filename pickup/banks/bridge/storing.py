"""What arrived, stored through the same door as over HTTPS. Nothing is confirmed to a bank before its commit."""

import logging
from collections.abc import Iterable
from dataclasses import replace
from itertools import groupby

from django.db import DatabaseError, InterfaceError, transaction

from pickup.banks import inbox, replies
from pickup.banks.bridge.broker import Arrival
from pickup.models import Bank
from pickup.protocol import wire
from pickup.protocol.errors import BadMessage, ProtocolError
from pickup.protocol.messages import MAX_ITEMS, Connection, SyncReply, SyncRequest
from pickup.protocol.topics import Channel

logger = logging.getLogger(__name__)
NO_DATABASE = (DatabaseError, InterfaceError)


class Batch:
    """Messages of one bank in the order of their arrival, read; what cannot be read is logged and left out."""

    def __init__(self, bank: str, arrivals: list[Arrival]) -> None:
        self.bank = bank
        self.arrivals = arrivals
        self.presence: list[Connection] = []
        self.reports: list[SyncRequest] = []
        for arrival in arrivals:
            self._read(arrival)

    def merged(self) -> list[SyncRequest]:
        """The reports as few requests: those of one start of the bank are one, as over HTTPS, as far as the limit allows.

        A snapshot stays alone with the moment at which it was taken.
        """
        whole: list[SyncRequest] = []
        for report in self.reports:
            last = whole[-1] if whole else None
            if last and _fit(last, report):
                whole[-1] = replace(
                    report,
                    events=last.events + report.events,
                    responses=last.responses + report.responses,
                    health=report.health or last.health,
                )
            else:
                whole.append(report)
        return whole

    def _read(self, arrival: Arrival) -> None:
        if not arrival.payload:
            return  # somebody has cleared a retained message
        try:
            document = wire.decode(arrival.payload)
            if arrival.channel == Channel.CONNECTION:
                self.presence.append(Connection.read(document, arrival.bank))
            else:
                self.reports.append(SyncRequest.read(document, arrival.bank))
        except ProtocolError as error:
            logger.warning("A message of bank %s on %s is of no use: %s", arrival.bank, arrival.channel, error)


def batches(arrivals: Iterable[Arrival]) -> list[Batch]:
    """The arrivals by bank."""
    ordered = sorted(arrivals, key=lambda arrival: arrival.bank)
    return [Batch(bank, list(group)) for bank, group in groupby(ordered, key=lambda arrival: arrival.bank)]


def store(batch: Batch) -> list[SyncReply]:
    """Store and apply everything of one bank; the replies that its commit allows.

    Raises DatabaseError or InterfaceError when the database is not there: then nothing is stored and all may be tried again.
    """
    return [reply for request in batch.merged() if (reply := _take(request))]


def _take(request: SyncRequest) -> SyncReply | None:
    try:
        with transaction.atomic():
            bank = Bank.objects.select_for_update().filter(code=request.bank).first()
            _check(bank, request)
            inbox.take(bank, request)
            return replies.confirmation(bank, request)
    except ProtocolError as error:
        logger.warning("Bank %s: a report is refused: %s", request.bank, error)
    except NO_DATABASE:
        raise
    except Exception:  # one bank's trouble is not the others': it keeps what it sent and sends it again
        logger.exception("Bank %s: a report could not be taken.", request.bank)
    return None


def _check(bank: Bank | None, request: SyncRequest) -> None:
    if bank is None:
        raise BadMessage("There is no such bank.")
    if request.generation != bank.generation:
        raise BadMessage("The report comes from another identity of this bank.")


def _fit(one: SyncRequest, other: SyncRequest) -> bool:
    if one.snapshot or other.snapshot or (one.boot_id, one.generation) != (other.boot_id, other.generation):
        return False
    return sum(len(each.events) + len(each.responses) for each in (one, other)) <= MAX_ITEMS
