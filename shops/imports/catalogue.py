"""Import a catalogue file into a shop: every row is imported or reported; running it twice changes nothing more."""

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from shops import products
from shops.imports import cells, columns
from shops.imports.reading import Row, Table, read
from shops.models import ProductSheet, Shop

CREATED, UPDATED, UNCHANGED, REFUSED, EMPTY = "created", "updated", "unchanged", "refused", "empty"
BOOK_PREFIXES = ("978", "979")
BOOK_VAT, USUAL_VAT = Decimal("5.50"), Decimal("20.00")  # code général des impôts, art. 278-0 bis (books) and 278


@dataclass(frozen=True)
class Problem:
    """Why a row was refused: the column as the file names it, and a sentence."""

    column: str
    text: str


@dataclass(frozen=True)
class Result:
    """What became of one row."""

    line: int
    outcome: str
    title: str = ""
    problems: tuple[Problem, ...] = ()
    changes: tuple[str, ...] = ()


@dataclass
class Report:
    """What became of the file."""

    encoding: str
    separator: str
    ignored: list[str]
    results: list[Result] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        """Rows by outcome; every outcome is there."""
        counted = Counter(result.outcome for result in self.results)
        return {outcome: counted[outcome] for outcome in (CREATED, UPDATED, UNCHANGED, REFUSED, EMPTY)}

    @property
    def refused(self) -> list[Result]:
        return [result for result in self.results if result.outcome == REFUSED]


def import_catalogue(shop: Shop, content: bytes, *, dry_run: bool = False) -> Report:
    """Write the rows of a CSV file as products of `shop`, each row in a transaction of its own.

    `dry_run` does all of it and takes it back, row by row, so that nobody waits for the end of a long file.
    Raises `Unreadable` before anything is changed.
    """
    table = read(content)
    known = set(table.fields.values())
    ignored = [header for position, header in enumerate(table.headers) if header and position not in known]
    report = Report(table.encoding, table.separator, ignored)
    seen: dict[str, int] = {}
    for row in table.rows:
        report.results.append(_import_row(shop, table, row, seen, dry_run=dry_run))
    return report


def _import_row(shop: Shop, table: Table, row: Row, seen: dict[str, int], *, dry_run: bool) -> Result:
    if not any(cell.strip() for cell in row.cells):
        return Result(row.line, EMPTY)
    values, problems = _understand(table, row)
    title = values.get("title", "")
    reference = values.get("reference") or values.get("ean", "")
    if not problems and reference in seen:
        text = _("“%(reference)s” was already on line %(line)s.") % {"reference": reference, "line": seen[reference]}
        problems.append(Problem(_header(table, "reference", "ean"), text))
    if problems:
        return Result(row.line, REFUSED, title, tuple(problems))
    seen[reference] = row.line
    try:
        with transaction.atomic():
            outcome, changes = _write(shop, reference, values)
            transaction.set_rollback(dry_run)
    except products.ProductError as error:
        return Result(row.line, REFUSED, title, (Problem(_header(table, "reference", "ean"), str(error)),))
    return Result(row.line, outcome, title, changes=changes)


def _understand(table: Table, row: Row) -> tuple[dict, list[Problem]]:
    """The values of the row's recognised cells, and everything that is wrong with it."""
    values, problems = {}, []
    for name, position in table.fields.items():
        cell = row.cells[position] if position < len(row.cells) else ""
        try:
            if name in columns.REQUIRED and not cell.strip():
                raise cells.CellError(_("This cell is empty."))
            if name in cells.LONGEST:
                values[name] = cells.text(cell, field=name)
            elif cell.strip() or name in ("ean", "category"):
                values[name] = getattr(cells, name)(cell)
        except cells.CellError as error:
            problems.append(Problem(table.headers[position], str(error)))
    if not problems and not (values.get("reference") or values.get("ean")):
        problems.append(Problem(_header(table, "reference", "ean"), _("A reference or a barcode is needed.")))
    return values, problems


def _write(shop: Shop, reference: str, values: dict) -> tuple[str, tuple[str, ...]]:
    """Create or update the product with this reference. A column that the file lacks is left as it is."""
    values = {**values, "reference": reference}
    path = values.pop("category", "")
    if path:
        values["category"] = products.category_at(path)
    sheet = ProductSheet.objects.filter(shop=shop, reference=reference).first()
    if sheet is None:
        is_book = values.get("ean", "").startswith(BOOK_PREFIXES)
        products.create(shop, **{"vat_rate": BOOK_VAT if is_book else USUAL_VAT, **values})
        return CREATED, ()
    changes = products.update(sheet, **values)
    return (UPDATED if changes else UNCHANGED), tuple(sorted(changes))


def _header(table: Table, *names: str) -> str:
    """How the file calls the first of the columns `names` that it has."""
    return next((table.headers[table.fields[name]] for name in names if name in table.fields), "")
