"""Tables as CSV files that a spreadsheet may open."""

import csv
import re
from collections.abc import Iterable
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
    writer = csv.writer(_Echo(), delimiter=";")
    lines = (writer.writerow([_harmless(cell) for cell in row]) for row in rows)
    response = StreamingHttpResponse(chain([MARK] if marked else [], lines), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA) and not NUMBER.fullmatch(cell) else cell
