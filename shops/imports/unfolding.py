"""A program of its own: reads one spreadsheet and writes its rows as lines of JSON, in bounded memory and time.

Spreadsheets are unfolded by native code: two cells at opposite corners make it ask for half a terabyte, and the process ends.
So this process is another one, and knows nothing of Django. `spreadsheets.py` starts it:
`python unfolding.py FILE MOST_ROWS LONGEST_CELL`. Formulas are never reckoned: what is read is what the spreadsheet last showed.
"""

import json
import resource
import sys
from datetime import date, datetime, time, timedelta

MEMORY_MB, CPU_SECONDS = 1024, 60
WIDEST = 300  # columns
FARTHEST_FILL = 200  # rows that a merged cell may reach down


def main(path: str, most_rows: int, longest: int) -> None:
    """The rows of the first sheet that shows anything, each as [line, [cells]], empty ones left out."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_MB * 1024**2,) * 2)
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS,) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    from python_calamine import SheetVisibleEnum, load_workbook

    book = load_workbook(path)
    for number, about in enumerate(book.sheets_metadata):
        if about.visible == SheetVisibleEnum.Visible and write(book.get_sheet_by_index(number), most_rows, longest):
            return


def write(sheet, most_rows: int, longest: int) -> int:
    """Print the rows of `sheet`, one more than `most_rows` at most; how many they are."""
    written, filling = 0, merges(sheet)
    held: dict[int, tuple[int, str]] = {}
    for line, cells in enumerate(sheet.iter_rows(), 1):
        texts = [text(cell)[:longest] for cell in cells[:WIDEST]]
        if not any(texts):
            continue
        for place, (last, above) in list(held.items()):
            if line > last:
                del held[place]
            elif place < len(texts) and not texts[place]:
                texts[place] = above
        for place, last in filling.get(line, ()):
            if place < len(texts):
                held[place] = (last, texts[place])
        json.dump([line, texts], sys.stdout, ensure_ascii=False)
        sys.stdout.write("\n")
        written += 1
        if written > most_rows:
            break
    return written


def merges(sheet) -> dict[int, list[tuple[int, int]]]:
    """Cells merged downwards: line -> (place in the row, last line). They say the same for all their rows."""
    found: dict[int, list[tuple[int, int]]] = {}
    first = sheet.start[1] if sheet.start else 0
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        if top < bottom <= top + FARTHEST_FILL and left == right and left >= first:
            found.setdefault(top + 1, []).append((left - first, bottom + 1))
    return found


def text(cell) -> str:
    """What a cell shows: numbers with a decimal point, days as they are written in files."""
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else f"{cell:.12g}"
    if isinstance(cell, datetime | date | time):
        return cell.isoformat()
    return str(cell) if isinstance(cell, timedelta | int) else cell.strip()


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
