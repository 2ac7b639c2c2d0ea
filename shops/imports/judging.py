"""What each row of a file would do to the shelf of a shop, and why it is refused; nothing is written here."""

from collections.abc import Iterator
from copy import copy
from decimal import Decimal

from django.db.models import Q
from django.utils.translation import gettext as _

from shops import legal, products, shelving
from shops.imports import cells, columns, fields
from shops.imports.aisles import Aisles
from shops.imports.kin import Kin
from shops.imports.tables import Row
from shops.imports.verdicts import CHANGE, CREATE, EMPTY, REFUSE, SAME, Problem, Verdict
from shops.models import ProductSheet, Shop

AT_ONCE = 500
BOOK_PREFIXES = ("978", "979")
BOOK_VAT, USUAL_VAT = Decimal("5.50"), Decimal("20.00")  # code général des impôts, art. 278-0 bis (books) and 278


class Judge:
    """Of one file and one shop. `placed`: field -> position of its column. `locks`: in a transaction, before writing.

    Rows come in the order of the file: of two with the same reference the first one counts.
    """

    def __init__(self, shop: Shop, placed: dict[str, int], *, aisles: Aisles | None = None, locks: bool = False):
        self.shop, self.placed, self.locks = shop, placed, locks
        self.aisles = aisles or Aisles()
        self.open_aisles: dict[str, int] = {}  # categories of a foreign file that nobody has translated -> rows
        self.seen: dict[str, int] = {}  # reference -> line
        self._kin: Kin | None = None

    def judge(self, rows: list[Row]) -> Iterator[Verdict]:
        """A verdict for each row, in their order."""
        for start in range(0, len(rows), AT_ONCE):
            part = rows[start : start + AT_ONCE]
            shelf = self._shelf(part)
            for row in part:
                yield self._verdict(row, shelf)

    def _shelf(self, rows: list[Row]) -> dict[tuple[str, str], list[ProductSheet]]:
        """("reference" or "ean", its text) -> the products of the shop that carry it."""
        texts = {_key(self._cell(row, name)) for row in rows for name in columns.IDENTITY} - {""}
        eans = {ean for row in rows if (ean := _ean(self._cell(row, "ean")))}
        sheets = self.shop.sheets.with_all().select_related("wanted_picture").order_by("pk")
        sheets = sheets.filter(Q(reference__in=texts | eans) | Q(ean__in=eans))
        found = shelving.locked(sheets) if self.locks else list(sheets)
        self.aisles.note_paths(found)
        shelf: dict[tuple[str, str], list[ProductSheet]] = {}
        for sheet in found:
            shelf.setdefault(("reference", sheet.reference), []).append(sheet)
            if sheet.ean:
                shelf.setdefault(("ean", sheet.ean), []).append(sheet)
        return shelf

    def _verdict(self, row: Row, shelf) -> Verdict:
        if not any(cell.strip() for cell in row.cells):
            return Verdict(row.line, EMPTY)
        verdict = Verdict(row.line, SAME, title=cells.tidy(self._cell(row, "title"))[:255])
        try:
            verdict.key, sheet = self._whose(row, shelf)
        except _Refused as refused:
            return self._refused(verdict, [refused.problem, *self._read(row, None)[1]])
        values, problems = self._read(row, sheet)
        first = self.seen.get(verdict.key, row.line)
        if not problems and first != row.line:
            text = _("“%(reference)s” was already on line %(line)s.")
            problems.append(Problem(self._identity(), text % {"reference": verdict.key, "line": first}))
        if problems:
            return self._refused(verdict, problems)
        self.seen[verdict.key] = row.line
        try:
            self._decide(verdict, sheet, values)
        except products.WrongValue as error:
            return self._refused(verdict, [Problem(_column_of(error.field), str(error))])
        except products.Unlawful as error:
            return self._refused(verdict, [Problem(gap.field, gap.text) for gap in error.gaps])
        except _Refused as refused:
            return self._refused(verdict, [refused.problem])
        return verdict

    def _whose(self, row: Row, shelf) -> tuple[str, ProductSheet | None]:
        """The reference by which the row goes, and the product that it is about."""
        reference = self._parsed(row, "reference")
        if reference:
            return reference, next(iter(shelf.get(("reference", reference), ())), None)
        ean = self._parsed(row, "ean")
        if not ean:
            raise _Refused(self._identity(), _("A reference or a barcode is needed."))
        same = shelf.get(("reference", ean)) or shelf.get(("ean", ean), [])
        if len(same) > 1:
            raise _Refused("ean", _("Several of your products have this barcode: a reference is needed."))
        return (same[0].reference, same[0]) if same else (ean, None)

    def _parsed(self, row: Row, name: str) -> str:
        try:
            return fields.ALL[name].read(self._cell(row, name)) if name in self.placed else ""
        except cells.CellError as error:
            raise _Refused(name, str(error)) from error

    def _read(self, row: Row, sheet: ProductSheet | None) -> tuple[dict, list[Problem]]:
        """The values that differ from what `sheet` has, and everything that is wrong with the row."""
        values, problems = {}, []
        by_weight = "sold_by" in self.placed and self._cell(row, "sold_by").strip().lower() not in (
            "",
            "piece",
            "pièce",
        )
        for name in self.placed:
            if name == "reference":
                continue
            cell, field = self._cell(row, name), fields.ALL[name]
            now = field.get(sheet) if sheet else None
            if sheet and cells.tidy(cells.unguarded(cell.strip())) == field.text(now):
                continue
            try:
                if not cell.strip():
                    if name in columns.REQUIRED and not (name == "price" and (by_weight or sheet and sheet.by_weight)):
                        raise cells.CellError(_("This cell is empty."))
                    if name in fields.LEFT_WHEN_EMPTY or name == "price":
                        continue
                value = field.read(cell)
            except cells.CellError as error:
                problems.append(Problem(name, str(error)))
                continue
            if name == "category":
                value = self._aisle(value)
                if not value:
                    continue
            if not sheet or value != now:
                values[name] = value
        if not sheet:
            problems += self._lacking(values, problems, by_weight=by_weight)
        return values, problems

    def _lacking(self, values: dict, problems: list[Problem], *, by_weight: bool) -> list[Problem]:
        """What a new product needs and the file has no column for."""
        lacking = [name for name in columns.REQUIRED if name not in self.placed and not (name == "price" and by_weight)]
        if "title" in lacking and "family" in values:
            lacking.remove("title")
        names = ", ".join(str(columns.NAMES[name]) for name in lacking)
        return [Problem("", _("A new product needs: %(columns)s.") % {"columns": names})] if names else []

    def _aisle(self, path: str) -> str:
        if self.aisles.is_open(path):
            self.open_aisles[path] = self.open_aisles.get(path, 0) + 1
        return self.aisles.ours(path)

    def _decide(self, verdict: Verdict, sheet: ProductSheet | None, values: dict) -> None:
        """Make the product of the verdict, in memory. Raises `WrongValue` or `_Refused`."""
        placing = self._placing(verdict.key, sheet, values)
        verdict.aisle, verdict.picture = values.pop("category", ""), values.pop("picture", "")
        if sheet and verdict.picture and _sources(verdict.picture) == _waiting(sheet):
            verdict.picture = ""
        before = {name: fields.ALL[name].text(fields.ALL[name].get(sheet)) if sheet else "" for name in fields.ALL}
        ours = {fields.OURS.get(name, name): value for name, value in values.items()}
        if sheet is None:
            verdict.kind = CREATE
            if "vat_rate" not in ours:
                ours["vat_rate"] = BOOK_VAT if ours.get("ean", "").startswith(BOOK_PREFIXES) else USUAL_VAT
            sheet = shelving.draft(self.shop, reference=verdict.key, **ours)
            values |= {} if sheet.product.is_public else {"public": False}
            moved = {}
        else:
            if ours.get("is_public") and legal.gaps(_with(sheet, ours)):  # it came hidden, and has nothing new to say
                del ours["is_public"], values["public"]
            moved = shelving.alter(sheet, ours)
        told = {name: value for name, value in values.items() if name not in fields.FAMILY}
        after = {name: fields.ALL[name].text(value) for name, value in told.items()}
        if "price" in moved and "price" not in after:
            after["price"] = fields.ALL["price"].text(sheet.stock.price)
        if placing:
            after |= {"family": placing.title} | _cells_of(placing) | {"title": placing.full_title}
        after |= {name: text for name, text in (("category", verdict.aisle), ("picture", verdict.picture)) if text}
        verdict.changes = {name: (before[name], text) for name, text in after.items() if before[name] != text}
        if verdict.kind != CREATE:
            verdict.kind = CHANGE if verdict.changes else SAME
        verdict.title = placing.full_title if placing else sheet.product.title
        if verdict.kind == CHANGE and verdict.aisle:
            moved["category"] = (before["category"], verdict.aisle)
        verdict.change = shelving.Change(sheet, moved, placing=placing)

    def _placing(self, key: str, sheet: ProductSheet | None, values: dict) -> shelving.Placing | None:
        """Which variant the row makes of its product; None when it stays what it is. Takes those fields out of `values`."""
        given = {name: values.pop(name) for name in fields.FAMILY if name in values}
        family = given.get("family") or (sheet.family.title if sheet and sheet.family else "")
        placing = None
        if given and family:
            options = [given.get(name) or (fields.ALL[name].get(sheet) if sheet else "") for name in fields.OPTIONS]
            self._kin = self._kin or Kin(self.shop)
            try:
                placing = self._kin.place(key, family, options)
            except cells.CellError as error:
                raise _Refused("option_1" if "option_1" in self.placed else "family", str(error)) from error
        if placing or (sheet and sheet.family):
            self._check_title(sheet, values, placing or _now(sheet))
        return placing

    def _check_title(self, sheet: ProductSheet | None, values: dict, placing: shelving.Placing) -> None:
        """A variant is called by the title of its family: a file may give that or the whole one, and no other."""
        title = values.pop("title", placing.title)
        if title not in (placing.title, placing.full_title):
            text = _("This is a variant of “%(title)s”: its name is changed there, with the variants.")
            raise _Refused("title", text % {"title": placing.title})
        if sheet is None:
            values["title"] = placing.full_title

    def _refused(self, verdict: Verdict, problems: list[Problem]) -> Verdict:
        verdict.kind, verdict.changes, verdict.change = REFUSE, {}, None
        verdict.problems = tuple(
            sorted(dict.fromkeys(problems), key=lambda problem: self.placed.get(problem.field, -1))
        )
        return verdict

    def _cell(self, row: Row, name: str) -> str:
        place = self.placed.get(name, len(row.cells))
        return row.cells[place] if place < len(row.cells) else ""

    def _identity(self) -> str:
        return next((name for name in columns.IDENTITY if name in self.placed), "")


class _Refused(Exception):
    def __init__(self, field: str, text: str):
        self.problem = Problem(field, text)
        super().__init__(text)


def _key(cell: str) -> str:
    return cells.tidy(cells.unguarded(cell.strip()))


def _ean(cell: str) -> str:
    try:
        return cells.ean(cell)
    except cells.CellError:
        return ""


def _with(sheet: ProductSheet, values: dict) -> ProductSheet:
    wanted = copy(sheet)
    for name in values.keys() & legal.FIELDS:
        setattr(wanted, name, values[name])
    return wanted


def _now(sheet: ProductSheet) -> shelving.Placing:
    return shelving.Placing(sheet.family.title, tuple(sheet.family.options), tuple(sheet.values))


def _cells_of(placing: shelving.Placing) -> dict[str, str]:
    pairs = zip(fields.OPTIONS, placing.options, placing.values, strict=False)
    return {name: f"{option}: {value}" for name, option, value in pairs}


def _column_of(name: str) -> str:
    """The field of a file whose value `products` refuses."""
    return next((field for field, ours in fields.OURS.items() if ours == name), name if name in fields.ALL else "")


def _sources(cell: str) -> list[str]:
    return [part.strip() for part in cell.split("|") if part.strip()]


def _waiting(sheet: ProductSheet) -> list:
    wanted = getattr(sheet, "wanted_picture", None)
    return wanted.sources if wanted and wanted.archive_id is None else []
