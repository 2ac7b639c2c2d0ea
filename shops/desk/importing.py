"""What the desk shows of a catalogue file, and what its forms say about it."""

from django.db.models import Count, Q
from django.http import QueryDict
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from shops.imports import columns, fields
from shops.imports.verdicts import CHANGE, CREATE, EMPTY, REFUSE, SAME
from shops.models import CatalogueImport, CatalogueRow

LABELS = {
    REFUSE: _("Refused rows"),
    CHANGE: _("Changed"),
    CREATE: _("New products"),
    SAME: _("Unchanged"),
    EMPTY: _("Empty rows"),
}
WORDS = {REFUSE: _("refused"), CHANGE: _("changes"), CREATE: _("new product"), SAME: _("unchanged"), EMPTY: _("empty")}
KEPT = (CatalogueRow.Undone.EDITED, CatalogueRow.Undone.SOLD, CatalogueRow.Undone.GONE)
SUMMARY = ("price", "stock", "category")
SAMPLES = 3
LONGEST = 120


def counts(file: CatalogueImport) -> dict[str, int]:
    """Rows by verdict; `writes`: those that are chosen and would change something; `kept`: those that no undo reached."""
    counted = dict(file.rows.values_list("verdict").annotate(Count("pk")).order_by())
    to_write = Q(verdict__in=(CREATE, CHANGE), is_chosen=True, outcome="")
    extra = file.rows.aggregate(writes=Count("pk", filter=to_write), kept=Count("pk", filter=Q(undone__in=KEPT)))
    return {verdict: counted.get(verdict, 0) for verdict in LABELS} | extra


def shown(wanted: str, counts: dict[str, int]) -> str:
    """Which rows to show: those asked for, else what needs eyes most."""
    if wanted in (*LABELS, "kept", "all"):
        return wanted
    return next((verdict for verdict in ("kept", REFUSE, CHANGE, CREATE) if counts[verdict]), "all")


def tabs(counts: dict[str, int], file: CatalogueImport) -> list[tuple[str, str, int]]:
    """Name, words and number of each kind of rows that there are."""
    every = sum(counts[verdict] for verdict in LABELS)
    kept = [("kept", _("Not taken back"), counts["kept"])] if counts["kept"] else []
    there = [(verdict, label, counts[verdict]) for verdict, label in LABELS.items() if counts[verdict]]
    return [*kept, *there, ("all", _("All rows"), every)]


def told(file: CatalogueImport, row: CatalogueRow, *, is_open: bool) -> dict:
    """One row for the page: its words, its changes from old to new, its problems with the cells to correct."""
    places = {place for place in (file.placed or {}).values() if place < len(row.cells)}
    wrong = {}
    for name, sentence in row.problems:
        wrong.setdefault((file.placed or {}).get(name, -1), []).append(sentence)
    cells = sorted(places) if is_open else sorted(place for place in wrong if place in places)
    return {
        "row": row,
        "word": WORDS[row.verdict],
        "changes": _changes(row) if row.verdict == CHANGE else [],
        "summary": [(name, new) for name, _old, new in _changes(row, SUMMARY)] if row.verdict == CREATE else [],
        "sentences": [sentence for place, texts in wrong.items() if place not in cells for sentence in texts],
        "cells": [(place, _heading(file, place), row.cells[place], wrong.get(place, [])) for place in cells],
        "is_open": is_open,
        "comes_hidden": row.verdict == CREATE and row.changes.get("public", ["", ""])[1] == "0",
        "writes": row.verdict in (CREATE, CHANGE),
    }


def _changes(row: CatalogueRow, names: tuple[str, ...] = ()) -> list[tuple[str, str, str]]:
    wanted = [name for name in (names or row.changes) if name in row.changes and name in fields.ALL]
    return [
        (
            str(columns.NAMES[name]) if not names else name,
            *(_short(fields.ALL[name].shown(text)) for text in row.changes[name]),
        )
        for name in wanted
    ]


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _heading(file: CatalogueImport, place: int) -> str:
    if file.dialect:
        return str(columns.NAMES.get(file.headers[place], file.headers[place]))
    return file.headers[place] or f"{place + 1}"


def columns_of(file: CatalogueImport) -> list[dict]:
    """Each column of the file: its heading, the field that it was taken for, and some of its cells."""
    field_at = {place: name for name, place in (file.placed or {}).items()}
    first = list(file.rows.exclude(verdict=EMPTY).order_by("line")[:SAMPLES])
    return [
        {
            "place": place,
            "heading": heading or f"{place + 1}",
            "field": field_at.get(place, ""),
            "samples": [_short(row.cells[place])[:40] for row in first if place < len(row.cells) and row.cells[place]],
            "choices": columns.NAMES.items(),
        }
        for place, heading in enumerate(file.headers)
    ]


def placed(file: CatalogueImport, posted: QueryDict) -> dict[str, int]:
    """Field -> position, as the form says; of two columns with the same field the first one."""
    found: dict[str, int] = {}
    for place in range(len(file.headers)):
        name = posted.get(f"column-{place}", "")
        if name in columns.NAMES:
            found.setdefault(name, place)
    return found


def corrections(file: CatalogueImport, posted: QueryDict) -> dict[int, dict[int, str]]:
    """Line -> position -> text, of the cells that somebody has really changed."""
    given: dict[int, dict[int, str]] = {}
    for name, text in posted.items():
        kind, _dash, rest = name.partition("-")
        line, _dash, place = rest.partition("-")
        if kind == "cell" and all(part.isascii() and part.isdigit() and len(part) < 8 for part in (line, place)):
            given.setdefault(int(line), {})[int(place)] = text.replace("\x00", "")
    now = dict(file.rows.filter(line__in=given).values_list("line", "cells"))
    changed = {
        line: {
            place: text
            for place, text in cells.items()
            if place >= len(now[line]) or _ends(now[line][place]) != _ends(text)
        }
        for line, cells in given.items()
        if line in now
    }
    return {line: cells for line, cells in changed.items() if cells}


def _ends(text: str) -> str:
    return text.replace("\r\n", "\n")


def progress(file: CatalogueImport) -> tuple[int, int]:
    """Rows done and rows to do, of a file that is being written or taken back."""
    if file.status == CatalogueImport.Status.RUNNING:
        left = file.rows.to_write().count()
        return file.rows.exclude(outcome="").count(), left + file.rows.exclude(outcome="").count()
    if file.status == CatalogueImport.Status.UNDOING:
        everything = file.rows.filter(outcome__in=(CREATE, CHANGE)).count()
        return everything - file.rows.written().count(), everything
    return 0, 0


def address(file: CatalogueImport, posted: QueryDict) -> str:
    """The same page of the same rows."""
    kept = {name: posted[name] for name in ("show", "page") if posted.get(name) and len(posted[name]) < 12}
    base = reverse("desk:import_file", args=[file.shop.slug, file.pk])
    return f"{base}?{urlencode(kept)}" if kept else base
