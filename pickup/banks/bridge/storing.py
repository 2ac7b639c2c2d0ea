"""What arrived, stored through the same door as over HTTPS. Nothing is confirmed to a bank before its commit."""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import groupby, zip_longest

from django.db import transaction

from pickup.banks import inbox, replies, starts
from pickup.banks.bridge.broker import Arrival
from pickup.banks.inbox import NO_DATABASE
from pickup.models import Bank, BankEvent
from pickup.protocol import wire
from pickup.protocol.errors import BadMessage, ProtocolError
from pickup.protocol.messages import MAX_ITEMS, Connection, SyncReply, SyncRequest
from pickup.protocol.topics import Channel

logger = logging.getLogger(__name__)
# Their rows are locked until the last of them is stored: some hundredths of a second.
MOST_TOGETHER = 50


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


def store(batches: list[Batch]) -> Iterator[SyncReply]:
    """Store and apply everything of these banks; the replies that the commits allow.

    Raises one of NO_DATABASE when the database is not there: then all may be tried again, for what is stored counts once.
    """
    for nth in zip_longest(*(batch.merged() for batch in batches)):
        for group in _groups([request for request in nth if request]):
            yield from _take(group)


def _groups(requests: list[SyncRequest]) -> Iterator[list[SyncRequest]]:
    """Which requests, one of a bank, are stored together: those that touch nothing but rows of their banks.

    Events may move orders, which others lock for a while, so a bank that has some shares its transaction with none.
    """
    codes = [request.bank for request in requests]
    eventful = set(BankEvent.objects.filter(bank__code__in=codes).stirring().values_list("bank__code", flat=True))
    eventful |= {request.bank for request in requests if request.events or request.snapshot}
    calm = [request for request in requests if request.bank not in eventful]
    for start in range(0, len(calm), MOST_TOGETHER):
        yield calm[start : start + MOST_TOGETHER]
    yield from ([request] for request in requests if request.bank in eventful)


def _take(requests: list[SyncRequest]) -> list[SyncReply]:
    """In one transaction; if that fails, in one for each bank, so that only the bank that is the cause is left out."""
    try:
        with transaction.atomic():
            reports = _admitted(requests)
            inbox.take_all(reports)
            return [replies.confirmation(bank, request) for bank, request in reports]
    except NO_DATABASE:
        raise
    except Exception:  # one bank's trouble is not the others': it keeps what it sent and sends it again
        if len(requests) == 1:
            logger.exception("Bank %s: a report could not be taken.", requests[0].bank)
            return []
    return [reply for request in requests for reply in _take([request])]


def _admitted(requests: list[SyncRequest]) -> list[inbox.Report]:
    """The requests that come from the bank they name, each with its bank, locked in the order of their numbers."""
    codes = [request.bank for request in requests]
    banks = {bank.code: bank for bank in Bank.objects.select_for_update().filter(code__in=codes).order_by("pk")}
    admitted = []
    for request in requests:
        try:
            bank = banks.get(request.bank)
            _check(bank, request)
            admitted.append((bank, request))
        except ProtocolError as error:
            logger.warning("Bank %s: a report is refused: %s", request.bank, error)
            if isinstance(error, starts.COPIED):
                starts.tell(request.bank)
    return admitted


def _check(bank: Bank | None, request: SyncRequest) -> None:
    if bank is None:
        raise BadMessage("There is no such bank.")
    if request.generation != bank.generation:
        raise BadMessage("The report comes from another identity of this bank.")
    starts.check(bank, request)


def _fit(one: SyncRequest, other: SyncRequest) -> bool:
    if one.snapshot or other.snapshot or (one.boot_id, one.generation) != (other.boot_id, other.generation):
        return False
    return sum(len(each.events) + len(each.responses) for each in (one, other)) <= MAX_ITEMS
