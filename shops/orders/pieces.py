"""Pieces of stock that lines hold."""

from collections import defaultdict


def pieces(lines, count) -> dict[int, int]:
    """Pieces by StockRecord pk, without zeros and without goods whose record was deleted since."""
    pieces = defaultdict(int)
    for line in lines:
        if line.line.stockrecord_id and count(line):
            pieces[line.line.stockrecord_id] += count(line)
    return dict(pieces)
