"""What becomes of lines, each once: their pieces can be sold again or leave the stock, their money follows.

Callers have locked the order and the shop order. The lines are locked all the same: whoever comes second finds nothing
promised any more, whichever way he came.
"""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import QuerySet

from shops import stock
from shops.models import ShopOrderLine

Outcome = ShopOrderLine.Outcome


def end(lines: QuerySet[ShopOrderLine], outcome: str) -> list[ShopOrderLine]:
    """Give the promised ones among `lines` this outcome; returns those that this call has ended.

    Goods that were handed over or spoiled leave the stock; all others can be sold again.
    """
    promised = _locked(lines, Outcome.PROMISED)
    _write(promised, outcome)
    if outcome in ShopOrderLine.EARNED:
        stock.consume(pieces(promised))
    else:
        _give_back(promised, pieces(promised))
    return promised


def came_late(lines: QuerySet[ShopOrderLine]) -> list[ShopOrderLine]:
    """The missing ones among `lines` came after all, after their refund: they are not on the shop's shelf any more."""
    missing = _locked(lines, Outcome.MISSING)
    _write(missing, Outcome.LATE)
    stock.take_out(pieces(missing))
    return missing


def refuse(lines: Iterable[ShopOrderLine]) -> None:
    """The shop has just answered `lines`, locked: what it cannot supply is free again."""
    lines = list(lines)
    _give_back(lines, pieces(lines, lambda line: line.refused_quantity))
    _write([line for line in lines if not line.accepted_quantity], Outcome.CANCELLED)


def pieces(lines: Iterable[ShopOrderLine], count=lambda line: line.supplied_quantity) -> dict[int, int]:
    """Pieces by StockRecord pk, without zeros and without goods whose record was deleted since."""
    counted = defaultdict(int)
    for line in lines:
        if line.line.stockrecord_id and count(line):
            counted[line.line.stockrecord_id] += count(line)
    return dict(counted)


def _give_back(lines: list[ShopOrderLine], counted: dict[int, int]) -> None:
    """The lines are of one order."""
    stock.give_back(counted, ordered_at=lambda: lines[0].line.order.date_placed)


def _locked(lines: QuerySet[ShopOrderLine], outcome: str) -> list[ShopOrderLine]:
    rows = lines.select_for_update(of=("self",)).filter(outcome=outcome)
    return list(rows.select_related("line").order_by("pk"))


def _write(lines: list[ShopOrderLine], outcome: str) -> None:
    ShopOrderLine.objects.filter(pk__in=[line.pk for line in lines]).update(outcome=outcome)
    for line in lines:
        line.outcome = outcome
