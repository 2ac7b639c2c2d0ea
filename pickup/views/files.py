"""Tables as CSV files that a spreadsheet may open, month by month."""

import csv
import re
from collections.abc import Iterable
from datetime import datetime

from django.http import Http404, StreamingHttpResponse
from django.utils import timezone

# A cell that begins like this is a formula for a spreadsheet, unless it is just a negative number.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
NUMBER = re.compile(r"-?\d+([.,]\d+)?")


class _Echo:
    """A file that hands back what is written into it."""

    def write(self, text: str) -> str:
        return text


def csv_file(rows: Iterable[list[str]], name: str) -> StreamingHttpResponse:
    """The rows as `name`.csv, one a line, with semicolons; a cell that a spreadsheet would compute is quoted."""
    writer = csv.writer(_Echo(), delimiter=";")
    lines = (writer.writerow([_harmless(cell) for cell in row]) for row in rows)
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def month_bounds(year: int, month: int) -> tuple[datetime, datetime]:
    """The first moment of a month in the town and the first after it. Raises `Http404` for a month that does not exist."""
    zone = timezone.get_current_timezone()
    try:
        return datetime(year, month, 1, tzinfo=zone), datetime(year + month // 12, month % 12 + 1, 1, tzinfo=zone)
    except (ValueError, OverflowError) as error:
        raise Http404 from error


def months_before(now: datetime) -> list[datetime]:
    """This month and the two before it, by their first day."""
    months = [now.replace(day=1)]
    for _earlier in range(2):
        last = months[-1]
        months.append(last.replace(year=last.year - (last.month == 1), month=(last.month - 2) % 12 + 1))
    return months


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA) and not NUMBER.fullmatch(cell) else cell
