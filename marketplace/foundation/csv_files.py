"""Tables as CSV files that a spreadsheet may open."""

import csv
import re
from collections.abc import Iterable, Iterator
from itertools import chain

from django.http import StreamingHttpResponse

# A cell that begins like this is a formula for a spreadsheet, unless it is just a negative number.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
MARK = "\ufeff"
NUMBER = re.compile(r"-?\d+([.,]\d+)?")


class _Echo:
    """A file that hands back what is written into it."""

    def write(self, text: str) -> str:
        return text


def csv_file(rows: Iterable[list[str]], name: str, *, marked: bool = False) -> StreamingHttpResponse:
    """The rows as `name`.csv, one a line, with semicolons; a cell that a spreadsheet would compute is quoted.

    `marked`: begin with the mark without which some spreadsheets take UTF-8 for something older, and spoil the accents.
    """
    response = StreamingHttpResponse(lines(rows, marked=marked), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def lines(rows: Iterable[list[str]], *, marked: bool = False) -> Iterator[str]:
    """The lines of such a file, for one that is not an answer by itself."""
    writer = csv.writer(_Echo(), delimiter=";")
    return chain([MARK] if marked else [], (writer.writerow([_harmless(cell) for cell in row]) for row in rows))


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA) and not NUMBER.fullmatch(cell) else cell
