"""Rows as lines of a CSV file that a spreadsheet may open, month by month."""

import csv
from collections.abc import Iterable, Iterator
from datetime import datetime

# A cell that begins like this is a formula for a spreadsheet.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


class _Echo:
    """A file that hands back what is written into it."""

    def write(self, text: str) -> str:
        return text


def csv_lines(rows: Iterable[list[str]]) -> Iterator[str]:
    """Each row as one line, with semicolons; a cell that a spreadsheet would compute is quoted."""
    writer = csv.writer(_Echo(), delimiter=";")
    for row in rows:
        yield writer.writerow([f"'{cell}" if cell.startswith(FORMULA) else cell for cell in row])


def months_before(now: datetime) -> list[datetime]:
    """This month and the two before it, by their first day."""
    months = [now.replace(day=1)]
    for _earlier in range(2):
        last = months[-1]
        months.append(last.replace(year=last.year - (last.month == 1), month=(last.month - 2) % 12 + 1))
    return months
