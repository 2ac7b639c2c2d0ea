"""A shop sends a catalogue file: it is read and judged, corrected, confirmed, written in the background.

`receive` keeps the file, `work_due` does what is due in parts that are whole or not there, everything in between is a
preview that changes no product. What a worker does may be done twice.
"""

import time
from contextlib import suppress
from datetime import timedelta

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from marketplace.foundation.lifecycle import ForbiddenMove
from marketplace.foundation.nudges import nudge
from shops.imports import cells, columns, dialects, reading, undoing, writing
from shops.imports.aisles import Aisles
from shops.imports.judging import Judge
from shops.imports.tables import Row, Table, Unreadable
from shops.imports.verdicts import REFUSE, Problem, Verdict
from shops.models import CatalogueImport, CatalogueRow, Shop

Status = CatalogueImport.Status
AT_ONCE = 500
LONGEST_KEPT = 6_000  # letters of a cell: more than any of our fields takes, so that it is refused for its length
KEPT_DAYS = 90
AT_HAND_BYTES = 200_000  # smaller files are read while their sender waits


class ImportRefused(Exception):
    """This cannot be done with the file now; the text says why."""


def receive(shop: Shop, upload, *, by) -> CatalogueImport:
    """Keep a file; a small one is read at once. Raises `Unreadable` when it is too large to be looked at."""
    if upload.size > reading.MAX_BYTES:
        raise Unreadable(_("This file is larger than %(most)s MB.") % {"most": reading.MAX_BYTES // 1024 // 1024})
    language = (translation.get_language() or "fr")[:2]
    row = CatalogueImport.objects.create(shop=shop, by=by, file=upload, name=upload.name[-200:], language=language)
    if upload.size <= AT_HAND_BYTES:
        look(row)
    else:
        _nudge()
    return row


def look(row: CatalogueImport) -> None:
    """Read a pending file and judge its rows; afterwards it is previewed or unreadable."""
    with translation.override(row.language):
        try:
            table, dialect = _read(row)
        except Unreadable as error:
            with suppress(ForbiddenMove):
                row.move(Status.UNREADABLE, error=str(error)[:300])
            return
        placed = table.fields if dialect or row.placed is None else row.placed
        judge = Judge(row.shop, placed, aisles=_aisles(row, foreign=dialect is not None))
        found = list(judge.judge(table.rows)) if columns.is_identified(placed) else _unidentified(table)
        of_line = {verdict.line: verdict for verdict in found}
        known = set(placed.values())
        with transaction.atomic():
            if CatalogueImport.objects.select_for_update().get(pk=row.pk).status != Status.PENDING:
                return  # another worker was faster, and the rows may be corrected by now
            rows = [_kept(row, each, of_line[each.line]) for each in table.rows]
            row.rows.all().delete()
            CatalogueRow.objects.bulk_create(rows, batch_size=AT_ONCE)
            left = [name for place, name in enumerate(table.headers) if name and place not in known]
            with suppress(ForbiddenMove):
                row.move(
                    Status.PREVIEWED,
                    format=table.format,
                    encoding=table.encoding,
                    separator=table.separator,
                    dialect=dialect.name if dialect else "",
                    headers=table.headers,
                    placed=placed,
                    notes=dialect.notes if dialect else [],
                    ignored=(dialect.ignored if dialect else left)[:100],
                    open_aisles=judge.open_aisles,
                )


def _unidentified(table: Table) -> list[Verdict]:
    sentence = _("A column with the reference or the barcode is needed.")
    return [Verdict(row.line, REFUSE, problems=(Problem("", sentence),)) for row in table.rows]


def assign(row: CatalogueImport, placed: dict[str, int]) -> None:
    """Other columns: the file is judged anew, corrections are gone. Raises `ImportRefused`."""
    if not columns.is_identified(placed):
        raise ImportRefused(_("A column with the reference or the barcode is needed."))
    _again(row, placed=placed)


def judge_again(row: CatalogueImport) -> None:
    """The same, with the translations of categories that the shop has by now."""
    _again(row)


def correct(row: CatalogueImport, corrections: dict[int, dict[int, str]]) -> None:
    """Write other cells (line -> position -> text) into the preview, and judge those rows and their doubles anew."""
    with transaction.atomic(), translation.override(row.language):
        row = CatalogueImport.objects.select_for_update().get(pk=row.pk)
        if row.status != Status.PREVIEWED:
            raise ImportRefused(_("This file is no longer waiting for corrections."))
        changed = list(row.rows.filter(line__in=corrections))
        keys = {each.key for each in changed}
        for each in changed:
            each.cells += [""] * (len(row.headers) - len(each.cells))
            for place, text in corrections[each.line].items():
                if 0 <= place < len(each.cells):
                    each.cells[place] = text[:LONGEST_KEPT]
        keys |= {_key(row, each) for each in changed}
        doubles = row.rows.filter(key__in=keys - {""}).exclude(pk__in=[each.pk for each in changed])
        rows = sorted([*changed, *doubles], key=lambda each: each.line)
        judge = Judge(row.shop, row.placed, aisles=_aisles(row, foreign=bool(row.dialect)))
        of_line = {each.line: each for each in rows}
        for verdict in judge.judge([Row(each.line, each.cells) for each in rows]):
            _note(of_line[verdict.line], verdict)
        _save(rows)


def choose(row: CatalogueImport, *, shown: set[int], chosen: set[int]) -> None:
    """Of the lines that were shown, only the chosen ones are to be imported."""
    rows = row.rows.filter(file__status=Status.PREVIEWED, line__in=shown)
    rows.filter(line__in=chosen).update(is_chosen=True)
    rows.exclude(line__in=chosen).update(is_chosen=False)


def begin(row: CatalogueImport, *, by) -> bool:
    """Confirmed: the chosen rows are written from now on. Raises `ImportRefused` when there is nothing to write."""
    with transaction.atomic():
        if row.status == Status.PREVIEWED and not row.rows.to_write().exists():
            raise ImportRefused(_("There is nothing to import: no row is both good and chosen."))
        try:
            moved = row.move(Status.RUNNING, by=by)
        except ForbiddenMove as error:
            raise ImportRefused(_("This file has been imported already.")) from error
        CatalogueImport.objects.filter(pk=row.pk).update(by=by)
        _nudge()
    return moved


def undo(row: CatalogueImport, *, by) -> bool:
    """Take back what the file did, in the background. Raises `ImportRefused`."""
    with transaction.atomic():
        try:
            moved = row.move(Status.UNDOING, by=by)
        except ForbiddenMove as error:
            raise ImportRefused(_("This import cannot be undone now.")) from error
        _nudge()
    return moved


def work_due(*, seconds: float) -> int:
    """Do what is due for `seconds` at most, the files in turn; how many parts were done."""
    ends_at, parts, tried = time.monotonic() + seconds, 0, set()
    while time.monotonic() < ends_at:
        row = CatalogueImport.objects.due().exclude(pk__in=tried).select_related("shop", "by").first()
        if row is None:
            break
        if row.status == Status.PENDING:
            tried.add(row.pk)
            look(row)
        else:
            step(row)
        parts += 1
    return parts


def step(row: CatalogueImport) -> None:
    """One part of a running or undoing file, in one transaction."""
    with transaction.atomic(), translation.override(row.language):
        locked = CatalogueImport.objects.select_for_update().select_related("shop").get(pk=row.pk)
        if locked.status == Status.RUNNING:
            _write_part(locked)
        elif locked.status == Status.UNDOING and not undoing.take_back_part(locked):
            locked.move(Status.UNDONE, ended_at=timezone.now())


def forget() -> int:
    """Files of long ago go, with their rows; what they did stays. How many."""
    old = CatalogueImport.objects.filter(created_at__lt=timezone.now() - timedelta(days=KEPT_DAYS))
    count = 0
    for row in old.exclude(status__in=(Status.RUNNING, Status.UNDOING)):
        row.file.delete(save=False)
        row.delete()
        count += 1
    return count


def _write_part(row: CatalogueImport) -> None:
    part = list(row.rows.to_write().order_by("line")[: writing.AT_ONCE])
    if not part:
        row.move(Status.DONE, ended_at=timezone.now())
        return
    judge = Judge(row.shop, row.placed, aisles=_aisles(row, foreign=bool(row.dialect)), locks=True)
    of_line = {each.line: each for each in part}
    for verdict in writing.write(judge, [Row(each.line, each.cells) for each in part], by=row.by):
        each = of_line[verdict.line]
        title = each.title
        _note(each, verdict)
        each.outcome, each.title = verdict.kind, each.title or title
        each.sheet = verdict.change.sheet if verdict.writes else None
    _save(part)


def _read(row: CatalogueImport) -> tuple[Table, dialects.Dialect | None]:
    try:
        with row.file.open("rb") as file:
            table = reading.open_table(file)
    except FileNotFoundError as error:
        raise Unreadable(_("The file is no longer here: please choose it again.")) from error
    dialect = dialects.recognise(table.headers)
    if dialect:
        table = dialect.translate(table)
        texts = {place for name, place in table.fields.items() if name in cells.LONGEST}
        table = table._replace(rows=[_guarded(each, texts) for each in table.rows])
    if len(table.rows) > reading.MAX_ROWS:
        raise Unreadable(reading.too_many_rows())
    return table, dialect


def _guarded(row: Row, texts: set[int]) -> Row:
    """Texts of another system may begin with a dash; a formula stays one, and is refused."""
    return Row(
        row.line,
        [
            cells.guarded(cell) if place in texts and not cell.startswith("=") else cell
            for place, cell in enumerate(row.cells)
        ],
    )


def _aisles(row: CatalogueImport, *, foreign: bool) -> Aisles:
    if not foreign:
        return Aisles()
    aisles = Aisles({})
    known = row.shop.category_translations.values_list("theirs", "ours_id")
    return Aisles({theirs: aisles.paths.get(ours, "") for theirs, ours in known})


def _again(row: CatalogueImport, **fields) -> None:
    with transaction.atomic():
        try:
            row.move(Status.PENDING, **fields)
        except ForbiddenMove as error:
            raise ImportRefused(_("This file is no longer waiting for corrections.")) from error
        _nudge()
    if row.file.size <= AT_HAND_BYTES:
        look(row)


def _kept(row: CatalogueImport, read: Row, verdict: Verdict) -> CatalogueRow:
    kept = CatalogueRow(file=row, line=read.line, cells=[cell[:LONGEST_KEPT] for cell in read.cells])
    _note(kept, verdict)
    return kept


def _note(kept: CatalogueRow, verdict: Verdict) -> None:
    kept.verdict, kept.key, kept.title = verdict.kind, verdict.key[:64], verdict.title[:255]
    kept.problems, kept.changes = verdict.problems, verdict.changes


def _save(rows: list[CatalogueRow]) -> None:
    names = ["cells", "verdict", "key", "title", "problems", "changes", "outcome", "sheet", "undone"]
    CatalogueRow.objects.bulk_create(
        rows, batch_size=AT_ONCE, update_conflicts=True, unique_fields=["file", "line"], update_fields=names
    )


def _key(row: CatalogueImport, kept: CatalogueRow) -> str:
    place = row.placed.get("reference", row.placed.get("ean", -1))
    return cells.tidy(cells.unguarded(kept.cells[place]))[:64] if 0 <= place < len(kept.cells) else ""


def _nudge() -> None:
    from shops.tasks import work_catalogues

    nudge(work_catalogues)


__all__ = [
    "ImportRefused",
    "Problem",
    "assign",
    "begin",
    "choose",
    "correct",
    "forget",
    "look",
    "receive",
    "undo",
    "work_due",
]
